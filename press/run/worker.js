// The worker with Python. The page hands over every file that it needs: this worker has no access to network, storage or page.
//
// It is not loaded by its address: python.js joins pyodide.js, pyodide.asm.js and this file to one blob, because a worker made
// from a blob inherits the Content-Security-Policy of its page, and one from a static host has none.

// Pyodide takes the name of the time zone from this, and Python can't start with one that isn't in Latin letters.
const { toLocaleTimeString } = Date.prototype;
Date.prototype.toLocaleTimeString = function (language = "en", options) {
  return toLocaleTimeString.call(this, language, options);
};

const LONGEST_OUTPUT = 100_000; // characters of text of one listing: more would slow down the page
const LISTEN = 100; // milliseconds between two checks for messages of the page while a listing runs
const FIREFOX_SHOWS = 128; // frames of a stack, at most: what lies below is unknown
const files = new Map(); // files that the page has handed over and Pyodide has not requested yet, by address
let base, pyodide, kernel;
let shown; // the number of characters of text that the running listing has sent

// Pyodide requests its files by address.
async function fetchFromPage(address) {
  const bytes = files.get(String(address));
  if (!bytes) throw new TypeError(`Python in the page has no network: it can't reach ${address}.`);
  files.delete(String(address));
  return new Response(bytes, { headers: { "Content-Type": String(address).endsWith(".wasm") ? "application/wasm" : "" } });
}

// Everything that could reach another address, the browser's storage, or a new scope that has access to them.
const CLOSED = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker",
  "SharedWorker", "BroadcastChannel", "indexedDB", "caches", "cookieStore", "navigator", "webkitRequestFileSystem",
  "webkitRequestFileSystemSync", "webkitResolveLocalFileSystemURL", "webkitResolveLocalFileSystemSyncURL", "FontFace",
  "fonts",
];

function close() {
  for (let scope = self; scope; scope = Object.getPrototypeOf(scope)) for (const name of CLOSED) delete scope[name];
  self.fetch = fetchFromPage;
  self.loadPyodide = undefined; // it would import a script from an address
}

function send(kind, text) {
  if (["stdout", "stderr", "result", "table"].includes(kind)) {
    const room = LONGEST_OUTPUT - shown;
    shown += text.length;
    if (room < 0) return;
    if (text.length > room) {
      text = `${text.slice(0, room)}\n(${LONGEST_OUTPUT.toLocaleString("en")} characters: what follows is left out.)\n`;
    }
  }
  postMessage({ type: "output", kind, text });
}

function stream(kind) {
  const decoder = new TextDecoder();
  return { write(bytes) { send(kind, decoder.decode(bytes, { stream: true })); return bytes.length; } };
}

// Stop, with JSPI: Python polls for a signal, and finds one every tenth of a second. Its handler (kernel.py) waits for a message
// that this worker sends to itself, and meanwhile the page's messages are handled.
let running = false, lastPoll = 0;
const interrupt = {
  stopped: false, // whether Stop was pressed since the listing began
  cancel: undefined, // the function that ends what the listing awaits
  begin() { // called by the kernel, where JSPI can wait
    running = true;
    lastPoll = performance.now();
  },
  end() {
    running = false;
  },
  // Whether Python can be set aside here. It can't while JavaScript lies between two parts of WebAssembly on the stack, as when a
  // compiled module is initialised or C calls Python back. Pyodide's can_run_sync does not know of that, so we look at the stack.
  canWait() {
    Error.stackTraceLimit = Infinity;
    const frames = new Error().stack.trim().split("\n").map((line) => /wasm-function|wasm code/.test(line));
    Error.stackTraceLimit = 10;
    const parts = frames.filter((isWasm, i) => isWasm && !frames[i - 1]).length;
    return parts === 1 && frames.length !== FIREFOX_SHOWS;
  },
  messages: () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      lastPoll = performance.now();
      resolve();
    };
    port2.postMessage("");
  }),
  rest: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
const signals = {
  get 0() {
    const now = performance.now(), due = running && now - lastPoll > LISTEN;
    if (due) lastPoll = now;
    return due ? 2 : 0; // 2 is SIGINT
  },
  set 0(value) {},
};

// Write files where Python finds them. Its packages arrive unpacked; a compiled module is loaded when it is imported.
function take(packages) {
  for (const [path, bytes] of packages) {
    const file = "/run/" + path;
    pyodide.FS.mkdirTree(file.slice(0, file.lastIndexOf("/")));
    pyodide.FS.writeFile(file, bytes, { canOwn: true });
    pyodide.FS.utime(file, 0, 0); // compiled code is valid for one time and size of its source
  }
}

// What compiled modules of several packages share, as scipy's algebra: they find it by its name, if it is there before them.
async function takeLibraries(packages) {
  for (const [path] of packages) if (/^lib[^/]*\.so$/.test(path)) await pyodide._api.loadDynlib(`/run/${path}`, true);
}

