// The page around the integrator: controls, figures, numbers. State of the controls -> request -> answers, cycle by cycle.
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

function fromLink() {
  const given = new URLSearchParams(location.hash.slice(1)), name = given.get("cell");
  if (CELLS[name]) state = usual(name);
  for (const field of FIELDS) {
    const value = Number(given.get(field.key));
    if (given.has(field.key) && !problemOf(field, value)) state[field.key] = value;
  }
  if (given.get("unit") === "cm2") state.unit = "cm2";
  if (state.lower >= state.upper) Object.assign(state, { lower: CELLS[state.cell].usual.lower, upper: CELLS[state.cell].usual.upper });
}

function toLink() {
  const { cell, unit, ...numbers } = state;
  const words = new URLSearchParams({ cell, ...Object.fromEntries(FIELDS.map(({ key }) => [key, numbers[key]])), unit });
  try { history.replaceState(null, "", `#${words}`); } catch { /* a page that may not change its address */ }
}

/** What is wrong with a number that was typed, or "". */
function problemOf(field, value) {
  if (!Number.isFinite(value)) return "A number is needed.";
  if (value < field.least || value > field.most) return `From ${field.least} to ${field.most} ${field.unit}.`;
  if (field.whole && value % 1) return "A whole number is needed.";
  if (field.key === "lower" && value >= state.upper) return `Must be below the upper cut-off, ${state.upper} V.`;
  if (field.key === "upper" && value <= state.lower) return `Must be above the lower cut-off, ${state.lower} V.`;
  return "";
}

// --- controls --------------------------------------------------------------------------------------------------------

const chooser = $("select", { id: "cell", onchange: () => { Object.assign(state, { cell: chooser.value }); refresh(); } },
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

function showControls() {
  chooser.value = state.cell;
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
  $("div", { class: "field" }, $("label", { for: "cell" }, "Cell (cathode | separator | anode)"), chooser),
  ...FIELDS.map(makeField),
  $("div", { class: "field" }, $("label", { for: "unit" }, "Capacity in"), units),
  $("div", { class: "buttons" }, keepButton,
    $("button", { type: "button", onclick: () => { state = { ...usual(state.cell), unit: state.unit }; refresh(); } }, "Reset"),
    $("button", { type: "button", onclick: () => save("cycles", cyclesText) }, "Cycles (CSV)"),
    $("button", { type: "button", onclick: () => save("curves", curvesText) }, "Curves (CSV)")));
document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());

// --- figures ---------------------------------------------------------------------------------------------------------

function card(section, title, options, ...extra) {
  const box = $("div", { class: "chart" }), legend = $("div", { class: "legend", "aria-hidden": "true" });
  const made = $("div", { class: "card" }, $("div", { class: "head" }, $("h2", {}, title), ...(options.beside ?? [])), legend, box, ...extra);
  document.getElementById(section).append(made);
  return { chart: new Chart(box, { name: title, ...options }), legend };
}

const progress = $("span"), cancel = $("button", { type: "button", hidden: true, onclick: () => { worker.stop(); running.answered = true; finish(); } }, "Stop");
const stands = $("div", { class: "stands" }), meanings = $("div", { class: "meanings" }), remarks = $("div"), which = $("select", { "aria-label": "Cycle whose species are shown", onchange: () => drawSpecies() });
const voltage = card("first", "Voltage", { x: "Capacity", y: "Voltage (V)", cursor: (series, k, aloud) => cursor("voltage", series, k, aloud) }, stands, meanings, $("div", { class: "status" }, progress, cancel), remarks);
const slope = card("others", "dQ/dV", { x: "Voltage (V)", y: "dQ/dV", cursor: (series, k, aloud) => cursor("slope", series, k, aloud) });
const species = card("others", "Species in the cathode", { x: "Capacity along the cycle", y: "Share", beside: [which], cursor: (series, k, aloud) => cursor("species", series, k, aloud) });
const fade = card("others", "Capacity against cycle", { x: "Cycle", y: "Capacity", integers: true, cursor: (series, k, aloud) => cursor("fade", series, k, aloud) });
const figures = { voltage, slope, species, fade };
const numbers = $("div", { class: "card wide" });
document.getElementById("others").append(numbers);

