// What check, check_problem and the judge of a slot said of a reader's answer, kept in this browser for as long as the answer stays
// the same.

const keyOf = ({ original }) => `verdict on ${HERE} ${original}`;
// A verdict as text, from its parts: what Python prints of it (utils/judges/verdicts.py).
const WORDS = { right: "Right", "not yet": "Not yet", "not answered": "Not answered yet" };
export const inWords = ({ kind, why, example }) => `${WORDS[kind]}: ${why}${example && `\n${example}`}`;

const outcomeOf = (said) => said.match(/^(?:. )?(Right|Not yet): /m)?.[1];

// Keep what was said of `code` in the place of one.original.
export const keepVerdict = (one, code, said) => keep(keyOf(one), JSON.stringify({ code, said }));

// What was said of that code, if it was the last.
export function keptVerdict(one, code) {
  const last = JSON.parse(kept(keyOf(one)) ?? "{}");
  return last.code === code ? last.said : undefined;
}

// The tick of the chapter counts it (theme/static/theme.js).
function mark(cell, outcome) {
  cell.dataset.verdict = outcome === "Right" ? "right" : "not yet";
  dispatchEvent(new Event("answered"));
}

export function rememberVerdict(listing, code) {
  if (!/\bcheck(_problem)?\(/.test(code)) return;
  const said = listing.output.text(), outcome = outcomeOf(said);
  keepVerdict(listing, code, said);
  if (outcome && code !== listing.original) noteTry(keyOf(listing), said, outcome === "Right");
  mark(listing.cell, outcome);
}

export function recallVerdict(listing) {
  const { code, original } = listing, said = keptVerdict(listing, code);
  if (!said || code === original) return;
  listing.output.remind(`When this ran last: ${said}`);
  mark(listing.cell, outcomeOf(said));
}
