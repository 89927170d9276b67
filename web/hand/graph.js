// Chapter 10: the computational graph of one neuron. Its gradients come back edge by edge; a node shows its paths to L.

import * as hand from "./kit.js";

export const picture = {
  // How many operations lead to a number at most, and its place among those beside it
  places: { w1: [0, 0], x1: [0, 1], w2: [0, 2.1], x2: [0, 3.1], b: [1, 4], p1: [1, 0.5], p2: [1, 2.6], s: [2, 2], h: [3, 2], e: [4, 2], L: [5, 2] },
  inputs: { w1: "second", x1: "first", w2: "second", x2: "first", b: "second" },
  num_edges: 11,

  start() {
    return { values: { w1: 3, x1: 2, w2: 1, x2: -1, b: 1 }, node: "", arrived: this.num_edges };
  },

  /** The values of all nodes, and their edges: [from, to, slope]. */
  forward(inputs) {
    const { w1, x1, w2, x2, b } = inputs, p1 = w1 * x1, p2 = w2 * x2, s = p1 + p2 + b, h = Math.max(s, 0), e = h - 4;
    const edges = [["w1", "p1", x1], ["x1", "p1", w1], ["w2", "p2", x2], ["x2", "p2", w2], ["p1", "s", 1], ["p2", "s", 1],
      ["b", "s", 1], ["s", "h", Number(s > 0)], ["h", "e", 1], ["e", "L", e], ["e", "L", e]];
    return { values: { ...inputs, p1, p2, s, h, e, L: e * e }, edges };
  },

  /** The gradients after the last `count` edges: each adds its slope times the gradient of its end to that of its beginning. */
  backward(edges, count = edges.length) {
    const gradients = { L: 1 };
    for (const [from, to, slope] of edges.slice(edges.length - count).reverse()) gradients[from] = (gradients[from] ?? 0) + slope * gradients[to];
    return gradients;
  },

  /** All paths from a node to L, each a list of edges. */
  paths(node, edges) {
    if (node === "L") return [[]];
    return edges.filter(([from]) => from === node).flatMap((edge) => this.paths(edge[1], edges).map((path) => [edge, ...path]));
  },

  controls() {
    return [
      hand.button(_`Backward`, (view) => {
        view.change((state) => { Object.assign(state, { node: "", arrived: 0 }); });
        view.play(12 * this.num_edges, (k, state) => { state.arrived = Math.floor(k / 12); });
      }, true),
      hand.button(_`One edge back`, (state) => { Object.assign(state, { node: "", arrived: (state.arrived + 1) % (this.num_edges + 1) }); }),
    ];
  },

  draw(view) {
    const { state: { values: inputs, node, arrived } } = view, { values, edges } = this.forward(inputs), wide = view.width > 560;
    const deep = wide ? hand.scale(0, 5, 44, view.width - 44) : hand.scale(0, 5, 40, view.height - 30);
    const beside = wide ? hand.scale(0, 4, 48, view.height - 28) : hand.scale(0, 4, 38, view.width - 38);
    const at = (name) => [deep(this.places[name][0]), beside(this.places[name][1])][wide ? "slice" : "reverse"]();
    const paths = node ? this.paths(node, edges) : [], gradients = this.backward(edges, arrived), last = edges[this.num_edges - arrived];
    const lit = new Set(arrived < this.num_edges ? [last] : paths.flat());
    edges.forEach((edge, i) => this.drawEdge(view, at, edge, { 9: -1, 10: 1 }[i] ?? 0, lit.has(edge)));
    for (const name of Object.keys(this.places)) this.drawNode(view, at(name), name, values[name], gradients[name]);
    if (node) view.say(this.sentence(node, paths, gradients[node]));
    else if (arrived === this.num_edges) view.say(_`Point at a number, or tap it. The five inputs can be dragged up and down.`);
    else if (arrived === 0) view.say(_`L grows as fast as itself: dL = 1. From here the gradients go back.`);
    else {
      const [from, to, slope] = last;
      view.say(_`Edge ${arrived} of ${this.num_edges}, ${to} to ${from}: the slope ${slope} times d${to} = ${gradients[to]} is added, and d${from} is ${gradients[from]} now.`);
    }
  },

  drawEdge(view, at, [from, to, slope], bend, lit) {
    const [x1, y1] = at(from), [x2, y2] = at(to), gap = Math.min(41 / Math.abs(x2 - x1), 24 / Math.abs(y2 - y1));
    const start = [x1 + (x2 - x1) * gap, y1 + (y2 - y1) * gap], end = [x2 - (x2 - x1) * gap, y2 - (y2 - y1) * gap];
    const down = Math.abs(y2 - y1) > Math.abs(x2 - x1), look = lit ? "fourth" : "soft thin";
    const middle = [(x1 + x2) / 2 + (down ? 30 * bend : 0), (y1 + y2) / 2 + (down ? 0 : 36 * bend)];
    view.add("path", { class: `line ${look}`, d: `M${start.map(Math.round)}Q${middle.map(Math.round)} ${end.map(Math.round)}` });
    const turn = Math.atan2(end[1] - middle[1], end[0] - middle[0]), tip = (by) => [end[0] - 7 * Math.cos(turn + by), end[1] - 7 * Math.sin(turn + by)];
    view.line([tip(0.5), end, tip(-0.5)], look);
    const [x, y] = [0, 1].map((way) => (start[way] + 2 * middle[way] + end[way]) / 4), side = bend || (down && x2 < x1 ? 1 : -1);
    const beside = down ? { x: x + 12 * side, y: y + 4 } : { x, y: y + (side < 0 ? -6 : 16) };
    view.add("text", { ...beside, class: lit ? "middle bold fourth" : "middle soft" }, slope);
  },

  drawNode(view, [x, y], name, value, gradient) {
    const role = this.inputs[name], scale = hand.scale(value - 10, value + 10, y + 120, y - 120);
    const width = Math.min(74, view.width / 5.4); // two neighbours fit beside each other
    const size = (text) => ({ "font-size": hand.clamp(1.5 * (width - 6) / text.length, 9, 13) });
    const known = gradient === undefined ? "?" : gradient + 0, texts = [`${name} = ${value}`, `d${name} = ${known}`];
    view.add("rect", { x: x - width / 2, y: y - 21, width, height: 42, rx: 8, class: `node ${role ?? "soft"}` });
    view.add("text", { x, y: y - 4, class: `middle bold ${role ?? "first"}`, ...size(texts[0]) }, texts[0]);
    view.add("text", { x, y: y + 14, class: "middle fourth", ...size(texts[1]) }, texts[1]);
    if (role) view.add("text", { x, y: y - 26, class: `middle ${role}` }, "↕");
    view.handle(name, {
      label: name, text: _`${value}, gradient ${known}`, x, box: [width, 42],
      y: role ? { scale, value, min: -9, max: 9, step: 1 } : y,
      choose: view.state.arrived < this.num_edges ? undefined : (state) => { state.node = name; },   // else it would end what plays
      move: (state, _, value) => { Object.assign(state, { node: name, arrived: this.num_edges, values: { ...state.values, [name]: value } }); },
    });
  },

  sentence(node, paths, gradient) {
    if (node === "L") return _`L grows as fast as itself: dL = 1.`;
    const written = (number) => (number < 0 ? `(${number})` : number);
    const products = paths.map((path) => path.map((edge) => written(edge[2])).join(" · "));
    const way = [node, ...paths[0].map((edge) => edge[1])].join(" → ");
    return _`Two paths lead along ${way}. d${node} = ${products.join(" + ")} = ${gradient + 0}.`;
  },
};