const perGram = (run) => state.unit === "g" && Boolean(CELLS[run.request.cell].sulfur);
const unitOf = (run) => (perGram(run) ? "mAh g⁻¹ of sulfur" : "mAh cm⁻²");
const capacityOf = (run, curve) => (perGram(run) ? curve.specific : curve.areal);
const inUnit = (run, values) => (perGram(run) || !CELLS[run.request.cell].sulfur ? values : values.map((v) => v * CELLS[run.request.cell].sulfur / CELLS[run.request.cell].area / 10));
const columnOf = (run, way) => `${way}_capacity_${perGram(run) ? "mAh_g" : "mAh_cm2"}`;

/** Colours of an ordered scale, one a cycle, from strong to faint. */
function cycleColour(place, count) {
  if (count === 1) return colour("blue");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches, share = place / (count - 1);
  const stops = dark ? [[125, 211, 252], [74, 222, 173], [250, 204, 60], [255, 138, 61]] : [[11, 48, 120], [0, 114, 178], [0, 145, 120], [190, 140, 0]];
  const at = share * (stops.length - 1), k = Math.min(Math.floor(at), stops.length - 2), rest = at - k;
  return `rgb(${stops[k].map((value, channel) => Math.round(value + rest * (stops[k + 1][channel] - value))).join(" ")})`;
}

function curvesOf(run, values, kept) {
  const all = [...run.curves.keys()], numbersOfCycles = kept ? distinct([all[0], all.at(-1)]) : all;
  return numbersOfCycles.flatMap((number, place) => run.curves.get(number).flatMap((curve) => {
    const xy = values(curve);
    if (!xy) return [];
    const about = { run, number, curve }, label = `cycle ${number}`;
    const style = kept ? { colour: colour("kept"), dash: "5 4", width: 1.5 } : { colour: cycleColour(place, numbersOfCycles.length), width: 2 };
    return [{ x: xy[0], y: xy[1], label, about, ...style }];
  }));
}

function legend(place, entries) {
  place.replaceChildren(...entries.map(({ label, colour: ink, dash, dots, open, published }) => {
    if (!ink && !published) return label;
    const sample = element(null, "svg", { viewBox: "0 0 22 8" });
    if (published) triangle(sample, 11, 0, true);
    else if (dots) element(sample, "circle", { cx: 11, cy: 4, r: 3, fill: open ? "var(--card)" : ink, stroke: ink, "stroke-width": 1.4 });
    else element(sample, "path", { d: "M0 4H22", stroke: ink, "stroke-width": 2.5, ...(dash ? { "stroke-dasharray": dash } : {}) });
    return $("span", {}, sample, ...(/^[A-Z]/.test(label) ? formula(label) : [label]));
  }));
}

const largest = (series, axis) => series.reduce((most, each) => each[axis].reduce((high, value) => (value > high ? value : high), most), 0);
const distinctLabels = (series) => series.filter((each, k) => series.findIndex((other) => other.label === each.label && other.colour === each.colour) === k);

function runs() { return [keptRun && { run: keptRun, kept: true }, shownRun && { run: shownRun, kept: false }].filter(Boolean); }

function drawAll() {
  if (!shownRun) return;
  drawVoltage();
  drawSlope();
  drawSpecies();
  drawFade();
  drawNumbers();
}

function labelled(series, marked) {
  const own = distinctLabels(series.filter((each) => !each.dash || each.colour !== colour("kept")));
  if (keptRun) own.push({ label: "kept", colour: colour("kept"), dash: "5 4" });
  return marked.length ? [...own, { label: "published", published: true }] : own;
}

