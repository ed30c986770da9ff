// What the controls are, where they may stand, and how an address carries their state.
"use strict";

const SETTINGS = DATA.settings, CELLS = Object.fromEntries(DATA.cells.map((cell) => [cell.name, cell]));
const VOLTAGE = DATA.cells[0].counters.voltage;
const CYCLES = [1, 2, 5, 10, 20, 50, 100, 140, 200];
const positions = (from, to, count) => Array.from({ length: count }, (_, k) => Number((from * (to / from) ** (k / (count - 1))).toPrecision(2)));
const even = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, k) => Number((from + k * step).toFixed(3)));
const distinct = (values) => [...new Set(values)];

/** Controls with numbers: where the slider can stand, what may be typed, and how a screen reader says it. */
const FIELDS = [
  { key: "current", label: "Current", unit: "mA cm⁻²", spoken: "milliampere per square centimetre", at: distinct(positions(0.01, 2, 110)), least: 1e-6, most: 1e4 },
  { key: "pressure", label: "Stack pressure", unit: "MPa", spoken: "megapascal", at: distinct(positions(5, 350, 100)), limits: "stack_pressure_MPa" },
  { key: "temperature", label: "Temperature", unit: "°C", spoken: "degrees Celsius", at: even(0, 80, 1), limits: "temperature_C" },
  { key: "lower", label: "Lower cut-off", unit: "V", spoken: "volt", at: even(0.4, 1.9, 0.02), least: 0, most: 5 },
  { key: "upper", label: "Upper cut-off", unit: "V", spoken: "volt", at: even(1.9, 3, 0.02), least: 0, most: 5 },
  { key: "cycles", label: "Cycles", unit: "", spoken: "cycles", at: CYCLES.filter((n) => n <= SETTINGS.mostCycles), least: 1, most: SETTINGS.mostCycles, whole: true },
];
for (const field of FIELDS) if (field.limits) [field.least, field.most] = SETTINGS.limits[field.limits];

const $ = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};
const colour = (name) => `var(--${name})`;
const lowered = (name) => name.replace(/(?<=[A-Za-z]\d*)\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).replace("-", " + ");
/** The same with letters as indices too, as nodes of the page. */
const formula = (name) => lowered(name).split(/([xy])(?=[A-Z]|$)/).map((part, k) => (k % 2 ? $("sub", {}, part) : part));

// --- state -----------------------------------------------------------------------------------------------------------

const usual = (name) => ({ cell: name, ...CELLS[name].usual, cycles: 2, unit: "g" });
let state = usual(DATA.cells[0].name), shownRun = null, keptRun = null;

const building = (name) => `Building the cell ${CELLS[name].title} ...`;

/** Has a cell ready that the lab keeps until it is chosen; a page of its own holds all of them. */
async function ready(name) {
  if (!CELLS[name].at) return;
  progress.textContent = building(name);
  document.documentElement.dataset.busy = "yes";
  const answer = await fetch(CELLS[name].at);
  if (!answer.ok) throw new Error(await answer.text());
  const cell = await answer.json();
  if (CELLS[name].at) worker.add(CELLS[name] = cell);
}

/** Takes the state over from the address; returns what it could not take, key -> what to say of it. */
async function fromLink() {
  const given = new URLSearchParams(location.hash.slice(1)), name = given.get("cell"), refused = {};
  const said = (key) => `The link says \u201c${given.get(key).slice(0, 40)}\u201d.`;
  if (Object.hasOwn(CELLS, name ?? "")) {
    await ready(name);
    state = usual(name);
  } else if (name !== null) refused.cell = `${said("cell")} There is no such cell here.`;
  for (const field of FIELDS.filter(({ key }) => given.has(key))) {
    const value = Number(given.get(field.key).trim() || NaN), problem = rangeProblem(field, value);
    if (problem) refused[field.key] = `${said(field.key)} ${problem}`;
    else state[field.key] = value;
  }
  if (given.get("unit") === "cm2") state.unit = "cm2";
  if (state.lower >= state.upper) {
    for (const key of ["lower", "upper"]) {
      if (given.has(key)) refused[key] = `${said(key)} The lower cut-off must be below the upper one.`;
      state[key] = CELLS[state.cell].usual[key];
    }
  }
  return refused;
}

/** In the lab there is a workshop behind the page, which takes the cell along: name here -> name there. */
const workshop = SETTINGS.workshop ? $("a", {}, "Workshop") : null;
const THERE = { cell: "parameters", current: "current_mA_cm2", pressure: "stack_pressure_MPa", temperature: "temperature_C", lower: "lower_V", upper: "upper_V", cycles: "cycles" };
if (workshop) document.getElementById("ways").append(workshop, ": every parameter, missions, two cells compared, impedance, curves and sets of your own.");

function toLink() {
  if (workshop) workshop.href = `${SETTINGS.workshop}?${new URLSearchParams(Object.entries(THERE).map(([here, there]) => [there, state[here]]))}`;
  const { cell, unit, ...numbers } = state;
  const words = new URLSearchParams({ cell, ...Object.fromEntries(FIELDS.map(({ key }) => [key, numbers[key]])), unit });
  try { history.replaceState(null, "", `#${words}`); } catch { /* a page that may not change its address */ }
}

/** What is wrong with a number by itself, or "". */
function rangeProblem(field, value) {
  if (!Number.isFinite(value)) return "A number is needed.";
  if (value < field.least || value > field.most) return `${`From ${field.least} to ${field.most} ${field.unit}`.trim()}.`;
  return field.whole && value % 1 ? "A whole number is needed." : "";
}

/** What is wrong with a number that was typed, or "". */
function problemOf(field, value) {
  const problem = rangeProblem(field, value);
  if (problem) return problem;
  if (field.key === "lower" && value >= state.upper) return `Must be below the upper cut-off, ${state.upper} V.`;
  if (field.key === "upper" && value <= state.lower) return `Must be above the lower cut-off, ${state.lower} V.`;
  return "";
}
