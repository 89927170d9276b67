// What a reader was asked and last knew, by chapter and learning goal, with a link to each place: a part of My course.

import { addressOf, fetched, made } from "./dom.js";
import { recordOf } from "./kept.js";

const SITE = new URL("..", import.meta.url).href;

// The rows of questions.json, as press/book/asked.py says.
export const asked = () => fetched(addressOf("questions.json"), { cache: "no-cache" }).then((response) => response.json());

// Which of the rows the reader has tried: [{chapter, goal, words, place, isKnown}, ...], one for each goal of a question.
function triedOf(rows) {
  return rows.flatMap(([kind, page, about, words, , goals, place]) => {
    const { last } = recordOf({ kind, about, ...(kind === "answer" && { page }) }), chapter = place.split("#")[0];
    return last ? (goals.length ? goals : [_`Besides`]).map((goal) => ({ chapter, goal, words, place, isKnown: last.right })) : [];
  });
}

// Put it into a box.
export async function fill(box) {
  const rows = await asked();
  const titles = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.href.split("#")[0], link.firstChild.textContent]));
  const chapters = Map.groupBy(triedOf(rows), ({ chapter }) => chapter);
  for (const [chapter, tried] of chapters) {
    const goals = [...Map.groupBy(tried, ({ goal }) => goal)];
    box.append(made("h3", { textContent: titles.get(SITE + chapter) ?? chapter }), made("ul", {}, ...goals.map(goalWith)));
  }
  if (!chapters.size) box.append(made("p", { textContent: _`Nothing yet.` }));
}

const goalWith = ([goal, tried]) => made("li", {}, goal, made("ul", {}, ...tried.map(({ words, place, isKnown }) => made("li", { className: isKnown ? "known" : "unknown" },
  made("span", { role: "img", ariaLabel: isKnown ? _`known` : _`not yet known` }), made("a", { href: SITE + place, textContent: words })))));
