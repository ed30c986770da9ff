// The integrator of nasim in a browser: nasim/engine/stepper.py, block.py and recorder.py once more, around the same C code.
// It runs in a worker, or in the page where there is none; it asks nobody and keeps nothing.
"use strict";

const SECONDS_PER_HOUR = 3600, C_M2_PER_MAH_CM2 = 36000, A_M2_PER_MA_CM2 = 10, PA_PER_MPA = 1e6, ZERO_CELSIUS = 273.15;
const NO_ROOM = -2, TIGHTER = 0.1, PAUSE_MS = 12;

const sideOf = (value) => (value < 0 || Object.is(value, -0) ? -1 : 1);
const aligned = (bytes) => Math.ceil(bytes / 16) * 16;

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A cell in the memory of its own instance of the integrator. */
class Cell {
  static async open(module, data, settings) {
    const instance = await WebAssembly.instantiate(module, {});
    return new Cell(instance.exports, data, settings, await unpacked(data.image));
  }

  constructor(exports, data, settings, image) {
    exports._initialize?.();
    Object.assign(this, { call: exports, data, settings, states: data.states });
    this.end = aligned(exports.__heap_base.value);
    this.base = this.room(image.length);
    new Uint8Array(exports.memory.buffer).set(image, this.base);
    const view = this.view();
    for (const place of data.pointers) view.setUint32(this.base + place, view.getUint32(this.base + place, true) + this.base, true);
    this.input = this.room(8 * data.inputs.length);
    this.state = this.room(8 * this.states);
    this.history = this.room(settings.history.size);
    this.out = { place: 0, bytes: 0 };
    this.makeHistory(settings.room);
    this.tolerances(settings.rtol, settings.atol);
  }

  /** Memory that nobody uses yet. */
  room(bytes) {
    const place = this.end, memory = this.call.memory;
    this.end = aligned(place + bytes);
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    return place;
  }

  view() { return new DataView(this.call.memory.buffer); }
  numbers(place, count) { return new Float64Array(this.call.memory.buffer, place, count); }

  makeHistory(points) {
    const at = this.settings.history, time = this.room(8 * points), state = this.room(8 * points * this.states);
    const view = this.view();
    view.setUint32(this.history + at.time, time, true);
    view.setUint32(this.history + at.state, state, true);
    view.setInt32(this.history + at.room, points, true);
    this.points = points;
    this.kept = { time, state };
  }

  tolerances(rtol, atol) {
    this.rtol = rtol;
    this.atol = atol;
    this.view().setFloat64(this.base + this.data.rtol, rtol, true);
    this.numbers(this.base + this.data.atol, this.states).fill(atol);
  }

  /** Back to the fresh cell; pressure in Pa, temperature in K. */
  restart(conditions) {
    this.conditions = conditions;
    this.y = this.observe("initial", [0], new Float64Array(this.states), this.inputs({ current: 0 }, 0, 0));
    this.time = 0;
  }

  /** Inputs of the model, in its order; cut-offs have the side on which the cell is. */
  inputs(step, voltage, current) {
    let voltSide = step.untilVoltage === undefined ? 0 : sideOf(voltage - step.untilVoltage);
    if (step.untilVoltage !== undefined && step.current) voltSide = sideOf(step.current);
    const values = { current: step.current, isVoltage: 0, voltage: 0, slope: 0, isPower: 0, power: 0, voltSide,
      voltCut: step.untilVoltage ?? 0, currentSide: 0, currentCut: 0, ...this.conditions };
    return Float64Array.from(this.data.inputs, (name) => values[name]);
  }

  /** Values (points x names) of a program at times and states (points x states). */
  observe(name, time, states, inputs) {
    const { place, names } = this.data.programs[name], count = time.length, width = names.length;
    const bytes = 8 * count * (1 + this.states + width);
    if (this.out.bytes < bytes) this.out = { place: this.room(2 * bytes), bytes: 2 * bytes };
    const t = this.out.place, y = t + 8 * count, out = y + 8 * count * this.states;
    this.numbers(this.input, inputs.length).set(inputs);
    this.numbers(t, count).set(time);
    this.numbers(y, count * this.states).set(states);
    this.call.begin(this.base + place, this.input);
    this.call.evaluate_many(this.base + place, count, t, y, out);
    return this.numbers(out, count * width).slice();
  }

