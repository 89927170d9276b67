// The search: lists the pages whose text has every word of the query, the page that teaches it first. The text is in search-index.js.

const results = document.getElementById("search-results");
const status = document.getElementById("search-status");
const field = document.querySelector("header input");
const sections = searchEntries.sections.map(([page, anchor, title, text, code], id) => ({ id, page, anchor, title, text, code, all: `${title} ${text} ${code}` }));

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
const apart = (word) => words(searchEntries.terms.find(([term]) => words(term).join("") === word)?.[0] ?? word); // "crossentropy"
const stem = (word) => (word.length > 4 ? word.replace(/(ies|es|s|ing|ed|y|e)$/, "") : word);
const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const beginning = (some) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${some.map(escaped).join("|")})[\\p{L}\\p{N}_]*`, "giu");
const count = (text, pattern) => text.match(pattern)?.length ?? 0;
const LONGEST = 200; // characters of a query
let asked, patterns; // the stems of the query's words, and for each a pattern for words that begin with it or with one that is nearly it

let index;
function nearly(word) {
  if (!index) {
    index = new MiniSearch({ fields: ["all"], tokenize: words });
    index.addAll(sections);
  }
  const found = index.search(word, { fuzzy: 0.2 })[0]?.terms ?? [];
  return found.filter((one) => !found.some((other) => stem(other) === stem(one) && other.length < one.length)); // "gradient", not "gradients" too
}

// What a word of the query means: the words that begin with its stem, or if there are none, those that are nearly it.
function meant(word) {
  const exact = beginning([stem(word)]);
  const near = sections.some(({ all }) => count(all, exact)) ? [] : nearly(word);
  return { word, near, stems: near.length ? near.map(stem) : [stem(word)], pattern: near.length ? beginning(near.map(stem)) : exact };
}

function score(title, text) {
  return patterns.reduce((sum, pattern) => sum + 10 * Math.min(count(title, pattern), 1) + Math.log1p(count(text, pattern)), 0);
}

// One result for each page: its best section, and a score of the page as a whole.
function pages() {
  const found = new Map();
  for (const { page, anchor, title, text, code, all } of sections) {
    const entry = found.get(page) ?? { page, title, text: "", best: -1, score: 0 };
    const here = score(anchor ? title : "", all) + (patterns.every((pattern) => count(all, pattern)) ? 20 : 0);
    entry.text += ` ${all}`;
    if (here > entry.best) Object.assign(entry, { best: here, anchor, section: title, excerpt: patterns.some((pattern) => count(text, pattern)) ? text : code });
    found.set(page, entry);
  }
  return [...found.values()].filter(({ text }) => patterns.every((pattern) => count(text, pattern)))
    .map((entry) => ({ ...entry, score: entry.best + 2 * score(entry.title, "") }));
}

// The terms of the glossary that are in the query, the longest first: "learning rate" before "rate". "overfit" stands for "overfitting".
function glossary() {
  const isAsked = (word) => asked.some((one) => one === stem(word) || (one.length > 5 && word.startsWith(one)));
  return searchEntries.terms.filter(([term]) => words(term).every(isAsked)).sort(([a], [b]) => b.length - a.length);
}

// Some 30 words of a text around the first match, with all matches highlighted.
function excerpt(text) {
  const places = patterns.map((pattern) => text.search(pattern)).filter((place) => place >= 0);
  const middle = places.length ? Math.min(...places) : 0;
  const start = text.lastIndexOf(" ", Math.max(middle - 80, 0)) + 1;
  const end = text.indexOf(" ", middle + 140);
  return marked(`${start > 0 ? "… " : ""}${text.slice(start, end < 0 ? undefined : end)}${end < 0 ? "" : " …"}`);
}

function mark(word) {
  const made = document.createElement("mark");
  made.textContent = word;
  return made;
}

function marked(text) {
  const line = document.createElement("p");
  const pattern = new RegExp(`(${patterns.map(({ source }) => source).join("|")})`, "giu");
  line.append(...text.split(pattern).map((part, i) => (i % 2 ? mark(part) : part))); // every second part is a match
  return line;
}

function show({ page, anchor, title, section, excerpt: text, sentence, term }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = anchor ? `${page}#${anchor}` : page;
  link.textContent = section === title ? title : `${title}: ${section}`;
  item.append(link);
  if (sentence) {
    const meaning = document.createElement("p");
    meaning.className = "meaning";
    meaning.innerHTML = "<b></b>: <span></span>";
    meaning.querySelector("b").textContent = term;
    meaning.querySelector("span").textContent = sentence;
    item.append(meaning);
  }
  item.append(excerpt(text));
  results.append(item);
}

function search() {
  const query = field.value.trim(), meanings = [...new Set(words(query.slice(0, LONGEST)).flatMap(apart))].map(meant);
  [asked, patterns] = [meanings.flatMap(({ stems }) => stems), meanings.map(({ pattern }) => pattern)];
  results.replaceChildren();
  if (!patterns.length) {
    status.textContent = `${query ? /* said */ `“${query}” has no word to search for. ` : ""}Type a word into the field above, such as gradient.`;
    return;
  }
  const found = pages(), terms = glossary();
  for (const entry of found) {
    const [term, sentence] = terms.find(([, , page]) => page === entry.page) ?? [];
    if (term) Object.assign(entry, { term, sentence, score: entry.score + 100 * words(term).length });
  }
  found.sort((a, b) => b.score - a.score).forEach(show);
  const instead = meanings.filter(({ near }) => near.length).map(({ word, near }) => `No chapter has “${word}”; searched for “${near.join(/* said */ "” and “")}”. `).join("");
  status.textContent = found.length === 0 ? `No chapter has “${query}”. Try one word of it, or another word for it; the glossary lists the course's own.`
    : `${instead}${found.length === 1 ? "One page." : /* said */ `${found.length} pages.`}${found[0].term && found.length > 1 ? " The one that teaches it comes first." : ""}`;
}

field.value ||= new URLSearchParams(location.search).get("q")?.trim() ?? ""; // unless the Back key has brought what was typed
results.addEventListener("click", () => history.replaceState(null, "", `?q=${encodeURIComponent(field.value.trim())}`));
field.addEventListener("input", search);
search();
