// The four figures: what is drawn of a run, and of the one that is kept to compare.
"use strict";

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
const species = card("others", "Species in the cathode", { x: "Capacity along the cycle", y: "Fraction", beside: [which], cursor: (series, k, aloud) => cursor("species", series, k, aloud) });
const fade = card("others", "Capacity against cycle", { x: "Cycle", y: "Capacity", integers: true, cursor: (series, k, aloud) => cursor("fade", series, k, aloud) });
const figures = { voltage, slope, species, fade };
const numbers = $("div", { class: "card wide" });
document.getElementById("others").append(numbers);

const perGram = (run) => state.unit === "g" && Boolean(CELLS[run.request.cell].sulfur);
const unitOf = (run) => (perGram(run) ? "mAh g⁻¹ of sulfur" : "mAh cm⁻²");
const capacityOf = (run, curve) => (perGram(run) ? curve.specific : curve.areal);
const inUnit = (run, values) => (perGram(run) || !CELLS[run.request.cell].sulfur ? values : values.map((v) => v * CELLS[run.request.cell].sulfur / CELLS[run.request.cell].area / 10));
const columnOf = (run, way) => `${way}_capacity_${perGram(run) ? "mAh_g" : "mAh_cm2"}`;

/** Colours of an ordered scale, one a cycle, as in the figures of nasim. */
function cycleColour(place, count) {
  if (count === 1) return colour("discharge");
  const stops = SETTINGS.scales[matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"];
  return stops[Math.round(place / (count - 1) * (stops.length - 1))];
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
    else if (dots) element(sample, "circle", { cx: 11, cy: 4, r: 3, fill: open ? "none" : ink, stroke: ink, "stroke-width": 1.4 });
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
  const marked = [...(peaks.oxidation_peaks_V ?? []).map((V) => [V, 0.93 * most, false]), ...(peaks.reduction_peaks_V ?? []).map((V) => [V, -0.93 * most, true])];
  slope.chart.draw(series, { published: marked, xlim: [lower, upper], ylim: [-most, most], y: `dQ/dV (${unitOf(shownRun).replace(" of sulfur", "")} V⁻¹)`, spoken: "Charge upwards, discharge downwards." });
  legend(slope.legend, [...labelled(series, marked), { label: "(charge up, discharge down)" }]);
}

const SPECIES_DASHES = ["7 3", "2 2", "9 3 2 3", "1 4"];

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
  cell.species.forEach((chain, c) => chain.forEach(({ name, variable, colour: ink }, k) => {
    curves.forEach((curve, half) => {
      if (!curve.columns[variable]) return;
      series.push({ x: along[half], y: curve.columns[variable], label: name, colour: colour(ink.slice(1)), dash: c ? SPECIES_DASHES[k % SPECIES_DASHES.length] : null, about: { run, number, curve } });
    });
  }));
  species.chart.draw(series, { xlim: [0, Math.max(start, 1e-9)], ylim: [0, 1.02], x: `Capacity along the cycle (${unitOf(run)})`, lines: lines.slice(0, -1), spoken: `Cycle ${number}, discharge, then charge.` });
  legend(species.legend, distinctLabels(series));
}

function drawFade() {
  const series = runs().flatMap(({ run, kept }) => [["discharge", false], ["charge", true]].map(([way, open]) => ({
    x: run.rows.map((row) => row.cycle), y: run.rows.map((row) => row[columnOf(run, way)]), label: kept ? "kept" : way, colour: colour(kept ? "kept" : way), dots: true, open, about: { run },
  })));
  const count = Math.max(shownRun.request.cycles, keptRun?.request.cycles ?? 1);
  fade.chart.draw(series, { xlim: count > 1 ? [0, count + (count > 10 ? 2 : 0.5)] : [0.5, 1.5], ylim: [0, roundedUp(1.05 * Math.max(largest(series, "y"), 1e-9))], y: `Capacity (${unitOf(shownRun)})`, spoken: `${shownRun.rows.length} cycles.` });
  legend(fade.legend, distinctLabels(series));
}
