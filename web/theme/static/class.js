// A class: the files that learners saved as My course, as tables. All of it is computed here, and nothing leaves the page.

const { addStyle, download, made, read, Refused } = await import(`./course.js${new URL(import.meta.url).search}`);

const ENOUGH = 20; // learners, from whom on a correlation says something about a question

// --- The sums -------------------------------------------------------------------------------------------------------------

const count = (some, is) => some.filter(is).length;
const share = (some, is) => (some.length ? count(some, is) / some.length : undefined);
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// Lists of those for which `by` gives the same, as a Map.
function groups(some, by) {
  const lists = new Map();
  for (const one of some) lists.set(by(one), [...(lists.get(by(one)) ?? []), one]);
  return lists;
}

// The text that most have in common and how many have it: {said, learners}, or undefined without any.
function mostCommon(texts, alike = (text) => text) {
  const [most] = [...groups(texts, alike).values()].sort((a, b) => b.length - a.length);
  return most && { said: most[0], learners: most.length };
}

// The correlation of two lists of numbers, or undefined if one of them is constant.
export function correlation(a, b) {
  const [x, y] = [a, b].map((list) => list.map((number) => number - mean(list)));
  const product = (one, other) => one.reduce((sum, number, i) => sum + number * other[i], 0);
  const norm = Math.sqrt(product(x, x) * product(y, y));
  return norm > 1e-9 ? product(x, y) / norm : undefined;
}

const isQuestion = ({ kind, tries }) => kind === "answer" && tries;
const isTask = ({ kind, tries }) => (kind === "function" || kind === "verdict") && tries;
const idOf = ({ kind, page, about }) => JSON.stringify([kind, page, about]);
const rightAtFirst = ({ first }) => first.right;
const rightAtLast = ({ last }) => last.right;
const lastSaid = ({ last }) => last.said;