function drawVoltage() {
  const series = runs().flatMap(({ run, kept }) => curvesOf(run, (curve) => [capacityOf(run, curve), curve.voltage], kept));
  const { lower, upper } = shownRun.request, rows = shownRun.rows, reference = CELLS[state.cell].reference;
  const low = Math.min(lower, keptRun?.request.lower ?? lower), high = Math.max(upper, keptRun?.request.upper ?? upper);
  const marked = (published(shownRun)[columnOf(shownRun, "discharge")] ?? []).map((value) => [value, lower, true]);
  voltage.chart.draw(series, {
    published: marked,
    xlim: [0, roundedUp(Math.max(largest(series, "x"), 1e-9))], ylim: [low - 0.05, high + 0.05],
    x: `Capacity (${unitOf(shownRun)})`, y: reference ? `Voltage (V vs ${lowered(reference).replace("+", "⁺")})` : "Voltage (V)",
    spoken: rows.length ? `First discharge ${shown(rows[0][columnOf(shownRun, "discharge")], 4)} ${unitOf(shownRun)}.` : "",
  });
  legend(voltage.legend, labelled(series, marked));
}

function drawSlope() {
  const series = runs().flatMap(({ run, kept }) => curvesOf(run, (curve) => {
    if (!curve.dqdv) return null;
    const sign = curve.kind === "charge" ? 1 : -1;
    return [curve.dqdv[0], Float64Array.from(inUnit(run, curve.dqdv[1]), (value) => sign * value)];
  }, kept));
  const most = roundedUp(Math.max(largest(series.map((each) => ({ y: each.y.map(Math.abs) })), "y"), 1e-9));
  const { lower, upper } = shownRun.request, peaks = published(shownRun);
  const marked = [...(peaks.oxidation_peaks_V ?? []).map((V) => [V, 0.98 * most, false]), ...(peaks.reduction_peaks_V ?? []).map((V) => [V, -0.98 * most, true])];
  slope.chart.draw(series, { published: marked, xlim: [lower, upper], ylim: [-most, most], y: `dQ/dV (${unitOf(shownRun).replace(" of sulfur", "")} V⁻¹)`, spoken: "Charge upwards, discharge downwards." });
  legend(slope.legend, [...labelled(series, marked), { label: "(charge up, discharge down)" }]);
}

const SPECIES = [["blue", "sky", "green"], ["orange", "gold", "pink", "black"]];

function drawSpecies() {
  const run = shownRun, known = [...run.curves.keys()], before = Number(which.value);
  const number = known.includes(before) ? before : known[0];
  which.replaceChildren(...known.map((each) => $("option", { value: each }, `cycle ${each}`)));
  which.value = number;
  which.hidden = known.length < 2;
  const curves = run.curves.get(number) ?? [], cell = CELLS[run.request.cell], series = [], lines = [];
  let start = 0;
  const along = curves.map((curve) => {
    const x = capacityOf(run, curve).map((value) => value + start);
    start = x[x.length - 1] ?? start;
    lines.push(start);
    return x;
  });
  cell.species.forEach((chain, c) => chain.forEach(({ name, variable }, k) => {
    curves.forEach((curve, half) => {
      if (!curve.columns[variable]) return;
      series.push({ x: along[half], y: curve.columns[variable], label: name, colour: colour(SPECIES[c % 2][k % SPECIES[c % 2].length]), dash: c ? "6 3" : null, about: { run, number, curve } });
    });
  }));
  species.chart.draw(series, { xlim: [0, Math.max(start, 1e-9)], ylim: [0, 1.02], x: `Capacity along the cycle (${unitOf(run)})`, lines: lines.slice(0, -1), spoken: `Cycle ${number}, discharge, then charge.` });
  legend(species.legend, distinctLabels(series));
}

