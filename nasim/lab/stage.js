// The stage of the virtual lab: a figure that can be touched and a drawing of the cell, with one cursor for both.
// The page lays what is to be shown, as JSON, into an element of its own; this frame watches for it and keeps zoom and place.
"use strict";
const $ = (id) => document.getElementById(id);
const page = window.parent.document;
const NARROW = 620, ROOMY = 40, SECONDS = 12, GRAINS = 36, LOWEST = 0.72, BELOW = 12, EMPTIED = "#5c636b";
let last = "", now = null, share = 0, playing = 0;

// --- figure -------------------------------------------------------------------------------------------------------------

function dark() {
  return page.body.classList.contains("dark") || page.documentElement.classList.contains("dark");
}

/** What the page laid out, in the colours of its ground. */
function coloured() {
  return dark() ? JSON.parse(last.replace(/#[0-9A-Fa-f]{6}/g, (colour) => now.dark[colour] ?? colour)) : JSON.parse(last);
}

function dressed(figure) {
  const layout = figure.layout, narrow = window.innerWidth < NARROW;
  const ink = dark() ? "#dcdcdc" : "#2b2b2b";
  document.documentElement.classList.toggle("dark", dark());
  document.body.classList.toggle("narrow", narrow);
  layout.font = {...layout.font, color: ink, size: narrow ? 11 : 13};
  for (const key of Object.keys(layout)) if (/^[xy]axis/.test(key)) layout[key].linecolor = layout[key].tickcolor = ink;
  if (narrow) {
    for (const key of Object.keys(layout)) if (/^legend/.test(key)) layout[key] = {...layout[key], visible: false};
    layout.showlegend = false;
    for (const key of Object.keys(layout)) if (/^[xy]axis/.test(key)) layout[key].title.text = short(layout[key]);
    layout.height *= 0.8;
    layout.margin = {...layout.margin, r: 6};
  } else {
    layout.height = Math.max(layout.meta?.least ?? LOWEST * layout.height, Math.min(layout.height, room()));
  }
  named(narrow ? figure.data : []);
  return [figure.data, layout];
}

/** The legend of a narrow screen: a button for each line, which hides and shows it. */
function named(traces) {
  const entries = traces.map((trace, place) => ({trace, place})).filter(({trace}) => trace.showlegend !== false);
  $("names").replaceChildren(...entries.map(({trace, place}) => {
    const button = document.createElement("button"), {line = {}, marker = {}} = trace;
    const group = traces.flatMap((each, k) => (k === place || (trace.legendgroup && each.legendgroup === trace.legendgroup) ? [k] : []));
    const style = {solid: "solid", dot: "dotted", dashdot: "dashed"}[line.dash ?? "solid"] ?? "dashed";
    const sample = document.createElement("i");
    sample.style.borderTop = `${trace.fillcolor ? 9 : 3}px ${style} ${trace.fillcolor ?? line.color ?? marker.color}`;
    button.append(sample, ...worded(trace.name));
    button.setAttribute("aria-pressed", "true");
    button.onclick = () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      Plotly.restyle("plot", {visible: on ? true : "legendonly"}, group);
    };
    return button;
  }));
}

/** A name whose lowered digits are marked as plotly.js wants them, as nodes. */
function worded(name) {
  return name.split(/<sub>(.*?)<\/sub>/).map((part, k) => (k % 2 ? Object.assign(document.createElement("sub"), {textContent: part}) : part));
}

/** What a narrow screen has room for of the title of an axis: all of it, or its unit, or its name. */
function short({title: {text: title}, domain}) {
  if (!domain && title.replace(/<.*?>/g, "").length < ROOMY) return title;
  const name = title.split("<br>")[0], unit = /\((.+)\)/.exec(name);
  return unit ? unit[1] : name;
}

/** Height that is left for the figure in the window. */
function room() {
  const frame = window.frameElement, scrolled = page.getElementById("App")?.scrollTop ?? 0;
  return window.parent.innerHeight - frame.getBoundingClientRect().top - scrolled - $("drawing").offsetHeight - BELOW;
}

function draw() {
  if (!window.innerWidth) return; // not on the page, which shows something else
  const shown = coloured();
  $("cells").replaceChildren();
  now.drawn = shown.cells.map(build);
  $("drawing").hidden = !now.drawn.length;
  const [data, layout] = dressed(shown.figure), bar = window.innerWidth < NARROW ? false : "hover";
  Plotly.react("plot", data, layout, {...now.config, displayModeBar: bar}).then(fit);
}

function fit() {
  const height = document.body.scrollHeight;
  if (window.frameElement) window.frameElement.style.height = `${height}px`;
  place();
}

// --- drawing ------------------------------------------------------------------------------------------------------------

const NS = "http://www.w3.org/2000/svg";
function svg(parent, name, attributes, words) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (words) made.textContent = words;
  parent.appendChild(made);
  return made;
}