function importKernel() {
  pyodide.registerJsModule("worker", { send, interrupt });
  pyodide.runPython("import sys; sys.path.insert(0, '/run'); import random; random.seed()"); // a snapshot fixes the seed
  kernel = pyodide.pyimport("kernel");
}

// Files and modules of the book have the paths that they have beside the source of the page.
function goInto(folder) {
  if (!pyodide.FS.analyzePath(folder).exists) return;
  pyodide.FS.chdir(folder);
  pyodide.runPython("sys.path.insert(0, '')");
}

const ARCHIVE = `import os, pathlib, zipfile
os.chdir("/run")
with zipfile.ZipFile("/tmp/packages.zip", "w", strict_timestamps=False) as archive:
    for path in [*paths, *filter(pathlib.Path.is_file, pathlib.Path("compiled").rglob("*"))]:
        archive.write(path)`;

// Start Python, normally or from a memory snapshot.
async function boot({ address, parts, waits, env }, options) {
  if (!waits) for (const name of ["Suspending", "promising"]) delete WebAssembly[name]; // which Pyodide would use
  base = address;
  for (const [path, bytes] of parts) files.set(base + path, bytes);
  self.fetch = fetchFromPage;
  const instantiate = WebAssembly.instantiateStreaming;
  const failed = new Promise((resolve, reject) => { // Pyodide only logs a warning, and waits for ever
    WebAssembly.instantiateStreaming = (...args) => {
      const made = instantiate.apply(WebAssembly, args);
      made.catch(reject);
      return made;
    };
  });
  return Promise.race([failed, loadPyodide({ indexURL: base + "pyodide/", env, ...options })]);
}

const answers = {
  async boot(message) {
    const { memory } = message;
    pyodide = await boot(message, memory ? { _loadSnapshot: new Uint8Array(memory) } : {});
    postMessage({ type: "booted" });
  },

  async open({ packages, folder }) {
    take(packages);
    pyodide.setStdout(stream("stdout"));
    pyodide.setStderr(stream("stderr"));
    importKernel();
    goInto(`/run/beside/${folder}`);
    pyodide.setInterruptBuffer(WebAssembly.Suspending ? signals : [0]); // read now and then: WebKit ends a worker in JavaScript only
    close();
    postMessage({ type: "ready" });
  },

  // Make what a later start continues from. A memory snapshot of Python just started holds the modules of its library that the
  // packages import. An archive holds the packages, unpacked, and the modules of them and of `others`, as import compiles and stores
  // them (below PYTHONPYCACHEPREFIX). It is not compressed, because it is read at each start.
  async remember(message) {
    const { imports, packages, others } = message;
    pyodide = await boot(message, { _makeSnapshot: true });
    pyodide.runPython(`import ${imports}`);
    const memory = pyodide.makeMemorySnapshot().slice().buffer;
    take([...packages, ...others]);
    pyodide.runPython("import sys; sys.dont_write_bytecode = False");
    importKernel();
    if (others.length) pyodide.runPython("import matplotlib.pyplot");
    pyodide.globals.set("paths", packages.map(([path]) => path));
    pyodide.runPython(ARCHIVE);
    const archive = pyodide.FS.readFile("/tmp/packages.zip").buffer;
    postMessage({ type: "remembered", memory, packages: archive }, [memory, archive]);
  },

  async facts({ codes }) {
    postMessage({ type: "facts", facts: codes.map((code) => JSON.parse(kernel.facts(code))) });
  },

  // For an editor, at any time but while a listing runs.
  async look({ how, text, codes, id }) {
    let answer;
    try {
      if (!running) answer = JSON.parse(kernel.look(how, text, JSON.stringify(codes)));
    } catch {} // a repr or an attribute of the reader's fails
    postMessage({ type: "looked", id, answer });
  },

  async take({ group, packages }) {
    take(packages);
    await takeLibraries(packages);
    pyodide.runPython("import importlib; importlib.invalidate_caches()");
    kernel.book.taken(group);
    if (group === "matplotlib") pyodide.runPython("import matplotlib.pyplot"); // else it would count as the listing's time
    postMessage({ type: "taken" });
  },

  async run({ number, code, unknown, drawnAfter, steps }) {
    shown = 0;
    interrupt.stopped = false;
    postMessage({ type: "begin" });
    const answer = await kernel.run(number, code, pyodide.toPy(unknown), drawnAfter, steps);
    postMessage({ type: "end", ...JSON.parse(answer) });
  },

  // A function of the book's own (see book.py).
  async call({ name, given }) {
    interrupt.stopped = false;
    postMessage({ type: "called", said: JSON.parse(await kernel.call(name, JSON.stringify(given))) });
  },

  async stop() {
    interrupt.stopped = true;
    const { cancel } = interrupt;
    interrupt.cancel = undefined; // once
    cancel?.();
  },
};

// Pyodide leaves the rejection unhandled with which os._exit() ends Python.
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason?.pyodide_fatal_error) postMessage({ type: "broken", text: reason.message });
});

onmessage = async ({ data }) => {
  try {
    await answers[data.type](data);
  } catch (error) {
    postMessage({ type: "broken", text: String(error?.message ?? error) });
  }
};
