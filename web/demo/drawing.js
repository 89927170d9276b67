// The network as it is drawn: each hidden unit as its weights, as strong as what it says, and threads as thick as what flows.

const ACROSS = 14, TILE = 17; // pixels of a unit's picture, which is half as fine as the input, with the gap beside it
const THREADS = 26, FLOWS = 70; // the strongest that are drawn into the hidden layer, and out of it
export const MOTION = matchMedia("(prefers-reduced-motion: no-preference)");

/** Red, green and blue of weights above 0 and below, as the style gives them to the wall on a light or dark page. */
function hues() {
  const { color, caretColor } = getComputedStyle(document.querySelector(".demo-wall canvas"));
  return [color, caretColor].map((colour) => colour.match(/\d+/g).map(Number));
}

/** Weights as a picture in which the sign is the hue and the size the opacity, so that a weight of 0 is nothing. */
function pictureOf(weights, across, most, [plus, minus]) {
  const image = new ImageData(across, weights.length / across);
  weights.forEach((weight, i) => image.data.set([...(weight > 0 ? plus : minus), 255 * Math.min(1, Math.abs(weight) / most)], 4 * i));
  return image;
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);

/** The picture of a unit's weights in full. */
export const weightsOf = (column) => pictureOf(column, 28, 0.8 * largest(column), hues());

/** All units of a network, each as its weights, side by side. */
export function wallOf({ W1 }) {
  const side = Math.ceil(Math.sqrt(W1.length)), wall = document.createElement("canvas"), context = wall.getContext("2d"), ours = hues();
  wall.width = wall.height = side * TILE;
  W1.forEach((column, unit) => {
    const sums = Array.from({ length: ACROSS ** 2 }, (_, i) => {
      const at = 56 * Math.floor(i / ACROSS) + 2 * (i % ACROSS);
      return column[at] + column[at + 1] + column[at + 28] + column[at + 29];
    });
    context.putImageData(pictureOf(sums, ACROSS, 0.62 * largest(sums), ours), TILE * (unit % side) + 1, TILE * Math.floor(unit / side) + 1);
  });
  return wall;
}

/** Draws the wall with each unit as strong as what it says. */
export function light(canvas, wall, hidden) {
  const side = Math.ceil(Math.sqrt(hidden.length)), context = canvas.getContext("2d"), most = largest(hidden);
  canvas.width = canvas.height = wall.width; // which clears it
  hidden.forEach((value, unit) => {
    const place = [TILE * (unit % side), TILE * Math.floor(unit / side), TILE, TILE];
    context.globalAlpha = 0.2 + 0.8 * Math.min(1, 1.6 * value / most);
    context.drawImage(wall, ...place, ...place);
  });
}

/** What a unit adds to each score. */
export const pushes = (unit, hidden, { W2 }) => W2.map((column) => column[unit] * hidden[unit]);

/** Draws the threads: into each unit what it says, and from there to each answer what it adds to its score. */
export function drawThreads(network, { hidden, probabilities, params, unit, arrives }) {
  const [into, outOf] = network.querySelectorAll(".demo-threads"), [pad, wall, ...rows] = [".demo-pad", ".demo-wall", ".demo-output li"]
    .flatMap((part) => [...network.querySelectorAll(part)]).map((part) => part.getBoundingClientRect());
  const { top, width } = into.getBoundingClientRect(), { width: wide } = outOf.getBoundingClientRect();
  if (!width) return; // no room for them
  const side = Math.ceil(Math.sqrt(hidden.length)), most = largest(hidden), guess = probabilities.indexOf(Math.max(...probabilities));
  const heightOf = (i) => wall.top - top + wall.height / side * (Math.floor(i / side) + 0.5);
  const strongest = unit === null ? [...hidden.keys()].filter((i) => hidden[i] > 0).sort((a, b) => hidden[b] - hidden[a]) : [unit];
  const said = strongest.slice(0, THREADS).map((i) => {
    const share = hidden[i] / most, y = heightOf(i);
    return curve("demo-value", 0.6 + 2.4 * share, 0.2 + 0.7 * share, width, pad.top - top + pad.height * (0.1 + 0.8 * (y + top - wall.top) / wall.height), y);
  });
  const flows = strongest.flatMap((i) => pushes(i, hidden, params).map((push, label) => ({ y: heightOf(i), push, label })))
    .sort((a, b) => Math.abs(b.push) - Math.abs(a.push)).slice(0, FLOWS);
  const added = flows.map(({ y, push, label }) => curve(push > 0 ? "demo-for" : "demo-against", 0.5 + 4 * Math.abs(push / (flows[0].push || 1)),
    unit !== null || label === guess ? 0.8 : 0.25, wide, y, rows[label].top - top + rows[label].height / 2));
  for (const [svg, paths] of [[into, said], [outOf, added]]) svg.innerHTML = `<g class="${arrives ? "demo-arrives" : ""}">${paths.join("")}</g>`;
  if (arrives && MOTION.matches) network.querySelector(".demo-wall canvas").animate([{ opacity: 0.15 }, { opacity: 1 }], 600);
}

/** A thread from the left of a gap to its right. */
function curve(look, thick, opacity, width, from, to) {
  const [y1, y2] = [from, to].map((y) => y.toFixed(1)), middle = (width / 2).toFixed(1);
  return `<path class="${look}" stroke-width="${thick.toFixed(2)}" stroke-opacity="${opacity.toFixed(2)}" d="M4 ${y1}C${middle} ${y1} ${middle} ${y2} ${(width - 4).toFixed(1)} ${y2}"/>`;
}

/** The unit whose picture lies at a place of the wall. */
export function unitAt({ clientX, clientY, target }, count) {
  const side = Math.ceil(Math.sqrt(count)), { left, top, width } = target.getBoundingClientRect();
  const [column, row] = [clientX - left, clientY - top].map((way) => Math.min(Math.max(Math.floor(way / width * side), 0), side - 1));
  return Math.min(side * row + column, count - 1);
}
