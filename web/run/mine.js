// The functions that the reader has written and that were judged right, kept in this browser. They are also one file, mynet.py,
// in the form that utils/mynet.py reads and writes.

const KEY = "mine ", OFF = "the book's network";
const FIRST = "from utils.mynet import *\n", LAST = "\nuse(globals())\n";
const SECTION = /^# --- (.+)\n/m;

export const mine = (name) => kept(KEY + name);
export const noteVerdict = (name, verdict, right) => noteTry(KEY + name, verdict, right);
export function saveMine(name, code) {
  keep(KEY + name, code);
  dispatchEvent(new Event("mine")); // for the counts in the contents
}

export const isOff = () => kept(OFF) !== null;
export function switchOff() {
  keep(OFF, isOff() ? undefined : "yes");
  location.reload();
}

// The network that a listing has trained last, for the demonstration (demo/pad.js).
export function giveToDemo(network) {
  keep("network", JSON.stringify(network));
  dispatchEvent(new Event("network"));
}

// It is also the one that chapter 7 looks into.
export const trained = () => (isOff() ? undefined : kept("network") ?? undefined);

// All that are kept, by name.
export function all() {
  const keys = keptKeys().filter((key) => key.startsWith(KEY));
  return new Map(keys.map((key) => [key.slice(KEY.length), kept(key)]));
}

// The file mynet.py with those of the functions in `names` that are kept, in that order.
export function asFile(names) {
  const sections = names.filter((name) => mine(name) !== null).map((name) => `# --- ${name}\n${mine(name).trimEnd()}\n`);
  return [FIRST, ...sections].join("\n\n") + LAST;
}

// That file, for a page's Python, or nothing if there is none or the reader prefers the book's functions.
export const mynet = () => (isOff() || !all().size ? undefined : asFile([...all().keys()]));

// The functions in such a file, by name; none if it is another file.
export function fromFile(text) {
  const lines = text.replaceAll("\r\n", "\n");
  if (!lines.startsWith(FIRST)) return new Map();
  const [, ...parts] = lines.replace(LAST, "").split(SECTION), sections = new Map();
  for (let i = 0; i < parts.length; i += 2) sections.set(parts[i], parts[i + 1].trimEnd());
  return sections;
}
