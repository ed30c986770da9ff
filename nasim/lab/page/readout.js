// Numbers of a run beside those of the kept one, and a cursor that is in all figures at once.
"use strict";

const NUMBERS = [
  ["First discharge (mAh per gram of sulfur)", "discharge_capacity_mAh_g", 0, 0],
  ["First discharge (mAh cm⁻²)", "discharge_capacity_mAh_cm2", 0, 3],
  ["First charge / first discharge", "charge_over_discharge", 0, 3],
  ["Mean voltage of the first discharge (V)", "mean_discharge_voltage_V", 0, 3],
  ["Last discharge (mAh cm⁻²)", "discharge_capacity_mAh_cm2", -1, 3],
  ["Connected fraction at the end", "connected_fraction", -1, 3],
  ["Interphase at the end (Ω cm²)", "interphase_resistance_Ohm_cm2", -1, 1],
  ["Leak in the last cycle (mAh cm⁻²)", "leak_mAh_cm2", -1, 4],
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
