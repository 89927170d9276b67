// Chapter 3: a network of relus with one input, and the curve that it follows. Its bends are dragged.

import * as hand from "./kit.js";

export const picture = {
  curve: (x) => Math.sin(2 * x) + 0.5 * x,
  end: 5,          // the network follows the curve from 0 to 5
  sizes: [2, 4, 8],

  start() {
    const bends = Object.fromEntries(this.sizes.map((num_units) => [num_units, this.even(num_units)]));
    return { num_units: 4, bends, unit: 1, isCut: true };
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

  /** What the network says of `at`: at - k of each unit, cut by relu or not, times its weight, plus the bias. */
  path(bends, at, isCut = true) {
    return this.weights(bends).reduce((sum, weight, i) => sum + weight * Math.max(at - bends.x[i], isCut ? 0 : -Infinity), bends.y[0]);
  },

  /** How far path and curve are apart at most, and where, among 501 places from 0 to 5. */
  farthest(bends, isCut) {
    const places = Array.from({ length: 501 }, (_, i) => this.end * i / 500);
    return places.map((at) => [Math.abs(this.path(bends, at, isCut) - this.curve(at)), at]).reduce((a, b) => (b[0] > a[0] ? b : a));
  },

  controls() {
    return [
      hand.choice(_`Hidden units`, "num_units", this.sizes.map((n) => [n, n])),
      hand.choice(_`Between the layers`, "isCut", [["relu", true], [_`nothing`, false]]),
    ];
  },

  draw(view) {
    const { num_units, isCut } = view.state, bends = view.state.bends[num_units], chosen = Math.min(view.state.unit, num_units - 1);
    const x = hand.scale(-0.25, 7, 40, view.width - 12), y = hand.scale(-1, 5, view.height - 220, 26);
    const path = (at) => this.path(bends, at, isCut), [far, at] = this.farthest(bends, isCut);
    const places = [...Array.from({ length: 141 }, (_, i) => 7 * i / 140), ...bends.x].sort((a, b) => a - b);
    view.axes(x, y, "x", "y");
    view.line(places.map((at) => [x(at), y(this.curve(at))]), "soft");
    this.drawUnits(view, x, y, bends, chosen);
    view.line(places.filter((at) => Math.abs(path(at) - 2) < 3.5).map((at) => [x(at), y(path(at))]), "first dashed");   // within the frame
    view.line([path(at), this.curve(at)].map((value) => [x(at), y(hand.clamp(value, -1.5, 5.5))]), "soft wide");
    view.add("text", { x: x(6.3), y: y(3.7), class: "end soft" }, _`the curve`);
    bends.x.forEach((k, i) => this.addHandle(view, x, y, bends, i));
    const even = this.farthest(this.even(num_units))[0];
    const less = far < even / 2 ? _`, less than half of ${even.toFixed(2)}` : "", straight = isCut ? "" : _`, on one straight line`;
    view.say(_`${num_units} units: at most ${far.toFixed(2)} off, at x = ${at.toFixed(2)}${less}${straight}.`);
  },

  /** Below the path, what each unit adds to it: its line times its weight, dashed where relu cuts it. Of the chosen one also the line alone. */
  drawUnits(view, x, y, bends, chosen) {
    const { isCut } = view.state, unit = hand.scale(-6, 6, view.height - 6, view.height - 158), weights = this.weights(bends), k = bends.x[chosen];
    const draw = (begin, weight, look) => {   // as far as it is within the strip
      const [left, right] = [-6, 6].map((side) => hand.clamp(begin + side / Math.max(Math.abs(weight), 0.01), 0, this.end));
      for (const [from, to, dashed] of [[left, begin, isCut], [begin, right]]) {
        view.line([from, to].map((at) => [x(at), unit(weight * (at - begin))]), `${look} ${dashed ? "dotted" : ""}`);
      }
    };
    view.line([[x(0), unit(0)], [x(5), unit(0)]], "soft thin");
    weights.forEach((weight, i) => {
      view.line([[x(bends.x[i]), y(bends.y[i])], [x(bends.x[i]), unit(0)]], `soft thin ${i === chosen ? "" : "faint"}`);
      draw(bends.x[i], weight, `second ${i === chosen ? "strong" : "faint"}`);
    });
    draw(k, 1, "soft");
    const steps = [_`unit ${chosen + 1}`, `x − ${+k.toFixed(2)}`, isCut ? _`cut at 0` : _`not cut`, `× ${weights[chosen].toFixed(1)}`];
    steps.forEach((step, i) => view.add("text", { x: x(5) + 12, y: unit(0) - 32 + 24 * i, class: ["bold", "soft", "soft", "second bold"][i] }, step));
  },

  addHandle(view, x, y, bends, i) {
    const { x: xs, y: ys } = bends, last = xs.length - 1, isUnit = i < last, between = i > 0 && isUnit;
    const unit = isUnit ? _`, where unit ${i + 1} begins` : _`, the end`;
    const weight = isUnit ? _`, weight ${this.weights(bends)[i].toFixed(1)}` : "";
    view.handle(`bend-${last}-${i}`, {
      label: _`bend ${i + 1}${unit}`, look: "second", text: _`x ${xs[i].toFixed(2)}, y ${ys[i].toFixed(2)}` + weight,
      x: between ? { scale: x, value: xs[i], min: xs[i - 1] + 0.1, max: xs[i + 1] - 0.1, step: 0.05 } : x(xs[i]),
      y: { scale: y, value: ys[i], min: -1, max: 5, step: 0.05 },
      choose: isUnit ? (state) => { state.unit = i; } : undefined,
      move: (state, newX, newY) => {
        if (between) state.bends[last].x[i] = newX;
        state.bends[last].y[i] = newY;
      },
    });
  },
};
