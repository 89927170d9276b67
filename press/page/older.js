// What older editions kept, and wrote into files, in the form of this one.

import { merge, pageAt } from "./kept.js";

const ROOT = new URL("..", import.meta.url).pathname;

// An entry of a file, a thing and its record in one object, as the entries that this edition writes: until the end of 2028, since files
// are kept long. The tries of an answer were those of its listing, and are now those of the check that is called in it.
export function upgraded(entry) {
  const { kind, page, about, value } = entry ?? {}, at = { ...entry, ...(page === "" && { page: "index.html" }) };
  if (kind === "help") return [{ ...at, kind: value === "book" ? "book shown" : "lines given" }];
  if (kind !== "verdict") return [at];
  const [, word] = String(value?.said).match(/^(?:. )?(Right|Not yet): /m) ?? [], { tries, first, last, ...rest } = at;
  const [, ofProblem, name] = String(about).match(/\bcheck(_problem)?\(\s*["']([^"']+)/) ?? [];
  if (value) rest.value = { ...value, kind: { Right: "right", "Not yet": "not yet" }[word] ?? "not answered" };
  if (!tries || !name) return [{ ...at, ...rest }];
  return [rest, { kind: ofProblem ? "problem" : "check", about: name, tries, first, last }];
}

// Until the end of 2027: a value had a key of its own, and its history one that begins with "when ". Returns whether there were any.
const OLD = /^(?:(answer|edit of|verdict on|read|done) (\/\S*) ?([^]*)|(mine|help with) ([^]+)|(network|name of the reader|the book's network|covers nothing|asked again|has dragged))$/;
const NOW = { "edit of": "edit", "verdict on": "verdict", mine: "function", "help with": "help", "name of the reader": "name",
  "the book's network": "the book's functions", "covers nothing": "no covers" };

export function takeOver() {
  const keys = [...new Set(Object.keys(localStorage).map((key) => key.replace(/^when /, "")))];
  return keys.filter(take).length > 0;
}

function take(key) {
  const [, ofPage, path = ROOT, text, named, name, alone] = key.match(OLD) ?? [], old = ofPage ?? named ?? alone;
  if (!old || !path.startsWith(ROOT)) return false; // it is another site's
  try {
    const kind = NOW[old] ?? old, was = localStorage.getItem(key), { at, tries, first, last } = JSON.parse(localStorage.getItem(`when ${key}`)) ?? {};
    const value = was === null ? undefined : ["verdict", "network"].includes(kind) ? JSON.parse(was) : was;
    const date = (at) => at && new Date(at).toJSON(), dated = (one) => one && { ...one, at: date(one.at) };
    const dates = { changed: date(at), tries, first: dated(first), last: dated(last) };
    for (const entry of upgraded({ kind, page: ofPage && pageAt(path), about: text ?? name, value, ...dates })) merge(entry, entry);
  } catch {
    return false; // there is no room for it, or it is none of ours: it stays where it is
  }
  localStorage.removeItem(key);
  localStorage.removeItem(`when ${key}`);
  return true;
}