  /** Takes one step: holds a current until a cut-off or for a time. */
  run(step) {
    const here = this.inputs(step, 0, 0);
    const [voltage, current] = this.observe("start", [0], this.y, here);
    const inputs = this.inputs(step, voltage, current);
    const side = inputs[this.data.inputs.indexOf("voltSide")];
    if (side * (voltage - (step.untilVoltage ?? 0)) < 0) {
      return { step, inputs, t: new Float64Array(1), y: this.y.slice(), endedBy: "already past the cut-off", steps: 0 };
    }
    const segment = this.advancedExactly(step, inputs, voltage);
    this.y = segment.y.slice(-this.states);
    this.time += segment.t[segment.t.length - 1];
    return segment;
  }

  /** A step that an event ends early is taken again, with tighter tolerances. */
  advancedExactly(step, inputs, voltage) {
    const found = this.advance(step, inputs, voltage), { shortS, shortFactor } = this.settings, { rtol, atol } = this;
    if (found.endedBy === "time" || found.t[found.t.length - 1] > shortS) return found;
    this.tolerances(shortFactor * rtol, shortFactor * atol);
    try {
      return this.advance(step, inputs, voltage);
    } finally {
      this.tolerances(rtol, atol);
    }
  }

  advance(step, inputs, voltage) {
    const { settings, data } = this, where = `${step.kind} step that starts at ${(this.time / SECONDS_PER_HOUR).toFixed(2)} h and ${voltage.toFixed(3)} V`;
    this.numbers(this.input, inputs.length).set(inputs);
    this.numbers(this.state, this.states).set(this.y);
    const first = Math.min(settings.firstStep, step.duration);
    const go = () => this.call.advance(this.base + data.problem, this.input, this.state, step.duration, first,
      data.drifts ? 1 : 0, settings.points, settings.mostSteps, this.history);
    let ended = go();
    while (ended === NO_ROOM) {
      this.makeHistory(4 * this.points);
      ended = go();
    }
    if (settings.failures[ended]) throw new Error(`The integrator gave up in the ${where}: ${settings.failures[ended]}.`);
    const view = this.view(), points = view.getInt32(this.history + settings.history.points, true);
    const t = this.numbers(this.kept.time, points).slice(), y = this.numbers(this.kept.state, points * this.states).slice();
    if (!y.slice(-this.states).every(Number.isFinite)) throw new Error(`A state became infinite in the ${where}.`);
    const steps = view.getInt32(this.history + settings.history.accepted, true);
    return { step, inputs, t, y, steps, endedBy: ended < 0 ? "time" : data.events[ended] };
  }

  /** The same, once more with tighter tolerances where it fails. */
  runOrRetry(step, note) {
    try {
      return this.run(step);
    } catch (error) {
      const { rtol, atol } = this;
      this.tolerances(TIGHTER * rtol, TIGHTER * atol);
      try {
        const segment = this.run(step);
        note(`${step.kind}: solved at the second attempt, with tighter tolerances. ${error.message}`);
        return segment;
      } finally {
        this.tolerances(rtol, atol);
      }
    }
  }

  named(program, values) {
    return Object.fromEntries(this.data.programs[program].names.map((name, k) => [name, values[k]]));
  }

  readEnd(segment, last) {
    const n = this.states, k = last ? segment.t.length - 1 : 0;
    return this.named("ends", this.observe("ends", [segment.t[k]], segment.y.subarray(k * n, (k + 1) * n), segment.inputs));
  }
}

/** Why a run must stop after this segment, or null. */
function unexpectedEnd(segment, number) {
  const { step } = segment;
  if (segment.endedBy === "already past the cut-off") {
    return `the ${step.kind} of cycle ${number} had nothing to do: the cell was already past its cut-off of ${step.untilVoltage} V`;
  }
  if (segment.endedBy !== "time") return null;
  const hours = (step.duration / SECONDS_PER_HOUR).toFixed(1);
  const more = step.kind === "charge" ? ": an endless charge, the leak takes up the current (self-charging)" : "";
  return `the ${step.kind} of cycle ${number} did not reach ${step.untilVoltage} V within ${hours} h${more}`;
}

