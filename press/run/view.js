// The rows below the listings, drawn from the state of each listing, and the bar at the lower edge.

import { button, made } from "../page/dom.js";
import { stoppedAfter } from "./sentences.js";
import { isRecalled } from "./verdicts.js";

const SAYS = {
  new: () => "", edited: () => _`not run yet`, waiting: () => _`waiting`, running: () => _`running`,
  changed: () => _`changed since it ran`, old: () => _`out of date`,
  ran: ({ seconds }) => _`ran in ${seconds.toFixed(1)} s`, failed: () => _`ended with an error`,
  stopped: ({ seconds, reached }) => (reached ? stoppedAfter(reached) : _`stopped after ${seconds.toFixed(1)} s`),
};

// Whether the output below a listing is not that of the code above it as it stands.
const isForeign = (state, listing) => {
  const { run, slot } = listing;
  return (["edited", "changed", "old"].includes(state) && !isRecalled(listing)) || (state === "stopped" && run.showsOld) || Boolean(run && slot?.isDraft());
};

export function makeView(bar, runAll, { say, stop, startOver }) {
  const meter = made("span", { className: "run-meter" }), show = button(_`Show it`, jumpToError);
  const close = button("×", () => {
    bar.classList.remove("shown");
    opener?.focus({ preventScroll: true }); // else the focus would be lost
  }, _`Close this bar`);
  const stopButton = button(_`Stop`, () => stop());
  stopButton.className = "stop";
  show.hidden = true;
  const anew = Object.assign(button(_`Start over`, startOver), { className: "start-over" }); // away from Stop, beside which a slip would lose all
  bar.append(made("div", { className: "run-buttons" }, anew, meter, show, stopButton, close));
  let opener; // what had the focus when the bar opened
  let ticking, failed, loading; // whether bytes are counted in the place of seconds
  let progress = ""; // what the book's Python says of how far it is

  function jumpToError() {
    const place = failed.cell.querySelector(".traceback pre") ?? failed.cell;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  }

  return {
    row(listing, state) {
      const isBooks = listing.code === listing.original;
      const whose = listing.added ? _`yours` : listing.slot ? listing.slot.whose()
        : isBooks || ["edited", "changed"].includes(state) ? "" : _`edited`;
      listing.slot?.mark();
      const words = [_`Listing ${listing.number}`, whose, SAYS[state](listing.run)];
      listing.cell.dataset.state = state;
      listing.cell.toggleAttribute("data-foreign", isForeign(state, listing));
      listing.cell.querySelector(".run-state").textContent = words.filter(Boolean).join(" · ");
      const step = listing.cell.querySelector(".step");
      if (listing.slot) step.hidden = !listing.slot.isToRead() && listing.slot.text() === undefined;
      else if (listing.added || !isBooks) step.hidden = false; // it may call a function now
      const run = listing.cell.querySelector(".run"), isBusy = state === "running" || state === "waiting";
      setBusy(run, isBusy, _`Run`);
      if (listing.added) listing.cell.querySelector(".delete").disabled = isBusy;
      run.setAttribute("aria-label", _`${run.textContent} listing ${listing.number}`);
    },
    // working: whether Python is, for listings or else, so that there is something to stop.
    busy(busy, working) {
      setBusy(runAll, busy, _`Run all`);
      stopButton.disabled = !busy && !working;
    },
    open() {
      opener = document.activeElement;
      bar.classList.add("shown");
    },
    // A message opens the bar, unless the reader has closed it since the last request.
    say(state, text, listing, isRight = true) {
      failed = listing;
      bar.classList.toggle("not-yet", !isRight);
      show.hidden = !listing;
      say(state, text, bar.classList.contains("shown"));
    },
    meter(done, total) {
      loading = Boolean(total);
      meter.textContent = total ? _`${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB` : "";
    },
    // Show the seconds since `start`, or nothing without it.
    clock(start) {
      clearInterval(ticking);
      loading = false;
      progress = meter.textContent = "";
      const tick = () => loading || (meter.textContent = [progress, `${Math.round((performance.now() - start) / 1000)} s`].filter(Boolean).join(", "));
      if (start) ticking = setInterval(tick, 1000);
    },
    progress(text) {
      progress = text;
    },
  };
}

// How many pixels of the window the bar covers.
export const barHeight = () => document.querySelector(".run-bar.shown")?.offsetHeight ?? 0;

function setBusy(button, busy, otherwise) {
  button.textContent = busy ? _`Stop` : otherwise;
  button.toggleAttribute("data-busy", busy);
}
