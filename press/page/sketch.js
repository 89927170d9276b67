// A prediction that is a curve: the reader draws it, by mouse, finger or keys, and the real one is drawn over it afterwards.
// question.js loads this where a prediction has the class "sketch" and that of a curve, which the listing below it prints. The book has
// the curves, as `curves` in plugs.js says.

import { each } from "../page/plugs.js";

const NARROW = matchMedia("(max-width: 40rem)").matches;
const WIDTH = 640, HEIGHT = NARROW ? 460 : 280, LEFT = 64, RIGHT = 16, TOP = 14, BOTTOM = 56;
const STEPS = 50; // of a key, from the lowest value to the highest

const svg = (tag, attributes, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
};

// The stored curve, by the place of what it goes over: none before and after what is drawn.
function recall(memory) {
  const curve = [];
  try {
    JSON.parse(memory.typed()).forEach((value, i) => value !== null && (curve[i] = value));
  } catch {} // there is none yet, or a file had something else there
  return curve;
}

// memory: of the stored guess, as memoryOf in question.js makes it. `answered` uncovers the output.
export function askCurve(box, output, memory, answered) {
  const { name, over, pattern, ticks, digits } = Object.entries(Object.assign({}, ...each("curves"))).find(([kind]) => box.classList.contains(kind))[1];
  const low = ticks[0], high = ticks.at(-1), middle = (low + high) / 2, within = (value) => Math.min(high, Math.max(low, value));
  const printed = () => [...output.textContent.matchAll(pattern)].map(([, x, value]) => [Number(x), Number(value)]);
  const xs = printed().map(([x]) => x), [first] = xs, end = xs.at(-1), count = xs.length;
  const guess = recall(memory), asText = () => JSON.stringify([...guess].map((value) => (value === undefined ? null : Number(value.toFixed(4)))));
  const keepUnsent = () => memory.get() === undefined && guess.length && memory.type(asText());
  const guessed = () => xs.map((x, i) => [x, guess[i]]).filter(([, value]) => value !== undefined);
  const across = (x) => LEFT + ((x - first) / (end - first)) * (WIDTH - LEFT - RIGHT);
  const down = (value) => TOP + ((high - within(value)) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, tabindex: 0, role: "slider", "aria-valuemin": low, "aria-valuemax": high });
  plot.setAttribute("aria-label", _`Your curve of the ${name}: left and right go along it, up and down change its value`);
  for (const value of ticks) {
    plot.append(svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: down(value), y2: down(value) }));
    plot.append(svg("text", { x: LEFT - 8, y: down(value) + 5, "text-anchor": "end" }, value.toFixed(2)));
  }
  for (const x of xs) plot.append(svg("text", { x: across(x), y: HEIGHT - BOTTOM + 24, "text-anchor": "middle" }, x));
  plot.append(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, over));
  const yours = svg("polyline", { class: "yours" }), real = svg("polyline", { class: "real" }), mark = svg("circle", { r: 6 });
  const invitation = svg("text", { class: "invite", x: WIDTH / 2, y: TOP + 0.375 * (HEIGHT - TOP - BOTTOM) + 5, "text-anchor": "middle" },
    _`draw the ${name}`);
  const names = [_`yours`, _`it printed`].map((text) => svg("text", { class: "name", "text-anchor": "end" }, text));
  plot.append(yours, real, mark, invitation, ...names);
  const form = document.createElement("form"), said = document.createElement("div");
  form.innerHTML = `<button>${_`Compare`}</button>`;
  said.className = "said";
  said.setAttribute("role", "status");
  form.prepend(plot);
  form.append(said);
  box.append(form);
  let at = 0, last; // the place under the keys, and the last place of the pointer
  let hasRun = false; // then the real curve grows with each line that is printed, with or without a guess

  // A curve in words. Each value has its own place, because a run may have been stopped, or be the reader's own.
  function inWords(curve) {
    return [curve[0], ...curve.slice(1).slice(-1)].map(([x, value]) => _`${value.toFixed(digits)} at ${over} ${x}`).join(_` and `);
  }

  function draw() {
    const points = (curve) => curve.map(([x, value]) => `${across(x)},${down(value)}`).join(" ");
    const is = memory.get() !== undefined, isShown = is || hasRun;
    const mine = guessed(), now = printed().filter(([x]) => x <= end), here = guess[at] ?? middle;
    yours.setAttribute("points", points(mine));
    real.setAttribute("points", isShown ? points(now) : "");
    nameEnds(isShown && (mine.length || hasRun) ? [mine, now].map((curve) => curve.find(([x]) => x === end)?.[1]) : []);
    mark.setAttribute("cx", across(xs[at]));
    mark.setAttribute("cy", down(here));
    plot.classList.toggle("begun", mine.length > 0 && mine.length < count);
    plot.setAttribute("aria-valuenow", here);
    plot.setAttribute("aria-valuetext", `${over} ${xs[at]}: ${here.toFixed(digits)}`);
    invitation.style.display = mine.length || hasRun ? "none" : "";
    const outcome = now.length ? _` It printed ${inWords(now)}.` : ""; // not if the reader's own loop prints something else
    said.textContent = is && mine.length ? _`You said ${inWords(mine)}.${outcome}` : "";
  }

  // Each curve's name at its end, one above the two and one below, where they don't meet.
  function nameEnds(ends) {
    names.forEach((label, k) => {
      label.style.display = ends[k] === undefined ? "none" : "";
      label.setAttribute("x", WIDTH - RIGHT);
      label.setAttribute("y", down(ends[k] ?? 0) + (ends[k] > ends[1 - k] || (k === 1 && ends[0] === ends[1]) ? -10 : NARROW ? 34 : 24));
    });
  }

  // Draw a straight line to a value at place i, from one at another place.
  function drawTo(i, value, from = { i, value }) {
    const way = Math.abs(i - from.i) || 1;
    for (let k = 1; k <= way; k++) guess[from.i + (k * (i - from.i)) / way] = within(from.value + (k * (value - from.value)) / way);
    at = i;
  }

  // Where a new stroke begins: at the end of the curve that is nearer to place i, so that the curve has no holes.
  function beginning(i) {
    const drawn = Object.keys(guess).map(Number), near = i < drawn[0] ? drawn[0] : drawn.at(-1);
    return drawn.length && guess[i] === undefined ? { i: near, value: guess[near] } : undefined;
  }

  function placeOf({ clientX, clientY }) {
    const { left, top, width, height } = plot.getBoundingClientRect();
    const px = ((clientX - left) / width) * WIDTH, py = ((clientY - top) / height) * HEIGHT;
    return {
      i: Math.round(Math.min(1, Math.max(0, (px - LEFT) / (WIDTH - LEFT - RIGHT))) * (count - 1)),
      value: high - ((py - TOP) / (HEIGHT - TOP - BOTTOM)) * (high - low),
      isBelow: py > HEIGHT - BOTTOM + 0.05 * HEIGHT, // on the words below the plot
    };
  }

  function follow(event) {
    const { i, value } = placeOf(event);
    drawTo(i, value, last);
    last = { i, value };
    draw();
  }

  plot.onpointerdown = (event) => {
    const { i, isBelow } = placeOf(event);
    if (isBelow) return;
    plot.setPointerCapture(event.pointerId);
    last = beginning(i);
    follow(event);
  };
  plot.onpointermove = (event) => plot.hasPointerCapture(event.pointerId) && follow(event);
  plot.onlostpointercapture = keepUnsent;
  // The keys hold the pen: where it goes on from the end of the curve, it draws.
  plot.onkeydown = (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key], here = guess[at];
    if (to === undefined && up === undefined) return;
    event.preventDefault();
    if (up) drawTo(at, (here ?? middle) + (up * (high - low)) / STEPS);
    else if (to >= 0 && to < count) {
      if (here !== undefined && guess[to] === undefined) drawTo(to, here, { i: at, value: here });
      at = to;
    }
    keepUnsent();
    draw();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (guessed().length < count) {
      plot.focus();
      return (said.textContent = _`Draw your curve from ${over} ${first} to ${over} ${end}, then compare.`);
    }
    memory.set(asText());
    answered();
    draw();
  };
  const redraw = () => {
    hasRun = true;
    draw();
  };
  new MutationObserver(redraw).observe(output, { childList: true, subtree: true, characterData: true });
  draw();
}
