// What a record must be for those who read it. Any page on this host may write into the browser's storage, and what it leaves there must
// not end a script of ours, so kept.js leaves it out. What a file of My course may hold is stricter (course.js).

const TEXTS = ["answer", "unsent", "edit", "listing", "function"]; // kinds whose value is a text
const LISTS = ["draft", "listing draft", "function draft", "own words"]; // and those whose value is a list of objects with texts

// The record of a thing in a text. Raises TypeError or SyntaxError, or gives an empty one, where it is none.
export function recordIn(thing, text) {
  const record = JSON.parse(text) ?? {}, isNamed = thing.kind !== "function" || /^[\w ]+$/.test(thing.about); // its name is part of patterns
  return isNamed && [...textsOf(thing, record)].every((part) => typeof part === "string") ? record : {};
}

function* textsOf({ kind, about }, { value = "", tries, first, last }) {
  if (kind === "listing") yield about;
  if (tries) yield* [first.at, last.at];
  if (TEXTS.includes(kind)) yield value;
  if (LISTS.includes(kind)) for (const { code, text = code, at = "", said = "", ticks = [] } of value) yield* [text, at, said, ticks.join()];
}
