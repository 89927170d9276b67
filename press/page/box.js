// A box over the page: a title, a × that closes it as Escape does, and what it shows.

import { addStyle, made } from "./dom.js";

await addStyle("page/course.css"); // before a box is first shown

export function boxOf(id, title, ...parts) {
  const close = made("button", { type: "button", className: "icon close", ariaLabel: _`Close`, onclick: () => dialog.close() });
  const dialog = made("dialog", { className: "course-box" }, made("div", { className: "head" }, made("h2", { id, textContent: title }), close), ...parts);
  dialog.setAttribute("aria-labelledby", id);
  document.body.append(dialog);
  return dialog;
}
