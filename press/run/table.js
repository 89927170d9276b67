// A table of what names hold after some lines (press/book/trace_boxes.py). The reader's answers stand in the code of its listing, in the
// place of the dots: Run has the book's Python compare them, and they are kept as any edit is.

const DOTS = "...", SAID = /(?:^|: )(\d+)\. (Right|Not yet)/gm; // as the book's Python says it of each place

export function makeTable(cell, editor) {
  const inputs = [...cell.querySelectorAll(".trace input")];
  if (!inputs.length) return;
  const parts = editor.original.split(DOTS);
  const codeOf = (answers) => parts.map((part, i) => part + (i < answers.length ? answers[i] : "")).join("");
  const written = (text) => (text.trim() ? JSON.stringify(text.trim()) : DOTS);

  // The answers in a text, or none in one that has been written in another way.
  function answersIn(text) {
    const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const [, ...found] = text.match(new RegExp(`^${escaped.join(`(\\.\\.\\.|"(?:[^"\\\\]|\\\\.)*")`)}$`)) ?? [];
    return found.map((answer) => (answer === DOTS ? "" : JSON.parse(answer)));
  }

  function mark() {
    const words = [...cell.querySelectorAll(".cell_output, .remark")].map(({ textContent }) => textContent).join("\n"); // the last time's too
    const said = new Map([...words.matchAll(SAID)].map(([, i, kind]) => [i - 1, kind]));
    inputs.forEach((input, i) => {
      if (said.has(i) && input.value) input.dataset.answer = said.get(i) === "Right" ? "right" : "wrong";
      else delete input.dataset.answer;
    });
  }

  const take = () => editor.set(codeOf(inputs.map(({ value }) => written(value))));
  inputs.forEach((input) => {
    input.oninput = () => {
      delete input.dataset.answer; // it was said of another
      take();
    };
  });
  const kept = answersIn(editor.text);
  if (inputs.some(({ value }) => value)) take(); // filled in before this file arrived
  else inputs.forEach((input, i) => (input.value = kept[i] ?? ""));
  mark();
  new MutationObserver(mark).observe(cell, { childList: true, subtree: true });
}
