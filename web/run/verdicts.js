// What check and check_problem said of a reader's answer, kept in this browser for as long as the answer stays the same.

const keyOf = ({ original }) => `verdict on ${location.pathname} ${original}`;
const outcomeOf = (said) => said.match(/^(?:. )?(Right|Not yet): /m)?.[1];

// The tick of the chapter counts it (theme/static/theme.js).
function mark(cell, outcome) {
  cell.dataset.verdict = outcome === "Right" ? "right" : "not yet";
  dispatchEvent(new Event("answered"));
}

export function rememberVerdict(listing, code) {
  if (!/\bcheck(_problem)?\(/.test(code)) return;
  const said = listing.output.text(), key = keyOf(listing), outcome = outcomeOf(said);
  keep(key, JSON.stringify({ code, said }));
  if (outcome && code !== listing.original) noteTry(key, said, outcome === "Right");
  mark(listing.cell, outcome);
}

export function recallVerdict(listing) {
  const { code, said } = JSON.parse(kept(keyOf(listing)) ?? "{}");
  if (!said || code !== listing.code || code === listing.original) return;
  listing.output.remind(`When this ran last: ${said}`);
  mark(listing.cell, outcomeOf(said));
}
