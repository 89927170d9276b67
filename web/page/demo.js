// The demonstration: what loads it when the reader scrolls near it, and what of it a page may still ask for without a network.

import { plug } from "./plugs.js";

const FIRST = ["pad", "drawing", "network", "images", "weights-10"]; // all that it begins with, asked for at once

plug("near", () => ({
  "#demo, #draw": async (place) => {
    const [{ show }] = await Promise.all(FIRST.map((name) => import(`../demo/${name}.js`)));
    show(place);
  },
}));
if (location.hash.startsWith("#drawing=")) document.querySelector("#demo, #draw")?.scrollIntoView(); // a link to a picture

// The pictures in the hand named here are drawn with files of it.
const ASKED = {
  "#demo, #draw": /^demo\/(?!weights-[013]\.)/,
  "[data-hand=boot]": /^demo\/(images|network|weights-10)\./,
  "[data-hand=stop]": /^demo\/(network|stopping)\./,
  "[data-hand=window]": /^demo\/network\./,
};
plug("asked", (path) => Object.entries(ASKED).some(([selector, files]) => files.test(path) && document.querySelector(selector)));
