// A prediction that is a curve: the reader draws it, by mouse, finger or keys, and the real one is drawn over it afterwards.
// question.js loads this where a "Predict first" has the class "sketch" and one of CURVES; the listing below it prints that for each epoch.

const NARROW = matchMedia("(max-width: 40rem)").matches;
const WIDTH = 640, HEIGHT = NARROW ? 460 : 280, LEFT = 64, RIGHT = 16, TOP = 14, BOTTOM = 56;
const STEP = 0.02; // by which a key changes the value
const CURVES = {
  "test-accuracy": { name: "test accuracy", printed: /epoch +(\d+).*test[^\d\n]*([\d.]+)/g },
  "validation-loss": { name: "validation loss", printed: /epoch +(\d+).*validation: loss ([\d.]+)/g },
};

const svg = (tag, attributes, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
};

// The stored curve: a value from 0 to 1 for each epoch.
function recall(memory) {
  try {
    return [JSON.parse(memory.get())].flat();
  } catch {
    return []; // a guess in words, from before it was a curve
  }
}

// memory: {get, set} of the stored guess. `answered` uncovers the output.
export function askCurve(box, output, memory, answered) {
  const { name, printed: pattern } = Object.entries(CURVES).find(([kind]) => box.classList.contains(kind))[1];
  const lines = () => [...output.textContent.matchAll(pattern)], printed = () => lines().map(([, , value]) => Number(value));
  const epochs = lines().map(([, epoch]) => epoch), count = epochs.length, guess = recall(memory).filter((value) => value !== null);
  const x = (i) => LEFT + (i / (count - 1)) * (WIDTH - LEFT - RIGHT), y = (value) => TOP + (1 - value) * (HEIGHT - TOP - BOTTOM);
  const plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-valuemax": 1 });
  plot.setAttribute("aria-label", `Your curve of the ${name}: left and right go to an epoch, up and down change its value`);
  for (const value of [0, 0.25, 0.5, 0.75, 1]) {
    plot.append(svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }));
    plot.append(svg("text", { x: LEFT - 8, y: y(value) + 5, "text-anchor": "end" }, value));
  }
  for (let i = 0; i < count; i++) plot.append(svg("text", { x: x(i), y: HEIGHT - BOTTOM + 24, "text-anchor": "middle" }, epochs[i]));
  plot.append(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "epoch"));
  const yours = svg("polyline", { class: "yours" }), real = svg("polyline", { class: "real" }), mark = svg("circle", { r: 6 });
  const invitation = svg("text", { class: "invite", x: WIDTH / 2, y: y(0.625) + 5, "text-anchor": "middle" },
    `draw the ${name} over the epochs`);
  const names = ["yours", "it printed"].map((text) => svg("text", { class: "name", "text-anchor": "end" }, text));
  plot.append(yours, real, mark, invitation, ...names);
  const form = document.createElement("form"), said = document.createElement("div");
  form.innerHTML = "<button>Compare</button>";
  said.className = "said";
  said.setAttribute("role", "status");
  form.prepend(plot);
  form.append(said);
  box.append(form);
  let at = 0, last; // the epoch under the keys, and the last place of the pointer

  function draw() {
    const points = (values) => values.map((value, i) => `${x(i)},${y(value)}`).join(" "), is = memory.get() !== null;
    yours.setAttribute("points", points(guess));
    real.setAttribute("points", is ? points(printed().slice(0, count)) : "");
    nameEnds(is && guess.length ? [guess.at(-1), printed()[count - 1]] : []);
    mark.setAttribute("cx", x(at));
    mark.setAttribute("cy", y(guess[at] ?? 0.5));
    plot.setAttribute("aria-valuenow", guess[at] ?? 0.5);
    plot.setAttribute("aria-valuetext", `epoch ${epochs[at]}: ${(guess[at] ?? 0.5).toFixed(2)}`);
    invitation.style.display = guess.length ? "none" : "";
    const ends = (values, digits) => `${values[0].toFixed(digits)} and ${values.at(-1).toFixed(digits)}`;
    const now = printed();
    const outcome = now.length ? ` It printed ${ends(now, 3)}.` : ""; // not if the reader's own loop prints something else
    said.textContent = is && guess.length ? `You said ${ends(guess, 2)}, after ${epochs[0]} and ${epochs.at(-1)} epochs.${outcome}` : "";
  }

  // Each curve's name at its end, one above the two and one below, where they don't meet.
  function nameEnds(ends) {
    names.forEach((label, k) => {
      label.style.display = ends[k] === undefined ? "none" : "";
      label.setAttribute("x", WIDTH - RIGHT);
      label.setAttribute("y", y(ends[k] ?? 0) + (ends[k] > ends[1 - k] || (k === 1 && ends[0] === ends[1]) ? -10 : NARROW ? 34 : 24));
    });
  }

  // The first value becomes that of all epochs: a curve has no holes.
  function put(i, value) {
    const to = Math.min(1, Math.max(0, value));
    if (!guess.length) guess.push(...Array(count).fill(to));
    guess[i] = to;
  }

  function placeOf({ clientX, clientY }) {
    const { left, top, width, height } = plot.getBoundingClientRect();
    const px = ((clientX - left) / width) * WIDTH, value = 1 - (((clientY - top) / height) * HEIGHT - TOP) / (HEIGHT - TOP - BOTTOM);
    return { i: Math.round(Math.min(1, Math.max(0, (px - LEFT) / (WIDTH - LEFT - RIGHT))) * (count - 1)), value };
  }

  function follow(event) {
    const { i, value } = placeOf(event);
    const from = last ?? { i, value }, way = Math.abs(i - from.i) || 1;
    for (let k = 1; k <= way; k++) put(from.i + (k * (i - from.i)) / way, from.value + (k * (value - from.value)) / way);
    last = { i, value };
    at = i;
    draw();
  }

  plot.onpointerdown = (event) => {
    if (placeOf(event).value < -0.05) return; // on the words below the plot
    plot.setPointerCapture(event.pointerId);
    last = undefined;
    follow(event);
  };
  plot.onpointermove = (event) => plot.hasPointerCapture(event.pointerId) && follow(event);
  plot.onkeydown = (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[event.key];
    const up = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (to === undefined && up === undefined) return;
    event.preventDefault();
    if (up) put(at, (guess[at] ?? 0.5) + up);
    else at = Math.min(count - 1, Math.max(0, to));
    draw();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!guess.length) return plot.focus();
    memory.set(JSON.stringify(guess.map((value) => Number(value.toFixed(3)))));
    answered();
    draw();
  };
  new MutationObserver(draw).observe(output, { childList: true, subtree: true, characterData: true }); // the reader has run it
  draw();
}
