// Chapter 18: a window that slides over the boot. Its nine pixels times nine weights add up to a number of the feature map.

import { bytesOf } from "../demo/network.js";
import * as hand from "./kit.js";

const BOOT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADAQAABwAlAAAAAAAAAAAAAAAAAAAAAQIAG1QLAAAAAAAAdwAAAAAAAAAAAAAAAAAAAAEAAFiPbgAAAAAWXWoAAAAAAAAAAAAAAAAAAAAEADWBeJOvnaaHmqiMAAAAAAAAAAAAAAAAAAACAAuJgoCgsJ+nspWXkAAAAAAAAAAAAQACAQADAABzcmqJqJmcpaePnZ4LAAAAAAABAAAAAAADAABZi1pemZWDl6msj5+pMAAAAAAAAAACBAEAAABiiG5tbqKHkJWfp5CeqXcAAAACAgECAAAAABpsdWNvdYichpqanKCNk5yyAAMAAAAAAAAVNVx1b2dzgYaPmqWqmpeaj4qWpSsAABc2QUxVdoB7b3F2f32LhYigjJuhkJusob0+AEReWm9yb3Jzf4eIj35/l5qPlH2iopCKmaLEOkapgWhiZF5hYmZsand4gZWcp76+xMbGu8W9uCQQfqu8vLirmYd4fn+SucPR0P/RsfX8+/v33M4xAAAADENqpLnH0tPS0L6WUggAAACy0Lyvop6XCwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";
const PIXELS = Array.from(bytesOf(BOOT), (value) => value / 255);   // the first test image

