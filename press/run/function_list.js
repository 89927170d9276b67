// The list of the functions that the reader writes: which are written, and all of them as one file, to save and to load.

import { button, download, made } from "../page/dom.js";
import { set, watch } from "../page/kept.js";
import { each } from "../page/plugs.js";
import { asFile, FILE, fromFile, functionOf, isOff, switchOff, written } from "./functions.js";
import { JUDGED, judging, STOPPED } from "./sentences.js";
import { inWords } from "./verdicts.js";

// load: gives the session of this page, which can judge.
export function makeList(load) {
  const box = document.getElementById("yours"), items = [...document.querySelectorAll(".map [data-slot]")];
  const names = items.map((item) => item.dataset.slot);
  const line = made("p", { role: "status" }), pick = made("input", { type: "file", accept: ".py", hidden: true });
  const save = button(_`Save ${FILE}`, () => download(FILE, asFile(names), "text/x-python"));
  const use = button("", switchOff);

  pick.onchange = async () => {
    const [file] = pick.files, sources = fromFile(await file.text());
    const functions = items.filter((item) => sources.has(item.dataset.slot)).map((item) =>
      ({ name: item.dataset.slot, defined: item.querySelector("code").textContent, code: sources.get(item.dataset.slot) }));
    pick.value = "";
    if (!functions.length) return (line.textContent = _`${file.name} is no file that Save ${FILE} made, so nothing was changed.`);
    try {
      const verdicts = await alone((python, say) => judge(functions, file.name, python, say));
      if (!verdicts) line.textContent = _`Load ${file.name} again when the listings of this page have run.`;
    } catch (error) {
      line.textContent = _`${file.name} could not be judged, so nothing was changed. ${error.message}`;
    }
  };

  const alone = async (job) => (await load())?.alone(job);

  // Judge functions of a file, each where no listing has run, and take what is right. Returns the verdicts.
  async function judge(functions, file, python, say) {
    const verdicts = [];
    for (const [i, { name, defined, code }] of functions.entries()) {
      line.textContent = _`Judging function ${i + 1} of ${functions.length} in ${file}.`;
      say("running", judging(defined));
      verdicts.push((await python.judge(name, defined, code)).verdict);
    }
    take(functions, verdicts, file);
    say("done", JUDGED);
    return verdicts;
  }

  // What is right becomes the reader's; the rest is named, with the reason.
  function take(functions, verdicts, file) {
    const isRight = (_, i) => verdicts[i]?.kind === "right", right = functions.filter(isRight);
    right.forEach(({ name, code }) => set(functionOf(name), code));
    draw();
    const wrong = functions.map(({ defined }, i) => `${defined}: ${verdicts[i] ? inWords(verdicts[i]) : STOPPED}`).filter((_, i) => !isRight(_, i));
    const named = wrong.length ? _` Not these:\n${wrong.join("\n")}` : "";
    line.textContent += _` ${right.length} of the ${functions.length} functions in ${file} are right and were loaded.${named}`;
  }

  function draw() {
    const codes = written(), ours = names.filter((name) => codes.has(name));
    items.forEach((item) => item.classList.toggle("written", codes.has(item.dataset.slot)));
    line.textContent = _`${ours.length} of ${names.length} are yours.`;
    save.hidden = use.hidden = !ours.length;
    use.textContent = isOff() ? _`Use mine` : _`Use the book's`;
    if (ours.length === names.length) each("allWritten", (whole) => box.append(whole), alone);
  }

  box.append(line, made("p", {}, save, button(_`Load ${FILE}`, () => pick.click()), use), pick);
  draw();
  watch(({ kind }, isElsewhere) => isElsewhere && ["function", "the book's functions"].includes(kind) && draw());
}
