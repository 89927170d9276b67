// A class: the files that learners saved as My course, as tables. All of it is computed here, and nothing leaves the page.

import { Refused, readFile } from "./course.js";
import { addressOf, BOOK, button, fetched, made } from "./dom.js";
import { together } from "./kept.js";

const OWN = "own words", MOST_NAMED = 5; // of the files that are not read

// --- The sums -------------------------------------------------------------------------------------------------------------

const count = (some, is) => some.filter(is).length;
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// The text that most have in common and how many have it: {said, learners}, or undefined without any.
function mostCommon(texts, alike = (text) => text) {
  const [most] = [...Map.groupBy(texts, alike).values()].sort((a, b) => b.length - a.length);
  return most && { said: most[0], learners: most.length };
}

const rightAtFirst = ({ first }) => first.right;
const rightInTheEnd = ({ first, last }) => first.right || last.right; // the last may be a first, wrong one in another browser
const wrongIn = (first, ...tries) => (first.right ? [] : (tries.find(({ right }) => !right) ?? first).said);

// What a row of questions.json and an entry of a file have in common: the text of a question with its page, or the name of a check, a
// problem or a function.
const idOf = ({ kind, page, about }) => JSON.stringify([kind, kind === "answer" ? page : "", about]);

// What the course asks, from the rows of questions.json, in its order: questions, and functions, checks and problems, called tasks.
const askedOf = (rows) => rows.filter(([kind]) => ![OWN, "inventory"].includes(kind)).map(([kind, page, about, words, beliefs = {}]) => (
  { id: idOf({ kind, page, about }), isQuestion: kind === "answer", page, words, beliefs: new Map(Object.entries(beliefs)) }));

