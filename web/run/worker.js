// A listing's Python. The page hands over every file that it needs: this worker has no network, no storage and no page.
//
// It is not loaded by its address: page.js joins pyodide.js, pyodide.asm.js and this file to one blob, because a worker made from
// a blob has the Content-Security-Policy of its page, and one that comes from a static host has none.

const LONGEST_OUTPUT = 100_000; // characters of text of one listing: more would slow the page down
const files = new Map(); // what the page has handed over and nobody has asked for yet, by address
let base, pyodide, run, needs;
let shown; // how many characters of text the listing that runs has sent

// Pyodide asks for its parts by address.
async function fetchFromPage(address) {
  const bytes = files.get(String(address));
  if (!bytes) throw new TypeError(`Python in the page has no network: it can't reach ${address}.`);
  files.delete(String(address));
  return new Response(bytes, { headers: { "Content-Type": String(address).endsWith(".wasm") ? "application/wasm" : "" } });
}

// Whatever could reach another address, the browser's storage, or a fresh scope that has these things again.
const CLOSED = ["XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker", "SharedWorker",
  "BroadcastChannel", "indexedDB", "caches", "cookieStore", "navigator", "webkitRequestFileSystem", "webkitRequestFileSystemSync",
  "webkitResolveLocalFileSystemURL", "webkitResolveLocalFileSystemSyncURL", "FontFace", "fonts"];

function close() {
  for (let scope = self; scope; scope = Object.getPrototypeOf(scope)) for (const name of CLOSED) delete scope[name];
}

function send(kind, text) {
  if (kind !== "figure" && kind !== "error") {
    if (shown > LONGEST_OUTPUT) return;
    shown += text.length;
    if (shown > LONGEST_OUTPUT) text += `\n(${LONGEST_OUTPUT.toLocaleString("en")} characters: what follows is left out.)\n`;
  }
  postMessage({ type: "output", kind, text });
}

function stream(kind) {
  const decoder = new TextDecoder();
  return { write(bytes) { send(kind, decoder.decode(bytes, { stream: true })); return bytes.length; } };
}

async function take(handed) {
  const wheels = [];
  for (const [path, bytes] of handed) {
    const address = base + path;
    if (path.endsWith(".whl")) wheels.push(address);
    if (path.startsWith("pyodide/") || path.endsWith(".whl")) files.set(address, bytes);
    else {
      const file = "/run/" + path;
      pyodide.FS.mkdirTree(file.slice(0, file.lastIndexOf("/")));
      pyodide.FS.writeFile(file, new Uint8Array(bytes));
    }
  }
  if (wheels.length) await pyodide.loadPackage(wheels, { messageCallback() {}, checkIntegrity: false });
}

const answers = {
  async start({ address, parts, packages, env }) {
    base = address;
    for (const [path, bytes] of parts) files.set(base + path, bytes);
    self.fetch = fetchFromPage;
    const instantiate = WebAssembly.instantiateStreaming;
    const failed = new Promise((resolve, reject) => { // Pyodide only warns of it, and waits for ever
      WebAssembly.instantiateStreaming = (...args) => {
        const made = instantiate.apply(WebAssembly, args);
        made.catch(reject);
        return made;
      };
    });
    pyodide = await Promise.race([failed, loadPyodide({ indexURL: base + "pyodide/", env })]);
    await take(packages);
    pyodide.setStdout(stream("stdout"));
    pyodide.setStderr(stream("stderr"));
    pyodide.registerJsModule("page", { send });
    pyodide.runPython("import sys; sys.path.insert(0, '/run')");
    ({ run, needs } = pyodide.pyimport("runner"));
    close();
    postMessage({ type: "ready" });
  },

  async needs({ code }) {
    const groups = needs(code);
    postMessage({ type: "needs", groups: groups.toJs() });
    groups.destroy();
  },

  async take({ packages }) {
    await take(packages);
    postMessage({ type: "taken" });
  },

  async run({ number, code }) {
    shown = 0;
    postMessage({ type: "begin" });
    const start = performance.now();
    const good = run(`listing ${number}`, code);
    postMessage({ type: "end", good, seconds: (performance.now() - start) / 1000 });
  },
};

onmessage = async ({ data }) => {
  try {
    await answers[data.type](data);
  } catch (error) {
    postMessage({ type: "broken", text: String(error?.message ?? error) });
  }
};
