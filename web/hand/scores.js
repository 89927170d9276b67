// Chapter 5: ten scores, dragged, and the probabilities, the loss and the gradient that they give.

import * as hand from "./kit.js";

export const picture = {
  names: ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
  scores: [0.5, -2, 3, -1, 1.5, -4, 2, -4, -1, -3],   // of a coat that is taken for a pullover
  coat: 4,

  start() {
    return { O: [...this.scores], y: this.coat };
  },

  /** softmax and softmax_cross_entropy of the chapter, and the gradient, for a row of scores O and the label y. */
  compute({ O, y }) {
    const m = Math.max(...O), E = O.map((o) => Math.exp(o - m)), sum = E.reduce((a, b) => a + b);
    const probabilities = E.map((e) => e / sum);
    return { probabilities, loss: Math.log(sum) - (O[y] - m), gradient: probabilities.map((p, j) => p - (j === y)) };
  },

  controls() {
    const labels = ["pullover", "coat", "shirt"].map((name) => [name, this.names.indexOf(name)]);
    return [
      hand.choice(_`It is a`, "y", labels),
      hand.button(_`A step against the gradient`, (state) => {
        const { gradient } = this.compute(state);
        state.O = state.O.map((o, j) => hand.clamp(o - gradient[j], -6, 6));
      }),
      hand.button(_`All scores 0`, (state) => { state.O = state.O.map(() => 0); }),
    ];
  },

  draw(view) {
    const { O, y } = view.state, { probabilities, loss, gradient } = this.compute(view.state), w = view.width, wide = w > 560;
    const p = hand.scale(0, 1, (wide ? 0.56 : 0.69) * w, (wide ? 0.88 : 0.96) * w);
    const scores = hand.scale(-6, 6, 88, wide ? 0.49 * w : p.from - 42), row = (j) => 44 + 30 * j;
    for (const [scale, title] of [[scores, _`score`], [p, _`probability`]]) {
      view.add("text", { x: (scale.from + scale.to) / 2, y: 16, class: "middle bold" }, title);
      view.line([[scale(0), 26], [scale(0), row(9) + 14]], "soft thin");
    }
    if (wide) view.add("text", { x: w, y: 16, class: "end bold" }, _`gradient`);
    view.arrow([31, row(11)], [3, row(11)], "fourth strong");
    view.add("text", { x: 41, y: row(11) + 4, class: "fourth" }, _`minus the gradient`);
    this.drawLoss(view, p, probabilities[y]);
    view.mark(true, 0, row(y) - 5, "third fill");
    O.forEach((o, j) => {
      view.add("text", { x: j === y ? 15 : 0, y: row(j) + 4, class: j === y ? "bold" : "" }, this.names[j]);
      view.line([[scores.from, row(j)], [scores.to, row(j)]], "soft faint thin");
      view.line([[scores(0), row(j)], [scores(o), row(j)]], "first");
      const push = hand.clamp(o - gradient[j], -6, 6);   // where a step leads
      if (Math.abs(push - o) > 0.1) view.arrow([scores(o), row(j) - 13], [scores(push), row(j) - 13], "fourth strong");
      const before = scores(o) > (o < 0 ? 125 : p.from - 44);   // else it would run into the name, or into the next bar
      const beside = wide ? scores(o) + (before ? -13 : 13) : p.from - 5;   // on a phone the numbers stand in a column
      view.add("text", { x: beside, y: row(j) + 4, class: before || !wide ? "end" : "" }, o.toFixed(1));
      view.add("rect", { x: p(0), y: row(j) - 8, width: p(probabilities[j]) - p(0), height: 16, class: `${j === y ? "third" : "first"} fill` });
      if (wide) view.add("text", { x: w, y: row(j) + 4, class: "end fourth" }, gradient[j].toFixed(2));
      const inside = probabilities[j] > (wide ? 0.45 : 0.65);
      view.add("text", { x: p(probabilities[j]) + (inside ? -4 : 5), y: row(j) + 4, class: inside ? "end on" : "" }, probabilities[j].toFixed(2));
      view.handle(`score-${j}`, {
        label: _`score of ${this.names[j]}`, reach: 15, rail: true, x: { scale: scores, value: o, min: -6, max: 6, step: 0.1 }, y: row(j),
        text: _`${o.toFixed(1)}, probability ${probabilities[j].toFixed(2)}, gradient ${gradient[j].toFixed(2)}`,
        move: (state, value) => { state.O[j] = value; },
      });
    });
    view.say(_`The right answer is ${this.names[y]} and gets the probability ${probabilities[y].toFixed(4)}, so the loss is ${loss.toFixed(3)}. `
      + _`The gradient at its score is ${gradient[y].toFixed(3)}.`);
  },

  /** Below the bars, over the same axis, the curve on which the loss lies: -ln of the right answer's probability. */
  drawLoss(view, p, right) {
    const loss = hand.scale(0, 5, view.height - 36, view.height - 118), at = Math.min(-Math.log(right), 5);
    view.axes(p, loss, "p", "−ln p");
    view.line(Array.from({ length: 61 }, (_, i) => [p(Math.exp(-i / 12)), loss(i / 12)]), "first");
    view.line([[p(right), loss(5)], [p(right), loss(at)], [p(0), loss(at)]], "third dashed");
    view.add("circle", { cx: p(right), cy: loss(at), r: 5, class: "third fill" });
    view.add("text", { x: Math.min(p(right) + 8, view.width - 30), y: loss(at) - 6, class: "third bold" }, (-Math.log(right)).toFixed(2));
  },
};
