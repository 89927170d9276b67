// Chapter 10: the computational graph of one neuron. A node shows the paths from it to L, and what their slopes make of its gradient.

import * as hand from "./kit.js";

export const picture = {
  places: { w1: [0, 5], x1: [1, 5], w2: [2.1, 5], x2: [3.1, 5], b: [4, 4], p1: [0.5, 4], p2: [2.6, 4], s: [2, 3], h: [2, 2], e: [2, 1], L: [2, 0] },
  inputs: ["w1", "x1", "w2", "x2", "b"],

  start: () => ({ values: { w1: 3, x1: 2, w2: 1, x2: -1, b: 1 }, node: "" }),

  /** The values of all nodes, and their edges: [from, to, slope]. */
  forward(inputs) {
    const { w1, x1, w2, x2, b } = inputs, p1 = w1 * x1, p2 = w2 * x2, s = p1 + p2 + b, h = Math.max(s, 0), e = h - 4;
    const edges = [["w1", "p1", x1], ["x1", "p1", w1], ["w2", "p2", x2], ["x2", "p2", w2], ["p1", "s", 1], ["p2", "s", 1],
      ["b", "s", 1], ["s", "h", Number(s > 0)], ["h", "e", 1], ["e", "L", e], ["e", "L", e]];
    return { values: { ...inputs, p1, p2, s, h, e, L: e * e }, edges };
  },

  /** All paths from a node to L, each a list of edges. */
  paths(node, edges) {
    if (node === "L") return [[]];
    return edges.filter(([from]) => from === node).flatMap((edge) => this.paths(edge[1], edges).map((path) => [edge, ...path]));
  },

  /** How fast L grows with a node: along a path the slopes are multiplied, and the paths are added. */
  gradient(node, edges) {
    return this.paths(node, edges).map((path) => path.reduce((product, edge) => product * edge[2], 1)).reduce((a, b) => a + b) + 0;
  },

  draw(view) {
    const { state } = view, { values, edges } = this.forward(state.values), node = state.node;
    const side = Math.min(110, (view.width - 60) / 4.6), left = (view.width - 4 * side) / 2;
    const at = (name) => [left + side * this.places[name][0], view.height - 30 - (view.height - 70) / 5 * this.places[name][1]];
    const paths = node ? this.paths(node, edges) : [], lit = new Set(paths.flat());
    edges.forEach((edge, i) => this.drawEdge(view, at, edge, { 9: -1, 10: 1 }[i] ?? 0, lit.has(edge)));
    for (const name of Object.keys(this.places)) this.drawNode(view, at(name), name, values[name], this.gradient(name, edges));
    view.say(node ? this.sentence(node, paths, this.gradient(node, edges)) : _`Point at a number, or tap it. The five inputs can be dragged up and down.`);
  },

  drawEdge(view, at, [from, to, slope], bend, lit) {
    const [x1, y1] = at(from), [x2, y2] = at(to), gap = Math.min(36 / Math.abs(x2 - x1), 24 / Math.abs(y2 - y1));
    const start = [x1 + (x2 - x1) * gap, y1 + (y2 - y1) * gap], end = [x2 - (x2 - x1) * gap, y2 - (y2 - y1) * gap];
    const middle = [(x1 + x2) / 2 + bend * 26, (y1 + y2) / 2], look = lit ? "fourth" : "soft thin";
    view.add("path", { class: `line ${look}`, d: `M${start.map(Math.round)}Q${middle.map(Math.round)} ${end.map(Math.round)}` });
    const turn = Math.atan2(end[1] - middle[1], end[0] - middle[0]), tip = (by) => [end[0] - 7 * Math.cos(turn + by), end[1] - 7 * Math.sin(turn + by)];
    view.line([tip(0.5), end, tip(-0.5)], look);
    const side = bend || (x2 < x1 ? 1 : -1);
    if (lit) view.add("text", { x: (start[0] + end[0]) / 2 + side * (bend ? 20 : 8), y: (y1 + y2) / 2 + 4, class: `bold fourth ${side < 0 ? "end" : ""}` }, slope);
  },

  drawNode(view, [x, y], name, value, gradient) {
    const input = this.inputs.includes(name), scale = hand.scale(value - 10, value + 10, y + 120, y - 120);
    const width = Math.min(66, view.width / 5.4); // two neighbours fit beside each other
    const size = (text) => ({ "font-size": hand.clamp(1.5 * (width - 6) / text.length, 9, 13) });
    const values = [`${name} = ${value}`, `d${name} = ${gradient}`];
    view.add("rect", { x: x - width / 2, y: y - 21, width, height: 42, rx: 8, class: `node ${input ? "first" : "soft"}` });
    view.add("text", { x, y: y - 4, class: "middle bold", ...size(values[0]) }, values[0]);
    view.add("text", { x, y: y + 14, class: "middle fourth", ...size(values[1]) }, values[1]);
    if (input) view.add("text", { x, y: y - 26, class: "middle first" }, "↕");
    view.handle(name, {
      label: name, text: _`${value}, gradient ${gradient}`, x, box: [width, 42],
      y: input ? { scale, value, min: -9, max: 9, step: 1 } : y,
      choose: (state) => { state.node = name; },
      move: (state, _, value) => { Object.assign(state, { node: name, values: { ...state.values, [name]: value } }); },
    });
  },

  sentence(node, paths, gradient) {
    if (node === "L") return _`L grows as fast as itself: dL = 1.`;
    const written = (number) => (number < 0 ? `(${number})` : number);
    const products = paths.map((path) => path.map((edge) => written(edge[2])).join(" · "));
    const way = [node, ...paths[0].map((edge) => edge[1])].join(" → ");
    return _`Two paths lead along ${way}. d${node} = ${products.join(" + ")} = ${gradient}.`;
  },
};
