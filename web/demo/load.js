// The demonstration's first script, the only one that is loaded with the page: it loads the others when the reader scrolls near.
// They are plain scripts that share the object mlpDemo, not modules, so that a book opened from a folder works too.
"use strict";

const mlpDemo = {
  home: new URL(document.currentScript.src),
  weights: {},   // by epoch, filled by weights-0.js and its like
  scripts: {},   // the promises of requested scripts

  /** Loads NAME.js from the folder of this script, once; returns a promise. */
  load(name) {
    this.scripts[name] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`${name}.js${this.home.search}`, this.home);   // of the same edition as this script
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => {
        delete this.scripts[name];   // so that the next call tries again
        reject(new Error(`${name}.js did not load`));
      });
      document.head.append(script);
    });
    return this.scripts[name];
  },

  async begin(place) {
    try {
      await Promise.all(["network", "images", "weights-10", "pad"].map((name) => this.load(name)));
      this.show(place);
    } catch {
      place.append("It could not be loaded. Reload the page to try again.");
    }
  },
};

{
  const place = document.querySelector("#demo, #draw");
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      observer.disconnect();
      mlpDemo.begin(place);
    }
  }, { rootMargin: "200px" });
  observer.observe(place);
  if (location.hash.startsWith("#drawing=")) place.scrollIntoView(); // a link to a picture
}
