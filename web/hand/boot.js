// Chapter 11: one picture through the trained network and back, a step of sgd for it alone, and what it says then.

import fashion from "../demo/images.js";
import { cut, forward, inflate, inflated, unpack } from "../demo/network.js";
import weights from "../demo/weights-10.js";
import * as hand from "./kit.js";

const [pixels, trained] = [cut(await inflate(fashion.pixels), 784), await inflated(weights)];

export const picture = {
  pictures: [["boot", 36], ["boot\u00a02", 37], ["sneaker", 29], ["coat", 19]],   // the first is right, the others go wrong
  lr: 0.01,

  start() {
    const state = { params: unpack(trained), image: 37, labels: [...fashion.labels], steps: 0 };
    const { dZ } = this.compute(state).gradients;
    return Object.assign(state, { unit: dZ.indexOf(Math.min(...dZ)) });   // the one that is asked most to grow
  },

  /** Forward and backward of the chapter for the picture and its label. W1 and W2 are lists of columns, and so are their gradients. */
  compute({ params, image, labels }) {
    const x = [...pixels[image]].map((value) => value / 255), y = labels[image], { hidden, probabilities } = forward(x, params);
    const dO = probabilities.map((p, k) => p - (k === y));
    const dZ = hidden.map((h, j) => h > 0 ? dO.reduce((sum, d, k) => sum + d * params.W2[k][j], 0) : 0);
    return { x, y, hidden, probabilities, loss: -Math.log(probabilities[y]), gradients: { dO, dZ } };
  },

  /** A step of sgd, in place: dW1 is x times dZ, dW2 is hidden times dO. */
  step(state) {
    const { x, hidden, gradients: { dO, dZ } } = this.compute(state), { W1, b1, W2, b2 } = state.params;
    const move = (W, b, inputs, gradient) => gradient.forEach((d, j) => {
      inputs.forEach((input, i) => { W[j][i] -= this.lr * d * input; });
      b[j] -= this.lr * d;
    });
    move(W2, b2, hidden, dO);
    move(W1, b1, x, dZ);
    state.steps += 1;
  },

  controls() {
    return [
      hand.choice(_`Picture`, "image", this.pictures),
      hand.button(_`One step`, (state) => this.step(state)),
      hand.button(_`Ten steps`, (view) => view.play(10, (k, state) => this.step(state)), true),
    ];
  },

  draw(view) {
    const { params, image, labels, unit, steps } = view.state, { names } = fashion, w = view.width;
    const { x, y, hidden, probabilities, loss, gradients: { dO, dZ } } = this.compute(view.state);

    // A row of images, on which the colour says the sign and its strength the size
    const size = Math.min(0.22 * w, 100), W = params.W1[unit], largest = (values) => Math.max(...values.map(Math.abs));
    const products = x.map((pixel, i) => pixel * W[i]), wishes = x.map((pixel) => -dZ[unit] * pixel);
    const images = [[_`pixels`, x, 1, ""], [_`unit ${unit}`, W, largest(W)],
      [_`product`, products, largest(products)], [_`wish`, wishes, largest(dZ)]];
    images.forEach(([title, values, limit, look], i) => {
      const left = i * (w - size) / 3;
      view.add("text", { x: left + size / 2, y: 14, class: "middle bold" }, title);
      view.image(values, limit, left, 22, size, look);
    });

    // The strip: values upward, wishes in colour below them
    const top = 34 + size, along = hand.scale(0, 256, 8, w - 8), up = hand.scale(0, largest(hidden), top + 40, top);
    hidden.forEach((h, j) => {
      if (h === 0) return;
      const wish = dZ[j] / largest(dZ) * 22;
      view.line([[along(j), up(0)], [along(j), up(h)]], "first");
      view.line([[along(j), up(0)], [along(j), up(0) + Math.abs(wish)]], wish < 0 ? "fourth dashed" : "fourth");
    });
    view.line([[along(0), up(0)], [along(256), up(0)]], "soft thin");
    view.handle("unit", {
      label: _`hidden unit`, rail: true, x: { scale: along, value: unit, min: 0, max: hidden.length - 1, step: 1 }, y: top + 72, look: "first",
      text: _`${unit}: value ${hidden[unit].toFixed(2)}, wish ${(0 - dZ[unit]).toFixed(3)}`,
      move: (state, value) => { state.unit = value; },
    });

    // Ten classes: the probability, and the wish of the score
    const p = hand.scale(0, 1, 112, 0.52 * w), wish = hand.scale(-1, 1, 0.68 * w, w - 8), row = (k) => top + 118 + 18 * k;
    view.add("text", { x: 0, y: row(-1), class: "bold" }, _`true label`);
    view.add("text", { x: (p.from + p.to) / 2, y: row(-1), class: "middle bold" }, _`probability`);
    view.add("text", { x: wish(0), y: row(-1), class: "middle bold" }, _`wish`);
    names.forEach((name, k) => {
      const bar = (scale, value, look) => view.add("rect", {
        x: Math.min(scale(0), scale(value)), y: row(k) - 10, width: Math.abs(scale(value) - scale(0)), height: 13, class: `${look} fill` });
      view.add("text", { x: 22, y: row(k), class: k === y ? "bold" : "" }, name);
      bar(p, probabilities[k], k === y ? "third" : "first");
      bar(wish, -dO[k], "fourth");
      view.add("text", { x: p.to + 34, y: row(k), class: "end soft" }, probabilities[k].toFixed(2));
    });
    for (const scale of [p, wish]) view.line([[scale(0), row(0) - 14], [scale(0), row(9) + 6]], "soft thin");
    view.handle("label", {
      label: _`true label`, look: "third", reach: 14, rail: true, x: 9, text: names[y],
      y: { scale: hand.scale(0, 9, row(0) - 4, row(9) - 4), value: y, min: 0, max: 9, step: 1 },
      move: (state, noX, value) => { state.labels[image] = value; },
    });
    const after = steps === 1 ? _`1 step` : _`${steps} steps`;
    view.say(_`After ${after}, ${names[y]} has the probability ${probabilities[y].toFixed(3)}, and the loss is ${loss.toFixed(2)}. `
      + _`Unit ${unit} has the value ${hidden[unit].toFixed(2)} and the wish ${(0 - dZ[unit]).toFixed(3)}.`);
  },
};
