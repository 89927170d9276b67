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
    const { O, y } = view.state, { probabilities, loss, gradient } = this.compute(view.state), w = view.width;
    const wide = w > 560, p = hand.scale(0, 1, (wide ? 0.53 : 0.55) * w, (wide ? 0.75 : 0.73) * w);
    const scores = hand.scale(-6, 6, 88, wide ? 0.47 * w : p.from - 42), g = hand.scale(-1, 1, 0.8 * w, w - (wide ? 44 : 8));
    const row = (j) => 44 + 30 * j;
    for (const [scale, title] of [[scores, _`score`], [p, _`probability`], [g, _`gradient`]]) {
      view.add("text", { x: (scale.from + scale.to) / 2, y: 16, class: "middle bold" }, title);
      view.line([[scale(0), 26], [scale(0), row(9) + 14]], "soft thin");
    }
    O.forEach((o, j) => {
      const bar = (scale, value, look) => view.add("rect", {
        x: Math.min(scale(0), scale(value)), y: row(j) - 8, width: Math.abs(scale(value) - scale(0)), height: 16, class: look });
      view.add("text", { x: 0, y: row(j) + 4, class: j === y ? "bold" : "" }, (j === y ? "✓ " : "") + this.names[j]);
      view.line([[scores.from, row(j)], [scores.to, row(j)]], "soft faint thin");
      view.line([[scores(0), row(j)], [scores(o), row(j)]], "first");
      const before = scores(o) > (o < 0 ? 125 : p.from - 44);   // else it would run into the name, or into the next bar
      const beside = wide ? scores(o) + (before ? -13 : 13) : p.from - 5;   // on a phone the numbers stand in a column
      view.add("text", { x: beside, y: row(j) + 4, class: before || !wide ? "end" : "" }, o.toFixed(1));
      bar(p, probabilities[j], j === y ? "third fill" : "first fill");
      bar(g, gradient[j], "fourth fill");
      if (wide) view.add("text", { x: w, y: row(j) + 4, class: "end soft" }, gradient[j].toFixed(2));
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
};
