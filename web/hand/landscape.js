// Chapter 9: the loss of one hidden unit as a relief, on which a ball walks down.

import * as hand from "./kit.js";

const inside = (value) => hand.clamp(value, -6, 6);

export const picture = {
  num_steps: 60,
  valley: 0.6,   // lies below this mean loss
  tints: [[2, "first"], [0.9, "first"], [0.72, "first"], [0.6, "third"]],   // the deeper, the darker

  start: () => ({ w: [1, 3], lr: 1, batch_size: 8, trail: [], walks: {}, step: 0 }),

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

  /** That of the mean loss of some points. */
  gradient({ x, y }, [weight, bias], rows) {
    const sum = [0, 0];
    for (const i of rows) {
      const value = weight * x[i] + bias;
      if (value <= 0) continue;   // the unit is off: no gradient
      const slope = 2 * (1 / (1 + Math.exp(1 - 2 * value)) - y[i]);
      sum[0] += slope * x[i];
      sum[1] += slope;
    }
    return sum.map((part) => part / rows.length);
  },

  after(data, w, lr, rows) {
    const gradient = this.gradient(data, w, rows);
    return w.map((value, way) => Math.fround(value - lr * gradient[way]));
  },

  /** Where w is after each step, with the minibatches that `seed` gives. */
  walk(data, start, lr, num_steps, batch_size, seed) {
    const random = hand.random(seed), path = [start];
    for (let step = 0; step < num_steps; step++) path.push(this.after(data, path[step], lr, random.permutation(80).slice(0, batch_size)));
    return path;
  },

  endOf(data, w) {
    if (this.height(data, w) < this.valley) return "valley";
    return data.x.some((x) => w[0] * x + w[1] > 0) ? "elsewhere" : "flat";
  },

  // --- what the reader does ---

  controls(view) {
    const choice = (values) => values.map((value) => [value, value]);
    return [
      hand.choice(_`Learning rate`, "lr", choice([0.03, 0.3, 1, 4, 8])),
      hand.choice(_`Points a step`, "batch_size", choice([8, 80])),
      hand.button(_`One step`, (state) => this.take(view, state)),
      hand.button(_`Drop it 20 times`, (view) => this.drop(view), true),
    ];
  },

  /** The points of the next step. */
  rows: ({ trail, batch_size }) => hand.random(trail.length).permutation(80).slice(0, batch_size),

  take({ kept }, state) {
    const next = this.after(kept.data, state.w, state.lr, this.rows(state));
    state.trail.push(state.w);
    state.w = next;
  },

  drop(view) {
    const { state } = view, { w, lr, batch_size } = state;
    const paths = Array.from({ length: 20 }, (_, i) => this.walk(view.kept.data, w, lr, this.num_steps, batch_size, i + 1));
    state.walks = { key: this.key(state), paths };
    view.play(this.num_steps, (k) => { state.step = k; });
  },

  /** What walks belong to. */
  key: ({ w, lr, batch_size }) => [...w, lr, batch_size].join(),

  // --- drawing ---

  /** Where a loss is drawn at a bias: what is farther back is higher up, and the ground rises with the loss's logarithm. */
  up: ({ height }, bias, loss) => height - 236 - 19 * bias - 76 * Math.log(Math.min(loss, 8)),

  /** Where w is drawn: what is farther back is nearer to the middle, too. */
  at(view, w) {
    const [weight, bias] = w.map(inside);
    return [view.width * (0.5 + (0.066 - 0.0013 * bias) * weight), this.up(view, bias, this.height(view.kept.data, [weight, bias]))];
  },

  draw(view) {
    const { state, kept } = view, data = kept.data ??= this.data(), { lr, batch_size, step, walks } = state;
    const rows = this.rows(state), next = this.after(data, state.w, lr, rows), height = (w) => this.height(data, w).toFixed(2);
    this.drawMap(view);
    view.line([...state.trail, state.w].map((w) => this.at(view, w)), "second");
    if (walks.key !== this.key(state)) {
      const [weight, bias] = state.w.map((value) => value.toFixed(1));
      const [byWeight, byBias] = this.gradient(data, state.w, rows).map((value) => value.toFixed(2));
      view.arrow(this.at(view, state.w), this.at(view, next), "fourth strong");
      view.say(_`At w = ${weight}, b = ${bias} the mean loss is ${height(state.w)}. `
        + _`The gradient of ${batch_size} points is (${byWeight}, ${byBias}): a step at ${lr} leads to ${height(next)}.`);
    } else {
      const ends = walks.paths.map((path) => this.endOf(data, path[step])), count = (kind) => ends.filter((end) => end === kind).length;
      for (const path of walks.paths) view.line(path.slice(0, step + 1).map((w) => this.at(view, w)), "second thin faint");
      walks.paths.forEach((path, i) => this.mark(view, ...this.at(view, path[step]), ends[i]));
      view.say(step < this.num_steps ? _`Step ${step} of ${this.num_steps}.`
        : _`At ${lr}, of 20 walks ${count("valley")} reach the green valley, ${count("flat")} end on the flat place, ${count("elsewhere")} elsewhere.`);
    }
    this.addBall(view);
  },

  /** The ground, cut at many biases, the farthest first, and tinted by depth. */
  drawMap(view) {
    const axis = Array.from({ length: 31 }, (_, i) => 6 - i / 2.5);
    const ground = view.kept[view.width] ??= axis.flatMap((bias) => {
      const points = axis.map((weight) => this.at(view, [weight, bias])), floor = view.height - 154 - 19 * bias;
      const cut = (highest, look) => view.line([[points[0][0], floor], ...points.map(([x, y]) => [x, Math.max(y, highest)]), [points[30][0], floor]], look);
      return [cut(0, "node soft hair"), ...this.tints.map(([loss, look]) => cut(this.up(view, bias, loss), `${look} tint`))];
    });
    view.ink.append(...ground);
    const [left] = this.at(view, [-6, -6]), [back, top] = this.at(view, [-6, 6]);
    view.axes(hand.scale(-6, 6, left, view.width - left), { from: view.height - 40 }, "w");
    view.add("text", { x: left + 8, y: view.height - 50 }, "b = −6");
    view.add("text", { x: back - 6, y: top + 4, class: "end" }, "b = 6");
    for (const [kind, text, w] of [["valley", _`valley`, [4.4, -2.6]], ["flat", _`flat place`, [-0.4, -5.2]]]) {
      const [x, y] = this.at(view, w);
      this.mark(view, x - 10, y, kind);
      view.add("text", { x, y: y + 4, class: kind === "valley" ? "third bold" : "soft" }, text);
    }
  },

  /** It follows the finger on the ground, which is higher or lower there. */
  addBall(view) {
    const { state, width } = view, [weight, bias] = state.w.map(inside), [x, y] = this.at(view, state.w);
    const biases = Array.from({ length: 121 }, (_, i) => -6 + i / 10), far = (b, pixel) => Math.abs(this.at(view, [state.w[0], b])[1] - pixel);
    const across = Object.assign(() => x, { back: (pixel) => 6 * (pixel - width / 2) / (this.at(view, [6, state.w[1]])[0] - width / 2) });
    const back = Object.assign(() => y, { back: (pixel) => biases.reduce((best, b) => (far(b, pixel) < far(best, pixel) ? b : best)) });
    view.handle("ball", {
      label: _`the ball`, text: _`w ${weight.toFixed(1)}, b ${bias.toFixed(1)}, mean loss ${this.height(view.kept.data, state.w).toFixed(2)}`,
      look: "second", x: { scale: across, value: weight, min: -6, max: 6, step: 0.1 }, y: { scale: back, value: bias, min: -6, max: 6, step: 0.1 },
      move: (state, weight, bias) => Object.assign(state, { w: [weight, bias], trail: [] }),
      press: (state) => this.take(view, state),
    });
  },

  mark(view, x, y, kind) {
    if (kind === "flat") return view.line([[x - 3, y - 3], [x + 3, y + 3], [x, y], [x - 3, y + 3], [x + 3, y - 3]], "second");
    return view.add("circle", { cx: x, cy: y, r: 4, class: { valley: "third fill", elsewhere: "line soft" }[kind] });
  },
};