/** A row of the summary, as the recorder makes it. */
function rowOf(cell, number, segments, ends) {
  const { area, sulfur, counters, atEnd } = cell.data;
  const charge = { out: 0, back: 0 }, energy = { out: 0, back: 0 };
  let leak = 0;
  segments.forEach((segment, k) => {
    const passed = SECONDS_PER_HOUR * (ends[k + 1][counters.charge] - ends[k][counters.charge]) / area;
    const work = SECONDS_PER_HOUR * (ends[k + 1][counters.energy] - ends[k][counters.energy]) / area;
    const way = passed > 0 ? "out" : "back";
    charge[way] += Math.abs(passed);
    energy[way] += Math.abs(work);
    leak += Math.abs(ends[k + 1][counters.leak] - ends[k][counters.leak]);
  });
  const perGram = sulfur ? area / sulfur / SECONDS_PER_HOUR : NaN;
  const row = {
    cycle: number,
    discharge_capacity_mAh_g: charge.out * perGram,
    charge_capacity_mAh_g: charge.back * perGram,
    discharge_capacity_mAh_cm2: charge.out / C_M2_PER_MAH_CM2,
    charge_capacity_mAh_cm2: charge.back / C_M2_PER_MAH_CM2,
    charge_over_discharge: charge.back / charge.out,
    discharge_energy_mWh_cm2: energy.out / C_M2_PER_MAH_CM2,
    charge_energy_mWh_cm2: energy.back / C_M2_PER_MAH_CM2,
    mean_discharge_voltage_V: energy.out / charge.out,
    mean_charge_voltage_V: energy.back / charge.back,
    leak_mAh_cm2: leak / C_M2_PER_MAH_CM2,
    end_time_h: cell.time / SECONDS_PER_HOUR,
  };
  const last = ends[ends.length - 1];
  for (const [column, name, factor] of atEnd) row[column] = last[name] * factor;
  if ("temperature_C" in row) row.temperature_C -= ZERO_CELSIUS;
  return row;
}

/** The curve of a segment, as the recorder makes it: an array for each name, with capacities from 0 and dQ/dV. */
function curveOf(cell, segment) {
  const { area, sulfur, counters, programs } = cell.data, names = programs.curve.names, count = segment.t.length;
  const values = cell.observe("curve", segment.t, segment.y, segment.inputs);
  const column = (k) => Float64Array.from({ length: count }, (_, point) => values[point * names.length + k]);
  const curve = { kind: segment.step.kind, t: segment.t, columns: Object.fromEntries(names.map((name, k) => [name, column(k)])) };
  const passed = curve.columns[counters.charge], sense = segment.step.kind === "charge" ? -1 : 1;
  const charge = passed.map((value) => SECONDS_PER_HOUR * sense * (value - passed[0]));
  curve.voltage = curve.columns[counters.voltage];
  curve.areal = charge.map((value) => value / area / C_M2_PER_MAH_CM2);
  curve.specific = sulfur ? charge.map((value) => value / SECONDS_PER_HOUR / sulfur) : null;
  curve.dqdv = dqdv(curve.voltage, curve.specific ?? curve.areal);
  return curve;
}

// --- dQ/dV: nasim/analysis/dqdv.py -----------------------------------------------------------------------------------

const REFINED_POINTS = 4000;

/** [voltages, dQ/dV] of a half cycle, or null where it is too short for one. */
function dqdv(voltageGiven, capacityGiven, stepV = 0.005, smoothV = 0.012) {
  const half = refined(voltageGiven, capacityGiven);
  if (!half) return null;
  const [voltage, capacity] = half;
  let low = Infinity, high = -Infinity;
  for (const V of voltage) { low = Math.min(low, V); high = Math.max(high, V); }
  if (!(high - low >= 3 * stepV)) return null;
  const bins = Math.ceil((high - low) / stepV - 1e-6), width = (high - low) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => low + k * width);
  const below = capacityBelow(edges, voltage, capacity, width);
  let density = Float64Array.from({ length: bins }, (_, k) => (below[k + 1] - below[k]) / width);
  if (smoothV > 1e-3 * width) density = smoothed(density, smoothV / width);
  return [edges.subarray(0, bins).map((V) => V + width / 2), density];
}

