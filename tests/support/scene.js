async (listings) => {
  // What session.js does with dependencies.js. A listing is given by its index.
  const { freshOf, inputsOf, plan, record } = await import("/course/run/dependencies.js"), lastWriter = new Map();
  const indices = (some) => some.map((listing) => listings.indexOf(listing));
  window.scene = {
    edit(i, code, facts) { // what Python says of the code once it is asked, at the next press
      Object.assign(listings[i], { code, unsaid: facts });
      return indices([...freshOf(listings)]);
    },
    next(target, done) { // the listing that `target` needs next
      for (const listing of listings.slice(0, target + 1)) listing.facts = listing.unsaid ?? listing.facts;
      const i = indices(plan(listings, listings[target], lastWriter)).find((i) => !done.includes(i));
      const { inputs, unknown, drawnAfter } = inputsOf(listings, listings[i], lastWriter);
      listings[i].inputs = inputs;
      return [i, unknown, listings.indexOf(drawnAfter)];
    },
    end(target, done, changed) { // the last of `done` has run
      const i = done.at(-1), { code, facts, inputs } = listings[i];
      record(listings, listings[i], { code, facts, how: "ran", changed, inputs }, lastWriter);
      return [i === target ? null : scene.next(target, done), indices([...freshOf(listings)])];
    },
  };
}