export const picture = {
  // Nine weights, row by row, and a bias
  upper: [-1, -1, -1, 0, 0, 0, 1, 1, 1, 0],
  left: [-1, 0, 1, -1, 0, 1, -1, 0, 1, 0],
  trained: [   // the eight of the chapter's network
    [0.61, -0.14, -0.18, -0.76, 0.18, 0.16, -0.11, -0.31, -0.13, -0.77],
    [0.15, -1.07, 0.47, 0.13, 0.2, 0.08, -0.76, 0.64, -0.59, -0.63],
    [0.22, -1.2, 1.01, -1.02, -0.38, 1.48, -1.11, 0.13, 0.71, 0.06],
    [0.88, 0.03, 0.16, -0.31, 0.59, -0.97, 0.49, -0.73, -0.46, 0],
    [1.33, 0.47, 0.84, -0.57, 0.01, 0.04, -0.05, -1.04, -1.15, -0.04],
    [-0.58, -0.02, 0.14, -0.63, -0.2, -0.03, -0.29, -0.37, 0.38, 0.03],
    [-0.87, -0.28, -0.54, -0.67, -0.08, -0.09, 0.42, 0.81, -0.08, 0.25],
    [-0.26, -0.06, -0.41, -0.29, -0.27, -0.04, 0.25, -0.16, 0.02, 0.28],
  ],

  start() {
    return { kernel: this.upper, at: [16, 6], seen: 26 * 16 + 7 };
  },

  /** The nine pixels of the window whose upper left one is in this row and column. */
  square: (row, column) => Array.from({ length: 9 }, (_, i) => PIXELS[28 * (row + Math.floor(i / 3)) + column + i % 3]),

  sum: (square, kernel) => square.reduce((sum, pixel, i) => sum + pixel * kernel[i], kernel[9]),

  /** The feature map, 26 rows of 26: the sums after relu. */
  map(kernel) {
    return Array.from({ length: 676 }, (_, i) => Math.max(this.sum(this.square(Math.floor(i / 26), i % 26), kernel), 0));
  },

  /** The map is filled up to where the window has been, row by row. */
  slide(state, row, column) {
    state.at = [row, column];
    state.seen = Math.max(state.seen, 26 * row + column + 1);
  },

  controls() {
    return [
      hand.choice(_`Kernel`, "kernel", [[_`upper edges`, this.upper], [_`left edges`, this.left]]),
      hand.button(_`A trained kernel`, (state) => { state.kernel = this.trained[(this.trained.indexOf(state.kernel) + 1) % 8]; }),
      hand.button(_`Slide over all`, (view) => {
        view.state.seen = 0;
        view.play(104, (k, state) => this.slide(state, Math.ceil(k / 4) - 1, Math.ceil(6.5 * ((k - 1) % 4 + 1)) - 1));
      }, true),
    ];
  },

  draw(view) {
    const { kept, state: { kernel, at: [row, column], seen } } = view, wide = view.width > 560;
    if (kept.kernel !== kernel) Object.assign(kept, { kernel, map: this.map(kernel) });
    const size = Math.min(wide ? (view.width - 210) / 2 : (view.width - 12) / 2, view.height - (wide ? 30 : 176)), cell = size / 28, top = 24;
    const left = view.width - size, edge = left + cell, square = this.square(row, column), sum = this.sum(square, kernel);

    view.add("text", { x: 0, y: 14, class: "bold" }, _`image, 28 × 28`);
    view.image(PIXELS, 1, 0, top, size, "first fill");
    view.add("text", { x: left, y: 14, class: "bold" }, wide ? _`feature map, 26 × 26` : _`map, 26 × 26`);
    view.image(kept.map.map((value, i) => i < seen ? value : 0), Math.max(...kept.map), edge, top + cell, 26 * cell, "first fill");
    view.add("rect", { x: left, y: top, width: size, height: size, class: "line soft thin faint" });   // a pixel of it has the height of its window
    const [full, rest] = [Math.floor(seen / 26), seen % 26], place = `translate(${edge} ${top + cell}) scale(${cell})`;
    view.add("path", { d: `M${rest} ${full}H26V26H0V${full + 1}H${rest}Z`, class: "soft tint", transform: place });
    const outline = (x, y, pixels) => view.add("rect", { x, y, width: pixels * cell, height: pixels * cell, class: "line second" });
    outline(column * cell, top + row * cell, 3);
    outline(edge + column * cell, top + (row + 1) * cell, 1);
    for (const from of [0, left]) {   // a click takes the window there
      view.add("rect", { x: from, y: top, width: size, height: size, class: "reach" }).addEventListener("click", ({ clientX, clientY }) => {
        const box = view.svg.getBoundingClientRect(), to = (pixel) => hand.clamp(Math.floor(pixel / cell) - 1, 0, 25);
        view.change((state) => this.slide(state, to(clientY - box.top - top), to(clientX - box.left - from)));
      });
    }

    const width = 60, middle = wide ? view.width / 2 : 1.5 * width + 4, first = wide ? top + 66 : view.height - 125;
    if (wide) view.add("text", { x: middle, y: top + 24, class: "middle bold" }, _`pixel × weight`);
    square.forEach((pixel, i) => this.drawWeight(view, i, pixel, kernel, middle + (i % 3 - 1) * (width + 4), first + 50 * Math.floor(i / 3)));
    const under = wide ? { x: middle, y: first + 155, class: "middle bold" } : { x: middle + 110, y: first + 44, class: "bold" };
    const after = Math.max(sum, 0).toFixed(2), lines = wide ? [_`after relu ${after}`] : [_`after relu`, after];
    [_`sum ${sum.toFixed(2)}`, ...lines].forEach((line, i) => view.add("text", { ...under, y: under.y + 22 * i }, line));

    const scale = (from) => hand.scale(0, 25, from + 1.5 * cell, from + 26.5 * cell);
    view.handle("window", {
      label: _`the window`, text: _`row ${row}, column ${column}, sum ${sum.toFixed(2)}`, box: [3 * cell, 3 * cell], look: "second",
      x: { scale: scale(0), value: column, min: 0, max: 25, step: 1 },
      y: { scale: hand.scale(0, 25, top + 26.5 * cell, top + 1.5 * cell), value: 25 - row, min: 0, max: 25, step: 1 },   // up is up
      move: (state, column, up) => this.slide(state, 25 - up, column),
    });
    const number = this.trained.indexOf(kernel) + 1, bias = number ? _` and the bias` : "";
    const which = number ? _` Kernel ${number} of the 8 that training made.` : "";
    view.say(_`The square from pixel (${row}, ${column}): its nine products${bias} add up to ${sum.toFixed(2)}, and relu makes ${after} of that.` + which);
  },

  drawWeight(view, i, pixel, kernel, x, y) {
    view.add("rect", { x: x - 30, y: y - 23, width: 60, height: 46, rx: 8, class: "node second" });
    view.add("text", { x, y: y - 5, class: "middle first" }, `${pixel.toFixed(2)} ×`);
    view.add("text", { x, y: y + 14, class: "middle second bold" }, kernel[i]);
    view.handle(`weight-${i}`, {
      label: _`weight ${i + 1}`, text: _`${kernel[i]}, pixel ${pixel.toFixed(2)}`, x, y, box: [60, 46],
      press: (state) => { state.kernel = kernel.map((weight, k) => k !== i ? weight : weight >= 1 ? -1 : Math.floor(weight) + 1); },
    });
  },
};
