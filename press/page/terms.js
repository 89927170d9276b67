// The meaning of a term, a link into the glossary, beside it: where it is pointed at or has the focus, and at a tap, of which the second
// follows the link. main.js loads this at the first of them. The glossary's page is the source.

import { addStyle, fetched, made } from "./dom.js";

const says = made("div", { className: "term-says", role: "tooltip", id: "term-says", hidden: true });
const pages = new Map(); // glossaries that were fetched, by address
let shown; // the link whose meaning is shown

async function meaningOf({ href, hash }) {
  const address = href.slice(0, -hash.length);
  if (!pages.has(address)) pages.set(address, glossary(address));
  let term = (await pages.get(address)).getElementById(decodeURIComponent(hash.slice(1)));
  while (term.nextElementSibling.matches("dt")) term = term.nextElementSibling;
  return `${term.textContent.replace("#", "").trim()}: ${term.nextElementSibling.textContent.replace(/\s+/g, " ").trim()}`;
}

async function glossary(address) {
  const response = await fetched(address);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function hide() {
  says.hidden = true;
  shown?.removeAttribute("aria-describedby");
  shown = undefined;
}

function place(link) {
  says.style.left = 0; // so that it is as wide as it can be
  const { left, bottom, top } = link.getClientRects()[0], { width, height } = says.getBoundingClientRect();
  const isAbove = bottom + height > innerHeight && top > height;
  says.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8)) + scrollX}px`;
  says.style.top = `${(isAbove ? top - height : bottom) + scrollY}px`;
}

export async function explain(link) {
  if (link === shown) return;
  hide();
  shown = link;
  try {
    const meaning = await meaningOf(link);
    if (link !== shown) return; // the reader has gone on
    if (!link.matches(":hover, :focus")) return hide(); // and before this script was there
    says.textContent = meaning;
    says.hidden = false;
    link.setAttribute("aria-describedby", says.id);
    place(link);
  } catch {
    pages.clear(); // it is asked for again
    hide(); // the link leads to it
  }
}

document.querySelector("main").append(says); // a landmark
addEventListener("resize", () => shown && !says.hidden && place(shown));
document.addEventListener("pointerover", ({ target }) => shown && document.activeElement !== shown && ![shown, says].includes(target) && hide());
document.addEventListener("focusout", ({ target }) => target === shown && hide());
document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
document.addEventListener("pointerdown", ({ target }) => ![shown, says].includes(target) && hide());
await addStyle("page/terms.css");
