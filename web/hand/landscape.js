// Chapter 9: a ball that is dropped into the landscape of one hidden unit, twenty times, each with other minibatches.

import * as hand from "./kit.js";

export const picture = {
  seeds: Array.from({ length: 20 }, (_, i) => i + 1),   // of the minibatches
  rates: [0.03, 0.3, 1, 4, 8],
  levels: [0.44, 0.5, 0.6, 0.66, 0.72, 0.8, 0.9, 1, 2],
  valley: 0.6,     // a valley lies below this mean loss
  num_steps: 60,

  start: () => ({ w: [1, 3], lr: 1, batch_size: 8, walks: {}, step: 0, ends: {} }),

  // --- the chapter's arithmetic ---

  /** The chapter's points and labels: seed_everything(0), then three groups of np.random.uniform. */
  data() {
    const random = hand.random(0), uniform = (low, high, n) => Array.from({ length: n }, () => Math.fround(low + (high - low) * random.double()));
    return { x: [...uniform(-2, -1, 16), ...uniform(-1, 1, 32), ...uniform(1, 2, 32)], y: [16, 32, 32].flatMap((n, i) => Array(n).fill((i + 1) % 2)) };
  },

  /** The mean loss of all points at w = [weight, bias]. */
  height({ x, y }, [weight, bias]) {
    const losses = x.map((x, i) => {
      const score = 2 * Math.max(weight * x + bias, 0) - 1;
      return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - y[i] * score;
    });
    return losses.reduce((a, b) => a + b) / losses.length;
  },

  /** Where w is after each step, with the minibatches that `seed` gives. */
  walk({ x, y }, start, lr, num_steps, batch_size, seed) {
    const random = hand.random(seed), path = [start];
    let [weight, bias] = start;
    for (let step = 0; step < num_steps; step++) {
      let byWeight = 0, byBias = 0;
      for (const i of random.permutation(80).slice(0, batch_size)) {
        const sum = weight * x[i] + bias;
        if (sum <= 0) continue;   // the unit is off: no gradient
        const slope = 2 * (1 / (1 + Math.exp(1 - 2 * sum)) - y[i]);
        byWeight += slope * x[i];
        byBias += slope;
      }
      weight = Math.fround(weight - lr / batch_size * byWeight);
      bias = Math.fround(bias - lr / batch_size * byBias);
      path.push([weight, bias]);
    }
    return path;
  },

  endOf(data, w) {
    if (this.height(data, w) < this.valley) return "valley";
    return data.x.some((x) => w[0] * x + w[1] > 0) ? "elsewhere" : "flat";
  },

  // --- what the reader does ---

  controls() {
    const choice = (values) => values.map((value) => [value, value]);
    return [
      hand.choice(_`Learning rate`, "lr", choice(this.rates)),
      hand.choice(_`Points a step`, "batch_size", choice([8, 80])),
      hand.button(_`Drop it 20 times`, (view) => this.drop(view), true),
    ];
  },

  drop(view) {
    const { state, kept: { data } } = view, { w, lr, batch_size } = state;
    const key = this.key(state, lr);
    state.walks = { key, paths: this.seeds.map((seed) => this.walk(data, w, lr, this.num_steps, batch_size, seed)) };
    view.play(this.num_steps, (k) => {
      state.step = k;
      if (k === this.num_steps) state.ends[key] = state.walks.paths.map((path) => this.endOf(data, path[k]));
    });
  },

  /** What walks and their ends belong to. */
  key: ({ w, batch_size }, lr) => [...w, batch_size, lr].join(),

  // --- drawing ---

  draw(view) {
    const { state, kept } = view, wide = view.width > 560;
    kept.data ??= this.data();
    const key = this.key(state, state.lr), dropped = state.walks.key === key;
    const right = wide ? Math.min(430, view.width - 300) : view.width - 8, bottom = wide ? view.height - 40 : 238;
    const x = hand.scale(-6, 6, 32, right), y = hand.scale(-6, 6, bottom, 22);
    this.drawMap(view, x, y);
    view.axes(x, y, "w", "b");
    if (dropped) this.drawWalks(view, x, y);
    this.drawEnds(view, wide ? right + 30 : 0, wide ? 40 : bottom + 58);
    const [weight, bias] = state.w, height = this.height(kept.data, state.w);
    view.handle("ball", {
      label: _`the ball`, text: _`w ${weight.toFixed(1)}, b ${bias.toFixed(1)}, mean loss ${height.toFixed(2)}`, look: "second",
      x: { scale: x, value: weight, min: -6, max: 6, step: 0.1 }, y: { scale: y, value: bias, min: -6, max: 6, step: 0.1 },
      move: (state, weight, bias) => { state.w = [weight, bias]; },
      release: () => this.drop(view),
    });
    const ends = state.ends[key], count = (kind) => ends.filter((end) => end === kind).length;
    if (dropped && state.step < this.num_steps) view.say(_`Step ${state.step} of ${this.num_steps}.`);
    else if (ends) {
      view.say(_`At ${state.lr}, of 20 walks ${count("valley")} reach the shaded valley, ${count("flat")} end on the flat place, `
        + _`${count("elsewhere")} elsewhere.`);
    } else view.say(_`The ball lies at w = ${weight.toFixed(1)}, b = ${bias.toFixed(1)}, at a mean loss of ${height.toFixed(2)}. Drop it.`);
  },

  /** The contour lines and the shaded valley. They are computed once for each size. */
  drawMap(view, x, y) {
    const { kept } = view, axis = Array.from({ length: 49 }, (_, i) => -6 + i / 4);
    kept.heights ??= axis.map((b) => axis.map((w) => this.height(kept.data, [w, b])));
    if (kept.width !== view.width) {
      const at = (i, j) => [x(axis[j]), y(axis[i])], contours = this.levels.map((level) => hand.contour(kept.heights, level, at));
      kept.width = view.width;
      kept.map = [   // the areas lie on one another, so that deeper is darker
        ...contours.filter((_, i) => i % 2 === 0).map(({ area }) => hand.make("path", { class: "first fill", opacity: 0.11, d: area })),
        hand.make("path", { class: "third fill pale", d: contours[this.levels.indexOf(this.valley)].area }),
        ...contours.map(({ line }, i) => hand.make("path", { class: this.levels[i] === this.valley ? "line third" : "line soft hair", d: line })),
      ];
    }
    view.ink.append(...kept.map);
    view.add("text", { x: x(3.2), y: y(-1.4), class: "third bold" }, _`valley`);
    view.add("text", { x: x(0), y: y(-4.7), class: "middle soft" }, _`flat place`);
  },

  drawWalks(view, x, y) {
    const { walks: { paths }, step } = view.state;
    const frame = view.add("svg", { x: x.from, y: y.to, width: x.to - x.from, height: y.from - y.to,
      viewBox: `${x.from} ${y.to} ${x.to - x.from} ${y.from - y.to}` });
    for (const path of paths) frame.append(view.line(path.slice(0, step + 1).map(([w, b]) => [x(w), y(b)]), "second thin faint"));
    for (const path of paths) {
      const [w, b] = path[step].map((value) => hand.clamp(value, -6, 6));
      this.mark(view, x(w), y(b), step < this.num_steps ? "moving" : this.endOf(view.kept.data, path[step]));
    }
  },

  /** What became of the ball: a row for each rate, a mark for each walk. */
  drawEnds(view, left, top) {
    const gap = hand.clamp((view.width - left - 62) / 20, 9, 13), { state } = view;
    view.add("text", { x: left, y: top - 18, class: "bold" }, _`Where 20 walks end`);
    this.rates.forEach((rate, row) => {
      const y = top + 6 + 22 * row, ends = state.ends[this.key(state, rate)];
      view.add("text", { x: left, y: y + 4, class: rate === state.lr ? "bold" : "" }, `lr ${rate}`);
      for (let i = 0; i < 20; i++) this.mark(view, left + 62 + gap * i, y, ends?.[i] ?? "unknown");
    });
    const isWide = view.width > 560;
    Object.entries({ valley: _`valley`, elsewhere: _`elsewhere`, flat: _`flat place` }).forEach(([kind, text], i) => {
      const x = left + (isWide ? 6 : 10 + [0, 78, 178][i]), y = top + (isWide ? 142 + 22 * i : 124);
      this.mark(view, x, y, kind);
      view.add("text", { x: x + 14, y: y + 4, class: "soft" }, text);
    });
  },

  mark(view, x, y, kind) {
    if (kind === "flat") view.line([[x - 3, y - 3], [x + 3, y + 3]], "second"), view.line([[x - 3, y + 3], [x + 3, y - 3]], "second");
    else if (kind === "unknown") view.add("circle", { cx: x, cy: y, r: 1, class: "soft fill" });
    else view.add("circle", { cx: x, cy: y, r: 4, class: { valley: "third fill", moving: "second fill", elsewhere: "line soft" }[kind] });
  },
};