function drawFade() {
  const series = runs().flatMap(({ run, kept }) => [["discharge", "blue", false], ["charge", "orange", true]].map(([way, ink, open]) => ({
    x: run.rows.map((row) => row.cycle), y: run.rows.map((row) => row[columnOf(run, way)]), label: kept ? "kept" : way, colour: colour(kept ? "kept" : ink), dots: true, open, about: { run },
  })));
  const count = Math.max(shownRun.request.cycles, keptRun?.request.cycles ?? 1);
  fade.chart.draw(series, { xlim: count > 1 ? [0, count + (count > 10 ? 2 : 0.5)] : [0.5, 1.5], ylim: [0, roundedUp(1.05 * Math.max(largest(series, "y"), 1e-9))], y: `Capacity (${unitOf(shownRun)})`, spoken: `${shownRun.rows.length} cycles.` });
  legend(fade.legend, distinctLabels(series));
}

const NUMBERS = [
  ["First discharge (mAh per gram of sulfur)", "discharge_capacity_mAh_g", 0, 0],
  ["First discharge (mAh cm⁻²)", "discharge_capacity_mAh_cm2", 0, 3],
  ["First charge / first discharge", "charge_over_discharge", 0, 3],
  ["Mean voltage of the first discharge (V)", "mean_discharge_voltage_V", 0, 3],
  ["Last discharge (mAh cm⁻²)", "discharge_capacity_mAh_cm2", -1, 3],
  ["Connected share at the end", "connected_fraction", -1, 3],
  ["Interphase at the end (Ω cm²)", "interphase_resistance_Ohm_cm2", -1, 1],
  ["Flowed inside the cell, last cycle (mAh cm⁻²)", "leak_mAh_cm2", -1, 4],
];

function drawNumbers() {
  const value = (run, column, place) => run?.rows.at(place)?.[column];
  const text = (number, digits) => (Number.isFinite(number) ? number.toFixed(digits).replace("-", "\u2212") : "\u2013");
  const head = keptRun ? ["now", "kept", "difference"] : ["value"];
  const body = NUMBERS.filter(([, column]) => shownRun.rows[0] && column in shownRun.rows[0]).map(([label, column, place, digits]) => {
    const now = value(shownRun, column, place), was = value(keptRun, column, place);
    const cells = keptRun ? [now, was, now - was] : [now], known = place === 0 && published(shownRun)[column];
    const beside = known ? ` (published ${known.join(", ")})` : "";
    return $("tr", {}, $("th", { scope: "row" }, label), ...cells.map((each, k) => $("td", {}, text(each, digits) + (k ? "" : beside))));
  });
  const { cell, current, pressure, temperature, lower, upper, cycles } = shownRun.request;
  const code = `nasim.Cycling(${current}, cycles=${cycles}, window=(${lower}, ${upper})).run(\n    parameters="${cell}", stack_pressure_MPa=${pressure}, temperature_C=${temperature})`;
  numbers.replaceChildren(
    $("h2", {}, "Numbers"),
    $("table", { id: "numbers" }, $("thead", {}, $("tr", {}, $("td"), ...head.map((each) => $("th", { scope: "col" }, each)))), $("tbody", {}, ...body)),
    $("pre", { tabindex: 0, role: "region", "aria-label": "The same run in Python" }, code));
}

// --- a cursor in all figures -----------------------------------------------------------------------------------------

function cursor(where, series, k, aloud) {
  if (!series) {
    for (const [name, { chart }] of Object.entries(figures)) if (name !== where) chart.mark([]);
    return null;
  }
  const words = where === "fade" ? fadeWords(series, k) : curveWords(where, series, k);
  if (aloud) document.getElementById("spoken").textContent = words.join(", ");
  return words;
}

function fadeWords(series, k) {
  return [`cycle ${series.x[k]}`, `${series.label} ${shown(series.y[k], 4)} ${unitOf(series.about.run)}`];
}

