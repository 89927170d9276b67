// "Asked again": what was answered wrong at first comes back after a day, a week and a month. What is due is decided in this browser,
// and a question is fetched from its chapter's page.

const DAY = 86_400_000, AFTER = [DAY, 7 * DAY, 30 * DAY], MOST = 3;
const QUIET = "asked again"; // a key of kept.js: the time at which the reader was asked last, or "never"

// The keys of what is due at `now`, in milliseconds, the longest untouched first. histories: [[key, a history of kept.js], ...].
export function due(histories, now) {
  const those = histories.filter(([, history]) => isDue(history, now));
  return those.sort(([, a], [, b]) => a.last.at - b.last.at).map(([key]) => key);
}

// The days count from the first try, or from the last if that was wrong too. A try after a day has passed settles that day.
function isDue({ first, last }, now) {
  if (!first || first.right) return false;
  const since = last.right ? first.at : last.at;
  return AFTER.some((wait) => last.at < since + wait && since + wait <= now);
}

// Offer below the title what is due, unless the reader was asked within a day or wants it never.
export async function offer() {
  const quiet = kept(QUIET), now = Date.now(), start = `answer ${new URL("..", import.meta.url).pathname}`;
  if (quiet === "never" || now - Number(quiet) < DAY) return;
  const keys = due(keptKeys().filter((key) => key.startsWith(start)).map((key) => [key, historyOf(key)]), now);
  const found = keys.length ? await questionsOf(keys) : [];
  if (!found.length) return;
  const box = document.createElement("section"), says = document.createElement("p");
  box.className = "again";
  box.setAttribute("aria-label", "Asked again");
  says.setAttribute("role", "status");
  says.append(found.length === 1 ? "Asked again: a question that you first answered wrong. "
    : `Asked again: ${found.length} questions that you first answered wrong. `);
  const button = (textContent, value, onclick) => says.append(Object.assign(document.createElement("button"), {
    type: "button", textContent, onclick: () => {
      keep(QUIET, value);
      onclick();
    },
  }), " ");
  button("Answer", String(now), () => ask(box, says, found));
  button("Not today", String(now), () => box.remove());
  button("Never", "never", () => (says.textContent = "You won't be asked again. My course, below the contents, turns it on."));
  box.append(says);
  document.querySelector("article h1")?.after(box);
}

function ask(box, says, found) {
  says.textContent = "What is right comes back later, and what is wrong tomorrow.";
  for (const { key, question, title, path } of found) {
    const from = document.createElement("p"), link = document.createElement("a");
    Object.assign(link, { href: path, textContent: title });
    from.append("From ", link);
    box.append(from, question);
    askIn(question, { ...stored(key), get: () => null }); // what was answered before is not shown
  }
  box.querySelector("button, input").focus();
}

// The first few questions of `keys` that are still in the course: [{key, question, title, path}].
async function questionsOf(keys) {
  await loadQuestions();
  const found = [], pages = new Map();
  for (const key of keys) {
    const path = key.split(" ")[1];
    if (!pages.has(path)) pages.set(path, await pageAt(path));
    const page = pages.get(path), question = questionsIn(page).find((box) => keyOf(box, path) === key);
    if (!question) continue;
    const title = page.querySelector(".contents [aria-current]")?.textContent ?? path;
    found.push({ key, question: moved(question, path), title, path });
    if (found.length === MOST) break;
  }
  return found;
}

async function pageAt(path) {
  const text = await fetch(path).then((response) => (response.ok ? response.text() : ""), () => "");
  return new DOMParser().parseFromString(text, "text/html");
}

// A question of another page for this one: its links lead where they led, and no name is there twice.
function moved(question, path) {
  const here = document.importNode(question, true);
  for (const part of [here, ...here.querySelectorAll("[id]")]) part.removeAttribute("id");
  for (const name of ["href", "src"]) {
    here.querySelectorAll(`[${name}]`).forEach((part) => part.setAttribute(name, new URL(part.getAttribute(name), new URL(path, location))));
  }
  return here;
}

// The style of the offer, and, on a page without questions of its own, question.js with its style.
async function loadQuestions() {
  const { href, search } = new URL(import.meta.url), address = (name) => new URL(`${name}${search}`, href).href;
  const style = (name) => Object.assign(document.createElement("link"), { rel: "stylesheet", href: address(name) });
  document.head.append(style("again.css"));
  if (window.askIn) return;
  const script = Object.assign(document.createElement("script"), { src: address("question.js") });
  document.head.append(style("question.css"), script);
  await new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
}
