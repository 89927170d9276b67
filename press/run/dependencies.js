// The dataflow between listings: whose results are still fresh, and which listings have to run first.
//
// Of a listing only {code, facts, run} matters here. `facts` is the analysis of its code (effects.py), `run` its last run:
//
//   code, facts  what ran
//   how          "ran", "failed" or "stopped"
//   seconds      how long
//   changed      the names whose values it has changed
//   inputs       for each name that it read, the run that had written it
//   version      two runs with the same result have the same: they ran the same code on inputs of the same versions
//   reached      how far it has come, in the words of the book's Python, if its result can be used although it was stopped
//   isLost       whether the Python that held the result has ended
//   showsOld     whether an earlier output stands below the listing
//
// The parents of a listing are, for each name that it reads, the last listing above that writes it, if there is one.

const RANDOM = "random numbers", SETTINGS = "settings", CLOCK = "the clock"; // as effects.py names them
const isState = (name) => name === RANDOM || name === SETTINGS;

// Whether its present code has a result: it has run to its end, or was stopped, and what needs it goes on with what it has reached.
// What was stopped otherwise has none, so whatever needs it runs it again.
const ranAsItStands = ({ run, code }) => run?.code === code && (run.how !== "stopped" || Boolean(run.reached));

// The names that a listing itself reads. The check of an answer does not depend on random numbers and settings.
function referencesOf(listing) {
  const { facts, run } = listing, names = [...facts.references];
  if (facts.asks) return names;
  if (facts.opaque) names.push(SETTINGS);
  if (!facts.seeds && (ranAsItStands(listing) ? run.changed.includes(RANDOM) : facts.opaque)) names.push(RANDOM);
  return names;
}

// `writerOf(name)` is the last listing above that writes it. A listing that uses a function also reads what the function reads.
function parentsOf(listing, writerOf) {
  const parents = new Map(), names = referencesOf(listing);
  while (names.length) {
    const name = names.shift();
    if (parents.has(name)) continue;
    parents.set(name, writerOf(name));
    names.push(...(writerOf(name)?.facts.deferred ?? []));
  }
  return parents;
}

// The names that a listing writes: those that its run changed; before the first run, all that it may change.
function writtenBy({ code, facts, run }, parents) {
  if (run && (run.code === code || facts.code !== code)) return [...run.facts.definitions, ...run.changed];
  const given = [...parents].filter(([, parent]) => parent).map(([name]) => name);
  return [...facts.definitions, ...(facts.opaque ? [...given, RANDOM, SETTINGS] : [])];
}

// For each listing its `parents`, and the names that it `writes`. An imported name changes only where it is defined again.
function dataflow(listings) {
  const imported = new Set(listings.flatMap(({ facts }) => facts?.imports ?? []));
  const writers = new Map(), flow = new Map();
  let star; // the last listing that may define any name, as `from module import *` does
  for (const listing of listings) {
    const { facts } = listing;
    if (!facts) continue;
    const parents = parentsOf(listing, (name) => writers.get(name) ?? star);
    const writes = writtenBy(listing, parents).filter((name) => facts.definitions.includes(name) || !imported.has(name));
    flow.set(listing, { parents, writes });
    if (facts.definitions.includes("*") && !ranAsItStands(listing)) star = listing;
    for (const name of writes) writers.set(name, listing);
  }
  return flow;
}

// The listings whose results are those of the present code above them. All others are stale.
export function freshOf(listings, flow = dataflow(listings)) {
  const fresh = new Set();
  for (const [listing, { parents }] of flow) {
    const { run } = listing;
    const isAsItWas = ([name, parent]) =>
      (!parent || fresh.has(parent)) && run.inputs.get(name)?.version === parent?.run.version;
    if (ranAsItStands(listing) && [...parents].every(isAsItWas)) fresh.add(listing);
  }
  return fresh;
}

// Those of the `fresh` listings whose results can be used although the listings in `needed` run again. These make new objects,
// equal to the old ones. What was computed from the old ones may refer to them, as an array refers to its graph.
function reusableOf(fresh, flow, needed) {
  const reusable = new Set();
  for (const listing of [...flow.keys()].filter((one) => fresh.has(one) && !needed.has(one))) {
    const objects = [...flow.get(listing).parents].filter(([name, parent]) =>
      parent && !isState(name) && !parent.facts.imports.includes(name));
    const isOfOldObjects = objects.some(([name, parent]) =>
      !reusable.has(parent) || listing.run.inputs.get(name) !== parent.run);
    if (!isOfOldObjects) reusable.add(listing);
  }
  return reusable;
}