function curveWords(where, series, k) {
  const { run, number, curve } = series.about, words = [`${run === keptRun ? "kept, " : ""}cycle ${number}, ${curve.kind}`];
  if (where === "slope") {
    words.push(`${shown(series.x[k], 4)} V`, `${shown(Math.abs(series.y[k]), 4)} ${unitOf(run)} V⁻¹`);
    const point = curve.voltage.reduce((best, V, m) => (Math.abs(V - series.x[k]) < Math.abs(curve.voltage[best] - series.x[k]) ? m : best), 0);
    follow(where, run, number, curve, point);
    return words;
  }
  words.push(`${shown(curve.voltage[k], 4)} V at ${shown(capacityOf(run, curve)[k], 4)} ${unitOf(run)}`);
  const shares = CELLS[run.request.cell].species.flat().filter(({ variable }) => curve.columns[variable]?.[k] > 0.01);
  if (where === "species") words.push(`${lowered(series.label)} ${(100 * series.y[k]).toFixed(1)} %`);
  else for (const { name, variable } of shares) words.push(`${lowered(name)} ${(100 * curve.columns[variable][k]).toFixed(0)} %`);
  follow(where, run, number, curve, k);
  return words;
}

/** Marks the same point of a half cycle in the other figures. */
function follow(where, run, number, curve, k) {
  const V = curve.voltage[k], ink = colour("strong");
  if (where !== "voltage") voltage.chart.mark([[capacityOf(run, curve)[k], V, ink]]);
  if (where !== "slope" && curve.dqdv) {
    const [grid, height] = curve.dqdv, place = grid.reduce((best, each, m) => (Math.abs(each - V) < Math.abs(grid[best] - V) ? m : best), 0);
    slope.chart.mark([[grid[place], (curve.kind === "charge" ? 1 : -1) * inUnit(run, height)[place], ink]]);
  }
  if (where !== "species" && run === shownRun) {
    const drawn = species.chart.series.filter((each) => each.about.curve === curve);
    species.chart.mark(drawn.map((each) => [each.x[k], each.y[k], each.colour]));
  }
}

// --- where it stands: nasim/evidence/validity.py ---------------------------------------------------------------------

const CONDITIONS = { temperature_C: ["temperature", "°C"], stack_pressure_MPa: ["pressure", "MPa"], current_mA_cm2: ["current", "mA cm⁻²"] };

/** Whether a published row has the conditions of a request, or does not state them. */
function hasConditions(row, request) {
  return Object.entries(CONDITIONS).every(([name, [key]]) => {
    const [absolute, relative] = SETTINGS.near[name];
    return row[name] === null || Math.abs(request[key] - row[name]) <= absolute + relative * Math.abs(row[name]);
  });
}

/** Published numbers of the first cycle under the conditions of a run, by name: nasim/evidence/published.py. */
function published({ request }) {
  const found = {}, near = (V, given) => Math.abs(V - given) < SETTINGS.volts;
  for (const row of CELLS[request.cell].published) {
    const window = row.window_V.length !== 2 || (near(request.lower, row.window_V[0]) && near(request.upper, row.window_V[1]));
    if (row.mark && window && hasConditions(row, request)) found[row.mark] = row.mark.endsWith("peaks_V") ? [...(found[row.mark] ?? []), ...row.values] : [row.values[0]];
  }
  return found;
}

function standing(run) {
  const { request } = run, known = CELLS[request.cell].published;
  if (!known.length) return ["beyond", "beyond data", `no published data of the cell '${request.cell}'`];
  const beyond = [];
  for (const [name, [key, unit]] of Object.entries(CONDITIONS)) {
    const value = request[key], word = key === "pressure" ? "stack pressure" : key;
    const data = known.map((row) => row[name]).filter((each) => each !== null), [absolute, relative] = SETTINGS.near[name];
    if (!data.length) continue;
    const low = Math.min(...data), high = Math.max(...data);
    if (value < low * (1 - relative) - absolute || value > high * (1 + relative) + absolute) {
      beyond.push(`${word} ${shown(value, 4)} ${unit}, data at ${low === high ? low : `${low} to ${high}`} ${unit}`);
    }
  }
  const windows = known.map((row) => row.window_V).filter((each) => each.length === 2);
  const least = Math.min(...windows.map(([low]) => low)), most = Math.max(...windows.map(([, high]) => high));
  if (windows.length && (request.lower < least - SETTINGS.volts || request.upper > most + SETTINGS.volts)) beyond.push(`window ${request.lower} to ${request.upper} V, data at ${least} to ${most} V`);
  const longest = Math.max(...known.map((row) => row.cycles));
  if (run.rows.length > longest && longest > 1) beyond.push(`${run.rows.length} cycles, data up to cycle ${longest}`);
  if (beyond.length) return ["beyond", "beyond data", beyond.join("; ")];
  const same = known.filter((row) => hasConditions(row, request));
  if (same.length) return ["here", "compared with data here", `published ${same.slice(0, 3).map((row) => row.id).join(", ")}`];
  return ["between", "between data", ""];
}

