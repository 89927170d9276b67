// The networks that the reader has trained, each kept by a name: the reader's, or what is known of its training. The demonstration and
// chapter 7 show one of them, the one in use: that which the reader has chosen, or else the best.

import { all, get, put, recordOf, set, watch } from "./kept.js";

const MOST = 5, BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const CHOSEN = { kind: "network chosen" };

// What is known of a training in words: "10 epochs, learning rate 0.5: 87.1 %".
function wordsFor({ epochs, lr, accuracy }) {
  const parts = [epochs && `${epochs} epoch${epochs > 1 ? "s" : ""}`, lr !== undefined && `learning rate ${lr}`].filter(Boolean);
  return (parts.join(", ") || "trained") + (accuracy === undefined ? "" : `: ${(100 * accuracy).toFixed(1)} %`);
}

// Whether a value is a network as kernel.py writes it and demo/network.js reads it: two layers, with what is known of their training.
export function isNetwork(value) {
  const { W1, b1, W2, b2, epochs = 1, accuracy = 0, lr = 0, ...more } = Object(value), units = sizeOf(b1);
  return units >= 1 && units <= 4096 && sizeOf(W1) === 784 * units && sizeOf(W2) === 10 * units && sizeOf(b2) === 10
    && Number.isInteger(epochs) && epochs >= 1 && accuracy >= 0 && accuracy <= 1 && Number.isFinite(accuracy) && Number.isFinite(lr) && isEmpty(more);
}

const isEmpty = (object) => Object.keys(object).length === 0;

// The number of weights in a part of it, NaN if it is none.
function sizeOf(part) {
  const { scale, bytes, ...more } = Object(part);
  const isPart = Number.isFinite(scale) && typeof bytes === "string" && bytes.length % 4 === 0 && BASE64.test(bytes) && isEmpty(more);
  return isPart ? (bytes.length / 4) * 3 - bytes.match(/=*$/)[0].length : NaN;
}

// All of them, [{thing, name, isNamed, network}, ...], the oldest first. One of an older edition has no name.
export function networks() {
  return all("network").filter(([, { value }]) => isNetwork(value))
    .sort(([, one], [, other]) => (one.changed ?? "").localeCompare(other.changed ?? ""))
    .map(([thing, { value }]) => ({
      thing, name: thing.about ?? wordsFor(value), isNamed: ![undefined, wordsFor(value)].includes(thing.about), network: value,
    }));
}

export function inUse() {
  const some = networks(), share = ({ network }) => network.accuracy ?? 0;
  return some.find(({ name }) => name === get(CHOSEN)) ?? some.sort((one, other) => share(other) - share(one))[0];
}

export const choose = (name) => set(CHOSEN, name);

// Call hear() after each change of them, or of the choice.
export const watchNetworks = (hear) => watch(({ kind }) => ["network", CHOSEN.kind].includes(kind) && hear());

// Keep a network that a listing has trained. For the sixth one goes: the oldest that has no name of the reader's and is not in use.
export function keepTrained(network) {
  if (!isNetwork(network)) return; // a reader's code may say anything
  const thing = { kind: "network", about: wordsFor(network) }, others = networks().filter(({ name }) => name !== thing.about);
  const [oldest] = others.filter(({ isNamed, name }) => !isNamed && name !== inUse().name);
  if (oldest && others.length >= MOST) put(oldest.thing, {});
  set(thing, network);
}

// Give a network another name, if no other has it.
export function rename({ thing }, given) {
  const about = given.trim().replace(/\s+/g, " ").slice(0, 60);
  if (!about || networks().some(({ name }) => name === about)) return;
  put({ kind: "network", about }, recordOf(thing));
  put(thing, {});
  choose(about);
}
