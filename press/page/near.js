// The pictures in the hand, and what else of a book's own is loaded when the reader scrolls near it.

import { button, made, whenSeen } from "./dom.js";
import { each } from "./plugs.js";

async function loadPicture(place) {
  const [{ show }, { picture }] = await Promise.all([import("../hand/kit.js"), import(`../hand/${place.dataset.hand}.js`)]);
  show(place, picture);
}

// What stood there stays where the scripts don't arrive, and a button asks for them again.
function attempt(place, load) {
  return load(place).catch((error) => {
    console.error(error);
    const again = button(_`Try again`, () => (says.remove(), attempt(place, load))); // Firefox fails again until the page is loaded anew
    const says = made("span", { className: "remark" }, _` It could not be loaded. `, again, _` If that doesn't help, reload the page.`);
    (place.matches(".hand") ? place.nextElementSibling : place.lastElementChild).append(says); // where room is reserved
  });
}

// One that loads much is loaded at the first sign of a reader, which comes before any hand is on it.
const reader = new Promise((comes) => {
  for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(sign, comes, { once: true, passive: true });
});

for (const [selector, load] of Object.entries(Object.assign({ ".hand": loadPicture }, ...each("near")))) {
  for (const place of document.querySelectorAll(selector)) {
    (place.closest(".waits") ? reader : Promise.resolve()).then(() => whenSeen(place, () => attempt(place, load), "300px"));
  }
}
