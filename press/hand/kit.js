// What the pictures in the hand are made with. A picture is a module NAME.js, which imports this one as `hand` and exports an object:
//
//   export const picture = {
//     start: () => ({ ... }),                  // its first state: plain data, which actions change
//     controls: (view) => [ ... ],             // what stands below it, made by hand.button and hand.choice; may be left out
//     draw(view) { ... },                      // draws view.state; is called after every change and when the width changes
//   };
//
// In the Markdown it is a figure with the image images/hand-NAME.svg, its first state, which `make pictures` writes with draw.
// In draw, `view` gives
//
//   view.width, view.height                    // of the paper, in CSS pixels. The height is set in hand.css, or by the book's own styles
//   view.add(tag, attributes, text)            // an SVG element on the paper
//   view.line(points, look)                    // a line through [[x, y], ...], in pixels
//   view.arrow([x, y], [x, y], look)           // from the first place to the second
//   view.axes(x, y, "label of x", "label of y")// two axes with ticks; without a label of y only that of x
//   view.image(values, limit, left, top, size, look)  // a square of values, the stronger the colour the larger they are
//   view.mark(isRight, x, y, look)            // a tick, or a cross, whose left upper corner is there
//   view.handle(name, handle)                  // what the reader drags, described at `handle` below
//   view.say("A sentence.")                    // what the picture shows, below it; screen readers say it
//   hand.scale(min, max, from, to)             // a function from values to pixels; scale.back is its inverse
//   hand.random(seed)                          // NumPy's random numbers
//
// and outside draw
//
//   view.change((state) => { ... })            // changes the state, stops what plays, and draws
//   view.play(count, (k, state) => { ... })    // k = 1 ... count, one after the other, with a drawing after each; with reduced
//                                              // motion all at once, and then one drawing
//
// A look is one or more of the classes of hand.css: first, second, third, fourth, soft; fill, dashed, thin, faint, bold, end, middle.
// view.kept is an object for what a picture computes once. *Start again* is added to every picture.

import { made } from "../page/dom.js";

export const scale = (min, max, from, to) => {
  const scale = (value) => from + (value - min) / (max - min) * (to - from);
  scale.back = (pixel) => min + (pixel - from) / (to - from) * (max - min);
  return Object.assign(scale, { min, max, from, to });
};

export const clamp = (value, min, max) => Math.min(Math.max(value, min), max);

/** A number's minus as the figures of the book have it. */
const minus = (text) => String(text).replace(/(?<![\w)])-(?=[\d.])/g, "−");

export const make = (tag, attributes = {}, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, typeof value === "number" ? +value.toFixed(2) : value);
  element.textContent = minus(text);
  return element;
};

/** A button that changes the state by `action(state)`, or, if `plays`, calls it with the view. */
export const button = (text, action, plays = false) => {
  const button = made("button", { type: "button", textContent: text });
  return { element: button, listen: (view) => button.addEventListener("click", () => plays ? action(view) : view.change(action)) };
};

/** A choice among `options`, [[text, value], ...], for state[key]. */
let choices = 0;   // a page can show a picture twice
export const choice = (legend, key, options) => {
  const group = `hand-${choices++}`, element = made("fieldset", { className: "one-of" });
  element.innerHTML = `<legend>${legend}</legend>` + options.map(([text], i) =>
    `<label><input type="radio" name="${group}" value="${i}"><span>${text}</span></label>`).join("");
  return {
    element,
    listen: (view) => element.addEventListener("change", ({ target }) => view.change((state) => { state[key] = options[target.value][1]; })),
    update: (state) => element.querySelectorAll("input").forEach((input, i) => { input.checked = options[i][1] === state[key]; }),
  };
};

/** Replaces the stored picture in `stage` by the picture itself. */
export const show = (stage, picture) => {
  const controls = stage.nextElementSibling;
  const svg = make("svg", { role: "group", "aria-label": _`Picture to take in the hand` });
  const ink = make("g", { "aria-hidden": "true" }), handles = make("g"), says = made("p", { role: "status" });
  svg.append(ink, handles);
  const view = { state: picture.start(), svg, ink, handles, says, kept: {}, handle, ...paper };
  const parts = [...picture.controls?.(view) ?? [], button(_`Start again`, (state) => Object.assign(state, picture.start()))];
  parts.forEach((part) => part.listen(view));

  view.redraw = () => {
    if (svg.clientWidth === 0) return;   // it isn't shown
    view.width = svg.clientWidth;
    view.height = svg.clientHeight;
    svg.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);   // paper has another width
    ink.replaceChildren();
    view.drawn = new Set();
    picture.draw(view);
    [...handles.children].filter((element) => !view.drawn.has(element)).forEach((element) => element.remove());
    parts.forEach((part) => part.update?.(view.state));
  };
  stage.replaceChildren(svg);
  controls.replaceChildren(says, ...parts.map((part) => part.element));
  new ResizeObserver(view.redraw).observe(svg);
  view.redraw();
};

