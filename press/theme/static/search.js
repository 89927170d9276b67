// The search: lists the pages whose text has every word of the query, the page that teaches it first. The text is in search-index.js.

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+(?:\+\+|#)?/gu) ?? []; // C++ and C# too
const results = document.getElementById("search-results");
const status = document.getElementById("search-status");
const field = document.querySelector("header input");
const sections = searchEntries.sections.map(([page, anchor, title, text, code, functions], id) => (
  { id, page, anchor, title, text, code, functions: words(functions), all: `${title}\n${text}\n${code}` }));

const apart = (word) => words(searchEntries.terms.find(([term]) => words(term).join("") === word)?.[0] ?? word); // "crossentropy"
const stem = (word) => (word.length > 4 ? word.replace(/(ies|es|s|ing|ed|y|e|(?<=\w{6})ions?)$/, "") : word);
const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const beginning = (some) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${some.map(escaped).join("|")})[\\p{L}\\p{N}_]*`, "giu");
const count = (text, pattern) => text.match(pattern)?.length ?? 0;
const COMMON = "a about an and are be can did do does for from get have how i if in is it me my not of on or should that the there this to use what when where which why with you your".split(" "); // words that say little
const LONGEST = 200, EXCERPT = 220; // characters of a query, and of what is shown
// Of the query: its words, their stems, for each word a pattern for those that begin with it or with one that is nearly it, and how much
// it counts; and the whole, if it has several words.
let named, asked, patterns, weights, phrase;

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
  return patterns.reduce((sum, pattern, i) => sum + weights[i] * (10 * Math.min(count(title, pattern), 1) + Math.log1p(count(text, pattern))), 0);
}

// A word that few sections have counts more than one that many have, at most 1.
function weightsOf(some) {
  const rare = some.map((pattern) => Math.log(1 + sections.length / (1 + sections.filter(({ all }) => count(all, pattern)).length)));
  return rare.map((one) => one / Math.max(...rare));
}

// One result for each page: its best section, and a score of the page as a whole. A page on which a function is written that was asked
// for has it where its title is that name, or else where it is written. A page whose own title has all words is the result itself,
// unless a section's has them too. Code counts less than text, and words in several terms of a glossary are no result.
function pages() {
  const found = new Map(), isNamed = (some) => some.length > 0 && named.every((name) => some.includes(name));
  const hasAll = (text) => patterns.every((pattern) => count(text, pattern)), hasAny = (text) => patterns.some((pattern) => count(text, pattern));
  const teaching = new Set(sections.filter(({ functions }) => isNamed(functions)).map(({ page }) => page));
  for (const { page, anchor, title, text, code, functions, all } of sections) {
    const entry = found.get(page) ?? { page, title, text: "", code: "", best: -1, score: 0 };
    const teaches = teaching.has(page), isHeading = anchor && hasAll(title);
    const here = score(anchor ? title : "", text) + 20 * hasAll(all) + 20 * isHeading + 20 * (phrase !== "" && all.toLowerCase().includes(phrase))
      + 5 * hasAny(text) + teaches * (200 * isNamed(functions) + 300 * isNamed(words(title)));
    entry.text += `${title}\n${text}\n`;
    entry.code += `${code}\n`;
    if (here > entry.best) Object.assign(entry, { best: here, anchor, section: title, isHeading, isApart: anchor.startsWith("term-") && !hasAll(all), teaches, here: hasAny(text) ? text : "", listing: code });
    found.set(page, entry);
  }
  for (const entry of found.values()) {
    if (hasAll(entry.title) && !entry.isHeading && !entry.teaches) Object.assign(entry, { anchor: "", section: entry.title, best: entry.best + 20, here: hasAny(entry.here) ? entry.here : entry.text });
    entry.score = entry.best + 2 * score(entry.title, "");
  }
  const those = (has) => [...found.values()].filter(({ text, code, isApart }) => has(text + code) && !isApart), whole = those(hasAll);
  return whole.length ? { found: whole, isWhole: true } : { found: those(hasAny), isWhole: false };
}

// The terms of the glossary that are in the query, the longest first: "learning rate" before "rate". "overfit" stands for "overfitting".
function glossary() {
  const isAsked = (word) => asked.some((one) => one === stem(word) || (one.length > 5 && word.startsWith(one)));
  return searchEntries.terms.filter(([term]) => words(term).every(isAsked)).sort(([a], [b]) => b.length - a.length);
}

// Of a text the sentence with most words of the query, all of them marked, and as many after it as fit. Of a very long one, what is around the first.
function excerpt(text) {
  const said = text.split(/\n|(?<=[.?!…][”’)]?) (?=[\p{Lu}\p{N}“‘(])/u).filter(Boolean), worth = said.map((one) => patterns.reduce((sum, pattern, i) => sum + weights[i] * (count(one, pattern) > 0), 0));
  const best = worth.indexOf(Math.max(...worth));
  let end = best + 1, shown = said[best] ?? "";
  while (end < said.length && `${shown} ${said[end]}`.length <= EXCERPT) shown += ` ${said[end++]}`;
  if (shown.length <= 1.4 * EXCERPT) return marked(shown);
  const first = Math.min(...patterns.map((pattern) => shown.search(pattern)).filter((place) => place >= 0));
  const start = first < EXCERPT - 60 ? 0 : shown.lastIndexOf(" ", first - 80) + 1;
  return marked(`${start ? "… " : ""}${shown.slice(start, shown.lastIndexOf(" ", start + EXCERPT))} …`);
}

// Of code the first line that has a word of the query.
function codeLine(code) {
  const line = marked(code.split("\n").find((one) => patterns.some((pattern) => count(one, pattern))) ?? ""), made = document.createElement("code");
  made.append(...line.childNodes);
  line.append(made);
  return line;
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

function show({ page, anchor, title, section, here, listing, sentence, term }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = anchor ? `${page}#${anchor}` : page;
  link.textContent = section === title ? title : `${title}: ${section}`;
  item.append(link);
  if (sentence) {
    const meaning = document.createElement("p");
    meaning.className = "meaning";
    meaning.innerHTML = `<b></b>: <span></span>`;
    meaning.querySelector("b").textContent = term;
    meaning.querySelector("span").textContent = sentence;
    item.append(meaning);
  }
  item.append(here ? excerpt(here) : codeLine(listing));
  results.append(item);
}

