// What this browser keeps of a reader's work, one drawer for all scripts. A thing is {kind, page, about}, where what does not apply is
// left out: an answer has the page and the text of its question, a function its name alone. All that is known of a thing is one record,
// {value, changed, tries, first, last}, in which the times are ISO texts, and `first` and `last` are tries, {said, right, at, wrong}, of
// which `wrong` is the time of the last wrong one so far. The file of My course (course.js) is a list of such things with their records.

import { recordIn } from "./forms.js";
import { bringBack, NAME, ROOT, taken, write } from "./log.js";

// Of the keys in the browser's storage; kind, page and about follow, each after a line break.
const START = `${NAME}\n`;
// Of keys from before copies were kept apart.
const OF_ALL = "my course\n";
// By key, what storage that is blocked or full did not take: this page alone has it.
const held = new Map();
const listeners = [];
// As a look for keys finds when this file is loaded.
let isBlocked = false;

// A page as things name it, by its path on the host. The first one has two addresses.
export const pageAt = (path) => path.slice(ROOT.length).replace(/^$|\/$/, "$&index.html");
export const HERE = pageAt(location.pathname);

// --- One thing --------------------------------------------------------------------------------------------------------------

export const get = (thing) => recordOf(thing).value;

// Keep a value, or none. It may be anything that JSON can write.
export function set(thing, value) {
  put(thing, { ...recordOf(thing), value, changed: now() });
  tell(thing, false);
}

// Note a try at a thing: the answer or the verdict in words, and whether it is right. What is kept of its value has not changed by it.
// A wrong one after a right one is none, but a look at what else is said, unless the thing was asked anew.
export function tried(thing, said, right, isAnew = false) {
  const record = recordOf(thing);
  if (record.last?.right && !right && !isAnew) return;
  const at = now(), last = { said: said.trim().slice(0, 300), right, at, wrong: right ? record.last?.wrong : at };
  put(thing, { ...record, tries: (record.tries ?? 0) + 1, first: record.first ?? last, last });
  tell(thing, false);
}

export const recordOf = (thing) => read(keyOf(thing));

// Keep a record as it is; an empty one forgets the thing. The page is not told. Returns whether the browser's storage has taken it.
export function put(thing, record) {
  const key = keyOf(thing), text = textOf(record) === "{}" ? null : textOf(record);
  held.delete(key);
  held.set(key, text);
  // Storage may be blocked, or full. Where there is room again, it takes what it did not take before, too.
  try {
    const time = isWork(key) && write(key, text);
    for (const [key, text] of [...held].reverse()) {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      held.delete(key);
    }
    if (time) taken(time);
  } catch {}
  return !held.has(key);
}

// Whether the browser's storage takes what is kept: "open", "full" or "blocked".
export const storage = () => (isBlocked ? "blocked" : held.size ? "full" : "open");

// Whether something that the reader has done is in this page alone. Where somebody has read is no work, nor a seed.
export const holdsWork = () => [...held].some(([key, text]) => text !== null && isWork(key));
const isWork = (key) => !["place", "read", "seed"].includes(thingOf(key).kind);

// --- All of them ------------------------------------------------------------------------------------------------------------

// The things of a kind, or of all, with their records: [[thing, record], ...].
export function all(kind) {
  return keys().map(thingOf).filter((thing) => !kind || thing.kind === kind).map((thing) => [thing, recordOf(thing)]);
}

// Of two records of a thing: the value that was changed last, the first try, the last and the last wrong one, and the larger number of tries.
export function together(ours, theirs) {
  // Of a value nothing more may be known than that it is there.
  const rank = ({ changed, value }) => changed ?? (value === undefined ? "" : "0");
  const { value, changed } = rank(theirs) > rank(ours) ? theirs : ours, tried = [ours, theirs].filter(({ tries }) => tries);
  const by = (part) => tried.map((one) => one[part]).sort((a, b) => a.at.localeCompare(b.at)), last = by("last");
  const wrong = last.flatMap(({ wrong, right, at }) => wrong ?? (right ? [] : at)).sort().at(-1);
  return { value, changed, ...(tried.length && { tries: Math.max(...tried.map(({ tries }) => tries)), first: by("first")[0], last: { ...last.at(-1), wrong } }) };
}

export class Full extends Error {}

// Put a record together with what is kept of the thing. Returns whether something has changed, and raises Full if there is no room.
export function merge(thing, record) {
  const ours = recordOf(thing), both = together(ours, record);
  if (textOf(both) === textOf(ours)) return false;
  if (!put(thing, both)) throw new Full();
  return true;
}

// Call hear(thing, isElsewhere) after each change of a thing: in this page, by set and tried, or elsewhere, in another tab.
export const watch = (hear) => listeners.push(hear);

// --- The browser's storage --------------------------------------------------------------------------------------------------

const now = () => new Date().toJSON();
const keyOf = ({ kind, page = "", about = "" }) => START + [kind, page, about].join("\n");
const textOf = ({ value, changed, tries, first, last }) => JSON.stringify({ value, changed, tries, first, last });
const tell = (thing, isElsewhere) => listeners.forEach((hear) => hear(thing, isElsewhere));

function thingOf(key) {
  const [kind, page, ...lines] = key.slice(START.length).split("\n"), about = lines.join("\n");
  return { kind, ...(page && { page }), ...(about && { about }) };
}

function read(key) {
  try {
    return recordIn(thingOf(key), held.has(key) ? held.get(key) : localStorage.getItem(key));
  } catch {
    // Storage is blocked, or what is there is none of ours.
    return {};
  }
}

function stored() {
  try {
    return Object.keys(localStorage);
  } catch {
    isBlocked = true;
    return [];
  }
}

function keys() {
  return [...new Set([...stored(), ...held.keys()])].filter((key) => key.startsWith(START) && held.get(key) !== null).sort();
}

addEventListener("storage", ({ key }) => key?.startsWith(START) && tell(thingOf(key), true));

// What the storage has lost comes as from another tab. There may be no room for it.
bringBack((key, text) => {
  try {
    merge(thingOf(key), JSON.parse(text));
  } catch {}
  tell(thingOf(key), true);
});

// The Back key brings a page as it was. What was kept elsewhere since then comes to it as from another tab.
let left = {};
addEventListener("pagehide", () => (left = texts()));
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  const there = texts();
  Object.keys({ ...left, ...there }).filter((key) => left[key] !== there[key]).forEach((key) => tell(thingOf(key), true));
});
const texts = () => Object.fromEntries(keys().map((key) => [key, JSON.stringify(read(key))]));

// What was kept for all copies goes to the one that is opened first.
for (const key of stored().filter((key) => key.startsWith(OF_ALL))) {
  const text = localStorage[key];
  // To make room.
  delete localStorage[key];
  try {
    merge(thingOf(START + key.slice(OF_ALL.length)), JSON.parse(text));
  } catch {
    // There is no room all the same, or it is damaged.
    localStorage[key] = text;
  }
}

// What a reader left on a chapter stays with it when it gets another number, with which its name begins. To a chapter that still is there the page has a link.
const bare = (page) => page.replace(/\b\d+_(?=\w+\.html$)/, "");
for (const [thing, record] of all()) {
  const { page = "" } = thing;
  if (page === HERE || bare(page) !== bare(HERE) || document.querySelector(`[href$="${/[^/]*$/.exec(page)}"]`)) continue;
  // There may be no room for it: it stays where it is.
  try {
    merge({ ...thing, page: HERE }, record);
    put(thing, {});
  } catch {}
}