/** What the numbers of a run mean. */
function meaning({ request, rows }) {
  const least = SETTINGS.nothing * CELLS[request.cell].oneC, said = [];
  const poor = rows.find((row) => row.discharge_capacity_mAh_cm2 < least);
  if (poor) said.push(`cycle ${poor.cycle} delivers ${shown(poor.discharge_capacity_mAh_cm2, 2)} mAh cm-2, next to nothing`);
  const shares = rows.map((row) => [row.leak_mAh_cm2, Math.max(row.discharge_capacity_mAh_cm2, row.charge_capacity_mAh_cm2)]).filter(([, passed]) => passed > least);
  const share = Math.max(0, ...shares.map(([leak, passed]) => leak / passed));
  if (share > SETTINGS.leaks) said.push(`${shown(100 * share, 3)} % of the charge of a cycle flows inside the cell: ${share > SETTINGS.shorted ? "the cell is shorted" : "the cell leaks"}`);
  const reduced = Math.max(0, ...rows.map((row) => row.deep_reduced_fraction ?? 0));
  if (reduced > SETTINGS.reduced) said.push(`${shown(100 * reduced, 3)} % of the electrolyte in the cathode is reduced for good`);
  return said;
}

function drawStanding() {
  const [kind, word, because] = standing(shownRun);
  stands.className = `stands ${kind}`;
  stands.replaceChildren($("b", {}, word), because ? `: ${because}` : "");
  meanings.replaceChildren(...meaning(shownRun).map((text) => $("p", { class: "remark" }, text)));
}

// --- the worker ------------------------------------------------------------------------------------------------------

/** A worker made of the engine's text; where a browser allows none, the page itself, between its other work. */
function makeWorker(told) {
  const setUp = { kind: "set up", ...DATA };
  let id = 0, worker = null, server = null, last = null;
  try {
    const address = URL.createObjectURL(new Blob([document.getElementById("engine").textContent], { type: "text/javascript" }));
    worker = new Worker(address);
    worker.onmessage = ({ data }) => told(data);
    worker.onerror = () => { here(); server.answer(id, last); };
    worker.postMessage(setUp);
  } catch {
    here();
  }
  function here() {
    worker = null;
    server = new Server(told);
    server.setUp(setUp);
  }
  const ask = (request) => {
    id += 1;
    last = request;
    if (worker) worker.postMessage({ id, request });
    else server.answer(id, request);
    return id;
  };
  return { ask, stop: () => ask(null) };
}

function sensibleCycles(total) {
  const chosen = new Set([total]);
  for (let decade = 1; decade <= total; decade *= 10) for (const n of [1, 2, 5]) if (n * decade <= total) chosen.add(n * decade);
  return [...chosen].sort((a, b) => a - b);
}

let waiting = null, running = null;
const listeners = new Map();
const worker = makeWorker((message) => {
  if (listeners.has(message.id)) return listeners.get(message.id)(message);
  if (!running || message.id !== running.id) return;
  if (message.kind === "cycle") {
    if (message.curves) running.run.curves.set(message.number, message.curves);
    running.run.rows.push(message.row);
    running.answered = true;
    if (message.number === 1 || message.curves || performance.now() - running.drawn > 150) showRun();
    if (waiting) send();
    return;
  }
  running.run.ms = message.ms;
  running.run.end = message;
  running.answered = true;
  showRun();
  finish();
  if (waiting) send();
});

