// Turns a strip of panels into an animation: one panel at a time, with a slider and a play button. Without this script, all panels are shown.

function animation(figure) {
  const columns = Number(figure.dataset.columns);
  const rows = Number(figure.dataset.rows);
  figure.style.setProperty("--columns", columns);
  const names = figure.dataset.frames.split("|");
  const controls = figure.nextElementSibling;
  controls.innerHTML = `<button type="button" class="play">${_`Play`}</button>
    <input type="range" min="0" max="${names.length - 1}" value="0" step="1" aria-label="${_`Frame`}">
    <output></output>
    <button type="button" class="strip" aria-pressed="false">${_`All frames`}</button>`;
  const [play, slider, name, strip] = controls.children;
  let timer = null;

  function show(frame) {
    const row = Math.floor(frame / columns);
    figure.style.setProperty("--x", `${(-100 * (frame - row * columns)) / columns}%`);
    figure.style.setProperty("--y", `${(-100 * row) / rows}%`);
    slider.value = frame;
    slider.ariaValueText = name.value = names[frame];
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = _`Play`;
  }

  function next() {
    if (slider.valueAsNumber === names.length - 1) stop();
    else show(slider.valueAsNumber + 1);
  }

  play.onclick = () => {
    if (timer) return stop();
    if (slider.valueAsNumber === names.length - 1) show(0);
    play.textContent = _`Pause`;
    timer = setInterval(next, 700);
  };
  slider.oninput = () => {
    stop();
    show(slider.valueAsNumber);
  };
  strip.onclick = () => {
    stop();
    const whole = figure.classList.toggle("whole");
    strip.ariaPressed = whole;
    play.disabled = slider.disabled = whole;
  };

  name.style.setProperty("--letters", Math.max(...names.map(({ length }) => length))); // so that the slider keeps its length
  show(names.length - 1); // the first is often nearly empty
}

document.querySelectorAll(".animation").forEach(animation);
