// "Asked again": what was answered comes back after a day, a week and a month, which begin anew with each wrong answer. What is due is
// decided in this browser, and a question is fetched from its chapter's page. A listing that asks for an answer is asked again in its chapter,
// where it stands empty, because only there it has what it needs to run.

import { joined, MOST as MOST_DRAFTS } from "./answers.js";
import { addStyle, button, fetched, made } from "./dom.js";
import { all, get, HERE, recordOf, set } from "./kept.js";
import * as ownWords from "./own_words.js";
import { askIn, drawOf, memoryOf, questionsIn, thingOf } from "./question.js";

const DAY = 86_400_000, AFTER = [DAY, 7 * DAY, 30 * DAY], MOST = 5;
const QUIET = { kind: "asked again" }; // the time, in milliseconds, at which the reader was asked last, and in further lines what; or "never"
const SITE = new URL("..", import.meta.url).href;
// The boxes of a page by what their answers are kept as.
const BOXES = {
  answer: { boxesIn: questionsIn, thingOf },
  "own words": ownWords,
  check: { boxesIn: (page) => [...page.querySelectorAll("template.task[data-kind=check]")], thingOf: ({ dataset: { about } }) => ({ about }) },
};

// The things that are due at `now`, in milliseconds: those answered wrong, then the others, the longest untouched first.
// answers: [[thing, record], ...], as kept.js gives them.
export function due(answers, now) {
  const those = answers.filter(([, record]) => isDue(record, now));
  return those.sort(([, { last: a }], [, { last: b }]) => a.right - b.right || Date.parse(a.at) - Date.parse(b.at)).map(([thing]) => thing);
}

// The days count from the last wrong try, or from the first. A try after a day has passed settles that day, and nothing comes twice in
// one. Of a try of old it is not known which was the last wrong one.
function dueAt({ first, last }) {
  if (!first) return Infinity;
  const lastAt = Date.parse(last.at), since = Date.parse(last.wrong ?? (last.right ? first : last).at);
  return Math.min(...AFTER.map((wait) => (lastAt < since + wait ? Math.max(since + wait, lastAt + DAY) : Infinity)));
}

const isDue = (record, now) => dueAt(record) <= now;
const answers = () => [...all("answer"), ...all("check")];
const dueOf = (now) => [...ownWords.due(now).slice(0, 1), ...due(answers(), now)];

// For My course: what is due, whatever the reader has said to it today, and when the next answer is, in milliseconds.
export async function standing(now = Date.now()) {
  const coming = answers().map(([, record]) => dueAt(record)).filter((at) => at > now);
  return { found: await questionsOf(dueOf(now)), next: Math.min(...coming) };
}

export async function askNow(found) {
  document.querySelector(".again")?.remove();
  set(QUIET, [Date.now(), ...found.map(({ thing }) => thing.about)].join("\n"));
  const says = made("p", { role: "status" });
  ask(await below(says), says, found);
}

// The box below the title.
async function below(says) {
  const box = made("section", { className: "again", ariaLabel: _`Asked again` }, says);
  await addStyle("page/question.css");
  document.querySelector("article h1")?.after(box);
  return box;
}

// Offer below the title what is due, unless the reader wants it never. Within a day after the reader was asked it is what is left of that.
export async function offer() {
  const now = Date.now(), [at, ...asked] = String(get(QUIET) ?? 0).split("\n"), isNewDay = now - at >= DAY;
  const isOffered = ({ about }) => isNewDay || asked.includes(about);
  const found = await questionsOf(dueOf(now).filter(isOffered));
  if (!found.length) return;
  const says = made("p", { role: "status" }), box = await below(says);
  const choice = (text, value, does) => button(text, () => {
    set(QUIET, value);
    does();
  });
  says.append(
    found.length === 1 ? _`Asked again: a question that you have answered before. ` : _`Asked again: ${found.length} questions that you have answered before. `,
    choice(_`Answer`, [isNewDay ? now : at, ...found.map(({ thing }) => thing.about)].join("\n"), () => ask(box, says, found)), " ",
    choice(_`Not today`, String(now), () => box.remove()), " ",
    choice(_`Never`, "never", () => (says.textContent = _`You won't be asked again. My course, below the contents, turns it on.`)),
  );
}

