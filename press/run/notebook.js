// The notebook of a page, as the reader has it in the page: with the listings that they have edited and added.

import { download } from "../page/dom.js";

// Save the notebook that a link leads to, with what differs in the listings of the page. Its cells have the texts of the book's listings.
// say(state, text) says it if the notebook does not arrive.
export async function save(link, listings, say) {
  const response = await fetch(link.href).catch(() => undefined);
  if (!response?.ok) return say("failed", _`The notebook did not arrive. Check the connection and press again.`);
  const notebook = await response.json(), { cells } = notebook;
  let place = 0; // below the cell of the listing above
  for (const { added, slot, code, original, editor } of listings) {
    if (added) cells.splice(place++, 0, { cell_type: "code", id: `added-${place}`, metadata: {}, ...notRun(code) });
    else {
      const found = cells.findIndex(({ cell_type, source }) => cell_type === "code" && [original, editor.original].includes([source].flat().join("").trimEnd()));
      if (found < 0) continue;
      place = found + 1;
      if (!slot && code !== original) Object.assign(cells[found], notRun(code));
    }
  }
  download(link.pathname.split("/").at(-1), JSON.stringify(notebook, null, 1) + "\n", "application/x-ipynb+json");
}

const notRun = (source) => ({ source, execution_count: null, outputs: [] });
