// The bar above a notebook in JupyterLite: links to its chapter and to the next notebook. press/site/lite.py inserts the chapters.

const CHAPTERS = [/* chapters */];
const opened = new URLSearchParams(location.search).get("path");
const number = CHAPTERS.findIndex(({ notebook }) => notebook === opened);

function link(text, address) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}

const bar = document.createElement("nav");
bar.className = "course-bar";
bar.setAttribute("aria-label", "The course");
const here = CHAPTERS[number], next = CHAPTERS[number + 1];
bar.append(here ? link(`← ${here.title}, in the book`, `../../${here.page}`) : link("← The course", "../../index.html"));
if (next) bar.append(link(`Next: ${next.title} →`, `?path=${next.notebook}`));
const note = document.createElement("span");
note.textContent = "To stop Python here, restart the kernel.";
bar.append(note);
document.body.prepend(bar);
