// What a page says once, below its header, when this browser does not keep what the reader does, and what asks before it is left. main.js
// loads this then.

import { addStyle, button, made } from "./dom.js";
import { holdsWork, storage, watch } from "./kept.js";

export const UNKEPT = { // by the state of the storage
  full: _`This browser has no room left, so it does not keep all that you do here. Save My course as a file before you leave this page.`,
  blocked: _`This browser allows no storage here, so what you do on this page is gone when you leave it. Save My course as a file before.`,
};

let isSaved = false; // as a file, since the last change
export const saved = () => (isSaved = true);

export function show() {
  addEventListener("beforeunload", (event) => storage() === "blocked" && holdsWork() && !isSaved && event.preventDefault());
  addStyle("page/course.css");
  const open = button(_`My course`, () => document.querySelector(".my-course").click());
  const note = made("section", { className: "no-room", role: "alert" }, made("p", { textContent: UNKEPT[storage()] }), open,
    button("×", () => note.remove(), _`Close this note`));
  document.querySelector("body > header").after(note);
  watch(() => {
    isSaved = false;
    note.hidden = storage() === "open"; // there is room again
  });
}
