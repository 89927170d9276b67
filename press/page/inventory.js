// An inventory: questions that are asked before a course and after it. Nothing is marked until all were answered a second time; then
// both answers stand side by side, with the reasons. press/book/question_boxes.py describes the form of a question.

import { button, made } from "./dom.js";
import { get, HERE, recordOf, set } from "./kept.js";
import { thingOf } from "./question.js";

const TIMES = { before: _`before`, after: _`after` }; // also the kinds of what is kept
const questions = [...document.querySelectorAll(".admonition.inventory")].map(read);
const says = made("p", { role: "status" }), second = button(_`I have read the course: ask me the second time`, () => start("after"));
let time = given("after") ? "after" : "before"; // the one that is asked for

function read(box) {
  const answer = box.querySelector(":scope > details"), list = answer.previousElementSibling;
  const { page, about } = thingOf(box, HERE), question = { items: [...list.children], reasons: [...answer.querySelectorAll(":scope > ol > li")] };
  list.classList.add("choices");
  question.items.forEach((item, i) => {
    const choice = button("", () => {
      set(question[time], String(i));
      draw();
    });
    choice.append(...(item.querySelector(":scope > p:only-child") ?? item).childNodes);
    item.replaceChildren(choice);
  });
  const things = Object.fromEntries(Object.keys(TIMES).map((kind) => [kind, { kind, page, about }]));
  return Object.assign(question, things, { right: Number(answer.className.match(/right-(\d+)/)[1]) - 1 });
}

function given(time) {
  return questions.filter((question) => get(question[time]) !== undefined).length;
}

// The day of the last answer.
function dayOf(time) {
  const [last] = questions.map((question) => recordOf(question[time]).changed ?? "").sort().reverse();
  return new Date(last).toLocaleDateString("en-GB", { dateStyle: "long" });
}

function start(when) {
  time = when;
  draw();
  questions[0].items[0].firstChild.focus();
}

function draw() {
  const all = questions.length, done = given(time);
  for (const { items, [time]: thing } of questions) items.forEach((item, i) => (item.firstChild.ariaPressed = get(thing) === String(i)));
  second.hidden = time === "after";
  if (time === "after" && done === all) return tell();
  says.textContent = done < all ? _`${done} of ${all} are answered. ` : _`All are answered, and kept with the date. They are marked when you have answered them again, after the course. `;
}

function tell() {
  for (const question of questions) {
    question.items.forEach((item, i) => {
      const when = Object.keys(TIMES).filter((time) => get(question[time]) === String(i)), isRight = i === question.right;
      Object.assign(item.firstChild, { disabled: true, ariaPressed: null });
      if (!when.length && !isRight) return;
      item.dataset.answer = isRight ? "right" : "wrong";
      item.firstChild.append(made("span", { className: "when", textContent: when.map((time) => TIMES[time]).join(", ") }));
      item.append(made("div", { className: "reason" }, ...question.reasons[i].cloneNode(true).childNodes));
    });
  }
  const [before, after] = Object.keys(TIMES).map((time) => questions.filter((question) => get(question[time]) === String(question.right)).length);
  says.textContent = (given("before") ? _`Before the course, on ${dayOf("before")}: ${before} of ${questions.length} right. ` : "")
    + _`After it, on ${dayOf("after")}: ${after} of ${questions.length} right.`;
}

document.querySelector(".admonition.inventory:last-of-type").after(says, second);
draw();
