// "I am lost here": a button goes to the heading or question that the reader points at or is in. It stays below a listing that
// failed or was judged not right yet, and at a chapter's end. note.js opens the box.

import { addStyle, button } from "./dom.js";

const PLACES = "h1, h2, h3, .question, .predict, .refute", FAILED = "[data-verdict='not yet'], :has(.traceback[data-kind])";

function noteButton(text = _`I am lost here`) {
  const pressed = button(text, async (event) => {
    event.stopPropagation(); // a press in a summary would fold it
    (await import("./note.js")).open(pressed);
  });
  pressed.className = "lost";
  return pressed;
}

// One for the mouse and one for the keyboard: where focus scrolls the page, what comes under the mouse must not take it away.
const article = document.querySelector("article"), [pointed, focused] = [noteButton(), noteButton()];
const standing = (cell) => cell?.querySelector(":scope > .lost");

export function point({ type, target }) {
  const place = target.closest?.(PLACES), there = place?.querySelector(":scope > .lost");
  if (!article.contains(place) || target === there) return;
  if (type === "focusin" && target.matches(":focus-visible")) {
    there?.remove();
    place.append(focused);
  } else if (!there) place.append(pointed);
}

function stand() {
  for (const cell of article.querySelectorAll(".cell")) {
    if (!cell.matches(FAILED)) standing(cell)?.remove();
    else if (!standing(cell)) cell.append(noteButton());
  }
}

await addStyle("page/lost.css");
new MutationObserver(stand).observe(article, { subtree: true, childList: true, attributeFilter: ["data-verdict"] });
stand();
if (document.querySelector(".turn")) article.append(noteButton(_`Say what was hard here, and what was good`));
