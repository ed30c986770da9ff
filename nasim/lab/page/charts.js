// Line charts as SVG: axes, lines, a cursor with numbers for mouse, finger and keys. No library.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

function element(parent, name, attributes = {}, text = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  parent?.append(made);
  return made;
}

/** Round numbers between two ends, some `count` of them. */
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(count, 1), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(10)));
}

/** The next round number above a positive one. */
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value * 0.999999) * power;
}

/**
 * A chart in a box of the page. A series is {x, y, colour, label, dash, dots, width, about}; `cursor(series, k)` is called
 * as the reader points at point k of a series, and returns what to say of it. Published numbers are [x, y, whether up].
 */
class Chart {
  constructor(box, { x, y, integers = false, cursor, name }) {
    Object.assign(this, { box, x, y, integers, cursor, name, series: [], marks: [] });
    this.svg = element(null, "svg", { role: "img", tabindex: "0" });
    box.append(this.svg);
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.hidden = true;
    box.append(this.tip);
    this.chosen = null;
    this.svg.addEventListener("pointermove", (event) => this.pointed(event));
    this.svg.addEventListener("pointerdown", (event) => this.pointed(event));
    this.svg.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.leave(); });
    this.svg.addEventListener("blur", () => this.leave());
    this.svg.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.render()).observe(box);
  }

  draw(series, { xlim, ylim, x, y, lines = [], published = [], spoken }) {
    Object.assign(this, { series: series.filter((each) => each.x.length), xlim, ylim, lines, published, spoken });
    this.x = x ?? this.x;
    this.y = y ?? this.y;
    this.chosen = null;
    this.render();
  }

  render() {
    const width = this.box.clientWidth, height = this.box.clientHeight;
    if (!width || !this.xlim) return;
    const [x0, x1] = this.xlim, [y0, y1] = this.ylim;
    const { svg } = this, margin = this.margin = { left: 0, right: 14, top: 10, bottom: 42 };
    const up = height - margin.top - margin.bottom, yTicks = ticks(y0, y1, Math.min(7, up / 34));
    margin.left = 32 + 6.6 * Math.max(...yTicks.map((tick) => shown(tick).length));
    this.tip.hidden = true;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-label", `${this.name}. ${this.spoken ?? ""} Arrow keys move a cursor.`);
    const across = width - margin.left - margin.right;
    this.toX = (value) => margin.left + (value - x0) / (x1 - x0) * across;
    this.toY = (value) => margin.top + (y1 - value) / (y1 - y0) * up;
    const bottom = margin.top + up, grid = element(svg, "g", { class: "grid", "aria-hidden": "true" });
    let xTicks = ticks(x0, x1, Math.min(8, across / 62));
    if (this.integers) xTicks = xTicks.filter(Number.isInteger);
    for (const tick of xTicks) {
      element(grid, "line", { x1: this.toX(tick), x2: this.toX(tick), y1: margin.top, y2: bottom });
      element(grid, "text", { x: this.toX(tick), y: bottom + 16, "text-anchor": "middle" }, shown(tick));
    }
    for (const tick of yTicks) {
      element(grid, "line", { x1: margin.left, x2: width - margin.right, y1: this.toY(tick), y2: this.toY(tick) });
      element(grid, "text", { x: margin.left - 7, y: this.toY(tick) + 4, "text-anchor": "end" }, shown(tick));
    }
    element(grid, "text", { class: "title", x: margin.left + across / 2, y: height - 6, "text-anchor": "middle" }, this.x);
    const turned = `rotate(-90 13 ${margin.top + up / 2})`;
    element(grid, "text", { class: "title", x: 13, y: margin.top + up / 2, "text-anchor": "middle", transform: turned }, this.y);
    const plot = element(svg, "g", { "aria-hidden": "true" });
    for (const at of this.lines) element(plot, "line", { class: "turn", x1: this.toX(at), x2: this.toX(at), y1: margin.top, y2: bottom });
    for (const each of this.series) this.line(plot, each);
    for (const [at, height, up] of this.published) triangle(plot, this.toX(at), this.toY(height), up);
    this.top = element(svg, "g", { "aria-hidden": "true" });
    if (this.chosen) this.choose(...this.chosen, false);
  }

  line(plot, { x, y, colour, dash, dots, width = 2, open }) {
    if (dots) {
      const radius = (x.length > 60 ? 1.6 : 3) + (open ? 1.6 : 0); // a ring around a dot: both are seen where they meet
      for (let k = 0; k < x.length; k++) {
        if (!Number.isFinite(y[k])) continue;
        const fill = open ? "none" : colour;
        element(plot, "circle", { cx: this.toX(x[k]), cy: this.toY(y[k]), r: radius, fill, stroke: colour, "stroke-width": 1.4 });
      }
      return;
    }
    let path = "", before = [NaN, NaN];
    for (let k = 0; k < x.length; k++) {
      const here = [this.toX(x[k]), this.toY(y[k])];
      if (k && k < x.length - 1 && Math.abs(here[0] - before[0]) < 0.4 && Math.abs(here[1] - before[1]) < 0.4) continue;
      path += `${path ? "L" : "M"}${here[0].toFixed(1)} ${here[1].toFixed(1)}`;
      before = here;
    }
    const style = { d: path, fill: "none", stroke: colour, "stroke-width": width, "stroke-linejoin": "round" };
    element(plot, "path", dash ? { ...style, "stroke-dasharray": dash } : style);
  }

  /** The point of all series that is next to a place, [series, k]. */
  nearest(px, py) {
    let best = null, least = Infinity;
    for (const each of this.series) {
      if (each.silent) continue;
      for (let k = 0; k < each.x.length; k++) {
        const distance = (this.toX(each.x[k]) - px) ** 2 + (this.toY(each.y[k]) - py) ** 2;
        if (distance < least) { least = distance; best = [each, k]; }
      }
    }
    return best;
  }

  pointed(event) {
    if (!this.toX || !this.series.length) return;
    const box = this.svg.getBoundingClientRect();
    const found = this.nearest(event.clientX - box.left, event.clientY - box.top);
    if (found) this.choose(...found, true);
  }

  key(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -Infinity, End: Infinity };
    const heard = this.series.filter((each) => !each.silent);
    if (event.key === "Escape") return this.leave();
    if (!heard.length || !(event.key in moves || event.key === "ArrowUp" || event.key === "ArrowDown")) return;
    event.preventDefault();
    let [series, k] = this.chosen ?? [heard[0], -1];
    if (event.key in moves) {
      const pace = series.dots ? Math.sign(moves[event.key]) : moves[event.key] * Math.max(1, Math.round(series.x.length / 100));
      k = Math.max(0, Math.min(series.x.length - 1, (k < 0 ? 0 : k + (Number.isFinite(moves[event.key]) ? pace : moves[event.key]))));
    } else {
      const place = heard.indexOf(series) + (event.key === "ArrowUp" ? -1 : 1);
      series = heard[(place + heard.length) % heard.length];
      k = Math.max(0, Math.min(k, series.x.length - 1));
    }
    this.choose(series, k, true, true);
  }

  choose(series, k, tell, aloud = false) {
    this.chosen = [series, k];
    const words = tell ? this.cursor?.(series, k, aloud) : this.words;
    this.words = words;
    this.mark([[series.x[k], series.y[k], series.colour]]);
    if (!words) return;
    this.tip.replaceChildren(...words.map((text, row) => Object.assign(document.createElement(row ? "div" : "strong"), { textContent: text })));
    this.tip.hidden = false;
    const px = this.toX(series.x[k]), py = this.toY(series.y[k]), wide = this.tip.offsetWidth, high = this.tip.offsetHeight;
    this.tip.style.left = `${Math.max(2, px + wide + 16 > this.box.clientWidth ? px - wide - 12 : px + 12)}px`;
    this.tip.style.top = `${Math.max(2, Math.min(this.box.clientHeight - high - 4, py - high - 10 < 0 ? py + 12 : py - high - 10))}px`;
  }

  /** Marks of a cursor that is in this chart or in another one: [x, y, colour] each. */
  mark(points) {
    this.top?.replaceChildren();
    if (!this.top) return;
    for (const [x, y, colour] of points) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      const px = this.toX(x), py = this.toY(y);
      element(this.top, "line", { class: "hair", x1: px, x2: px, y1: this.margin.top, y2: this.toY(this.ylim[0]) });
      element(this.top, "circle", { cx: px, cy: py, r: 4.5, fill: colour, stroke: "var(--card)", "stroke-width": 1.5 });
    }
  }

  leave() {
    this.chosen = null;
    this.tip.hidden = true;
    this.cursor?.(null, 0, false);
    this.mark([]);
  }
}

/** The mark of a published number: an open triangle that points up or down. */
function triangle(parent, x, y, up) {
  element(parent, "path", { class: "published", d: `M${x} ${y}l5 ${up ? 8 : -8}h-10z` });
}

/** A number as people write it. */
function shown(value, digits = 6) {
  return String(Number(value.toPrecision(digits))).replace("-", "\u2212");
}