const [ofTerms] = sections.filter(({ anchor }) => anchor.startsWith("term-")); // the glossary, if there is one
function linkToTerms() {
  const link = document.createElement("a");
  [link.href, link.textContent] = [ofTerms.page, _`The glossary lists the words of the course.`];
  return link;
}

function search() {
  const query = field.value.trim(), all = words(query.slice(0, LONGEST)), telling = all.filter((word) => !COMMON.includes(word));
  const meanings = [...new Set((telling.length ? telling : all).flatMap(apart))].map(meant);
  [asked, named, patterns] = [meanings.flatMap(({ stems }) => stems), meanings.map(({ word }) => word), meanings.map(({ pattern }) => pattern)];
  [weights, phrase] = [weightsOf(patterns), all.length > 1 ? query.toLowerCase() : ""];
  results.replaceChildren();
  if (!patterns.length) {
    status.textContent = (query ? _`“${query}” has no word to search for. ` : "")
      + _`Type a word into the field above, such as gradient.`;
    return;
  }
  const { found: those, isWhole } = pages(), terms = glossary(), [asIs] = terms.filter(([term]) => asked.length <= words(term).length);
  for (const entry of those) {
    const [term, sentence] = terms.find(([, , page]) => page === entry.page) ?? [], isAll = term && asked.length <= words(term).length;
    if (term) Object.assign(entry, { term, sentence, teaches: entry.teaches || isAll, score: entry.score + (isAll ? 100 : 20) * words(term).length });
  }
  // What the glossary says is shown at the first result, and not once more.
  const found = those.sort((a, b) => b.score - a.score).filter(({ section }) => those.length === 1 || !terms.some(([term]) => term === section));
  if (asIs && found.length) {
    found.forEach((entry) => entry.term === asIs[0] && delete entry.sentence);
    Object.assign(found[0], { term: asIs[0], sentence: asIs[1] });
  }
  found.forEach(show);
  const instead = meanings.filter(({ near }) => near.length)
    .map(({ word, near }) => [word, near.join(_`” and “`)])
    .map(([word, others]) => _`No chapter has “${word}”; searched for “${others}”. `).join("");
  const some = isWhole ? "" : _`No page has all of these words; these have some. `;
  status.textContent = found.length === 0 ? _`No chapter has “${query}”. Try one word of it, or another word for it. `
    : `${instead}${some}${found.length === 1 ? _`One page.` : _`${found.length} pages.`}${found[0].teaches && found.length > 1 ? _` The one that teaches it comes first.` : ""}`;
  if (!found.length && ofTerms) status.append(linkToTerms());
}

field.value ||= new URLSearchParams(location.search).get("q")?.trim() ?? ""; // unless the Back key has brought what was typed
results.addEventListener("click", () => history.replaceState(null, "", `?q=${encodeURIComponent(field.value.trim())}`));
field.addEventListener("input", search);
search();
