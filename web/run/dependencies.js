// The dependencies between listings, from which the page derives which outputs are out of date and which listings have to run first.
//
// A listing is {code, facts, run}. `facts` is the static analysis of its code (effects.py), `run` describes its last run: {code,
// facts, how, changed, read, version, gone}. `read` has, for each name that it read, the run that had written it. A version
// identifies the result of a run: its code, and the versions of what it read. `gone`: the Python that holds the result has ended.

export const RANDOM = "random numbers", SETTINGS = "settings"; // as effects.py names them
const isState = (name) => name === RANDOM || name === SETTINGS;
const versions = new Map(); // runs, by all that decides their results

export const ranAsItStands = ({ run, code }) => run?.code === code;

// The names that a listing itself reads. The check of an answer does not depend on random numbers and settings.
function ownNames(listing) {
  const { facts, run } = listing, names = [...facts.loads];
  if (facts.asks) return names;
  if (facts.opaque) names.push(SETTINGS);
  if (!facts.seeds && (ranAsItStands(listing) ? run.changed.includes(RANDOM) : facts.opaque)) names.push(RANDOM);
  return names;
}

// The names that a listing writes: those that its run changed; before the first run, all that it may change.
function written({ code, facts, run }, from) {
  if (run && (run.code === code || facts.code !== code)) return [...run.facts.binds, ...run.changed];
  const given = [...from].filter(([, source]) => source).map(([name]) => name);
  return [...facts.binds, ...(facts.opaque ? [...given, RANDOM, SETTINGS] : [])];
}

// For each listing `from`, the names that it reads, and for each of these the last listing above that writes it, if there is one;
// and `writes`, the names that it writes. An imported name changes only where it is bound again. A listing that uses a function
// also reads the names that the function reads.
function analysed(listings) {
  const imported = new Set(listings.flatMap(({ facts }) => facts?.imports ?? []));
  const writers = new Map(), found = new Map();
  let all; // the last listing that may bind any name, as `from module import *` does
  for (const listing of listings) {
    const { facts } = listing;
    if (!facts) continue;
    const names = new Set(ownNames(listing)), from = new Map();
    for (const name of names) { // grows during the loop
      from.set(name, writers.get(name) ?? all);
      from.get(name)?.facts.later.forEach((later) => names.add(later));
    }
    const writes = written(listing, from).filter((name) => facts.binds.includes(name) || !imported.has(name));
    found.set(listing, { from, writes });
    if (facts.binds.includes("*") && !ranAsItStands(listing)) all = listing;
    for (const name of writes) writers.set(name, listing);
  }
  return found;
}

// The listings whose results are those of the present code above them.
export function upToDate(listings, found = analysed(listings)) {
  const good = new Set();
  for (const [listing, { from }] of found) {
    const { run } = listing;
    const holds = ([name, source]) => (!source || good.has(source)) && run.read.get(name)?.version === source?.run.version;
    if (ranAsItStands(listing) && run.how !== "stopped" && [...from].every(holds)) good.add(listing);
  }
  return good;
}

// Those of `good` whose results can be used while the listings in `needed` run again. A listing that runs again makes new objects,
// equal to the old ones; a result that was computed from the old ones may refer to them, as an array refers to its graph.
function usable(found, good, needed) {
  const kept = new Set();
  const isSame = (run, name, source) => kept.has(source) && run.read.get(name) === source.run;
  for (const [listing, { from }] of found) {
    const objects = [...from].filter(([name, source]) => source && !isState(name) && !source.facts.imports.includes(name));
    if (good.has(listing) && !needed.has(listing) && objects.every(([name, source]) => isSame(listing.run, name, source))) kept.add(listing);
  }
  return kept;
}

// The listings to run so that the outputs of `target` follow from the code above it, itself included: listings above that are not up
// to date (for a listing that checks an answer, only those that it needs), and listings it needs whose results were overwritten since.
// `last` has for each name the run that wrote it last. The state of the random numbers can be restored, so it never counts as overwritten.
export function plan(listings, target, last) {
  const found = analysed(listings), above = listings.slice(0, listings.indexOf(target));
  const good = new Set([...upToDate(listings, found)].filter(({ run }) => !run.gone));
  const needed = new Set([...(target.facts.asks ? [] : above.filter((listing) => !good.has(listing))), target]);
  const inOrder = () => listings.filter((listing) => needed.has(listing));
  for (let size = 0; size < needed.size;) {
    size = needed.size;
    const kept = usable(found, good, needed);
    const there = new Map(last); // for each name the run or, once the listings so far have run, the listing that wrote it
    for (const listing of inOrder()) {
      const { from, writes } = found.get(listing);
      for (const [name, source] of from) {
        const isThere = name === RANDOM || there.get(name) === source?.run;
        if (source && !(isThere && (isState(name) ? good : kept).has(source))) needed.add(source);
      }
      for (const name of writes) there.set(name, listing);
    }
  }
  return inOrder();
}

// For a listing that is about to run: for each name that it reads the run that wrote it; the names to delete first, because no listing
// above writes them, of those that it reads or is sure to bind; and the listing after whose random numbers it continues.
export function reading(listings, listing, last) {
  const found = analysed(listings), { from } = found.get(listing), drawnAfter = from.get(RANDOM);
  const above = new Set(listings.slice(0, listings.indexOf(listing)).flatMap((other) => found.get(other)?.writes ?? []));
  const read = [...from].filter(([, source]) => !source).map(([name]) => name);
  const unknown = [...read, ...listing.facts.surely.filter((name) => !above.has(name))].filter((name) => last.has(name));
  unknown.forEach((name) => last.delete(name));
  if (drawnAfter?.run) last.set(RANDOM, drawnAfter.run);
  return { read: new Map([...from.keys()].map((name) => [name, last.get(name)])), unknown, drawnAfter };
}

// Record how a listing ran.
export function note(listings, listing, run, last) {
  listing.run = run;
  const names = [...analysed(listings).get(listing).from.keys()].sort();
  const again = run.how !== "stopped" && (!names.includes(RANDOM) || run.read.get(RANDOM)); // whether another run would give the same result
  const key = JSON.stringify([run.code, names.map((name) => [name, run.read.get(name)?.version]), again ? "" : versions.size]);
  const before = versions.get(key);
  run.version = before?.version ?? versions.size + 1;
  run.changed = [...new Set([...(before?.changed ?? []), ...run.changed])]; // setting an option changes it only the first time
  versions.set(key, run);
  for (const name of [...run.facts.binds, ...run.changed]) last.set(name, run);
}