function mixed(colours, shares) {
  const total = shares.reduce((a, b) => a + b, 0) || 1;
  const rgb = [1, 3, 5].map((at) => colours.reduce((sum, c, k) => sum + shares[k] * parseInt(c.slice(at, at + 2), 16), 0) / total);
  return `rgb(${rgb.map(Math.round).join(",")})`;
}

function grains() {
  const places = [];
  for (let k = 0; k < GRAINS; k++) {
    const row = k % 4, column = Math.floor(k / 4);
    places.push([330 + 31 * column + (row % 2 ? 9 : 0), 38 + 31 * row + 4 * Math.sin(7.3 * k), 10.5 + 2.5 * Math.sin(3.1 * k)]);
  }
  // who loses contact first: a fixed shuffle
  return places.map((place, k) => [place, (k * 23) % GRAINS]);
}

function build(cell) {
  const figure = document.createElement("figure"), drawn = {cell, figure};
  const s = svg(figure, "svg", {viewBox: "0 0 640 178", role: "img", "aria-label": `${cell.name}: drawing of the cell`});
  drawn.anode = svg(s, "rect", {x: 6, y: 18, width: 94, height: 130, fill: cell.layers.anode, stroke: "var(--line)"});
  drawn.layer = svg(s, "rect", {x: 100, y: 18, width: 2, height: 130, fill: cell.layers.interphase});
  svg(s, "rect", {x: 130, y: 18, width: 180, height: 130, fill: cell.layers.separator});
  drawn.bridge = svg(s, "rect", {x: 102, y: 18, width: 28, height: 130, fill: cell.layers.separator});
  drawn.short = svg(s, "polyline", {fill: "none", stroke: "#C1121F", "stroke-width": 3, "stroke-linejoin": "bevel"});
  drawn.matrix = svg(s, "rect", {x: 310, y: 18, width: 304, height: 130, fill: "#dddddd", opacity: 0.6});
  svg(s, "rect", {x: 614, y: 18, width: 20, height: 130, fill: cell.layers.collector, stroke: "var(--line)"});
  drawn.grains = (cell.sulfur.length ? grains() : []).map(([[x, y, r], rank]) => ({
    r, rank, gap: svg(s, "circle", {cx: x, cy: y, r: r + 2.2, fill: "var(--paper)"}),
    shells: cell.colours.map((fill) => svg(s, "circle", {cx: x, cy: y, r, fill})).reverse(),
  }));
  for (const g of drawn.grains) { // the outermost shell is the last product: it has to lie lowest
    const parent = g.shells[0].parentNode;
    for (const shell of [...g.shells].sort((a, b) => cell.colours.indexOf(b.getAttribute("fill")) - cell.colours.indexOf(a.getAttribute("fill")))) parent.appendChild(shell);
    g.shells = cell.colours.map((colour) => [...g.shells].find((shell) => shell.getAttribute("fill") === colour));
  }
  const labels = [[53, "anode"], [104, ""], [214, "separator"], [460, cell.sulfur.length ? "cathode: sulfur in the Sb-S phase" : "cathode: Sb-S phase"]];
  for (const [x, words] of labels) svg(s, "text", {x, y: 164, "text-anchor": "middle"}, words);
  drawn.told = svg(s, "text", {x: 104, y: 12, "text-anchor": "start"}, "");
  figure.appendChild(drawn.caption = document.createElement("figcaption"));
  $("cells").appendChild(figure);
  return drawn;
}

const lowered = (name) => name.replace(/(?<=[A-Za-z])\d+/g, (digits) => [...digits].map((digit) => "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089"[digit]).join(""));

function at(cell, name, k) { return cell[name][k]; }

