// Below a slot: an input of the reader's own, and what the book's function gives for it, without its code.

import { addStyle, button, made } from "../page/dom.js";
import { valueOf } from "./step.js";

// ask(given) asks the book's Python about the arguments, a text: {said, value}, or nothing if it could not.
export function makeAskBox({ name, function: called }, ask) {
  const input = made("input", { autocomplete: "off", autocapitalize: "off", spellcheck: false, ariaLabel: _`The arguments of ${called}` });
  const said = made("div", { className: "step-value", role: "status" }), send = made("button", { textContent: _`Ask` });
  const form = made("form", {}, made("code", {}, `${called}(`), input, made("code", {}, ")"), send);
  const fold = made("details", { className: "slot-help ways oracle" }, made("summary", { textContent: _`Ask the book's function` }), form, said);
  fold.addEventListener("toggle", () => addStyle("run/step.css"), { once: true });
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (!input.value.trim()) return (said.textContent = _`Write an input first.`);
    said.textContent = _`Asking.`;
    const answer = await ask(input.value.trim());
    if (!answer) return (said.textContent = _`There is no answer: it was stopped, or a listing that it needs has failed.`);
    said.replaceChildren(answer.said, ...(answer.value ? [" ", ...valueOf(answer.value)] : []));
  };
  const refutation = [...document.querySelectorAll(".refute")].find(({ nextElementSibling: cell }) => cell?.querySelector(`template.task[data-about$=" ${name}"]`));
  const fail = button(_`What would make it fail?`, () => refutation.scrollIntoView({ block: "start" }));
  return {
    fold,
    // While a function is right, the way to its refutation, where the page has one.
    judged: (isRight) => (isRight && refutation ? fold.after(fail) : fail.remove()),
  };
}
