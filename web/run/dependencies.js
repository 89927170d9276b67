// The dependencies between listings, from which the page derives which outputs are out of date and which listings have to run first.
//
// A listing is {code, facts, run}. `facts` is the static analysis of its code (effects.py), `run` describes its last run: {code,
// facts, how, changed, read, version}. A version identifies the result of a run: its code, and the versions of the names it read.

export const RANDOM = "random numbers", SETTINGS = "settings"; // as effects.py names them
const versions = new Map();

export const ranAsItStands = ({ run, code }) => run?.code === code;

// The names that a listing writes: those that its run changed; before the first run, all that it may change.
function written({ code, facts, run }) {
  if (run && (run.code === code || facts.code !== code)) return [...run.facts.binds, ...run.changed];
  return [...facts.binds, ...(facts.opaque ? [...facts.loads, RANDOM, SETTINGS] : [])];
}

// For each listing the names that it reads, and for each of these the last listing above that writes it, if there is one. An
// imported name changes only where it is bound again. A listing that uses a function also reads the names that the function reads.
function sources(listings) {
  const imported = new Set(listings.flatMap(({ facts }) => facts?.imports ?? []));
  const writers = new Map(), found = new Map();
  let all; // the last listing that may bind any name, as `from module import *` does
  for (const listing of listings) {
    const { facts, run } = listing;
    if (!facts) continue;
    const draws = ranAsItStands(listing) ? run.changed.includes(RANDOM) : facts.opaque;
    const names = new Set(facts.opaque ? [...facts.loads, SETTINGS] : facts.loads);
    if (draws && !facts.seeds) names.add(RANDOM);
    const from = new Map();
    for (const name of names) { // grows during the loop
      from.set(name, writers.get(name) ?? all);
      from.get(name)?.facts.later.forEach((later) => names.add(later));
    }
    found.set(listing, from);
    if (facts.binds.includes("*") && !ranAsItStands(listing)) all = listing;
    for (const name of written(listing)) if (facts.binds.includes(name) || !imported.has(name)) writers.set(name, listing);
  }
  return found;
}

// The listings whose results are those of the present code above them.
export function upToDate(listings) {
  const good = new Set();
  for (const [listing, from] of sources(listings)) {
    const { run } = listing;
    const holds = ([name, source]) => (!source || good.has(source)) && run.read.get(name) === source?.run.version;
    if (ranAsItStands(listing) && run.how !== "stopped" && [...from].every(holds)) good.add(listing);
  }
  return good;
}

// The listings to run so that the outputs of `target` follow from the code above it, itself included: listings above that are not up
// to date (for a listing that checks an answer, only those that it needs), and listings it needs whose results were overwritten since.
// `last` has the present version of each name. The state of the random numbers can be restored, so it never counts as overwritten.
export function plan(listings, target, last) {
  const found = sources(listings), good = upToDate(listings), above = listings.slice(0, listings.indexOf(target));
  const needed = new Set([...(target.facts.asks ? [] : above.filter((listing) => !good.has(listing))), target]);
  const inOrder = () => listings.filter((listing) => needed.has(listing));
  for (let size = 0; size < needed.size;) {
    size = needed.size;
    const there = new Map(last); // for each name its version after the listings so far have run, or the listing that writes it
    for (const listing of inOrder()) {
      for (const [name, source] of found.get(listing)) {
        const kept = source && good.has(source) && (name === RANDOM || there.get(name) === source.run.version);
        if (source && (needed.has(source) ? there.get(name) !== source : !kept)) needed.add(source);
      }
      for (const name of written(listing)) there.set(name, listing);
    }
  }
  return inOrder();
}

// For a listing that is about to run: the versions of the names that it reads; the names to delete first, because no listing above
// writes them, of those that it reads or is sure to bind; and the listing after whose random numbers it continues.
export function reading(listings, listing, last) {
  const from = sources(listings).get(listing), drawnAfter = from.get(RANDOM);
  const above = new Set(listings.slice(0, listings.indexOf(listing)).filter(({ facts }) => facts).flatMap(written));
  const read = [...from].filter(([, source]) => !source).map(([name]) => name);
  const unknown = [...read, ...listing.facts.surely.filter((name) => !above.has(name))].filter((name) => last.has(name));
  unknown.forEach((name) => last.delete(name));
  if (drawnAfter?.run) last.set(RANDOM, drawnAfter.run.version);
  return { read: new Map([...from.keys()].map((name) => [name, last.get(name)])), unknown, drawnAfter };
}

// Record how a listing ran.
export function note(listings, listing, run, last) {
  listing.run = run;
  const names = [...sources(listings).get(listing).keys()].sort();
  const again = run.how !== "stopped" && (!names.includes(RANDOM) || run.read.get(RANDOM)); // whether another run would give the same result
  const key = JSON.stringify([run.code, names.map((name) => [name, run.read.get(name)]), again ? "" : versions.size]);
  if (!versions.has(key)) versions.set(key, versions.size + 1);
  run.version = versions.get(key);
  for (const name of written({ ...listing, code: run.code })) last.set(name, run.version);
}