function show(drawn) {
  const {cell} = drawn, end = cell.x[cell.x.length - 1], x = share * end;
  let k = cell.x.findIndex((value) => value >= x);
  if (k < 0) k = cell.x.length - 1;
  const sodium = at(cell, "sodium", k), wide = 2 + 26 * Math.min(1, at(cell, "interphase", k) / cell.thickest);
  drawn.anode.setAttribute("fill", mixed([cell.layers.anode, EMPTIED], [Math.max(0, sodium), Math.max(0, 1 - sodium)]));
  drawn.layer.setAttribute("width", wide);
  drawn.bridge.setAttribute("x", 100 + wide);
  drawn.bridge.setAttribute("width", 31 - wide);
  const leak = at(cell, "leak", k), reach = Math.max(0, Math.min(1, 1 + Math.log10(Math.max(leak, 1e-9)) / 3)), points = [];
  for (let j = 0; j <= 12; j++) points.push(`${100 + (reach * 210 * j) / 12},${86 + (j % 2 ? 4 : -4) + 9 * Math.sin(j)}`);
  drawn.short.setAttribute("points", reach > 0.02 ? points.join(" ") : "");
  const matrix = cell.sb_s.map((values) => values[k]);
  drawn.matrix.setAttribute("fill", mixed(cell.matrix, matrix));
  const sulfur = cell.sulfur.map((values) => Math.max(0, values[k])), lost = (1 - at(cell, "connected", k)) * GRAINS;
  for (const grain of drawn.grains) {
    const apart = grain.rank + 0.5 < lost;
    grain.gap.setAttribute("opacity", apart ? 1 : 0);
    let inside = 0;
    grain.shells.forEach((shell, j) => {
      inside += sulfur[j];
      shell.setAttribute("r", (apart ? 0.86 : 1) * grain.r * Math.sqrt(Math.min(1, inside)));
    });
  }
  drawn.told.textContent = `interphase ${at(cell, "interphase", k).toPrecision(3)} \u03a9 cm\u00b2`;
  const parts = cell.species.map((name, j) => [name, (j < cell.sulfur.length ? sulfur[j] : matrix[j - cell.sulfur.length])]);
  const most = parts.filter(([, value]) => value > 0.02).map(([name, value]) => `${lowered(name)} ${(100 * value).toFixed(0)} %`).join(", ");
  const words = `${at(cell, "step", k)}, ${cell.x[k].toPrecision(4)} ${cell.unit}, ${at(cell, "V", k).toFixed(3)} V`;
  drawn.caption.textContent = `${cell.name}, cycle ${cell.cycle}: ${words}. ${most}. Connected fraction ${at(cell, "connected", k).toFixed(2)}. `
    + `Leak ${leak < 1e-3 ? "below 0.1" : (100 * leak).toPrecision(2)} % of the current.`;
  return words;
}

function place() {
  if (!now || !now.cells.length) { $("cursor").style.display = "none"; return; }
  const words = now.drawn.map(show);
  $("scrub").value = Math.round(1000 * share);
  $("scrub").setAttribute("aria-valuetext", words[0]);
  const layout = $("plot")._fullLayout;
  if (!now.cursor || !layout || !layout.xaxis) return;
  const axis = layout.xaxis, x = share * now.drawn[0].cell.x[now.drawn[0].cell.x.length - 1];
  const pixel = axis.l2p(x), inside = pixel >= 0 && pixel <= axis._length, style = $("cursor").style;
  style.display = inside ? "block" : "none";
  style.left = `${axis._offset + pixel - 1}px`;
  style.top = `${layout._size.t}px`;
  style.height = `${layout._size.h}px`;
}

function play(start) {
  cancelAnimationFrame(playing);
  playing = 0;
  $("play").textContent = start ? "Pause" : "Play";
  if (!start) return;
  let before = performance.now();
  if (share >= 1) share = 0;
  const step = (time) => {
    share = Math.min(1, share + (time - before) / 1000 / SECONDS);
    before = time;
    place();
    if (share < 1) playing = requestAnimationFrame(step); else play(false);
  };
  playing = requestAnimationFrame(step);
}

$("play").onclick = () => play(!playing);
$("scrub").oninput = () => { play(false); share = $("scrub").value / 1000; place(); };

// --- what the page lays out -----------------------------------------------------------------------------------------------

function read() {
  const found = page.getElementById("nasim-data"), text = found ? found.textContent : "";
  if (!text || text === last) return;
  last = text;
  now = JSON.parse(text);
  busy();
  draw();
  if (!$("plot").watched) {
    $("plot").watched = true;
    $("plot").on("plotly_hover", (event) => {
      if (!now.cursor || playing || !now.cells.length) return;
      const x = now.drawn[0].cell.x;
      share = Math.max(0, Math.min(1, event.xvals ? event.xvals[0] / x[x.length - 1] : event.points[0].x / x[x.length - 1]));
      place();
    });
    $("plot").on("plotly_relayout", place);
  }
}

/** Whether the page computes what comes next; the style sheet lets what is shown fade where that takes long. */
function busy() {
  document.body.classList.toggle("busy", Boolean(page.getElementById("nasim-data")?.closest(".marimo-output-loading")));
}

let asked = false;
function soon(again) {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; if (again && now) draw(); else read(); });
}
new MutationObserver(() => soon(false)).observe(page.body, {childList: true, subtree: true, characterData: true});
new MutationObserver(() => soon(true)).observe(page.body, {attributes: true, attributeFilter: ["class"]});
new MutationObserver(busy).observe(page.body, {attributes: true, attributeFilter: ["class"], subtree: true});
window.addEventListener("resize", () => soon(true));
read();
