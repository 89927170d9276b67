// Chapter 3: a network of relus with one input, and the curve that it follows. Its bends are dragged.

import * as hand from "./kit.js";

export const picture = {
  curve: (x) => Math.sin(2 * x) + 0.5 * x,
  end: 5,          // the network follows the curve from 0 to 5
  sizes: [2, 4, 8],

  start() {
    return { num_units: 4, bends: Object.fromEntries(this.sizes.map((num_units) => [num_units, this.even(num_units)])) };
  },

  /** The bends of the chapter's path: they lie on the curve, at even steps. */
  even(num_units) {
    const x = Array.from({ length: num_units + 1 }, (_, i) => this.end * i / num_units);
    return { x, y: x.map(this.curve) };
  },

  /** The output layer's weights: at each bend the change of slope that leads to the next one. */
  weights({ x, y }) {
    const slopes = x.slice(1).map((_, i) => (y[i + 1] - y[i]) / (x[i + 1] - x[i]));
    return slopes.map((slope, i) => slope - (slopes[i - 1] ?? 0));
  },

  /** What the network says of `at`: relu(at - k) of each unit, times its weight, plus the bias. */
  path(bends, at) {
    return this.weights(bends).reduce((sum, weight, i) => sum + weight * Math.max(at - bends.x[i], 0), bends.y[0]);
  },

  /** How far path and curve are apart at most, and where, among 501 places from 0 to 5. */
  farthest(bends) {
    const places = Array.from({ length: 501 }, (_, i) => this.end * i / 500);
    return places.map((at) => [Math.abs(this.path(bends, at) - this.curve(at)), at]).reduce((a, b) => (b[0] > a[0] ? b : a));
  },

  controls() {
    return [hand.choice(_`Hidden units`, "num_units", this.sizes.map((n) => [n, n]))];
  },

  draw(view) {
    const { num_units } = view.state, bends = view.state.bends[num_units];
    const x = hand.scale(-0.25, 7, 40, view.width - 12), y = hand.scale(-1, 5, view.height - 95, 26);
    const places = Array.from({ length: 141 }, (_, i) => 7 * i / 140), weights = this.weights(bends), [far, at] = this.farthest(bends);
    view.axes(x, y, "x", "y");
    view.line(places.map((at) => [x(at), y(this.curve(at))]), "soft");
    const leaves = places.find((at) => at > this.end && Math.abs(this.path(bends, at) - 2) > 3.5) ?? 7;   // the frame
    view.line([...bends.x, leaves].map((at) => [x(at), y(this.path(bends, at))]), "first dashed");
    view.line([[x(at), y(this.path(bends, at))], [x(at), y(this.curve(at))]], "soft wide");
    view.add("text", { x: x(6.3), y: y(3.7), class: "end soft" }, _`the curve`);
    this.drawWeights(view, x, bends.x, weights);
    bends.x.forEach((k, i) => this.addHandle(view, x, y, bends, i));
    const even = this.farthest(this.even(num_units))[0];
    const less = far < even / 2 ? _`, less than half of ${even.toFixed(2)}` : "";
    view.say(_`${num_units} units: at most ${far.toFixed(2)} off, at x = ${at.toFixed(2)}${less}.`);
  },

  /** A bar for each unit, where it begins: how much the slope changes there. */
  drawWeights(view, x, begins, weights) {
    const bar = hand.scale(-4, 4, view.height - 4, view.height - 52);
    view.line([[x(0), bar(0)], [x(5), bar(0)]], "soft thin");
    view.add("text", { x: x(5) + 10, y: bar(0) + 4, class: "soft" }, _`weights`);
    weights.forEach((weight, i) => {
      const to = bar(hand.clamp(weight, -4, 4)), up = weight > 0;
      view.line([[x(begins[i]), bar(0)], [x(begins[i]), to]], "second wide");
      if (view.width / weights.length > 55) view.add("text", { x: x(begins[i]) + 7, y: bar(0) + (up ? -5 : 14) }, weight.toFixed(1));
    });
  },

  addHandle(view, x, y, { x: xs, y: ys }, i) {
    const last = xs.length - 1, between = i > 0 && i < last;
    const unit = i < last ? _`, where unit ${i + 1} begins` : _`, the end`;
    view.handle(`bend-${last}-${i}`, {
      label: _`bend ${i + 1}${unit}`, look: "second", text: _`x ${xs[i].toFixed(2)}, y ${ys[i].toFixed(2)}`,
      x: between ? { scale: x, value: xs[i], min: xs[i - 1] + 0.1, max: xs[i + 1] - 0.1, step: 0.05 } : x(xs[i]),
      y: { scale: y, value: ys[i], min: -1, max: 5, step: 0.05 },
      move: (state, newX, newY) => {
        if (between) state.bends[last].x[i] = newX;
        state.bends[last].y[i] = newY;
      },
    });
  },
};
