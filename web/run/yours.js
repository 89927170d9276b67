// The list of the functions that the reader writes: which are written, and all of them as one file, to save and to load.

import { all, asFile, fromFile, isOff, saveMine, switchOff } from "./mine.js";

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
const use = button("", () => {
  switchOff(!isOff());
  draw();
});

pick.onchange = async () => {
  const functions = fromFile(await pick.files[0].text()), known = names.filter((name) => functions.has(name));
  known.forEach((name) => saveMine(name, functions.get(name)));
  draw();
  if (!known.length) line.textContent = `${pick.files[0].name} holds no function of this course, so nothing was changed.`;
  pick.value = "";
};

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
