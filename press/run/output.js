// What stands below a listing: the book's stored output, until the output of a run replaces it.

import { each } from "../page/plugs.js";
import { tableOf } from "./html_table.js";
import { makeTerminal } from "./terminal.js";
import { barHeight } from "./view.js";

const NUMBER = /-?\d+\.\d+(e[-+]?\d+)?/g;
const LONGEST = 300; // letters of an error's last line that are kept
const CLASSES = { stdout: "stream", stderr: "stream stderr", result: "text_plain", error: "traceback" };

export function makeOutput(cell) {
  let place = cell.querySelector(":scope > .cell_output");
  const stored = place ? [...place.childNodes] : [];
  const figures = stored.map((frame) => ({ frame, img: frame.querySelector?.("img") }))
    .filter(({ frame, img }) => img && frame.tagName !== "DETAILS"); // a fold holds all of the output
  let waiting = [], timer, old, drawn, latest, terminal, remark, isEdited;
  let before; // what was shown when the listing began: {nodes, pictures, books}
  let books = true; // whether the stored output is shown
  let replaced; // called when new output takes the place of what was shown

  const numbers = textOf(place);
  const isToFail = cell.matches(".tag_raises-exception") || Boolean(place?.querySelector(".traceback")); // the book shows its error

  function makePlace() {
    if (!place) {
      place = document.createElement("div");
      place.className = "cell_output";
      cell.append(place);
    }
    remark?.remove();
  }

  function begin(followsAnEdit, whenReplaced) {
    isEdited = followsAnEdit;
    replaced = whenReplaced;
    makePlace();
    before = { nodes: [...place.childNodes], pictures: figures.map(({ frame }) => frame.querySelector("img")), books };
    place.classList.add("old"); // until new output replaces it
    old = true;
    drawn = 0;
  }

  // In batches, because a listing may print faster than the page can be drawn.
  function add(kind, text) {
    if (!place) return; // while a function is judged: its listing has not begun
    const last = waiting.at(-1);
    if (last?.kind === kind && kind.startsWith("std")) last.text += text;
    else waiting.push({ kind, text });
    timer ??= setTimeout(draw, 40);
  }

  // If a listing was stopped before its first output, the old output stays. It comes back if Python broke down, which
  // leaves no output of the listing. Returns whether there is such an output.
  function end(how) {
    draw();
    if (how === "broken") putBack();
    else if (old && how !== "stopped") clear();
    if (place) place.style.minHeight = "";
    if (!old) return false;
    settle();
    const isThere = place.hasChildNodes(), below = books ? _`Below is the book's output.` : _`Below is an earlier output.`;
    addRemark(isThere ? below : "");
    place.before(remark);
    return isThere;
  }

  // Explain it once in a page, below the first listing whose numbers differ from the book's, except if they differ in every run.
  function compareDigits() {
    if (document.querySelector(".digits") || cell.classList.contains("tag_nbval-ignore-output")) return;
    const now = textOf(place);
    if (now === numbers || now.replace(NUMBER, "0") !== numbers.replace(NUMBER, "0")) return;
    const why = each("otherDigits").join("") || _` The page's Python has its packages in other versions, which may round otherwise.`;
    addRemark(_`These numbers are not quite the book's.` + why);
    remark.classList.add("digits");
  }

  function addRemark(text) {
    remark = document.createElement("p");
    remark.className = "remark";
    remark.textContent = text;
    place.after(remark);
  }

  // Show what an earlier visit has printed, and words below it.
  function recall(text, words) {
    makePlace();
    place.replaceChildren();
    books = false;
    addText("stdout", text);
    addRemark(words);
  }

  function restore() {
    remark?.remove();
    books = true;
    figures.forEach(({ frame, img }) => frame.querySelector("img").replaceWith(img));
    place?.replaceChildren(...stored);
    place?.classList.remove("old");
  }

  // Who has run the listing from its editor, or by Run, sees where its output begins.
  function bringIntoView() {
    if (!place || !cell.contains(document.activeElement?.closest(".editor, .run"))) return;
    const { top, height } = place.getBoundingClientRect(), hidden = top + Math.min(height, innerHeight / 3) - (innerHeight - barHeight());
    if (hidden > 0) scrollBy({ top: hidden, behavior: "instant" });
  }

  // A picture above its code: where a lower one takes its place, the browser keeps what is below still, and the picture would leave.
  function keepInView() {
    const code = cell.querySelector(".cell_input").getBoundingClientRect(), isSeen = code.bottom > 0 && code.top < innerHeight;
    if (!drawn || !isSeen || !cell.matches(":has(> .cell_output + .cell_input)")) return;
    requestAnimationFrame(() => requestAnimationFrame(() => place.scrollIntoView({ block: "nearest", behavior: "instant" }))); // once it is laid out
  }

  function settle() {
    place.classList.remove("old");
    old = false;
  }

  function putBack() {
    figures.forEach(({ frame }, i) => frame.querySelector("img").replaceWith(before.pictures[i]));
    place.replaceChildren(...before.nodes);
    books = before.books;
    old = true;
  }

  // Until the listing ends it is as high as before, so that what is below doesn't go up and down while it prints.
  function clear() {
    place.style.minHeight = `${place.offsetHeight}px`;
    place.replaceChildren();
    books = false;
    settle();
    replaced();
  }

  function draw() {
    clearTimeout(timer);
    timer = undefined;
    if (old && waiting.length) clear();
    for (const { kind, text } of waiting.splice(0)) { // once, also what can not be shown
      if (kind === "figure") place.append(figure(text));
      else if (kind === "redrawn") redraw(text);
      else if (kind === "table") addTable(text);
      else if (CLASSES[kind]) addText(kind, text);
    }
    place?.classList.toggle("tall", place.scrollHeight > 2 * innerHeight);
  }

  function addTable(html) {
    const table = tableOf(html);
    place.append(table);
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0; // so that keys move it
  }

  function addText(kind, text) {
    let block = place.lastElementChild;
    if (!kind.startsWith("std") || block?.dataset.kind !== kind) {
      terminal = makeTerminal();
      block = document.createElement("div");
      block.className = `output ${CLASSES[kind]}`;
      block.dataset.kind = kind;
      block.innerHTML = `<div class="highlight"><pre></pre></div>`;
      place.append(block);
    }
    terminal.write(block.querySelector("pre"), text);
  }

  // A new figure goes into the frame of the stored figure that it replaces, with its caption and the buttons of an animation.
  function figure(svg) {
    const was = figures[drawn++];
    if (!was) {
      const block = document.createElement("div");
      block.className = "output image_svg";
      latest = picture(svg, _`A figure drawn by this listing, without a description.`);
      block.append(latest);
      return block;
    }
    latest = picture(svg, isEdited ? _`Drawn after an edit. The book's figure: ${was.img.alt}` : was.img.alt);
    latest.className = was.img.className;
    latest.classList.toggle("edited", isEdited); // so that its caption says the same (running.css)
    was.frame.querySelector("img").replaceWith(latest);
    return was.frame;
  }

  // A growing figure replaces the last one.
  function redraw(svg) {
    if (!latest) return; // a forged message
    const now = picture(svg, latest.alt);
    now.className = latest.className;
    latest.replaceWith(now);
    latest = now;
  }

  // The last line of the error that is shown, if one is.
  const error = () => place.querySelector(".traceback pre")?.textContent.trim().split("\n").at(-1).slice(0, LONGEST);

  return { isToFail, begin, add, end, keepInView, bringIntoView, compareDigits, restore, error, recall, printed: () => printedIn(place) };
}

// In an <img> an SVG can't run scripts, access this page or load anything from the network.
function picture(svg, alt) {
  const img = document.createElement("img");
  const start = svg.indexOf(`<svg`), tag = svg.slice(start, svg.indexOf(">", start) + 1);
  for (const side of ["width", "height"]) img[side] = Math.round((tag.match(` ${side}="([0-9.]+)pt"`)?.[1] * 4) / 3);
  img.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.replace(/\p{Surrogate}/gu, "\uFFFD"))}`;
  img.alt = alt;
  img.decoding = "sync"; // no flicker when one picture replaces another
  return img;
}

const printedIn = (place) => [...(place?.querySelectorAll("pre") ?? [])].map((pre) => pre.textContent.trimEnd()).join("\n");

const textOf = (place) => printedIn(place).replace(/ +/g, " ");