const isOwn = ({ kind }) => kind === "own words", isTask = ({ kind }) => kind === "check";

function ask(box, says, found) {
  says.textContent = found.every(({ thing }) => isOwn(thing)) ? ""
    : _`Each comes back a day, a week and a month after you first answered it, and so again after each wrong answer.`;
  found.sort((one, other) => isTask(one.thing) - isTask(other.thing)); // a link to one leads away from the others
  for (const { thing, question, title, address } of found) {
    if (isTask(thing)) {
      box.append(made("p", {}, _`To be answered in its chapter, where it is empty again: `, linkTo(thing, question, title, address)));
      continue;
    }
    box.append(made("p", {}, _`From `, made("a", { href: address, textContent: title })), question);
    const memory = memoryOf(thing);
    if (isOwn(thing)) ownWords.askIn(question, thing, true);
    else askIn(question, anew(memory), drawOf(question, memory) + 1);
    question.querySelectorAll(".choices").forEach(turn);
  }
  (box.querySelector("button, input, textarea") ?? box.querySelector("a")).focus();
}

// A link to a listing, which empties it: what was written there becomes a draft, and what was said of it is forgotten.
function linkTo({ about }, task, title, address) {
  const page = address.slice(SITE.length).split("#")[0], code = task.closest(".cell").querySelector(".cell_input .highlight pre").textContent.replace(/\n$/, "");
  const [edit, draft, verdict] = ["edit", "draft", "verdict"].map((kind) => ({ kind, page, about: code }));
  const link = made("a", { href: address, textContent: `${title}: ${about}` });
  link.onclick = link.onauxclick = () => {
    const { value, changed } = recordOf(edit);
    if (value !== undefined) set(draft, joined(get(draft) ?? [], [{ code: value, at: changed }]).slice(-MOST_DRAFTS));
    [edit, verdict].forEach((thing) => get(thing) !== undefined && set(thing));
    if (page === HERE) setTimeout(() => location.reload()); // after the way to its place
  };
  return link;
}

// The choices in another order, of which each has another place.
function turn(list) {
  const choices = [...list.children];
  list.append(...choices.slice(0, 1 + Math.floor(Math.random() * (choices.length - 1))));
}

// What was answered before is not shown, and the first try counts, whatever was right before.
function anew(memory) {
  let isFirst = true;
  const tried = (said, right) => {
    memory.tried(said, right, isFirst);
    isFirst = false;
  };
  return { ...memory, get() {}, typed() {}, tried };
}

// The first few questions of `things` that are still in the course: [{thing, question, title, address}].
async function questionsOf(things) {
  const found = [], pages = new Map(), places = things.some(isTask) ? await placesOfTasks() : undefined;
  for (const thing of things) {
    const place = thing.page ?? places.get(thing.about), address = SITE + place, path = address.split("#")[0];
    if (!place) continue;
    if (!pages.has(path)) pages.set(path, await pageAt(path));
    const page = pages.get(path), { boxesIn, thingOf } = BOXES[thing.kind];
    const question = boxesIn(page).find((box) => thingOf(box).about === thing.about);
    if (!question) continue;
    const title = page.querySelector(".contents [aria-current]")?.textContent ?? thing.page;
    found.push({ thing, question: isTask(thing) ? question : moved(question, address), title, address });
    if (found.length === MOST) break;
  }
  return found;
}

// Where the listings are that ask for an answer, by what they are called: their results are kept without a page.
async function placesOfTasks() {
  const rows = await import("./goals.js").then(({ asked }) => asked()).catch(() => []); // then they are asked another time
  return new Map(rows.filter(([kind]) => isTask({ kind })).map(([, , about, , , , place]) => [about, place]));
}

async function pageAt(address) {
  const text = await fetched(address).then((response) => (response.ok ? response.text() : ""), () => "");
  return new DOMParser().parseFromString(text, "text/html");
}

// A question of another page for this one: its links lead where they led, and no name is there twice.
function moved(question, address) {
  const here = document.importNode(question, true);
  for (const part of [here, ...here.querySelectorAll("[id]")]) part.removeAttribute("id");
  for (const name of ["href", "src"]) {
    here.querySelectorAll(`[${name}]`).forEach((part) => part.setAttribute(name, new URL(part.getAttribute(name), address)));
  }
  return here;
}
