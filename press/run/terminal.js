// Text as a terminal shows it: a carriage return moves to the beginning of the line, and escape sequences select colours.

const ESCAPE = /\x1b(?:\[([0-9;?]*)([A-Za-z])|[^[]|$)/;

export function makeTerminal() {
  let style = "", rest = ""; // the classes of the text that follows; an incomplete escape sequence at the end of the input
  let line = 0; // the index in the <pre> of the node with which the last line begins
  let back = false; // whether the next text overwrites the line

  function put(pre, text) {
    text.replaceAll("\r\n", "\n").split("\r").forEach((piece, i) => {
      back ||= i > 0;
      if (!piece) return;
      if (back && piece[0] !== "\n") drawOver(pre);
      back = false;
      const end = piece.lastIndexOf("\n") + 1;
      append(pre, piece.slice(0, end));
      if (end) line = pre.childNodes.length;
      append(pre, piece.slice(end));
    });
  }

  function append(pre, text) {
    if (text) pre.append(style ? Object.assign(document.createElement("span"), { className: style, textContent: text }) : text);
  }

  // Progress bars redraw their line.
  function drawOver(pre) {
    while (pre.childNodes.length > line) pre.lastChild.remove();
  }

  return {
    write(pre, text) {
      text = rest + text;
      const open = text.match(/\x1b(\[[0-9;?]*)?$/);
      rest = open ? open[0] : "";
      text = open ? text.slice(0, open.index) : text;
      for (let match; (match = text.match(ESCAPE)); text = text.slice(match.index + match[0].length)) {
        put(pre, text.slice(0, match.index));
        if (match[2] === "m") style = styled(style, match[1]);
      }
      put(pre, text);
    },
  };
}

// The classes after a sequence such as 1;31: bold and red.
function styled(style, codes) {
  let classes = style.split(" ").filter(Boolean);
  const simple = codes.replace(/(?<![^;])([34])8;(?:5;\d+|2;\d+;\d+;\d+)(?![^;])/g, (_, ground) => (ground === "3" ? "39" : "49")); // of 256 or more colours
  for (const code of (simple || "0").split(";").map(Number)) {
    if (code === 0) classes = [];
    else if (code === 1) classes.push("ansi-bold");
    else if (code === 39) classes = classes.filter((name) => !/\d/.test(name));
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      classes = [...classes.filter((name) => !/\d/.test(name)), `ansi-${code % 10}`];
    }
  }
  return classes.join(" ");
}
