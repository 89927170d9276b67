// A listing that can be edited in its place: a text area that lies exactly over the coloured code.

const KEYWORDS = ("and as assert async await break class continue def del elif else except finally for from global if import in is "
  + "lambda nonlocal not or pass raise return try while with yield None True False").split(" ");
const COMMENT = "#.*", NUMBER = String.raw`\b\d[\d_.]*(?:e[+-]?\d+)?`, NAME = String.raw`[^\W\d]\w*`;
const STRING = String.raw`[rbf]{0,2}(?:"{3}[^]*?(?:"{3}|$)|'{3}[^]*?(?:'{3}|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const TOKENS = new RegExp(`(?<c1>${COMMENT})|(?<s1>${STRING})|(?<mi>${NUMBER})|(?<n>${NAME})`, "gi");

function coloured(code) {
  const parts = [];
  let end = 0;
  for (const token of code.matchAll(TOKENS)) {
    let [kind] = Object.entries(token.groups).find(([, text]) => text !== undefined);
    if (kind === "n" && KEYWORDS.includes(token[0])) kind = "k";
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = token[0];
    parts.push(code.slice(end, token.index), span);
    end = token.index + token[0].length;
  }
  return [...parts, `${code.slice(end)}\n`];
}

// A short name for a text, so that an edit is found again with the listing that it belongs to, and with no other.
function hash(text) {
  let sum = 0;
  for (const character of text) sum = (Math.imul(sum, 31) + character.codePointAt(0)) | 0;
  return (sum >>> 0).toString(36);
}

export function makeEditable(listing, { button, run, changed }) {
  const block = listing.cell.querySelector(".highlight"), pre = block.querySelector("pre");
  const row = listing.cell.querySelector(".run-row"), editButton = row.querySelector(".edit");
  const stored = [...pre.childNodes];
  const key = `listing ${location.pathname} ${listing.number} ${hash(pre.textContent)}`;
  listing.original = listing.code = pre.textContent.replace(/\n$/, "");

  const back = button("Back to the original", `Back to the original of listing ${listing.number}`, () => {
    set(listing.original);
    leave();
    editButton.focus();
  });
  back.className = "back";
  back.hidden = true;
  editButton.after(back);

  listing.edit = () => {
    if (block.querySelector("textarea")) return block.querySelector("textarea").focus();
    const area = document.createElement("textarea");
    Object.assign(area, { value: listing.code, rows: 1, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" });
    area.setAttribute("aria-label", `Code of listing ${listing.number}. Shift and Enter run it, Escape leaves.`);
    area.oninput = () => set(area.value);
    area.onkeydown = (event) => {
      if (event.key === "Escape") {
        leave();
        editButton.focus();
      } else if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
      } else if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        document.execCommand("insertText", false, indent(area)); // the one way that the browser's undo knows of
      }
    };
    area.onblur = leave;
    block.classList.add("editing");
    block.append(area);
    area.focus();
    area.setSelectionRange(0, 0);
  };

  function leave() {
    block.classList.remove("editing");
    const area = block.querySelector("textarea");
    if (area) area.onblur = null; // it loses the focus by being removed
    area?.remove();
  }

  function set(code) {
    listing.code = code;
    const same = code === listing.original;
    pre.replaceChildren(...(same ? stored : coloured(code)));
    back.hidden = same;
    try {
      if (same) localStorage.removeItem(key);
      else localStorage.setItem(key, code);
    } catch {} // a browser that keeps nothing for this page
    changed();
  }

  try {
    const kept = localStorage.getItem(key);
    if (kept !== null) set(kept);
  } catch {}
}

// A line break, and as many spaces as the line begins with; four more after a colon.
function indent(area) {
  const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
  return `\n${line.match(/^ */)[0]}${line.trimEnd().endsWith(":") ? "    " : ""}`;
}
