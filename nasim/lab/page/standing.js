// Where a run stands beside published data, and what its numbers mean: nasim/evidence/validity.py.
"use strict";

const CONDITIONS = { temperature_C: ["temperature", "°C"], stack_pressure_MPa: ["pressure", "MPa"], current_mA_cm2: ["current", "mA cm⁻²"] };

/** Whether a published row has the conditions of a request, or does not state them. */
function hasConditions(row, request) {
  return Object.entries(CONDITIONS).every(([name, [key]]) => {
    const [absolute, relative] = SETTINGS.near[name];
    return row[name] === null || Math.abs(request[key] - row[name]) <= absolute + relative * Math.abs(row[name]);
  });
}

/** Whether a published row is of cycling, in the window of a request. */
function sameTest(row, request) {
  const near = (V, given) => Math.abs(V - given) < SETTINGS.volts, [low, high] = row.window_V;
  return row.cycling && (row.window_V.length !== 2 || (near(request.lower, low) && near(request.upper, high)));
}

/** Published numbers of the first cycle under the conditions of a run, by name: nasim/evidence/published.py. */
function published({ request }) {
  const found = {};
  for (const row of CELLS[request.cell].published) {
    if (row.mark && sameTest(row, request) && hasConditions(row, request)) found[row.mark] = row.mark.endsWith("peaks_V") ? [...(found[row.mark] ?? []), ...row.values] : [row.values[0]];
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
  const same = known.filter((row) => sameTest(row, request) && hasConditions(row, request));
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
