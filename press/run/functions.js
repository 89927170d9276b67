// The functions that the reader has written and that were judged right, kept in this browser. They are also one file, a module for
// notebooks: the book's functions, a section for each of the reader's, and their use.

import { BOOK } from "../page/dom.js";
import { all, get, set } from "../page/kept.js";

export const FILE = `${BOOK.functions}.py`;
const FIRST = `from ${BOOK.package}.${BOOK.functions} import *\n`, LAST = "\nuse(globals())\n";
const SECTION = /^# --- (.+)\n/m;
const MARK = "\n# --- ", QUOTED = "\n# \\--- "; // how a section begins, and how a reader's line stands there that begins so
const BOOKS = { kind: "the book's functions" };

export const functionOf = (name) => ({ kind: "function", about: name });

export const isOff = () => get(BOOKS) !== undefined;
export function switchOff() {
  set(BOOKS, isOff() ? undefined : "yes");
  location.reload();
}

// All that are written, by name.
export function written() {
  const codes = all("function").map(([{ about }, { value }]) => [about, value]);
  return new Map(codes.filter(([, code]) => code !== undefined));
}

// The file with those of the functions in `names` that are written, in that order.
export function asFile(names, end = LAST) {
  const codes = written(), sections = names.filter((name) => codes.has(name))
    .map((name) => MARK + name + `\n${codes.get(name).trimEnd()}\n`.replaceAll(MARK, QUOTED));
  return [FIRST, ...sections].join("\n") + end;
}

// The names of all functions that the reader writes, in their order: the contents have them.
export const namesOfAll = () => [...document.querySelectorAll(".contents [data-slots]")].flatMap(({ dataset }) => dataset.slots.split(","));

// Those for a page's Python, by name, or nothing if there are none or the reader prefers the book's.
export const used = () => (isOff() || !written().size ? undefined : Object.fromEntries(written()));

// The functions in such a file, by name; none if it is another file.
export function fromFile(text) {
  const lines = text.replaceAll("\r\n", "\n");
  if (!lines.startsWith(FIRST)) return new Map();
  const [, ...parts] = (lines.endsWith(LAST) ? lines.slice(0, -LAST.length) : lines).split(SECTION), sections = new Map();
  for (let i = 0; i < parts.length; i += 2) sections.set(parts[i], `\n${parts[i + 1]}`.replaceAll(QUOTED, MARK).slice(1).trimEnd());
  return sections;
}