/** Draws what has come so far. */
function showRun() {
  running.drawn = performance.now();
  if (running.run.rows.length) {
    shownRun = running.run;
    drawAll();
    drawStanding();
  }
  const { end, rows, request } = running.run, long = performance.now() - running.began > 400;
  if (!end) {
    progress.textContent = long ? `cycle ${rows.length} of ${request.cycles}` : progress.textContent;
    cancel.hidden = !long;
  }
}

function finish() {
  const { run } = running ?? {};
  cancel.hidden = true;
  if (!run) return;
  const failed = run.end?.kind === "failed", stopped = run.end?.reason && run.end.reason !== "all cycles done";
  progress.textContent = run.end ? `${run.rows.length} cycle${run.rows.length === 1 ? "" : "s"} in ${Math.round(run.ms)} ms, here` : `stopped after cycle ${run.rows.length}`;
  const texts = [failed && run.end.message, stopped && `Stopped early: ${run.end.reason}.`, ...(run.end?.events ?? [])].filter(Boolean);
  remarks.replaceChildren(...texts.map((text) => $("p", { class: "remark" }, text)));
  document.documentElement.dataset.done = run.end ? "yes" : "no";
}

function send() {
  waiting = null;
  const { unit, ...request } = state;
  request.keep = sensibleCycles(request.cycles);
  running = { run: { request, rows: [], curves: new Map() }, answered: false, drawn: 0, began: performance.now() };
  running.id = worker.ask(request);
}

/** Takes the state of the controls over: at once, or after the first cycle of what is being computed. */
function refresh() {
  showControls();
  toLink();
  document.documentElement.dataset.done = "no";
  if (running && !running.answered) waiting = true;
  else send();
}

function keepOrDrop() {
  keptRun = keptRun ? null : shownRun;
  keepButton.textContent = keptRun ? "Drop the kept one" : "Keep to compare";
  drawAll();
}

// --- files -----------------------------------------------------------------------------------------------------------

function save(what, write) {
  if (!shownRun) return;
  const text = write();
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  $("a", { href: address, download: `${shownRun.request.cell}_${what}.csv` }).click();
  URL.revokeObjectURL(address);
}

function cyclesText() {
  const names = Object.keys(shownRun.rows[0]);
  return [names, ...shownRun.rows.map((row) => names.map((name) => row[name]))].map((line) => line.join(",")).join("\n") + "\n";
}

function curvesText() {
  const lines = [];
  for (const [number, curves] of shownRun.curves) {
    let elapsed = 0;
    for (const curve of curves) {
      const names = Object.keys(curve.columns);
      if (!lines.length) lines.push(["Cycle", "Step", "Time [s]", "Capacity [mAh.cm-2]", "Specific capacity [mAh.g-1]", ...names].join(","));
      curve.t.forEach((t, k) => lines.push([number, curve.kind, elapsed + t, curve.areal[k], curve.specific?.[k] ?? "", ...names.map((name) => curve.columns[name][k])].join(",")));
      elapsed += curve.t[curve.t.length - 1];
    }
  }
  return `${lines.join("\n")}\n`;
}

/** For programs: runs a request on this page's integrator; {rows, curves, end}. */
window.nasim = {
  run: (request) => new Promise((resolve) => {
    const answer = { rows: [], curves: {} };
    if (running) running.answered = true;
    const id = worker.ask({ ...usual(request.cell), keep: [1], ...request });
    listeners.set(id, (message) => {
      if (message.kind === "cycle") {
        answer.rows.push(message.row);
        if (message.curves) answer.curves[message.number] = message.curves;
        return;
      }
      listeners.delete(id);
      resolve({ ...answer, end: message });
    });
  }),
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
window.addEventListener("hashchange", () => { fromLink(); refresh(); });
fromLink();
refresh();
