// The list of the functions that the reader writes: which are written, and all of them as one file, to save and to load.

import { all, asFile, fromFile, isOff, saveMine, switchOff } from "./mine.js";
import { STOPPED } from "./sentences.js";
import { inWords } from "./verdicts.js";

// load: gives the session of this page, which can judge.
export function makeList(load) {
  const box = document.getElementById("yours"), items = [...box.querySelectorAll("[data-slot]")];
  const names = items.map((item) => item.dataset.slot);
  const line = document.createElement("p"), buttons = document.createElement("p"), pick = document.createElement("input");
  line.setAttribute("role", "status");
  Object.assign(pick, { type: "file", accept: ".py", hidden: true });

  function button(text, press) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: press });
    buttons.append(made);
    return made;
  }

  const save = button("Save mynet.py", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([asFile(names)], { type: "text/x-python" }));
    link.download = "mynet.py";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  button("Load mynet.py", () => pick.click());
  const use = button("", switchOff);

  pick.onchange = async () => {
    const [file] = pick.files, sources = fromFile(await file.text());
    const functions = items.filter((item) => sources.has(item.dataset.slot)).map((item) =>
      ({ name: item.dataset.slot, defined: item.querySelector("code").textContent, code: sources.get(item.dataset.slot) }));
    pick.value = "";
    if (!functions.length) return (line.textContent = `${file.name} is no file that Save mynet.py made, so nothing was changed.`);
    const report = (i) => (line.textContent = `Judging function ${i + 1} of ${functions.length} in ${file.name}.`);
    try {
      const judged = await (await load())?.judgeAlone(functions, report, (verdicts) => take(functions, verdicts, file.name));
      if (!judged) line.textContent = `Load ${file.name} again when the listings of this page have run.`;
    } catch (error) {
      line.textContent = `${file.name} could not be judged, so nothing was changed. ${error.message}`;
    }
  };

  // What is right becomes the reader's; the rest is named, with the reason.
  function take(functions, verdicts, file) {
    const isRight = (_, i) => verdicts[i]?.kind === "right", right = functions.filter(isRight);
    right.forEach(({ name, code }) => saveMine(name, code));
    draw();
    const wrong = functions.map(({ defined }, i) => `${defined}: ${verdicts[i] ? inWords(verdicts[i]) : STOPPED}`).filter((_, i) => !isRight(_, i));
    const named = wrong.length ? ` Not these:\n${wrong.join("\n")}` : "";
    line.textContent += ` ${right.length} of the ${functions.length} functions in ${file} are right and were loaded.${named}`;
  }

  function draw() {
    const written = all(), ours = names.filter((name) => written.has(name));
    items.forEach((item) => item.classList.toggle("written", written.has(item.dataset.slot)));
    line.textContent = `${ours.length} of ${names.length} are yours.`;
    save.hidden = use.hidden = !ours.length;
    use.textContent = isOff() ? "Use mine" : "Use the book's";
  }

  box.append(line, buttons, pick);
  draw();
  addEventListener("storage", draw);
}
