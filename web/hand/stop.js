// Chapter 16: the losses and accuracies of a training, and where to stop it.

import { bytesOf } from "../demo/network.js";
import run from "../demo/stopping.js";
import * as hand from "./kit.js";

export const picture = {
  end: run.valid_loss.length,

  start() {
    return { epoch: this.early(10).kept, patience: 10 };
  },

  /** Early stopping: the epoch whose parameters are kept, and that after which it gives up. Epochs count from 1. */
  early(patience) {
    let kept = 1, epoch = 1;
    while (epoch < this.end && epoch - kept < patience) {
      epoch += 1;
      if (run.valid_loss[epoch - 1] < run.valid_loss[kept - 1]) kept = epoch;
    }
    return { kept, ends: epoch };
  },

  controls() {
    const patience = hand.choice(_`Patience`, "patience", [3, 5, 10, 30].map((n) => [n, n]));
    const listen = (view) => {
      patience.listen(view);
      patience.element.addEventListener("change", () => view.change((state) => { state.epoch = this.early(state.patience).kept; }));
    };
    return [{ ...patience, listen }];
  },

  draw(view) {
    const { epoch, patience } = view.state, wide = view.width > 560, bottom = view.height - (wide ? 165 : 288);
    const half = view.width / 2 - 8, ends = patience && this.early(patience).ends;
    const panels = [[0, [0, 1.4], _`mean loss`, "loss"], [half + 16, [0.6, 1], _`share right`, "acc"]];
    const scales = panels.map(([left, [low, high], title, name]) => {
      const x = hand.scale(0, this.end, left + 36, left + half - 12), y = hand.scale(low, high, bottom, 26);
      const points = (values) => values.map((value, i) => [x(i + 1), y(hand.clamp(value, low, high))]);
      view.axes(x, y, _`epoch`, title);
      view.line(points(run[`train_${name}`]), "first");
      view.line(points(run[`valid_${name}`]), "second dashed");
      view.line([[x(epoch), y.from], [x(epoch), y.to]], "soft");
      return { x, y };
    });
    const [{ x, y }] = scales, row = epoch - 1;
    view.add("text", { x: x(this.end), y: y(0.8), class: "end second" }, _`validation`);
    view.add("text", { x: x(this.end), y: y(0.2), class: "end first" }, _`training`);
    view.add("text", { x: x(epoch) + (epoch > 80 ? -5 : 5), y: 38, class: epoch > 80 ? "end bold" : "bold" }, _`stop here`);
    if (ends) {
      view.line([[x(ends), y.from], [x(ends), y(1)]], "soft dashed thin");
      view.add("text", { x: x(ends) + (ends > 80 ? -5 : 5), y: y(1), class: ends > 80 ? "end soft" : "soft" }, _`gives up`);
    }
    this.drawImages(view, row, wide, bottom + 56);
    view.handle("stop", {
      label: _`stop after epoch`, text: _`${epoch}, validation loss ${run.valid_loss[row].toFixed(2)}`, look: "second",
      x: { scale: x, value: epoch, min: 1, max: this.end, step: 1 }, y: y(run.valid_loss[row]),
      move: (state, value) => Object.assign(state, { epoch: value, patience: null }),
    });
    view.say(_`After epoch ${epoch} the validation loss is ${run.valid_loss[row].toFixed(2)}, and ${run.valid_acc[row].toFixed(2)} are right. `
      + _`By epoch ${this.end}, ${run.lost[row]} of the 3,000 go from right to wrong, and ${run.won[row]} from wrong to right.`);
  },

  /** Eight images that flip: what the network calls each after this epoch. */
  drawImages(view, row, wide, top) {
    const side = wide ? view.width / 8 : view.width / 4, size = 52;
    [_`right at the lowest loss only`, _`right at the end only`].forEach((title, group) => {
      view.add("text", { x: wide ? group * view.width / 2 : 0, y: top + (wide ? 0 : 122 * group), class: "bold" }, title);
    });
    run.images.forEach(({ label, pixels, said, sure }, i) => {
      const left = side * (wide ? i : i % 4), y = top + 10 + (wide || i < 4 ? 0 : 122), answer = Number(said[row]);
      const values = [...bytesOf(pixels)].flatMap((byte) => [byte >> 4, byte & 15]), right = answer === label;
      view.image(values, 15, left, y, size, "first fill");
      view.mark(right, left, y + size + 6, right ? "third fill" : "soft fill");
      view.add("text", { x: left + 17, y: y + size + 15, class: right ? "third bold" : "" }, run.names[answer]);
      view.add("text", { x: left, y: y + size + 31, class: "soft" }, `${sure[row]} %`);
    });
  },
};