// files: what course.js has read of each, by name. Returns what the tables show. Answers to what the course doesn't ask are only counted.
function classOf(files, asked) {
  const learners = files.map((file) => learnerOf(file, asked));
  const [questions, tasks] = [true, false].map((is) => asked.flatMap((one, i) => {
    const entries = learners.map(({ entries }) => entries[i]).filter(Boolean);
    return entries.length && one.isQuestion === is ? { ...one, entries } : [];
  }));
  return {
    learners,
    questions: questions.map(questionOf).sort(byNeed),
    tasks: tasks.map(taskOf).sort((a, b) => b.wrong - a.wrong),
    unknown: learners.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

function learnerOf({ kept, ...file }, asked) {
  const tried = new Map(kept.filter(({ tries }) => tries).map((entry) => [idOf(entry), entry]));
  const entries = asked.map(({ id }) => tried.get(id));
  const [questions, tasks] = [true, false].map((is) => entries.filter((entry, i) => entry && asked[i].isQuestion === is));
  return {
    ...file, entries, unknown: tried.size - questions.length - tasks.length, page: lastPage(kept),
    answered: questions.length, first: count(questions, rightAtFirst), last: count(questions, rightInTheEnd),
    tried: tasks.length, solved: count(tasks, rightInTheEnd),
  };
}

// The page of what the learner did last.
function lastPage(kept) {
  const times = kept.filter(({ page }) => page).map(({ page, changed, last }) => ({ page, at: last?.at ?? changed }));
  return times.filter(({ at }) => at).sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.page;
}

function questionOf({ page, words, beliefs, entries }) {
  const wrong = mostCommon(entries.flatMap(({ first }) => wrongIn(first)));
  return {
    page, words, learners: entries.length, first: count(entries, rightAtFirst), last: count(entries, rightInTheEnd),
    wrong, belief: beliefs.get(wrong?.said.replace(/\s+/g, " ").trim()),
  };
}

const byName = (a, b) => a.who.localeCompare(b.who, "en", { numeric: true });

// Of the questions that are asked before the course and after it, from the rows of questions.json: of how many learners each was right
// before and after, how many of those asked twice turned right or wrong, and the most common wrong choice of all.
function inventoryOf(files, rows) {
  return rows.filter(([kind]) => kind === "inventory").map(([, page, about, words, beliefs, , , right, choices]) => {
    const given = files.map(({ kept }) => ["before", "after"].map((time) => kept.find((one) => one.kind === time && one.page === page && one.about === about)?.value));
    const is = (value) => Number(value) === right - 1, there = (value) => /^\d$/.test(value) && value in choices, twice = given.filter((pair) => pair.every(there));
    const [before, after] = [0, 1].map((time) => given.map((pair) => pair[time]).filter(there));
    const wrong = mostCommon([...before, ...after].filter((value) => !is(value)).map((value) => choices[value]));
    return {
      words, before: [count(before, is), before.length], after: [count(after, is), after.length], wrong, belief: wrong && beliefs[wrong.said],
      better: count(twice, ([first, last]) => !is(first) && is(last)), worse: count(twice, ([first, last]) => is(first) && !is(last)),
    };
  }).filter(({ before, after }) => before[1] + after[1]);
}

// What more learners had wrong at first comes first.
const byNeed = (a, b) => (b.learners - b.first) - (a.learners - a.first) || a.last - b.last;

function taskOf({ page, words, entries }) {
  const right = count(entries, rightInTheEnd);
  const withoutNumbers = (text) => text.replace(/[-\d.,[\] ]+/g, " ");
  return {
    page, words, learners: entries.length, right, wrong: entries.length - right, tries: mean(entries.map(({ tries }) => tries)),
    mistake: mostCommon(entries.flatMap(({ first, last }) => wrongIn(first, last)), withoutNumbers),
  };
}

// What learners said in their own words, in the order of the course: a row for each text, with how many of the book's points it makes by
// the learner's ticks, and the others.
function saidBy(files, rows) {
  return rows.filter(([kind]) => kind === OWN).flatMap(([, page, about, words, points]) => files.flatMap(({ who, kept }) => {
    const texts = kept.find((entry) => entry.kind === OWN && entry.page === page && entry.about === about)?.value ?? [];
    return texts.map(({ text, ticks }) => ({ page, words, who, text, of: points.length, ticked: ticks && count(points, (_, i) => ticks.includes(i + 1)),
      others: ticks ? points.filter((_, i) => !ticks.includes(i + 1)) : [] }));
  }));
}

// A question after the number of its chapter.
const numbered = ({ page, words }) => (page ? `${page.match(`^(?:${BOOK.chapters})`)?.[1] ?? page}: ${words}` : words);

// --- Whose a file is ------------------------------------------------------------------------------------------------------

// Read a file of a learner: what course.js reads, with `file`, where it was, `who`, whose it is as far as that can be known, and `owner`,
// which is the same in another file of the learner: two of one name stay two where they have folders of their own.
async function courseIn(file) {
  const course = await readFile(file), path = pathOf(file), [folder] = path.split("/").slice(0, -1), who = course.name || nameIn(path, folder);
  return { ...course, file: path, who, owner: JSON.stringify([folder, who || course]) };
}

// Where a file is below the folder that was chosen, or its name.
const pathOf = ({ name, webkitRelativePath }) => webkitRelativePath?.split("/").slice(1).join("/") || name;

// The learner's name that a path tells, or "": what the file is called, or its first folder.
function nameIn(path, folder = "") {
  const file = path.split("/").at(-1).replace(/\.json$/i, "");
  const [isUsual, named] = file.match(/^my-course(?:-(.+?))?(?: \(\d+\))?$/) ?? [];
  return isUsual ? (named?.replaceAll("-", " ") ?? folder) : file;
}

// Put a course among the others, together with what else is of the same owner. Returns a sentence if there was something else.
function put(course, courses) {
  const before = courses.get(course.owner);
  const isAnother = before && before.saved !== course.saved, file = isAnother ? _`${before.file} and ${course.file}` : course.file;
  courses.set(course.owner, before ? { ...course, file, kept: joined(before.kept, course.kept) } : course);
  return isAnother ? [_`${course.who}: ${file} count together.`] : [];
}

// The entries of two files of one learner, who may have worked in a browser and in notebooks: of each thing the first try and the last.
function joined(some, others) {
  const all = new Map();
  for (const entry of [...some, ...others]) {
    const key = JSON.stringify([entry.kind, entry.page, entry.about]);
    all.set(key, { ...entry, ...together(all.get(key) ?? {}, entry) });
  }
  return [...all.values()];
}

// --- The page -------------------------------------------------------------------------------------------------------------

const place = document.getElementById("class-files");
build();

function build() {
  const courses = new Map();
  const titles = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.href, link.firstChild.textContent]));
  const asked = fetched(addressOf("questions.json"), { cache: "no-cache" }).then((response) => response.json());
  const says = made("div", { role: "status" }), tables = made("div");
  const clear = button(_`Start over`, () => {
    courses.clear();
    show([]);
  });
  const inputs = [made("input", { accept: ".json" }), made("input", { webkitdirectory: true })];
  for (const input of inputs) {
    Object.assign(input, { type: "file", multiple: true, hidden: true });
    input.onchange = () => take([...input.files]).then(() => (input.value = ""));
  }
  const [files, folder] = inputs.map((input) => () => input.click());
  const drop = made("div", { className: "drop" }, _`Drop the files of your learners here. `, button(_`Choose files`, files), button(_`Choose a folder`, folder), ...inputs);
  // Beside the box too: a browser would leave the page to show the file.
  const withFiles = (does) => (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    does(event);
  };
  addEventListener("dragover", withFiles(() => {}));
  addEventListener("drop", withFiles(({ dataTransfer }) => take([...dataTransfer.files])));
  clear.hidden = true;
  asked.catch(() => (says.textContent = _`The questions of the course could not be loaded. Load the page again.`));
  place.append(drop, says, clear, tables);

  async function take(some) {
    const [own, others] = [true, false].map((is) => some.filter(({ name }) => /\.json$/i.test(name) === is)), notes = [];
    for (const file of own) {
      try {
        notes.push(put(await courseIn(file), courses));
      } catch (error) {
        const why = error instanceof Refused ? error.message : _`it can't be read.`;
        notes.push(_`Not counted: ${pathOf(file)}, because ${why}`);
      }
    }
    if (!own.length) notes.push(_`No file here ends in .json. For a folder, press Choose a folder.`);
    else if (others.length) notes.push(_`Not read, because they don't end in .json: ${few(others.map(pathOf))}.`);
    await show(notes.flat());
  }

  async function show(notes) {
    const files = [...courses.values()].sort(byName), rows = await asked, all = classOf(files, askedOf(rows)), { learners, unknown } = all;
    if (unknown) notes.push(unknown === 1 ? _`Left out: 1 answer to what this edition of the course doesn't ask.`
      : _`Left out: ${unknown} answers to what this edition of the course doesn't ask.`);
    const list = made("ul", {}, ...notes.map((textContent) => made("li", { textContent })));
    says.replaceChildren(made("p", { textContent: learners.length === 1 ? _`1 learner.` : _`${learners.length} learners.` }), list);
    clear.hidden = learners.length === 0;
    tables.replaceChildren(...(learners.length ? [...drawn(all, saidBy(files, rows)), ...beforeAndAfter(inventoryOf(files, rows))] : []));
  }

  const few = (names) => names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? _` and ${names.length - MOST_NAMED} more` : "");
  const pageName = (page) => titles.get(new URL(`../${page}`, import.meta.url).href) ?? page ?? "";
  const part = (some, all) => _`${some}\u00A0of\u00A0${all} (${Math.round((100 * some) / all)}\u00A0%)`;
  const most = (one) => (one ? `${one.said} (${one.learners})` : "");
  const mostBelieved = ({ wrong, belief }) => most(wrong) + (belief ? _` Believed: ${belief}` : "");

  function drawn({ learners, questions, tasks }, said) {
    return [
      table(_`What to talk about`, [_`chapter and question`, _`right at the first try`, _`right in the end`, _`most common wrong answer`],
        questions.map((one) => [numbered(one), part(one.first, one.learners), part(one.last, one.learners), mostBelieved(one)])),
      table(_`Functions and problems`, [_`name`, _`right in the end`, _`tries`, _`most common mistake`],
        tasks.map((one) => [numbered(one), part(one.right, one.learners), one.tries.toFixed(1), most(one.mistake)])),
      ...(said.length ? [table(_`In their own words`, [_`chapter and what was asked`, _`name`, _`text`, _`points ticked`, _`points not ticked`],
        said.map((one) => [numbered(one), one.who || _`no name`, one.text,
          one.ticked === undefined ? _`not compared yet` : _`${one.ticked} of ${one.of}`, one.others.join(" ")]))] : []),
      table(_`Learners`, [_`name`, _`questions answered`, _`right at the first try`, _`right in the end`, _`functions and problems tried`,
        _`solved`, _`last page`, _`file`],
        learners.map((one) => [one.who || _`no name`, one.answered, one.first, one.last, one.tried, one.solved,
          pageName(one.page).split(":")[0], one.file])),
    ];
  }

  const beforeAndAfter = (questions) => (questions.length ? [table(_`Before the course and after it`,
    [_`question`, _`right before`, _`right after`, _`turned right`, _`turned wrong`, _`most common wrong answer`],
    questions.map((one) => [one.words, ...[one.before, one.after].map(([some, all]) => (all ? part(some, all) : "")), one.better, one.worse, mostBelieved(one)]))] : []);

  function table(title, head, rows) {
    const all = made("table"), box = made("div", { className: "scrolls", tabIndex: 0, role: "region", ariaLabel: title }, all);
    all.createCaption().textContent = title;
    const row = all.createTHead().insertRow(), body = all.createTBody();
    row.append(...head.map((textContent) => made("th", { textContent, scope: "col" })));
    for (const cells of rows) {
      const line = body.insertRow();
      line.append(...cells.map((text, i) => made(i ? "td" : "th", { // the first cell names its row
        textContent: text, className: String(text).length > 25 ? "words" : "", ...(i === 0 && { scope: "row" }) })));
    }
    return box;
  }
}
