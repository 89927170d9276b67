// Chapter 12: the graph of the losses. Its nodes are arrays, as large as their shapes, and their gradients go back node by node.

import * as hand from "./kit.js";

const node = (op, shape, wide, narrow, from = [], rules = []) => ({ op, shape, wide, narrow, from, rules });

export const picture = {
  // In the order in which they are computed: an operation, a shape, a place, and for each input the rule for its gradient
  nodes: {
    W1: node("W1", [5, 4], [0, 0], [0, 0]),
    b1: node("b1", [4], [1, 0], [1.2, 0]),
    W2: node("W2", [4, 3], [3, 0], [3, 0]),
    b2: node("b2", [3], [4, 0], [4, 0]),
    dot1: node("dot", [6, 4], [0, 1], [0, 1], ["W1"], [_`Xᵀ dC`]),
    add1: node("add", [6, 4], [1, 1], [1, 1], ["dot1", "b1"], [_`dC`, _`the sum of its rows`]),
    relu: node("relu", [6, 4], [2, 1], [2, 1], ["add1"], [_`dC where it has not cut`]),
    dot2: node("dot", [6, 3], [3, 1], [3, 1], ["relu", "W2"], [_`dC W2ᵀ`, _`Hᵀ dC`]),
    O: node("add", [6, 3], [4, 1], [4, 1], ["dot2", "b2"], [_`dC`, _`the sum of its rows`]),
    max: node("max", [6, 1], [5, 0], [4, 2], ["O"], [_`dC, to the largest entry of each row`]),
    Z: node("subtract", [6, 3], [6, 1], [3, 2], ["O", "max"], [_`dC`, _`minus the sum of each row`]),
    exp: node("exp", [6, 3], [7, 1], [2, 2], ["Z"], [_`dC times its result`]),
    sum: node("sum", [6], [8, 1], [1, 2], ["exp"], [_`dC, to each entry of the row`]),
    log: node("log", [6], [9, 1], [0, 2], ["sum"], [_`dC divided by its input`]),
    pick: node("pick", [6], [8, 0], [3, 3], ["Z"], [_`dC, to the right class of each row`]),
    l: node("subtract", [6], [10, 1], [0, 3], ["log", "pick"], [_`dC`, _`minus dC`]),
  },

  start() {
    return { node: "", passed: this.passing().length };
  },

  /** The nodes with inputs, from the losses back: the order in which they pass their gradients on. */
  passing() {
    return Object.keys(this.nodes).filter((name) => this.nodes[name].from.length).reverse();
  },

  /** How many gradients have come to a node when so many nodes have passed theirs on, and how many will. */
  arrived(name, passed) {
    const users = this.passing().filter((user) => this.nodes[user].from.includes(name));
    if (!users.length) return { come: 1, all: 1 };   // the losses: it begins there
    return { come: users.filter((user) => this.passing().indexOf(user) < passed).length, all: users.length };
  },

  controls() {
    const all = this.passing().length;
    return [
      hand.button(_`Backward`, (view) => {
        view.change((state) => { Object.assign(state, { node: "", passed: 0 }); });
        view.play(16 * all, (k, state) => { state.passed = Math.floor(k / 16); });
      }, true),
      hand.button(_`One node back`, (state) => { Object.assign(state, { node: "", passed: (state.passed + 1) % (all + 1) }); }),
    ];
  },

  draw(view) {
    const { node, passed } = view.state, wide = view.width > 560, order = this.passing(), isDone = passed === order.length;
    const x = wide ? hand.scale(0, 10, 36, view.width - 36) : hand.scale(0, 4, 36, view.width - 30), unit = wide ? 8 : 7;
    const y = wide ? hand.scale(0, 1, 32, view.height - 64) : hand.scale(0, 3, 28, view.height - 60);
    const at = (name) => {
      const [column, row] = this.nodes[name][wide ? "wide" : "narrow"];
      return [x(column), y(row)];
    };
    const now = node || (isDone ? "" : order[passed - 1]);
    for (const [name, { from }] of Object.entries(this.nodes)) for (const source of from) this.drawEdge(view, at(source), at(name), name === now);
    for (const name of Object.keys(this.nodes)) this.drawNode(view, name, at(name), unit, passed, name === now);
    if (now) view.say(this.sentence(now));
    else if (isDone) view.say(_`Point at an array, or tap it, to see what it hands back.`);
    else view.say(_`The gradient of each loss with respect to itself is 1. From here the gradients go back.`);
  },

  /** An arrow, from 34 pixels past the middle of a node to 30 before that of the next. */
  drawEdge(view, [x1, y1], [x2, y2], lit) {
    const length = Math.hypot(x2 - x1, y2 - y1), steep = Math.abs(y2 - y1) > Math.abs(x2 - x1);
    const on = (pixels) => [x1 + (x2 - x1) * pixels / length, y1 + (y2 - y1) * pixels / length];
    const start = on(steep ? (y2 > y1 ? 60 : 30) : 24), end = on(length - (steep ? y2 > y1 ? 28 : 62 : 22)), look = lit ? "fourth" : "soft thin";
    const turn = Math.atan2(y2 - y1, x2 - x1), tip = (by) => [end[0] - 6 * Math.cos(turn + by), end[1] - 6 * Math.sin(turn + by)];
    view.line([start, end], look);
    view.line([tip(0.5), end, tip(-0.5)], look);
  },

  drawNode(view, name, [x, y], unit, passed, lit) {
    const { op, shape, from } = this.nodes[name], [rows, columns] = shape.length === 2 ? shape : from.length ? [shape[0], 1] : [1, shape[0]];
    const [width, height] = [unit * columns, unit * rows], { come, all } = this.arrived(name, passed), look = from.length ? "first" : "second";
    const box = { x: x - width / 2, y: y - height / 2, width, height };
    // Its gradient, of the same shape, behind it: an outline until all parts have come
    const place = { ...box, x: box.x + 5, y: box.y + 5 };
    if (come) view.add("rect", { ...place, class: come === all ? "fourth fill" : "line fourth dashed" });
    view.add("rect", { ...box, class: `node ${look}` });
    view.add("rect", { ...box, class: `${look} tint` });
    view.add("text", { x, y: y + height / 2 + 19, class: `middle bold ${from.length ? "" : look}` }, op);
    view.add("text", { x, y: y + height / 2 + 34, class: "middle soft" }, `(${shape.length === 1 ? `${shape},` : shape.join(", ")})`);
    view.handle(name, {
      label: op, text: _`${shape.join(" × ")}, ${come} of ${all} gradients have come`, x, y, box: [width + 8, height + 8], reach: 24, look: lit ? "fourth" : look,
      choose: passed < this.passing().length ? undefined : (state) => { state.node = name; },   // else it would end what plays
    });
  },

  sentence(name) {
    const { op, from, rules } = this.nodes[name];
    if (!from.length) return _`${op} is a parameter, so its gradient stays here, in its shape.`;
    const handed = from.map((source, i) => _`${rules[i]} to ${this.nodes[source].op}`);
    return _`With the gradient dC, ${op} hands back ${handed.join("; ")}.`;
  },
};
