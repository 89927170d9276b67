// Step through a listing: what step.py has noted of its lines, forward and back. Only text and shapes are made of it, because what comes
// from Python may be forged.

import { addStyle, button, made } from "../page/dom.js";
import { coloured } from "./edit.js";

const MIDDLE = "j".charCodeAt(0), LEVELS = 9; // the letters of a picture, and the shades of a sign (step.py)
const SIGNS = { down: -1, up: 1 };
const CUT = {
  lines: (count) => _`After ${count} steps nothing more is noted.`,
  time: () => _`Noting the values has taken long, so nothing more is noted.`,
};
const GOES_ON = _`The listing itself goes on, to its end or until Stop.`;
const WAYS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
const KINDS = {
  line: () => "", calls: () => _`It calls a function.`, called: () => _`It is called.`, resumes: () => _`It goes on.`,
  returns: () => _`It returns.`, yields: () => _`It yields a value, and waits.`, raises: ({ said }) => _`It raises ${said}`,
};

// Show the steps of a run below a listing. `ofRun`: what to say of the run. `within`: the file whose functions the reader
// wants to see, so that the first step in one is shown first. `isListing`: whether a listing runs, which goes on where nothing more is noted.
export async function showSteps(cell, text, ofRun, { within, isListing = true } = {}) {
  const { calls, steps, codes, cut } = JSON.parse(text);
  if (!steps.length) return; // it can't be read: the error stands below it
  await addStyle("run/step.css");
  const title = made("p", { className: "step-title" }), said = made("p", { role: "status" }), lines = made("pre", { tabIndex: 0 }), names = made("dl");
  const slider = made("input", { type: "range", min: 0, max: steps.length - 1, value: 0, ariaLabel: _`Step` });
  const back = button(_`← Back`, () => go(at - 1)), on = button(_`On →`, () => go(at + 1));
  const close = button("×", () => {
    panel.remove();
    cell.querySelector(".step")?.focus({ preventScroll: true });
  }, _`Close the steps`);
  const bar = made("div", { className: "step-buttons" }, back, on, slider, close);
  const panel = made("section", { className: "steps", ariaLabel: _`Step through` }, title, bar, made("p", { className: "step-note" }, ofRun),
    made("div", { className: "highlight" }, lines), said, names);
  let at, shown;

  function go(to) {
    at = Math.max(0, Math.min(steps.length - 1, to));
    const step = steps[at], call = calls[step.call], isEnd = at === steps.length - 1;
    slider.value = at;
    slider.ariaValueText = title.textContent = titleOf(step, call, at + 1, steps.length);
    back.ariaDisabled = at === 0; // one that is disabled would lose the focus, and with it the arrow keys
    on.ariaDisabled = isEnd;
    said.textContent = [KINDS[step.kind]?.(step), step.times && _`This line has run ${step.times} times.`, isEnd && CUT[cut]?.(steps.length), isEnd && cut && isListing && GOES_ON].filter(Boolean).join(" ");
    showCode(call, step.line);
    names.replaceChildren(...rows(step, call));
  }

  // The function's own lines, or all of a listing.
  function showCode(call, line) {
    if (shown !== call) lines.replaceChildren(...linesOf(codes[call.file], call.name === "<module>" ? undefined : call.lines));
    shown = call;
    for (const one of lines.children) one.toggleAttribute("data-now", one.dataset.line === String(line));
    const now = lines.querySelector("[data-now]");
    if (now) lines.scrollTop = now.offsetTop - (lines.clientHeight - now.offsetHeight) / 2;
  }

  // All names as they are after this step, those that it has changed first.
  function rows(step, call) {
    const values = new Map(Object.entries(call.given)), has = (name) => Object.hasOwn(step.changed, name);
    for (const one of steps.slice(0, at + 1)) {
      if (one.call === step.call) Object.entries(one.changed).forEach(([name, value]) => (value ? values.set(name, value) : values.delete(name)));
    }
    const all = [...values].sort(([one], [other]) => has(other) - has(one));
    const isChange = (name) => has(name) && step.kind !== "called"; // an argument is there from the beginning
    const given = step.value ? [row(step.kind === "yields" ? _`yields` : _`gives`, step.value, true)] : [];
    return [...given, ...all.map(([name, value]) => row(name, value, has(name), isChange(name)))];
  }

  slider.oninput = () => go(Number(slider.value));
  panel.onkeydown = (event) => {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(at + way);
  };
  go(Math.max(0, steps.findIndex(({ call }) => calls[call].file === within && calls[call].name !== "<module>")));
  cell.querySelector(":scope > .cell_input").after(panel);
  on.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

function titleOf({ line }, { file, name, depth }, number, count) {
  const isListing = name === "<module>", place = file[0].toUpperCase() + file.slice(1);
  const where = isListing ? _`${place}, line ${line}` : _`${place}, line ${line}, in ${name}`;
  return _`Step ${number} of ${count}: ${where}` + (depth > 1 ? _`, ${depth} calls deep` : "");
}

// Each line of a code, coloured, from the first to the last number given.
function linesOf(code, [first, last] = [1, Infinity]) {
  const lines = [[]];
  for (const part of coloured(code.trimEnd())) {
    (part.textContent ?? part).split("\n").forEach((text, i) => {
      if (i) lines.push([]);
      lines.at(-1).push(part.className ? made("span", { className: part.className }, text) : text);
    });
  }
  return lines.map((parts, i) => {
    const line = made("span", {}, ...parts, "\n");
    line.dataset.line = i + 1;
    return line;
  }).slice(first - 1, Math.min(last, lines.length - 1));
}

function row(name, value, isNew, isChange) {
  const term = made("dt", {}, made("code", {}, name)), is = made("dd", {}, ...valueOf(value));
  if (isChange) term.append(made("span", { className: "changed", textContent: _` changed` }));
  const both = made("div", {}, term, is);
  both.toggleAttribute("data-new", isNew);
  return both;
}

// What stands for a value, from what `described` in step.py says of it.
export function valueOf({ text, shape, type, low, high, wrong, rows, items, more }) {
  const parts = [];
  if (shape) parts.push(_`array ${shape}, ${type}`, ...(low === undefined ? [] : [low === high ? _`, all ${low}` : _`, from ${low} to ${high}`]));
  if (wrong) parts.push(made("strong", {}, _`, ${wrong} not finite`));
  if (text !== undefined) parts.push(shape ? ": " : "", text);
  if (rows) parts.push(pictureOf(rows));
  if (items?.length) {
    const list = items.map(([name, part]) => made("li", {}, ...(name ? [made("code", {}, name), " "] : []), ...valueOf(part)));
    parts.push(made("ul", {}, ...list, ...(more ? [made("li", {}, _`and ${more} more`)] : [])));
  }
  return parts;
}

// An array as a picture: the sign is the hue, the size how strong it is. What it shows stands beside it in words.
function pictureOf(rows) {
  const make = (tag, given) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(given).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  const [height, width] = [rows.length, rows[0].length], side = Math.max(3, Math.min(14, Math.floor(168 / Math.max(height, width))));
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width: width * side, height: height * side, "aria-hidden": "true" });
  for (const [sign, way] of Object.entries(SIGNS)) {
    for (let level = 1; level <= LEVELS; level++) {
      const letter = String.fromCharCode(MIDDLE + way * level);
      const cells = rows.flatMap((row, y) => [...row].map((one, x) => (one === letter ? `M${x} ${y}h1v1h-1z` : "")));
      const d = cells.join("");
      if (d) svg.append(make("path", { d, class: sign, opacity: level / LEVELS }));
    }
  }
  return svg;
}
