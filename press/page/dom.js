// Elements of a page: made, filled, styled. All scripts that a browser loads as modules have them from here.

// What the build tells the scripts of the book: {title, edition, chapters, package, functions, labels}, as press/settings.py says.
export const BOOK = JSON.parse(document.querySelector("meta[name=book]").content);

const { href, search } = new URL(import.meta.url); // all scripts and styles of a page have one edition

// A file of the site by its path, such as "run/link.css".
export const addressOf = (path) => new URL(`../${path}${search}`, href).href;

// The browser's caches, if there are any. In a frame that is set apart even the question is an error.
export function cachesHere() {
  try {
    return globalThis.caches;
  } catch {
    return undefined;
  }
}

// A file of the site, as fetch gives it. Where the network fails or says nothing for a while, the copy that is kept, if there is one.
const PATIENCE = 5000; // milliseconds
export async function fetched(address, options) {
  const answer = fetch(address, options), late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const response = await Promise.race([answer, late]).catch(() => undefined);
  return response ?? (await cachesHere()?.match(address, { ignoreVary: true }).catch(() => undefined)) ?? answer;
}

// What the scripts say has a language of its own in a translated page, where they stand among code and outputs, or are not translated.
const SPOKEN = _`en`, LANGUAGE = document.documentElement.lang === "en" ? {} : { lang: SPOKEN };

export function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties.textContent && LANGUAGE, properties);
  element.append(...children);
  return element;
}

// Acts once, when an element comes into view or, with a margin, near it.
export function whenSeen(element, act, rootMargin = "0px") {
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    act();
  }, { rootMargin }).observe(element);
}

// label: what a screen reader says in the place of the text.
export function button(text, onclick, label) {
  return made("button", { type: "button", textContent: text, onclick, ...(label && { ariaLabel: label }) });
}

// The parts of a listing's code, also in lines that are marked.
export const tokens = (pre) => [...pre.childNodes].flatMap((node) => (node.matches?.(".hll") ? [...node.childNodes] : node));

// The element of a slot in this page, or null.
export const slotOf = (name) => document.getElementById(`write-${name.replace(/[ _]/g, "-")}`);

// Load a style by its path, unless the page has it. Resolves when it is there or can't be had.
export function addStyle(path) {
  const address = addressOf(path), styles = [...document.querySelectorAll("link[rel=stylesheet]")];
  if (styles.some((style) => style.href === address)) return;
  return new Promise((resolve) => document.head.append(made("link", { rel: "stylesheet", href: address, onload: resolve, onerror: resolve })));
}

// Let a button say for two seconds what has come of its press.
export function answerOn(button, words) {
  button.dataset.words ??= button.textContent;
  button.textContent = words;
  setTimeout(() => (button.textContent = button.dataset.words), 2000);
}

// Put a link to this page with a fragment into the clipboard. Where that is denied, it stands in the address bar.
export async function copyLink(button, fragment) {
  const address = location.href.split("#")[0] + fragment;
  try {
    await navigator.clipboard.writeText(address);
    answerOn(button, _`Copied`);
  } catch {
    history.replaceState(null, "", address);
    answerOn(button, _`It is in the address bar`);
  }
}

// Have a text saved as a file.
export function download(name, text, type) {
  const link = made("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
