// The end: once all functions are the reader's, the whole network as one file of them, which a fresh Python runs.

import { addStyle, button, download, made } from "../page/dom.js";
import { asFile, namesOfAll, written } from "./functions.js";

const TRAIN = `
# --- from the images to ten epochs
from utils import load_data_fashion_mnist, seed_everything

seed_everything(42)
train_iter, test_iter = load_data_fashion_mnist(batch_size=256)
params = init_params()
history = train_ch3(lambda X: mlp(X, params), train_iter, test_iter,
                    softmax_cross_entropy, num_epochs=10, batch_size=256,
                    params=params, lr=0.5)
`;

const WORDS = /"{3}[^]*?"{3}|'{3}[^]*?'{3}|"[^"\n]*"|'[^'\n]*'|#.*/g; // texts and comments

// The file: what trains, and before it those of the functions that it needs, by themselves or through others.
function wholeFile() {
  const codes = written(), needed = new Set(), left = [TRAIN];
  while (left.length) {
    const code = left.pop().replace(WORDS, "");
    for (const [name, other] of codes) {
      if (needed.has(name) || !new RegExp(`(?<![.\\w])${name}\\b`).test(code)) continue;
      needed.add(name);
      left.push(other);
    }
  }
  return asFile(namesOfAll().filter((name) => needed.has(name)), TRAIN);
}

// place(box) puts the box into the page; load() gives the session, which runs the file.
export function showWhole(place, load = () => import("./session.js")) {
  if (document.querySelector(".whole")) return;
  const count = namesOfAll().length, code = wholeFile();
  const out = made("pre", { className: "out", tabIndex: 0, ariaLabel: "What network.py prints", hidden: true }), says = made("p", { role: "status" });
  const output = { begin: () => out.replaceChildren(), add: (kind, text) => out.append(text) };
  const run = button("Run it in a fresh Python", async () => {
    run.disabled = true;
    out.hidden = false;
    says.textContent = "";
    const how = await (await load())?.runWhole(code, output).finally(() => (run.disabled = false));
    if (how === "ran") says.replaceChildren(...atTheEnd());
    else if (!how) says.textContent = "Run it when the listings of this page have run.";
  });
  const box = made("section", { className: "linked remark whole", ariaLabel: "Your whole network" },
    made("p", {}, made("strong", { textContent: `All ${count} functions are yours.` }),
      " This is the whole network as one file: those of your functions that it needs, and the lines that train it. The course "
        + "gives the arrays, their autograd and the images."),
    made("pre", { className: "file", tabIndex: 0, ariaLabel: "network.py", textContent: code }),
    run, " ", button("Save network.py", () => download("network.py", code, "text/x-python")), out, says);
  addStyle("run/link.css");
  place(box);
}

// The demonstration takes the network that was trained.
function atTheEnd() {
  const link = made("a", { href: new URL("#demo", document.querySelector(".brand").href), textContent: "Draw on it" });
  return ["From the images to ten epochs it is yours. ", link, /* said */ ", and send a friend the drawing: below it, ",
    made("i", { textContent: /* said */ "copy a link" }), /* said */ " makes a link that carries it."];
}
