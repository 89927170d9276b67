// The first script of the pictures in the hand, the only one that is loaded with the page. It loads the kit, and the script of a
// picture when the reader scrolls near it. They are plain scripts that share the object `hand`, not modules, so that a book opened
// from a folder works too.
"use strict";

const hand = { pictures: {}, home: new URL(document.currentScript.src), scripts: {} };

/** Loads NAME.js from the folder of this script, once. Returns a promise. */
hand.load = (name) => hand.scripts[name] ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = new URL(`${name}.js${hand.home.search}`, hand.home);   // of the same edition as this script
  script.addEventListener("load", resolve);
  script.addEventListener("error", reject);
  document.head.append(script);
});

/** Puts the picture in the place of its stored one, which stays where the scripts can't be had. */
hand.begin = async (stage) => {
  const name = stage.dataset.hand;
  await Promise.all([hand.load("kit"), hand.load(name)]);
  await Promise.all((hand.pictures[name].needs ?? []).map(hand.load));
  hand.show(stage, hand.pictures[name]);
};

hand.observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    hand.observer.unobserve(target);
    hand.begin(target).catch(() => {});
  }
}, { rootMargin: "300px" });
document.querySelectorAll(".hand").forEach((stage) => hand.observer.observe(stage));