// What a task is called: a function's name, or that in a listing with check("name", ...).
export function nameOf({ about }) {
  return about.match(/\bcheck(?:_problem)?\(\s*["']([^"']+)/)?.[1] ?? about;
}

// files: what course.js has read of each, with `file`, its name. Returns what the tables show: {learners, questions, tasks, stopped}.
export function classOf(files) {
  const learners = files.map(({ file, name, saved, kept }) => {
    const questions = kept.filter(isQuestion), tasks = kept.filter(isTask);
    return {
      file, name, saved, questions, tasks,
      first: count(questions, rightAtFirst), last: count(questions, rightAtLast), solved: count(tasks, rightAtLast),
      page: lastPage(kept),
    };
  });
  const all = (part) => {
    const entries = learners.flatMap((learner) => learner[part].map((entry) => ({ ...entry, learner })));
    return [...groups(entries, idOf).values()];
  };
  const stopped = [...groups(learners.filter(({ page }) => page !== undefined), ({ page }) => page)];
  return {
    learners,
    questions: all("questions").map(questionOf).sort(byNeed),
    tasks: all("tasks").map(taskOf).sort((a, b) => a.right - b.right),
    stopped: stopped.map(([page, those]) => ({ page, learners: those.length })),
  };
}

// The page of what the learner did last.
function lastPage(kept) {
  const times = kept.filter(({ page }) => page).map(({ page, changed, last }) => ({ page, at: last?.at ?? changed }));
  return times.filter(({ at }) => at).sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.page;
}

// One question, from the entries of those who answered it.
function questionOf(entries) {
  const [{ page, about }] = entries;
  const wrong = entries.flatMap(({ first, last }) => [first, last].find(({ right }) => !right)?.said ?? []);
  return {
    page, about, learners: entries.length,
    first: share(entries, rightAtFirst), last: share(entries, rightAtLast), wrong: mostCommon(wrong),
    discrimination: discrimination(entries),
  };
}

// Whether those who are right here at the first try are right elsewhere too: a correlation, from enough learners on.
function discrimination(entries) {
  const some = entries.map(({ about, page, first, learner }) => {
    const others = learner.questions.filter((other) => other.about !== about || other.page !== page);
    return { here: Number(first.right), elsewhere: share(others, rightAtFirst) };
  }).filter(({ elsewhere }) => elsewhere !== undefined);
  if (some.length < ENOUGH) return;
  return correlation(some.map(({ here }) => here), some.map(({ elsewhere }) => elsewhere));
}

// Where those who are right elsewhere are wrong, by more than chance, the question may be at fault: it comes first. Then the harder one.
export const isStrange = ({ discrimination, learners }) => discrimination < -2 / Math.sqrt(learners);
const strangeness = (one) => (isStrange(one) ? one.discrimination : 0);
const byNeed = (a, b) => strangeness(a) - strangeness(b) || a.first - b.first || a.last - b.last;

function taskOf(entries) {
  const not = entries.flatMap(({ first, last }) => [last, first].find(({ right }) => !right)?.said ?? []);
  const withoutNumbers = (text) => text.replace(/[-\d.,[\] ]+/g, " ");
  return {
    page: entries[0].page, name: nameOf(entries[0]), learners: entries.length, right: share(entries, rightAtLast),
    tries: mean(entries.map(({ tries }) => tries)), mistake: mostCommon(not, withoutNumbers),
  };
}

// A row for each learner: what is right at the last try, as 1 or 0, and nothing where there was none.
export function csvOf({ learners, questions, tasks }) {
  const title = ({ page, about }) => `${page} ${about.slice(0, 60)}`, of = (part, is) => (learner) => part.map((one) => {
    const entry = [...learner.questions, ...learner.tasks].find((entry) => is(entry, one));
    return entry ? Number(entry.last.right) : "";
  });
  const answers = of(questions, (entry, one) => entry.kind === "answer" && entry.about === one.about && entry.page === one.page);
  const solved = of(tasks, (entry, one) => entry.kind !== "answer" && nameOf(entry) === one.name && entry.page === one.page);
  const head = ["learner", "file", "last page", "answered", "right at first", "right at last", "tried", "solved"];
  const rows = learners.map((learner) => [
    learner.name, learner.file, learner.page ?? "", learner.questions.length, learner.first, learner.last, learner.tasks.length,
    learner.solved, ...answers(learner), ...solved(learner)]);
  const all = [[...head, ...questions.map(title), ...tasks.map(({ name }) => name)], ...rows];
  return all.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

// A spreadsheet would run a text that begins with one of these signs.
const cell = (value) => `"${String(value).replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;

// --- The page -------------------------------------------------------------------------------------------------------------

const place = document.getElementById("class-files");
if (place) build();

function build() {
  const edition = document.querySelector(".my-course").dataset.edition, courses = new Map();
  const titles = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.href, link.firstChild.textContent]));
  const drop = made("div", { className: "drop" }), says = made("p", {}), tables = made("div", {});
  const [files, folder] = [made("input", { accept: ".json" }), made("input", { webkitdirectory: true })];
  const [choose, chooseFolder, csv] = ["Choose files", "Choose a folder", "Save the table as CSV"].map((textContent) =>
    made("button", { type: "button", textContent }));
  addStyle();
  says.setAttribute("role", "status");
  for (const [input, button] of [[files, choose], [folder, chooseFolder]]) {
    Object.assign(input, { type: "file", multiple: true, hidden: true });
    input.onchange = () => take([...input.files]).then(() => (input.value = ""));
    button.onclick = () => input.click();
  }
  drop.append("Drop the files of your learners here. ", choose, chooseFolder, files, folder);
  drop.ondragover = (event) => event.preventDefault();
  drop.ondrop = (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  };
  csv.hidden = true;
  csv.onclick = () => download("class.csv", csvOf(classOf([...courses.values()])), "text/csv");
  place.append(drop, says, csv, tables);

  // The same file counts once.
  async function take(some) {
    const refused = [];
    for (const file of some) {
      try {
        const text = await file.text();
        courses.set(text, { ...read(text, edition), file: file.name });
      } catch (error) {
        refused.push(`${file.name}: ${error instanceof Refused ? error.message : "it can't be read."}`);
      }
    }
    const left = refused.length ? ` Not counted: ${refused.join(" ")}` : "";
    says.textContent = `${courses.size} ${courses.size === 1 ? "learner" : "learners"}.${left}`;
    csv.hidden = courses.size === 0;
    tables.replaceChildren(...(courses.size ? drawn(classOf([...courses.values()])) : []));
  }

  const pageName = (page) => titles.get(new URL(`../${page}`, import.meta.url).href) ?? page ?? "";
  const percent = (part) => (part === undefined ? "" : `${Math.round(100 * part)} %`);
  const most = (one) => (one ? `${one.said.slice(0, 160)} (${one.learners})` : "");

  function drawn({ learners, questions, tasks, stopped }) {
    return [
      table("What to talk about", ["chapter and question", "learners", "right at first", "at last", "wrong answer most given", "discrimination"],
        questions.map((one) => ({
          strange: isStrange(one),
          cells: [`${pageName(one.page).split(" ")[0]}: ${one.about.slice(0, 120)}`, one.learners, percent(one.first), percent(one.last),
            most(one.wrong), one.discrimination?.toFixed(2) ?? ""],
        }))),
      table("Functions and problems", ["name", "learners", "right", "tries", "mistake most made"],
        tasks.map((one) => ({ cells: [one.name, one.learners, percent(one.right), one.tries.toFixed(1), most(one.mistake)] }))),
      table("Where they stopped", ["page", "learners"],
        stopped.sort((a, b) => b.learners - a.learners).map((one) => ({ cells: [pageName(one.page), one.learners] }))),
      table("Learners", ["name", "file", "answered", "right at first", "at last", "functions and problems", "right", "last page"],
        learners.map((one) => ({ cells: [one.name || "no name", one.file, one.questions.length, one.first, one.last, one.tasks.length,
          one.solved, pageName(one.page).split(":")[0]] }))),
    ];
  }

  function table(title, head, rows) {
    const box = made("div", { className: "scrolls", tabIndex: 0 }), all = made("table", {});
    all.createCaption().textContent = title;
    const row = all.createTHead().insertRow(), body = all.createTBody();
    row.append(...head.map((textContent) => made("th", { textContent, scope: "col" })));
    for (const { strange, cells } of rows) {
      const line = body.insertRow();
      line.classList.toggle("strange", Boolean(strange));
      for (const text of cells) {
        Object.assign(line.insertCell(), { textContent: text, className: String(text).length > 25 ? "words" : "" });
      }
    }
    box.append(all);
    return box;
  }
}
