// A table that a value describes itself in HTML, as one of pandas does. Nothing of that HTML gets into the page: a table is made anew
// of its texts, in elements of these names, with attributes of these names.

import { made } from "../page/dom.js";

const KEPT = ["table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br"];
const LEFT_OUT = ["script", "style", "template", "noscript", "title"]; // whose text is nobody's to read

const MOST = 60; // columns or rows of a cell: a few with thousands of both would stop the page for minutes

export function tableOf(html) {
  const formless = html.replace(/<(?=\/?form\b)/gi, "<x-"); // whose fields would stand for what we ask of it
  const { body } = new DOMParser().parseFromString(formless, "text/html"); // which runs and loads nothing
  return made("div", { className: "output text_html" }, ...copies(body));
}

const copies = (node) => [...node.childNodes].flatMap(copy);

function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.data];
  const { localName, colSpan, rowSpan } = node;
  if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.includes(localName)) return [];
  if (!KEPT.includes(localName)) return copies(node);
  return [made(localName, ["th", "td"].includes(localName) ? { colSpan: Math.min(colSpan, MOST), rowSpan: Math.min(rowSpan, MOST) } : {}, ...copies(node))];
}
