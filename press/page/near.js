// The demonstration and the pictures in the hand. Each is loaded when the reader scrolls near it.

import { button, made, whenSeen } from "./dom.js";

const PARTS = {
  "#demo, #draw": async (place) => {
    const [{ show }] = await Promise.all(["pad", "drawing", "network", "images", "weights-10"].map((name) => import(`../demo/${name}.js`))); // at once
    show(place);
  },
  ".hand": async (place) => {
    const [{ show }, { picture }] = await Promise.all([import("../hand/kit.js"), import(`../hand/${place.dataset.hand}.js`)]);
    show(place, picture);
  },
};

// What stood there stays where the scripts don't arrive, and a button asks for them again.
function load(place, part) {
  return part(place).catch((error) => {
    console.error(error);
    const again = button(_`Try again`, () => (says.remove(), load(place, part))); // Firefox fails again until the page is loaded anew
    const says = made("span", { className: "remark" }, _` It could not be loaded. `, again, _` If that doesn't help, reload the page.`);
    (place.matches(".hand") ? place.nextElementSibling : place.lastElementChild).append(says); // where room is reserved
  });
}

// One that loads much is loaded at the first sign of a reader, which comes before any hand is on it.
const reader = new Promise((comes) => {
  for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(sign, comes, { once: true, passive: true });
});

for (const [selector, part] of Object.entries(PARTS)) {
  for (const place of document.querySelectorAll(selector)) {
    (place.closest(".waits") ? reader : Promise.resolve()).then(() => whenSeen(place, () => load(place, part), "300px"));
  }
}
if (location.hash.startsWith("#drawing=")) document.querySelector("#demo, #draw")?.scrollIntoView(); // a link to a picture
