// The networks that the reader has trained, each kept by a name: the reader's, or what is known of its training. The demonstration and
// chapter 7 show one of them, the one in use: that which the reader has chosen, or else the one trained last.

import { all, get, put, recordOf, set, watch } from "./kept.js";

const MOST = 5, BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const LARGEST = 1e12; // scale, as in epochs.py, with which no sum of a network leaves float32
const CHOSEN = { kind: "network chosen" };
const BOOKS = { units: 256, batch: 256 };

// What is known of a training in words: "10 epochs, learning rate 0.5: 87.1 %", with what is not as in the book.
function wordsFor({ epochs, lr, batch_size = BOOKS.batch, b1, accuracy }) {
  const units = atob(b1.bytes).length;
  const parts = [
    epochs && `${epochs} epoch${epochs > 1 ? "s" : ""}`, lr !== undefined && `learning rate ${lr}`,
    units !== BOOKS.units && `${units} units`, batch_size !== BOOKS.batch && `batches of ${batch_size}`,
  ].filter(Boolean);
  return (parts.join(", ") || "trained") + (accuracy === undefined ? "" : `: ${(100 * accuracy).toFixed(1)} %`);
}

// Whether a value is a network as epochs.py writes it and demo/network.js reads it: two layers, with what is known of their training.
export function isNetwork(value) {
  const { W1, b1, W2, b2, epochs = 1, accuracy = 0, lr = 0, batch_size = 1, curve = [], ...more } = Object(value), units = sizeOf(b1);
  return units >= 1 && units <= 4096 && sizeOf(W1) === 784 * units && sizeOf(W2) === 10 * units && sizeOf(b2) === 10
    && isCount(epochs) && isCount(batch_size) && accuracy >= 0 && accuracy <= 1 && Number.isFinite(accuracy) && Number.isFinite(lr) && isCurve(curve) && isEmpty(more);
}

const isCount = (value) => Number.isInteger(value) && value >= 1;
// The share of test images that were right after some of its epochs: [[epoch, share], ...].
const isCurve = (curve) => Array.isArray(curve) && curve.length <= 200 && curve.every((point) => Array.isArray(point) && point.length === 2
  && isCount(point[0]) && point[1] >= 0 && point[1] <= 1);
const isEmpty = (object) => Object.keys(object).length === 0;

// The number of weights in a part of it, NaN if it is none.
function sizeOf(part) {
  const { scale, bytes, ...more } = Object(part);
  const isPart = Math.abs(scale) <= LARGEST && Number.isFinite(scale) && typeof bytes === "string" && bytes.length % 4 === 0 && BASE64.test(bytes) && isEmpty(more);
  return isPart ? (bytes.length / 4) * 3 - bytes.match(/=*$/)[0].length : NaN;
}

// All of them, [{thing, name, isNamed, network}, ...], the oldest first.
export function networks() {
  return all("network").filter(([, { value }]) => isNetwork(value))
    .sort(([, one], [, other]) => (one.changed ?? "").localeCompare(other.changed ?? ""))
    .map(([thing, { value }]) => ({ thing, name: thing.about, isNamed: thing.about !== wordsFor(value), network: value }));
}

export function inUse() {
  const some = networks();
  return some.find(({ name }) => name === get(CHOSEN)) ?? some.at(-1);
}

export const choose = (name) => set(CHOSEN, name);

// Call hear(isChoice) after each change of them, or of the choice.
export const watchNetworks = (hear) =>
  watch(({ kind }) => ["network", CHOSEN.kind].includes(kind) && hear(kind === CHOSEN.kind));

let latest; // the training that goes on in this page: its number, the thing that its last epoch is kept as, and whether that was new

// Keep a network as it is after an epoch, in the place of the epoch before. A new training is in use from then on.
export function keepTrained({ training, ...network }) {
  if (!isNetwork(network)) return; // a reader's code may say anything
  const thing = { kind: "network", about: wordsFor(network) };
  const isNew = training !== latest?.training || network.epochs === 1 || get(latest.thing) === undefined; // forgotten, or named
  const before = isNew ? undefined : latest, isSame = before?.thing.about === thing.about;
  const isOurs = isSame ? before.isOurs : get(thing) === undefined;
  if (isNew) makeRoom(thing.about);
  if (before?.isOurs && !isSame) put(before.thing, {});
  set(thing, network);
  if (isNew) choose(undefined);
  else if (get(CHOSEN) === before.thing.about) choose(thing.about);
  latest = { training, thing, isOurs };
}

// For the sixth one goes: the oldest that has no name of the reader's and is not in use.
function makeRoom(coming) {
  const others = networks().filter(({ name }) => name !== coming), used = inUse();
  const [oldest] = others.filter(({ isNamed, name }) => !isNamed && name !== used.name);
  if (oldest && others.length >= MOST) put(oldest.thing, {});
}

// Give a network another name; without one it is called by its training again. Returns whether that is possible: no two have one name.
export function rename({ thing, network }, given) {
  const about = given.trim().replace(/\s+/g, " ").slice(0, 60) || wordsFor(network);
  if (about === thing.about) return true;
  if (networks().some(({ name, thing: other }) => name === about && other.about !== thing.about)) return false;
  put({ kind: "network", about }, recordOf(thing));
  put(thing, {});
  choose(about);
  return true;
}

export const forgetNetwork = ({ thing }) => set(thing, undefined);
