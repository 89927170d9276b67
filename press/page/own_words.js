// In your own words: the reader says in a few sentences what a section argues, and then ticks the points of the book's answer that these
// make. No machine marks it. press/book/question_boxes.py describes the form of such a box.

import { made } from "./dom.js";
import { all, get, HERE, set } from "./kept.js";

const KIND = "own words", DAY = 86_400_000, LONGEST = 3000;

export const boxesIn = (page) => [...page.querySelectorAll(".admonition.own-words")];
export const thingOf = (box, page) => ({ kind: KIND, page, about: promptOf(box).replace(/\s+/g, " ").trim().slice(0, 300) });
const promptOf = (box) => box.querySelector(":scope > p:not(.admonition-title)").textContent;

// What is kept of a box: what was said at one visit or two, [{text, at, ticks}, ...]. What is not compared yet has no ticks, which are
// the numbers of the points.
const listOf = (value) => [].concat(value ?? []);

// The things to be said once more: what was compared once, a day ago or longer.
export function due(now) {
  const compared = all(KIND).map(([thing, { value }]) => [thing, listOf(value).filter(({ ticks }) => ticks)]);
  return compared.filter(([, said]) => said.length === 1 && Date.parse(said[0].at) + DAY <= now).map(([thing]) => thing);
}

// Let a box, as it is in a page, take the reader's words. isAnew: once more, in an empty field.
export function askIn(box, thing = thingOf(box, HERE), isAnew = false) {
  const answer = box.querySelector(":scope > details"), points = [...answer.querySelectorAll("li")];
  const number = isAnew ? 1 : Math.max(listOf(get(thing)).length - 1, 0), said = () => listOf(get(thing))[number];
  const field = made("textarea", { rows: 4, maxLength: LONGEST, value: said()?.text ?? "" });
  const compare = made("button", { textContent: _`Compare` });
  const form = made("form", {}, made("label", {}, made("span", { textContent: _`Two or three sentences:` }), field), compare,
    made("p", { textContent: _`No machine marks this: compare, then tick those of the book's points that you made.` }));

  function keep(change) {
    const list = listOf(get(thing));
    list[number] = { at: new Date().toJSON(), ...list[number], ...change };
    if (!list[number].text.trim() && !list[number].ticks) list.length = number; // nothing is said
    set(thing, list.length ? list : undefined);
  }

  function show() {
    box.dataset.compared = "";
    compare.remove();
    const before = listOf(get(thing))[number - 1];
    if (before) form.append(made("p", { textContent: _`What you said on ${dayOf(before.at)}:` }), made("blockquote", {}, before.text));
    points.forEach((point, i) => {
      const tick = made("input", { type: "checkbox", checked: said().ticks.includes(i + 1) });
      tick.onchange = () => keep({ ticks: points.flatMap((one, k) => (one.querySelector("input").checked ? k + 1 : [])) });
      point.replaceChildren(made("label", {}, tick, made("span", {}, ...(point.querySelector(":scope > p") ?? point).childNodes)));
    });
    answer.open = true;
  }

  field.oninput = () => {
    field.setCustomValidity("");
    keep({ text: field.value });
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!field.value.trim()) {
      field.setCustomValidity(_`Write a sentence first, or unfold the answer.`);
      return field.reportValidity();
    }
    box.dataset.compared = ""; // who hears of what is kept counts it
    keep({ text: field.value, at: new Date().toJSON(), ticks: [] });
    show();
    points[0].querySelector("input").focus();
  };
  answer.before(form);
  if (said()?.ticks) show();
}

const dayOf = (at) => new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long" });

boxesIn(document).forEach((box) => askIn(box));
