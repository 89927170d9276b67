// What check, check_problem and the judge of a slot said of a reader's answer, kept in this browser for as long as the answer stays
// the same.

import { get, HERE, set, tried } from "../page/kept.js";

const verdictOn = ({ original }) => ({ kind: "verdict", page: HERE, about: original });
const KINDS = { question: "check", problem: "problem", function: "function" }; // of things, by what Python says an answer is about
// A verdict as text, from its parts: what Python prints of it (utils/judges/verdicts.py).
export const WORDS = { right: "Right", "not yet": "Not yet", "not answered": "Not answered yet" };
export const inWords = ({ kind, why, example }) => `${WORDS[kind]}: ${why}${example && `\n${example}`}`;

// Keep what was said of `code` in the place of one.original.
export const keepVerdict = (one, code, kind, said) => set(verdictOn(one), { code, kind, said });

// What was said of that code, {kind, said}, if it was the last.
export function keptVerdict(one, code) {
  const last = get(verdictOn(one));
  return last?.code === code ? last : undefined;
}

// The note of who is lost stands below what is not right yet (page/lost.js).
const mark = (cell, kind) => (cell.dataset.verdict = kind === "right" ? "right" : "not yet");

// checked: the verdicts that a run of the listing has heard, as kernel.py says. The book's own code is no try of the reader's.
export function rememberVerdicts(listing, code, checked) {
  if (!checked.length) return;
  const kind = ["not yet", "not answered", "right"].find((kind) => checked.some((verdict) => verdict.kind === kind));
  mark(listing.cell, kind);
  keepVerdict(listing, code, kind, listing.output.text());
  if (code === listing.original) return;
  for (const verdict of checked.filter(({ kind }) => kind !== "not answered")) {
    tried({ kind: KINDS[verdict.about], about: verdict.name }, inWords(verdict), verdict.kind === "right");
  }
}

export function recallVerdict(listing) {
  const { code, original } = listing, last = keptVerdict(listing, code);
  if (!last || code === original) return;
  listing.output.remind(`When this ran last: ${last.said}`);
  mark(listing.cell, last.kind);
}
