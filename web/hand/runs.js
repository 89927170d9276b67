// Chapter 17: trials of a remedy, each of a few runs. How often does the interval around their mean leave out 0?

import * as hand from "./kit.js";

export const picture = {
  rows: 20,   // the trials that are shown, the newest at the top

  start() {
    return { n: 3, gain: 0, trials: {} };
  },

  halves: {},   // byChance of the numbers of runs tried so far

  key: ({ n, gain }) => `${n}, ${gain}`,

  /** One more trial: np.random.seed(i), then np.random.normal(gain, size=n) for trial number i, in spreads. */
  add(state) {
    const trials = state.trials[this.key(state)] ??= [], next = this.normal(hand.random(trials.length));
    const runs = Array.from({ length: state.n }, () => state.gain + next());
    const mean = runs.reduce((a, b) => a + b) / state.n;
    const spread = Math.sqrt(runs.reduce((sum, run) => sum + (run - mean) ** 2, 0) / (state.n - 1));
    const half = (this.halves[state.n] ??= this.byChance(state.n)) * spread;
    trials.unshift({ runs, mean, low: mean - half, high: mean + half });
  },

  /** np.random.normal: Marsaglia's polar method, which gives two numbers at a time. */
  normal(random) {
    let kept = null;
    return () => {
      if (kept !== null) return [kept, kept = null][0];
      for (;;) {
        const a = 2 * random.double() - 1, b = 2 * random.double() - 1, square = a * a + b * b;
        if (square >= 1 || square === 0) continue;
        const factor = Math.sqrt(-2 * Math.log(square) / square);
        kept = factor * a;
        return factor * b;
      }
    };
  },

  /** The mean, in spreads, that n runs of a remedy which does nothing exceed, up or down, in 5 of 100 trials.
   *
   *  It is a quantile of Student's t over the root of n. With t = sqrt(n - 1) tan(angle) the density becomes a power of the cosine.
   */
  byChance(n) {
    const slices = Array.from({ length: 20000 }, (_, i) => Math.cos(Math.PI / 40000 * (i + 0.5)) ** (n - 2));
    let rest = 0.95 * slices.reduce((a, b) => a + b);
    const place = slices.findIndex((slice) => (rest -= slice) < 0);
    return Math.sqrt((n - 1) / n) * Math.tan(Math.PI / 40000 * place);
  },

  controls() {
    return [
      hand.choice(_`Runs`, "n", [3, 5, 10, 20, 35].map((n) => [n, n])),
      hand.choice(_`True gain`, "gain", [[_`none`, 0], [_`half a spread`, 0.5], [_`a spread`, 1]]),
      hand.button(_`One trial`, (state) => this.add(state)),
      hand.button(_`100 trials`, (view) => view.play(100, (k, state) => this.add(state)), true),
    ];
  },

  draw(view) {
    const { n, gain, trials: all } = view.state, key = this.key(view.state);
    while (!(all[key]?.length >= this.rows)) this.add(view.state);
    const trials = all[key];
    const x = hand.scale(-3, 4, 12, view.width - 12), y = hand.scale(0, 1, view.height - 40, 26);
    view.axes(x, y, _`gain, in spreads`);
    if (gain) view.line([[x(0), y.from], [x(0), y.to]], "soft");
    view.line([[x(gain), y.from], [x(gain), y.to]], "first dashed");
    view.add("text", { x: x(gain) + 5, y: 18, class: "first" }, _`true gain`);
    trials.slice(0, this.rows).forEach((trial, row) => this.drawTrial(view, x, row ? 50 + 15 * row : 42, trial, gain, row === 0));
    const above = trials.filter(({ low }) => low > 0).length, below = trials.filter(({ high }) => high < 0).length;
    const alarms = above + below === 0 ? _`no false alarm yet` : above + below === 1 ? _`1 false alarm`
      : _`${above + below} false alarms`, counted = gain ? "" : `: ${alarms}`;
    view.say(_`${trials.length} trials of ${n} runs: the interval lies above 0 in ${above}, below 0 in ${below}${counted}.`);
  },

  /** Green if it shows the true gain, orange if it shows one that is not there. */
  drawTrial(view, x, y, { runs, mean, low, high }, gain, newest) {
    const at = (value) => x(hand.clamp(value, x.min, x.max)), look = gain && low > 0 ? "third" : low > 0 || high < 0 ? "second" : "soft thin";
    view.line([[at(low), y], [at(high), y]], look);
    view.line([[at(mean), y - 5], [at(mean), y + 5]], look);
    if (newest) for (const run of runs) view.add("circle", { cx: at(run), cy: y, r: 4, class: "first fill" });
  },
};
