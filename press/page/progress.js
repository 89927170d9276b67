// What a reader has read, done and written: marks in the contents, and the line at a chapter's end.

import { BOOK, button, made, slotOf, whenSeen } from "./dom.js";
import { all, get, HERE, pageAt, recordOf, set, watch } from "./kept.js";

const linksIn = (place) => [...document.querySelectorAll(`${place} a`)].map((link) => ({ link, page: pageAt(link.pathname) }));
const links = linksIn(".contents"), boxes = linksIn(".map li > p");
const isChapter = new RegExp(`^(?:${BOOK.chapters})`); // by the name of a page
const chapters = links.filter(({ page }) => isChapter.test(page)).map(({ link }) => link);
const here = document.querySelector(".contents [aria-current]");
const begin = [...document.querySelectorAll(".home main a")].find(({ href }) => href === chapters[0]?.href);
const slotsOf = (link) => link?.dataset.slots?.split(",") ?? [];
const isWritten = (name) => get({ kind: "function", about: name }) !== undefined;
const DONE = ["answer", "own words", "check", "problem", "function"]; // kinds of things that are done
// "2 of 6 problems" in its parts. What is stored may be damaged, here and below, and is then left out.
const doneIn = (page) => /^(\d{1,4}) of (\d{1,4}) (.+)$/.exec(get({ kind: "done", page })) ?? [];

const isRead = (link) => get({ kind: "read", page: pageAt(link.pathname) }) !== undefined;

// Where to go on: at the place in a chapter where the reader was last, or if that was read to its end with the chapter after the last
// that was: {link, href, title, isBegun}. Nowhere if that was the last one.
export function goOn() {
  const places = all("place").filter(([, { value, changed }]) => changed && String(value).startsWith("#"));
  const [last] = places.sort(([, a], [, b]) => String(b.changed).localeCompare(a.changed));
  const there = last && chapters.find((link) => pageAt(link.pathname) === last[0].page && !isRead(link));
  const link = there ?? chapters[chapters.findLastIndex(isRead) + 1];
  return link && { link, href: link.href + (there ? last[1].value : ""), title: link.firstChild.textContent, isBegun: link !== chapters[0] || Boolean(there) };
}

// How many chapters are read, and how many functions written.
export function howFar() {
  const slots = chapters.flatMap(slotsOf);
  return { read: chapters.filter(isRead).length, chapters: chapters.length, yours: slots.filter(isWritten).length, slots: slots.length };
}

// A chapter counts as read once its end has been in view; the contents then show a ring beside it. On the first page, "Begin" leads on.
function drawRead() {
  [...links, ...boxes].forEach(({ link }) => link.classList.toggle("read", isRead(link)));
  const next = goOn();
  if (!begin || !next?.isBegun) return;
  boxes.forEach(({ link }) => link.closest("li").classList.toggle("next", link.pathname === next.link.pathname));
  begin.href = next.href;
  begin.textContent = _`Go on with ${next.title}`;
}

// The place is the heading that the list of headings marks.
let place;
function keepPlace([{ target }]) {
  const current = target.closest("details").querySelector("[aria-current]");
  if (current && current !== place) set({ kind: "place", page: HERE }, current.hash);
  place = current;
}
const headings = document.querySelector(".toc details");
if (headings && chapters.includes(here)) new MutationObserver(keepPlace).observe(headings, { subtree: true, attributeFilter: ["aria-current"] });

const end = document.querySelector(".turn");
if (end && here) whenSeen(end, () => set({ kind: "read", page: HERE }, "yes"));

// A chapter's tick, and how many of its functions the reader has written (run/functions.js keeps them).
function drawDone() {
  for (const { link, page } of [...links, ...boxes]) {
    const [, done, total, things] = doneIn(page);
    const slots = slotsOf(link), written = slots.filter(isWritten).length;
    link.classList.toggle("done", Boolean(total) && Number(done) >= Number(total));
    link.querySelectorAll("span.problems, span.yours").forEach((mark) => mark.remove());
    if (things === "problems") link.append(made("span", { className: "problems", textContent: _`${done} of ${total} problems` }));
    if (written) link.append(made("span", { className: "yours", textContent: `${written}/${slots.length}`, title: _`functions that are yours` }));
  }
  for (const { link, page } of boxes) {
    const [said, value, max] = doneIn(page), box = link.closest("li");
    box.querySelector("progress")?.remove();
    if (max) box.append(made("progress", { max, value, title: said, ariaLabel: said }));
  }
}

// The tick is earned: by a chapter's questions, by its tasks, which the book leaves unanswered, and by the functions to be written in
// it. What was once done stays done. Only the tab in which something was done counts it; others draw what is kept.
const questions = [...document.querySelectorAll(".admonition.question")], own = [...document.querySelectorAll(".admonition.own-words")];
const slots = slotsOf(here);
const tasks = [...document.querySelectorAll("template.task")]; // the build has put one into each cell that asks for an answer
const total = questions.length + own.length + tasks.length + slots.length;
const kind = total === tasks.length && total > 1 ? "problems" : "questions, tasks and functions";
const says = made("span", { role: "status" }), go = button(_`Show the next`, showNext);

const unsaid = () => own.filter((box) => !box.matches("[data-compared]"));
const missing = () => [
  ...questions.filter((box) => !box.querySelector("[data-answer=right]")),
  ...unsaid(),
  ...tasks.filter(({ dataset }) => !recordOf(dataset).last?.right).map((task) => task.closest(".cell")),
  ...slots.filter((name) => !isWritten(name)).map(slotOf),
];

function showNext() {
  const [first] = missing().sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
  first.scrollIntoView({ block: "center" });
  first.querySelector("button, input, textarea").focus({ preventScroll: true });
}

function drawHere() {
  const done = Math.min(Math.max(Number(doneIn(HERE)[1] ?? 0), total - missing().length), total);
  says.textContent = kind === "problems" ? _`Done in this chapter: ${done} of ${total} problems.`
    : _`Done in this chapter: ${done} of ${total} questions, tasks and functions.`;
  if (done < total && unsaid().length) says.textContent += _` You have not yet said it in your own words.`;
  go.hidden = done === total;
}

function count() {
  const done = total - missing().length;
  if (total && done > Number(doneIn(HERE)[1] ?? 0)) set({ kind: "done", page: HERE }, `${done} of ${total} ${kind}`);
}

function draw() {
  drawRead();
  drawDone();
  if (total) drawHere();
}

if (total) end?.before(made("p", { className: "done-here" }, says, " ", go));
count();
draw();
watch((thing, isElsewhere) => {
  if (isElsewhere && !all().length) beginAnew();
  if (!isElsewhere && DONE.includes(thing.kind)) count();
  if ([...DONE, "read", "done", "place"].includes(thing.kind)) draw();
});

// All was forgotten: this tab shows nothing of it either. It begins at its top, because its end has not been read.
function beginAnew() {
  location.replace(location.href.split("#")[0]);
}