function refined(voltageGiven, capacityGiven) {
  let V = Array.from(voltageGiven), Q = Array.from(capacityGiven);
  if (Q[Q.length - 1] < Q[0]) { V.reverse(); Q.reverse(); }
  const voltage = [], capacity = [];
  let highest = -Infinity;
  const running = Q.map((q) => (highest = Math.max(highest, q)));
  running.forEach((q, k) => {
    if (k === running.length - 1 || running[k + 1] - q > 0) { voltage.push(V[k]); capacity.push(q); }
  });
  const n = capacity.length;
  if (n < 3) return null;
  const slopes = pchipSlopes(capacity, voltage), pieces = Math.ceil(REFINED_POINTS / n);
  const fineV = new Float64Array((n - 1) * pieces + 1), fineQ = new Float64Array((n - 1) * pieces + 1);
  for (let k = 0; k < n - 1; k++) {
    const h = capacity[k + 1] - capacity[k], rise = (voltage[k + 1] - voltage[k]) / h;
    const c = (3 * rise - 2 * slopes[k] - slopes[k + 1]) / h, d = (slopes[k] + slopes[k + 1] - 2 * rise) / (h * h);
    for (let m = 0; m < pieces; m++) {
      const x = h * m / pieces;
      fineQ[k * pieces + m] = capacity[k] + x;
      fineV[k * pieces + m] = voltage[k] + x * (slopes[k] + x * (c + x * d));
    }
  }
  fineV[fineV.length - 1] = voltage[n - 1];
  fineQ[fineQ.length - 1] = capacity[n - 1];
  return [fineV, fineQ];
}

/** Slopes of the monotone cubic of Fritsch and Butland, as scipy's. */
function pchipSlopes(x, y) {
  const n = x.length, h = [], rise = [], slopes = new Array(n).fill(0);
  for (let k = 0; k < n - 1; k++) { h.push(x[k + 1] - x[k]); rise.push((y[k + 1] - y[k]) / (x[k + 1] - x[k])); }
  for (let k = 1; k < n - 1; k++) {
    if (rise[k - 1] * rise[k] <= 0) continue;
    const a = 2 * h[k] + h[k - 1], b = h[k] + 2 * h[k - 1];
    slopes[k] = (a + b) / (a / rise[k - 1] + b / rise[k]);
  }
  const end = (h0, h1, m0, m1) => {
    const slope = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);
    if (Math.sign(slope) !== Math.sign(m0)) return 0;
    return Math.sign(m0) !== Math.sign(m1) && Math.abs(slope) > 3 * Math.abs(m0) ? 3 * m0 : slope;
  };
  slopes[0] = end(h[0], h[1], rise[0], rise[1]);
  slopes[n - 1] = end(h[n - 2], h[n - 3], rise[n - 2], rise[n - 3]);
  return slopes;
}

function capacityBelow(edges, voltage, capacity, width) {
  const knots = [];
  for (let k = 0; k < voltage.length - 1; k++) {
    const middle = 0.5 * (voltage[k] + voltage[k + 1]), half = Math.max(0.5 * Math.abs(voltage[k + 1] - voltage[k]), 0.005 * width);
    const slope = (capacity[k + 1] - capacity[k]) / (2 * half);
    knots.push([middle - half, slope], [middle + half, -slope]);
  }
  knots.sort((a, b) => a[0] - b[0]);
  const below = new Float64Array(edges.length);
  let slope = 0, sum = 0, k = 0;
  for (let edge = 0; edge < edges.length; edge++) {
    while (k < knots.length && knots[k][0] <= edges[edge]) {
      if (k) sum += slope * (knots[k][0] - knots[k - 1][0]);
      slope += knots[k++][1];
    }
    below[edge] = k === 0 ? 0 : k === knots.length ? sum : sum + slope * (edges[edge] - knots[k - 1][0]);
  }
  below[0] = 0;
  below[edges.length - 1] = capacity[capacity.length - 1] - capacity[0];
  return below;
}

