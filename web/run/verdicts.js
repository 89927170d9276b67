// What check, check_problem and the judge of a slot said of a reader's answer, kept in this browser for as long as the answer stays
// the same.

import { get, HERE, set, tried } from "../page/kept.js";

const verdictOn = ({ original }) => ({ kind: "verdict", page: HERE, about: original });
// A verdict as text, from its parts: what Python prints of it (utils/judges/verdicts.py).
const WORDS = { right: "Right", "not yet": "Not yet", "not answered": "Not answered yet" };
export const inWords = ({ kind, why, example }) => `${WORDS[kind]}: ${why}${example && `\n${example}`}`;

const outcomeOf = (said) => ({ Right: "right", "Not yet": "not yet" }[said.match(/^(?:. )?(Right|Not yet): /m)?.[1]] ?? "not answered");

// Keep what was said of `code` in the place of one.original.
export const keepVerdict = (one, code, kind, said) => set(verdictOn(one), { code, kind, said });

// What was said of that code, {kind, said}, if it was the last.
export function keptVerdict(one, code) {
  const last = get(verdictOn(one));
  return last?.code === code ? last : undefined;
}

// The tick of the chapter counts it (page/progress.js).
const mark = (cell, kind) => (cell.dataset.verdict = kind === "right" ? "right" : "not yet");

export function rememberVerdict(listing, code) {
  if (!/\bcheck(_problem)?\(/.test(code)) return;
  const said = listing.output.text(), kind = outcomeOf(said);
  mark(listing.cell, kind);
  keepVerdict(listing, code, kind, said);
  if (kind !== "not answered" && code !== listing.original) tried(verdictOn(listing), said, kind === "right");
}

export function recallVerdict(listing) {
  const { code, original } = listing, last = keptVerdict(listing, code);
  if (!last || code === original) return;
  listing.output.remind(`When this ran last: ${last.said}`);
  mark(listing.cell, last.kind);
}
