// The texts of a listing that there are, each a button with its time and its verdict, and two of them side by side.

import { MOST } from "../page/answers.js";
import { addStyle, button, made } from "../page/dom.js";

// Their row, and show(), which draws it. choose(code) is called at a press.
export function makeVersions(number, choose) {
  const chips = made("span", { className: "chips" }), others = made("select"), sides = made("div", { className: "sides" });
  const compare = button(_`Compare`, () => {
    if (box.isConnected) return close();
    row.parentElement.after(box);
    compare.ariaExpanded = true;
    showSides();
  }, _`Compare versions of listing ${number}`);
  const row = made("span", { className: "versions", role: "group", ariaLabel: _`Versions of listing ${number}` }, chips, compare);
  const box = made("section", { className: "linked", ariaLabel: _`Two versions of listing ${number}` },
    made("label", {}, _`Compare with `, others), _` The last ${MOST} drafts are kept.`, sides);
  let all = [], text, drawn, before; // before: what was there before the last press
  others.onchange = showSides;

  // texts: [{name, code, said}, ...], the first of them the book's. now: the one that is in the listing.
  function show(texts, now) {
    text = now;
    all = texts.some(({ code }) => code === now) ? texts : [texts[0], { name: _`Now`, code: now }, ...texts.slice(1)];
    row.hidden = all.length < 2;
    row.classList.toggle("many", all.length > 2);
    const names = JSON.stringify(all.map(({ name, code }) => [name, code === now]));
    if (names !== drawn) draw();
    drawn = names;
    if (row.hidden) close();
    else if (box.isConnected) showSides();
  }

  function close() {
    box.remove();
    compare.ariaExpanded = false;
  }

  function draw() {
    const hadFocus = chips.contains(document.activeElement);
    chips.replaceChildren(...all.map((one) => {
      const isThere = one.code === text, chip = button(one.name, () => {
        if (isThere) return;
        before = text;
        choose(one.code);
      });
      return Object.assign(chip, { title: one.said ?? one.name, ariaPressed: isThere });
    }));
    if (hadFocus) chips.querySelector("[aria-pressed=true]").focus();
  }

  async function showSides() {
    addStyle("run/link.css");
    const { side } = await import("./changed.js");
    const present = all.find(({ code }) => code === text), rest = all.filter((one) => one !== present);
    const chosen = rest.find(({ code }) => code === (others.value || before)) ?? rest[0];
    others.replaceChildren(...rest.map(({ name, code }) => made("option", { textContent: name, value: code, selected: code === chosen.code })));
    sides.replaceChildren(side(chosen.name, chosen.code, text, "-"), side(present.name, chosen.code, text, "+"));
  }

  return { row, show };
}

// The time of a text, such as 12:03, and the day unless that is today.
export function when(at) {
  const date = new Date(at), isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString("en-GB", { hour: "2-digit", minute: "2-digit", ...(!isToday && { day: "numeric", month: "short" }) });
}