/** Convolution with a Gaussian, mirrored at both ends. */
function smoothed(values, sigma) {
  const n = values.length, reach = Math.floor(4 * sigma + 0.5), weights = [];
  let sum = 0;
  for (let k = -reach; k <= reach; k++) weights.push(Math.exp(-0.5 * k * k / (sigma * sigma)));
  for (const weight of weights) sum += weight;
  const mirrored = (k) => { const m = ((k % (2 * n)) + 2 * n) % (2 * n); return m < n ? m : 2 * n - 1 - m; };
  return values.map((_, centre) => weights.reduce((total, weight, k) => total + weight * values[mirrored(centre + k - reach)], 0) / sum);
}

// --- the work --------------------------------------------------------------------------------------------------------

/** Answers requests, the newest only: `post` is told of each cycle, and of the end. */
class Server {
  constructor(post) {
    this.post = post;
    this.cells = new Map();
    this.newest = 0;
  }

  setUp({ wasm, cells, settings }) {
    this.settings = settings;
    this.data = Object.fromEntries(cells.map((cell) => [cell.name, cell]));
    this.module = unpacked(wasm).then((bytes) => WebAssembly.compile(bytes));
  }

  add(cell) { this.data[cell.name] = cell; }

  async cell(name) {
    if (!this.cells.has(name)) this.cells.set(name, this.module.then((module) => Cell.open(module, this.data[name], this.settings)));
    return this.cells.get(name);
  }

  async answer(id, request) {
    this.newest = id;
    const began = performance.now();
    await pause();
    if (this.newest !== id || !request) return;
    try {
      const cell = await this.cell(request.cell), end = await this.cycles(id, request, cell);
      if (end) this.post({ id, kind: "done", ...end, ms: performance.now() - began });
    } catch (error) {
      this.post({ id, kind: "failed", message: error.message, ms: performance.now() - began });
    }
  }

  /** Runs all cycles; returns why it ended, or null where a newer request has come. */
  async cycles(id, request, cell) {
    if (this.newest !== id) return null;
    const { lower, upper, current, keep } = request, events = [], held = A_M2_PER_MA_CM2 * current;
    let reason = null, last = null, paused = performance.now();
    cell.tolerances(request.rtol ?? this.settings.rtol, request.atol ?? this.settings.atol);
    cell.restart({ pressure: PA_PER_MPA * request.pressure, temperature: request.temperature + ZERO_CELSIUS });
    const duration = cell.data.longest / held;
    const plan = [
      { kind: "discharge", duration, current: held, untilVoltage: lower },
      { kind: "charge", duration, current: -held, untilVoltage: upper },
    ];
    for (let number = 1; number <= request.cycles && !reason; number++) {
      const segments = [];
      try {
        for (const step of plan) {
          segments.push(cell.runOrRetry(step, (text) => events.push(`cycle ${number}, ${text}`)));
          reason = unexpectedEnd(segments[segments.length - 1], number);
          if (reason) break;
          if (performance.now() - paused > PAUSE_MS) {
            await pause();
            if (this.newest !== id) return null;
            paused = performance.now();
          }
        }
      } catch (error) {
        throw new Error(`Cycle ${number}: ${error.message}`);
      }
      const ends = [last ?? cell.readEnd(segments[0], false), ...segments.map((segment) => cell.readEnd(segment, true))];
      last = ends[ends.length - 1];
      const curves = keep.includes(number) ? segments.map((segment) => curveOf(cell, segment)) : null;
      this.post({ id, kind: "cycle", number, row: rowOf(cell, number, segments, ends), curves });
    }
    return { reason: reason ?? "all cycles done", events };
  }
}

/** Lets messages in that wait. */
function pause() {
  return new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); resume(); };
    port2.postMessage(null);
  });
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  const server = new Server((message) => self.postMessage(message));
  self.onmessage = ({ data }) => {
    if (data.kind === "set up") server.setUp(data);
    else if (data.kind === "cell") server.add(data.cell);
    else server.answer(data.id, data.request);
  };
}
