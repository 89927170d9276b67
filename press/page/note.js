// The box of "I am lost here": a note with the place, which the reader sees whole, changes, and sends or not.

import { boxOf } from "./box.js";
import { BOOK, button, made } from "./dom.js";
import { all, HERE } from "./kept.js";

const LONGEST = 7500; // letters of an address, which every browser and GitHub still take
const LONGEST_TEXT = 2000; // of an output

// pressed: the button, from whose place the note is.
export function open(pressed) {
  const isEnd = pressed.parentElement.matches("article");
  const title = `${isEnd ? _`Hard and good` : _`Lost`}: ${nameOf(document.querySelector("article h1"))}`;
  const heading = isEnd ? _`What was hard, what was good?` : _`I am lost here`;
  const text = made("textarea", { value: isEnd ? _`Hard: \nGood: \n\n${noteOf(pressed)}` : _`I don't understand: \n\n${noteOf(pressed)}`, rows: 14, ariaLabel: _`The note` });
  const issue = made("a", { target: "_blank", rel: "noopener", textContent: _`Open it as an issue` });
  const mail = made("a", { textContent: _`Write it as a mail` }), says = made("p", { role: "status" });
  const copy = button(_`Copy it`, copyText);
  const report = document.querySelector("a.issue");
  const fill = (link, start, head) => {
    const filled = `${start}?${query({ ...head, body: text.value })}`, fits = filled.length < LONGEST;
    link.href = fits ? filled : `${start}?${query(head)}`;
    link.onclick = fits ? null : copyText; // to be pasted there
  };
  const address = () => {
    fill(mail, "mailto:", { subject: title });
    if (report) fill(issue, report.href.split("?")[0], { title });
  };
  async function copyText() {
    try {
      await navigator.clipboard.writeText(text.value);
      says.textContent = _`It is in the clipboard.`;
    } catch {
      text.select();
      says.textContent = _`It is selected: copy it by key.`;
    }
  }
  const row = made("p", {}, ...(report ? [issue] : []), mail, copy);
  const dialog = boxOf("lost-title", heading, made("p", { textContent: _`This is the whole note. Complete it, and delete `
    + _`what you want to keep to yourself. Nothing is sent from here: you send it where it opens, or paste it where you like.` }), text, row, says);
  dialog.onclose = () => {
    dialog.remove();
    pressed.focus();
  };
  text.oninput = address;
  dialog.classList.add("lost-note");
  address();
  dialog.showModal();
  text.focus();
  text.setSelectionRange(...Array(2).fill(text.value.indexOf("\n"))); // at the end of the first line
  text.scrollTop = 0;
}

const query = (parts) => Object.entries(parts).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

// Where the button stands: chapter, section, question, what is selected, the listing with its edit and what it printed, the browser.
function noteOf(pressed) {
  const place = pressed.parentElement, chapter = nameOf(document.querySelector("article h1"));
  const section = nameOf((place.closest("section:has(> :is(h1, h2, h3))") ?? place).querySelector("h1, h2, h3"));
  const question = place.closest(".question, .predict, .refute")?.querySelector(".admonition-title").textContent;
  const selected = getSelection().toString().trim().replace(/\s+/g, " ");
  const lines = [
    _`Chapter: ${chapter}`,
    section !== chapter && _`Section: ${section}`,
    question && _`Question: ${question}`,
    selected && _`Sentence: ${selected}`,
    ...ofListing(place.closest(".cell")),
    _`Page: ${location.href.split("#")[0]}, edition ${BOOK.edition}`,
    _`Browser: ${navigator.userAgent}`,
  ];
  return `${lines.filter(Boolean).join("\n")}\n`;
}

function ofListing(cell) {
  if (!cell) return [];
  const number = cell.dataset.number ?? [...document.querySelectorAll(".cell:not(.added):has(> .cell_input)")].indexOf(cell) + 1;
  const code = cell.querySelector(".cell_input .highlight pre").textContent;
  const isEdit = [...all("edit"), ...all("listing")].some(([{ page }, { value }]) => page === HERE && value?.trim() === code.trim());
  const said = [...cell.querySelectorAll(".cell_output pre, .verdict")].map((part) => part.textContent.trim()).join("\n");
  return [
    isEdit ? _`Listing: ${number}, edited:` : _`Listing: ${number}`,
    isEdit && fenced(code),
    said && _`It said:\n${fenced(said.slice(-LONGEST_TEXT))}`,
  ];
}

const fenced = (text) => `~~~\n${text.trimEnd()}\n~~~`;

// A heading without its link and without the button.
function nameOf(heading) {
  const parts = [...(heading?.childNodes ?? [])].filter((part) => !part.matches?.(".headerlink, .lost"));
  return parts.map((part) => part.textContent).join("").trim();
}
