// The controls of the page: sliders with numbers, choices, buttons.
"use strict";

/** The cell that was chosen last while it, or one that was chosen before it, is fetched. */
let wanted = null;

/** Takes another cell; of those that are chosen while one is fetched, the last one. */
async function choose(name) {
  const busy = wanted !== null, refused = {};
  wanted = name;
  if (busy) return;
  for (let tried = null; tried !== wanted;) {
    tried = wanted;
    const problem = await ready(tried).then(() => "", (error) => error.message || "The lab does not answer.");
    if (tried !== wanted) continue;
    if (problem) refused.cell = problem;
    else state.cell = tried;
  }
  wanted = null;
  refresh();
  tellRefused(refused);
}

const chooser = $("select", { id: "cell", onchange: () => choose(chooser.value) },
  ...DATA.cells.map((cell) => $("option", { value: cell.name }, cell.title)));

function makeField(field) {
  const slider = $("input", { type: "range", id: field.key, min: 0, max: field.at.length - 1, step: 1 });
  const typed = $("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `${field.label}${field.unit ? `, ${field.unit}` : ""}, exact`, "aria-describedby": `${field.key}-problem` });
  const problem = $("p", { class: "problem", id: `${field.key}-problem`, role: "alert", hidden: true });
  Object.assign(field, { slider, typed, problem });
  const take = (value) => {
    const wrong = problemOf(field, value);
    problem.textContent = wrong;
    problem.hidden = !wrong;
    typed.setAttribute("aria-invalid", wrong ? "true" : "false");
    if (!wrong) { state[field.key] = value; refresh(); }
    return !wrong;
  };
  slider.addEventListener("input", () => { if (!take(field.at[slider.value])) showField(field, field.at[slider.value]); });
  typed.addEventListener("change", () => take(Number(typed.value.trim().replace(",", ".") || NaN)));
  return $("div", { class: "field" }, $("label", { for: field.key }, field.label), $("div", { class: "row" }, slider, typed, $("span", { class: "unit", "aria-hidden": "true" }, field.unit)), problem);
}

/** Slider and number of a field. */
function showField(field, value) {
  const distance = (each) => Math.abs(each - value);
  const place = field.at.reduce((best, each, k) => (distance(each) < distance(field.at[best]) ? k : best), 0);
  field.slider.value = place;
  field.slider.setAttribute("aria-valuetext", `${shown(value)} ${field.spoken}`);
  field.typed.value = String(Number(value.toPrecision(6)));
}

const cellProblem = $("p", { class: "problem", role: "alert", hidden: true });

/** Says at each control what a link asked of it that cannot be had. */
function tellRefused(refused) {
  for (const [key, text] of Object.entries(refused)) {
    const problem = key === "cell" ? cellProblem : FIELDS.find((field) => field.key === key).problem;
    problem.textContent = text;
    problem.hidden = false;
  }
}

function showControls() {
  chooser.value = wanted ?? state.cell;
  cellProblem.hidden = true;
  for (const field of FIELDS) {
    showField(field, state[field.key]);
    field.problem.hidden = true;
    field.typed.setAttribute("aria-invalid", "false");
  }
  units.value = CELLS[state.cell].sulfur ? state.unit : "cm2";
  units.disabled = !CELLS[state.cell].sulfur;
}

const units = $("select", { id: "unit", onchange: () => { state.unit = units.value; toLink(); drawAll(); } },
  $("option", { value: "g" }, "mAh per gram of sulfur"), $("option", { value: "cm2" }, "mAh per square centimetre"));
const keepButton = $("button", { type: "button", onclick: keepOrDrop }, "Keep to compare");
document.getElementById("controls").append(
  $("div", { class: "field" }, $("label", { for: "cell" }, "Cell (cathode | separator | anode)"), chooser, cellProblem),
  ...FIELDS.map(makeField),
  $("div", { class: "field" }, $("label", { for: "unit" }, "Capacity in"), units),
  $("div", { class: "buttons" }, keepButton,
    $("button", { type: "button", onclick: () => { state = { ...usual(state.cell), unit: state.unit }; refresh(); } }, "Reset"),
    $("button", { type: "button", onclick: () => save("cycles", cyclesText) }, "Cycles (CSV)"),
    $("button", { type: "button", onclick: () => save("curves", curvesText) }, "Curves (CSV)")));
document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