// The listings to run so that the outputs of `target` follow from the code above it, itself included. These are the stale ones
// above, except that the check of an answer needs only its parents, and parents whose results have been overwritten since.
// `lastWriter` has for each name the run that wrote it last. The state of the random numbers can be restored, so it is never
// overwritten.
export function plan(listings, target, lastWriter) {
  const flow = dataflow(listings), above = listings.slice(0, listings.indexOf(target));
  const fresh = new Set([...freshOf(listings, flow)].filter(({ run }) => !run.isLost));
  const needed = new Set([...(target.facts.asks ? [] : above.filter((listing) => !fresh.has(listing))), target]);
  const inOrder = () => listings.filter((listing) => needed.has(listing));
  for (let size = 0; size < needed.size;) {
    size = needed.size;
    const reusable = reusableOf(fresh, flow, needed);
    const writers = new Map(lastWriter); // of runs, and of the listings in `needed` that have run before the one looked at
    for (const listing of inOrder()) {
      const { parents, writes } = flow.get(listing);
      for (const [name, parent] of parents) {
        const isThere = name === RANDOM || writers.get(name) === parent?.run;
        if (parent && !(isThere && (isState(name) ? fresh : reusable).has(parent))) needed.add(parent);
      }
      for (const name of writes) writers.set(name, listing);
    }
  }
  return inOrder();
}

// Some listings, and those that need what these make: by default not those to which they leave but a state.
export function withDependents(some, listings, counts = (name) => !isState(name)) {
  const found = new Set(some);
  for (const [other, { parents }] of dataflow(listings)) {
    if ([...parents].some(([name, parent]) => counts(name) && found.has(parent))) found.add(other);
  }
  return found;
}

// What a listing that is about to run finds:
//
//   inputs      for each name that it reads, the run that wrote it
//   unknown     names to be deleted first: it reads or certainly defines them, and no listing above writes them
//   drawnAfter  the listing after whose random numbers it continues
//
// Python will be changed accordingly, and so `lastWriter` is changed here.
export function inputsOf(listings, listing, lastWriter) {
  const flow = dataflow(listings), { parents } = flow.get(listing), drawnAfter = parents.get(RANDOM);
  const above = listings.slice(0, listings.indexOf(listing));
  const writtenAbove = new Set(above.flatMap((other) => flow.get(other)?.writes ?? []));
  const orphans = [...parents].filter(([, parent]) => !parent).map(([name]) => name);
  const names = [...orphans, ...listing.facts.certain.filter((name) => !writtenAbove.has(name))];
  const unknown = names.filter((name) => lastWriter.has(name));
  unknown.forEach((name) => lastWriter.delete(name));
  if (drawnAfter?.run) lastWriter.set(RANDOM, drawnAfter.run);
  return { inputs: new Map([...parents.keys()].map((name) => [name, lastWriter.get(name)])), unknown, drawnAfter };
}

const results = new Map(); // the last run with each result, by all that decides it
let versions = 0; // how many there are

// Record how a listing ran.
export function record(listings, listing, run, lastWriter) {
  listing.run = run;
  const names = [...dataflow(listings).get(listing).parents.keys()].sort();
  const key = isRepeatable(run, names) ? keyOf(run, names) : undefined, sameResult = results.get(key);
  run.version = sameResult?.version ?? ++versions;
  run.changed = [...new Set([...(sameResult?.changed ?? []), ...run.changed])]; // an option is changed only the first time
  if (key) results.set(key, run);
  for (const name of [...run.facts.definitions, ...run.changed]) lastWriter.set(name, run);
}

// Whether the same code would give the same result with the same inputs. It would not if the run was stopped, if it reads a clock, or
// if its random numbers follow nothing that is known.
const isRepeatable = (run, names) =>
  run.how !== "stopped" && !names.includes(CLOCK) && (!names.includes(RANDOM) || run.inputs.get(RANDOM));

const keyOf = (run, names) => JSON.stringify([run.code, names.map((name) => [name, run.inputs.get(name)?.version])]);
