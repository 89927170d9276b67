// What a page says once, below its header, when this browser has no room for what the reader does. progress.js loads this then.

import { addStyle, button, made } from "./dom.js";

export const NO_ROOM = "This browser has no room left, so it does not keep all that you do here. Save My course as a file before you leave this page.";

export function show() {
  addStyle("page/course.css");
  const open = button("My course", () => document.querySelector(".my-course").click());
  const note = made("section", { className: "no-room", role: "alert" }, made("p", { textContent: NO_ROOM }), open,
    button("×", () => note.remove(), "Close this note"));
  document.querySelector("body > header").after(note);
}
