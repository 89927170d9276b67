// The script of every page: what a reader has done, and what comes when it is wanted.

import "./progress.js";
import { all, holdsWork, watch } from "./kept.js";

const loaded = {};
// Call a function of a module that this page needs from now on, if it arrives.
const use = (name, call) => (loaded[name] ??= import(`./${name}.js`)).then(call, () => {});
const on = (events, act) => events.forEach((event) => document.querySelector("article").addEventListener(event, act));

document.querySelector(".my-course").onclick = async ({ currentTarget: button }) => {
  const says = button.nextElementSibling;
  says.textContent = "";
  try {
    (await import("./course.js")).open();
  } catch {
    says.textContent = _`The script of My course did not arrive. Check the connection and reload this page.`;
  }
};

if (["answer", "own words", "check"].some((kind) => all(kind).length)) use("again", ({ offer }) => offer());
if (document.querySelector(".admonition.inventory")) use("inventory");
on(["pointerover", "focusin"], (event) => use("lost", ({ point }) => point(event)));

// Work that this browser does not keep is said once.
let full;
watch(() => holdsWork() && (full ??= import("./full.js").then(({ show }) => show(), () => (full = undefined))));

// A term of the glossary: where there is nothing to point with, the first tap shows its meaning.
let tapped;
on(["pointerover", "focusin", "click"], (event) => {
  const link = event.target.closest?.("a.term");
  if (event.type === "click" && link && link !== tapped && matchMedia("(hover: none)").matches) event.preventDefault();
  if (event.type === "click") tapped = link;
  if (link) use("terms", ({ explain }) => explain(link));
});

// Later than all that the page itself needs, it is kept for a visit without a network. A busy browser may find no idle moment.
const keep = () => use("offline", ({ keepPage }) => keepPage());
addEventListener("load", () => (window.requestIdleCallback ? requestIdleCallback(keep, { timeout: 5000 }) : setTimeout(keep)));
