// The page around the integrator: state of the controls -> request -> answers, cycle by cycle; files.
"use strict";

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
  const add = (cell) => {
    setUp.cells = [...setUp.cells, cell];
    if (worker) worker.postMessage({ kind: "cell", cell });
    else server.add(cell);
  };
  return { ask, add, stop: () => ask(null) };
}

function sensibleCycles(total) {
  const chosen = new Set([total]);
  for (let decade = 1; decade <= total; decade *= 10) for (const n of [1, 2, 5]) if (n * decade <= total) chosen.add(n * decade);
  return [...chosen].sort((a, b) => a - b);
}

let waiting = null, running = null, late = 0;
const LATE_MS = 350;
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
    fresh();
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

/** The figures are those of the controls again. */
function fresh() {
  clearTimeout(late);
  delete document.documentElement.dataset.busy;
}

function finish() {
  const { run } = running ?? {};
  fresh();
  cancel.hidden = true;
  if (!run) return;
  const failed = run.end?.kind === "failed", stopped = run.end?.reason && run.end.reason !== "all cycles done";
  progress.textContent = run.end ? `${run.rows.length} cycle${run.rows.length === 1 ? "" : "s"} in ${Math.round(run.ms)} ms, here` : `stopped after cycle ${run.rows.length}`;
  const texts = [failed && run.end.message, stopped && `Stopped early: ${run.end.reason}.`, ...(run.end?.events ?? [])].filter(Boolean);
  remarks.replaceChildren(...texts.map((text) => $("p", { class: "remark" }, text)));
  if (run.rows.length) {
    const first = `First discharge ${shown(run.rows[0][columnOf(run, "discharge")], 4)} ${unitOf(run)}`;
    progress.textContent = `${first}; ${progress.textContent}`;
    document.getElementById("spoken").textContent = `${first}, ${stands.textContent}`;
  }
  if (wanted !== null && CELLS[wanted].at) progress.textContent = building(wanted);
  document.documentElement.dataset.done = run.end && !waiting ? "yes" : "no";
}

function send() {
  waiting = null;
  const { unit, ...request } = state;
  request.keep = sensibleCycles(request.cycles);
  running = { run: { request, rows: [], curves: new Map() }, answered: false, drawn: 0, began: performance.now() };
  running.id = worker.ask(request);
  clearTimeout(late);
  late = setTimeout(() => { progress.textContent = "Being computed ..."; }, LATE_MS);
  document.documentElement.dataset.busy = "yes";
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
  setTimeout(() => URL.revokeObjectURL(address), 60000); // a busy browser fetches it late
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
  run: (request) => ready(request.cell).then(() => new Promise((resolve) => {
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
  })),
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
const begin = () => fromLink().catch((error) => ({ cell: error.message })).then((refused) => { refresh(); tellRefused(refused); });
window.addEventListener("hashchange", begin);
begin();