/** NumPy's generator after np.random.seed(seed), the Mersenne Twister: double() is np.random.random(), and permutation(n) its namesake. */
export const random = (seed) => {
  const words = new Uint32Array(624);
  words[0] = seed;
  for (let i = 1; i < 624; i++) words[i] = Math.imul(1812433253, words[i - 1] ^ (words[i - 1] >>> 30)) + i;
  let place = 624;
  const turn = () => {
    for (let i = 0; i < 624; i++) {
      const both = (words[i] & 0x80000000) | (words[(i + 1) % 624] & 0x7fffffff);
      words[i] = words[(i + 397) % 624] ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
    }
    place = 0;
  };
  const word = () => {
    if (place === 624) turn();
    let y = words[place++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  const below = (most) => {   // a whole number from 0 to most
    const mask = 2 ** Math.ceil(Math.log2(most + 1)) - 1;
    let value = word() & mask;
    while (value > most) value = word() & mask;
    return value;
  };
  return {
    double: () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992,
    permutation(n) {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = below(i);
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
  };
};

const paper = {
  add(tag, attributes, text) {
    const element = make(tag, attributes, text);
    this.ink.append(element);
    return element;
  },

  line(points, look) {
    return this.add("path", { class: `line ${look}`, d: `M${points.map((point) => point.map((pixel) => pixel.toFixed(1)).join(" ")).join("L")}` });
  },

  arrow(from, to, look) {
    const [x, y] = to.map((pixel, way) => pixel - from[way]), angle = Math.atan2(y, x), size = Math.min(6, Math.hypot(x, y));
    const barb = (turn) => [to[0] + size * Math.cos(angle + turn), to[1] + size * Math.sin(angle + turn)];
    return this.line([from, to, barb(2.5), to, barb(-2.5)], look);
  },

  axes(x, y, xlabel, ylabel) {
    this.line([[x.from, y.from], [x.to, y.from]], "soft thin");
    for (const value of ticks(x)) {
      this.line([[x(value), y.from], [x(value), y.from + 4]], "soft thin");
      this.add("text", { x: x(value), y: y.from + 17, class: "middle soft" }, value);
    }
    this.add("text", { x: x.to, y: y.from + 33, class: "end" }, xlabel);
    if (!ylabel) return;
    this.line([[x.from, y.to], [x.from, y.from]], "soft thin");
    for (const value of ticks(y)) {
      this.line([[x.from - 4, y(value)], [x.from, y(value)]], "soft thin");
      this.add("text", { x: x.from - 7, y: y(value) + 4, class: "end soft" }, value);
    }
    this.add("text", { x: x.from - 24, y: y.to - 9 }, ylabel);
  },

  /** Draws values, rows of a square, in eight strengths of colour up to `limit`: by default purple above 0 and orange below. */
  image(values, limit, left, top, size, look) {
    const side = Math.sqrt(values.length), paths = {};
    values.forEach((value, i) => {
      const strength = Math.round(8 * Math.min(Math.abs(value) / (limit || 1), 1)) * Math.sign(value);
      if (strength) paths[strength] = `${paths[strength] ?? ""}M${i % side} ${Math.floor(i / side)}h1v1h-1z`;
    });
    this.add("rect", { x: left, y: top, width: size, height: size, class: "line soft thin" });
    for (const [strength, d] of Object.entries(paths)) {
      this.add("path", { d, class: look ?? (strength > 0 ? "plus fill" : "minus fill"), opacity: Math.abs(strength) / 8,
        transform: `translate(${left.toFixed(1)} ${top.toFixed(1)}) scale(${(size / side).toFixed(3)})` });
    }
  },

  /** Drawn as in theme.css, because as letters they differ from font to font. */
  mark(isRight, x, y, look) {
    const [tick, cross] = ["M0 5.7 1.5 4.2 3.8 6.4 8.4.8 10 2.2 4 9.4z", "M1.4 0 5 3.6 8.6 0 10 1.4 6.4 5 10 8.6 8.6 10 5 6.4 1.4 10 0 8.6 3.6 5 0 1.4z"];
    this.add("path", { d: isRight ? tick : cross, class: look, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
  },

  say(sentence) {
    const said = minus(sentence);
    if (this.says.textContent !== said) this.says.textContent = said;
  },

  /** Whatever changes the state first ends what plays. */
  change(action) {
    cancelAnimationFrame(this.frame);
    action(this.state);
    this.redraw();
  },

  play(count, step) {
    let done = 0, begun;
    const until = (k) => this.change((state) => {
      while (done < k) step(++done, state);
    });
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return until(count);
    const next = (now) => {
      begun ??= now;
      until(Math.min(count, Math.floor((now - begun) / 50)));
      if (done < count) this.frame = requestAnimationFrame(next);
    };
    until(0);
    this.frame = requestAnimationFrame(next);
  },
};

/** Four to eight round values within a scale, ends included. */
const ticks = ({ min, max, from, to }) => {
  const about = (max - min) / clamp(Math.abs(to - from) / 55, 2, 8), power = 10 ** Math.floor(Math.log10(about));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= about);
  const first = Math.ceil(min / step - 1e-9), last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => +((first + i) * step).toPrecision(6));
};

/** What the reader drags, by mouse, finger or keys. It keeps the focus while the paper below it is drawn anew.
 *
 *  label, text: its name, and its value in words. look: its colour. reach: the radius in pixels within which a finger finds it.
 *  box: [width, height] of a box with round corners that is the handle, instead of a knob.
 *  x, y: a number of pixels where it doesn't move that way, else { scale, value, min, max, step }.
 *  rail: true if a click on the line that it moves along takes it there.
 *  move(state, x, y): takes the new values. choose(state), if there is one, is called when it is pointed at or focused, and press(state)
 *  when it is pressed and not moved, or by Enter or Space.
 */
export function handle(name, { label, text, x, y, look = "first", reach = 22, box, rail, move, choose, press }) {
  const old = [...this.handles.children].find((element) => element.dataset.name === name);
  const element = old ?? newHandle(this, name, box);
  this.drawn.add(element);
  const ways = { x: typeof x === "object" && x, y: typeof y === "object" && y };
  const place = (way) => typeof way === "object" ? way.scale(way.value) : way;
  const set = (newX, newY) => this.change((state) => move(state, rounded(ways.x, newX), rounded(ways.y, newY)));
  element.hand = { ways, set, choose: choose && (() => this.change(choose)), press: press && (() => this.change(press)) };
  element.setAttribute("transform", `translate(${place(x).toFixed(1)} ${place(y).toFixed(1)})`);
  element.setAttribute("class", `handle ${look}`);
  element.firstElementChild.setAttribute("r", reach);
  const both = ways.x && ways.y, single = !both && (ways.x || ways.y);
  const aria = single ? { role: "slider", "aria-label": label } : { role: both ? "application" : "button", "aria-label": `${label}: ${text}` };
  if (single) Object.assign(aria, { "aria-valuemin": single.min, "aria-valuemax": single.max, "aria-valuenow": single.value, "aria-valuetext": text });
  for (const [key, value] of Object.entries(aria)) element.setAttribute(key, value);
  if (!rail) return;
  const at = (pixel) => ways.x ? [pixel, y] : [x, pixel];
  this.line([at(single.scale(single.min)), at(single.scale(single.max))], "rail").addEventListener("click", ({ clientX, clientY }) => {
    const { left, top } = this.svg.getBoundingClientRect(), value = single.scale.back(ways.x ? clientX - left : clientY - top);
    set(value, value);
  });
};

const rounded = (way, value) => way && +clamp(Math.round(value / way.step) * way.step, way.min, way.max).toFixed(6);

const newHandle = (view, name, box) => {
  const element = make("g", { tabindex: "0", "data-name": name });
  element.append(make("circle", { class: "reach" }), box
    ? make("rect", { class: "box", x: -box[0] / 2, y: -box[1] / 2, width: box[0], height: box[1], rx: 8 })
    : make("circle", { class: "knob", r: 8 }));
  view.handles.append(element);
  // The page must not scroll. The property touch-action, which says so for other elements, leaves out parts of an SVG.
  element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  let begin;
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    begin = { x: event.clientX, y: event.clientY, ways: element.hand.ways };
  });
  element.addEventListener("pointermove", (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    const [right, down] = [event.clientX - begin.x, event.clientY - begin.y];
    begin.isMoved ||= !element.hand.press || Math.hypot(right, down) > 5;   // a finger that presses moves a little
    const { x, y } = begin.ways, moved = (way, by) => way && way.scale.back(way.scale(way.value) + by);
    if (begin.isMoved && (x || y)) element.hand.set(moved(x, right), moved(y, down));   // what is only pressed goes nowhere
  });
  element.addEventListener("pointerup", () => begin && !begin.isMoved && element.hand.press?.());
  element.addEventListener("lostpointercapture", () => { begin = undefined; });   // what is let go here after another way is no press
  for (const kind of ["focus", "pointerenter", "pointerdown"]) element.addEventListener(kind, () => element.hand.choose?.());
  element.addEventListener("keydown", (event) => {
    const { ways: { x, y }, set } = element.hand, far = event.key.startsWith("Page") ? 10 : 1;
    let right = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0, up = { ArrowUp: 1, ArrowDown: -1, PageUp: 1, PageDown: -1 }[event.key] ?? 0;
    if (element.hand.press && ["Enter", " "].includes(event.key)) {
      event.preventDefault();
      return event.repeat || element.hand.press();
    }
    if (event.key === "Home" || event.key === "End") right = up = event.key === "Home" ? -Infinity : Infinity;
    if (event.ctrlKey || event.metaKey || event.altKey || !(right || up) || !(x || y) || (x && y && !Number.isFinite(right))) return;
    event.preventDefault();   // the page must not scroll
    if (!x || !y) right = up = right || up;   // any arrow moves what moves only one way
    const moved = (way, by) => way && (Number.isFinite(by) ? way.value + by * far * way.step : by < 0 ? way.min : way.max);
    set(moved(x, right), moved(y, up));
  });
  return element;
};
