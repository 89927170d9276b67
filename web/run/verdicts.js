// What check and check_problem said of a reader's answer, kept in this browser for as long as the answer stays the same.

const keyOf = ({ original }) => `verdict on ${location.pathname} ${original}`;

export function rememberVerdict(listing, code) {
  if (!/\bcheck(_problem)?\(/.test(code)) return;
  const said = listing.output.text(), key = keyOf(listing), [, mark] = said.match(/^(?:. )?(Right|Not yet): /m) ?? [];
  keep(key, JSON.stringify({ code, said }));
  if (mark && code !== listing.original) noteTry(key, said, mark === "Right");
}

export function recallVerdict(listing) {
  const { code, said } = JSON.parse(kept(keyOf(listing)) ?? "{}");
  if (said && code === listing.code && code !== listing.original) listing.output.remind(`When this ran last: ${said}`);
}
