// Other ways to write a function: right ones, shown below the reader's own once that is right, and timed on demand.

import { addressOf, button, fetched, made } from "../page/dom.js";
import { coloured } from "./edit.js";
import { NOT_TIMED } from "./sentences.js";

// The fold with those of the slot `name`. time() asks Python for the seconds of the reader's function, of the book's and of each way.
export function waysOf(name, time) {
  const place = made("div"), fold = made("details", { className: "slot-help ways" }, made("summary", { textContent: _`Other ways to write it` }), place);
  fold.addEventListener("toggle", () => open(name, time, place), { once: true });
  return fold;
}

async function open(name, time, place) {
  const all = await fetched(addressOf("run/ways.json")).then((response) => response.json()).catch(() => undefined);
  if (!all) return place.append(made("p", { textContent: _`They did not arrive. Check the connection and reload this page.` }));
  const { ways, timed } = all[name], said = made("p", { role: "status" });
  const marks = ways.map(() => made("span", { className: "took" }));
  place.append(...ways.flatMap(([why, code], i) => [made("p", {}, why, " ", marks[i]), pre(code)]));
  if (!timed) return;
  place.append(made("p", {}, button(_`Time them here`, async () => {
    said.textContent = _`Timing them.`;
    const took = await time();
    if (took === null) return (said.textContent = NOT_TIMED);
    if (!took) return (said.textContent = _`They were not timed. Press again when no listing runs.`);
    const [yours, books, ...others] = took.map(inWords);
    said.textContent = _`Yours takes ${yours}, the book's ${books}, in one case of the judge, by the median of five rounds in this browser.`;
    others.forEach((words, i) => (marks[i].textContent = _`${words} here.`));
  })), said);
}

const pre = (code) => made("div", { className: "highlight" }, made("pre", { tabIndex: 0 }, ...coloured(code)));

const inWords = (seconds) => (seconds < 1e-3 ? `${Math.round(1e6 * seconds)} µs` : `${(1e3 * seconds).toFixed(1)} ms`);
