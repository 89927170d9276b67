async (listings) => {
  // What session.js does with dependencies.js. A listing is given by its index.
  const { plan, reading, note, upToDate } = await import("/course/run/dependencies.js"), last = new Map();
  const indices = (some) => some.map((listing) => listings.indexOf(listing));
  window.scene = {
    begin(target, done) { // the listing that `target` needs next
      const i = indices(plan(listings, listings[target], last)).find((i) => !done.includes(i));
      const { read, unknown, drawnAfter } = reading(listings, listings[i], last);
      listings[i].read = read;
      return [i, unknown, listings.indexOf(drawnAfter)];
    },
    end(i, changed) {
      const { code, facts, read } = listings[i];
      note(listings, listings[i], { code, facts, how: "ran", changed, read }, last);
    },
    fresh: () => indices([...upToDate(listings)]),
  };
}
