// @ts-check
/**
 * The transport: the player, which knows what step is next and when; and its row of buttons, with a
 * scrubber for the steps, the speed, the layouts, and help.
 *
 * A step that is gone forward is shown with its motion, one that is sought is shown at once.
 *
 * @import {Store} from "./store.js"
 */

import { createElement, createSvgElement, createTimer } from "./dom.js";

const SPEEDS = [1, 2, 0.5];
/** The length of a step at single speed: its motion, and some time to read. */
const INTERVAL_MS = 1500;

export class Player {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.timer = createTimer(store.signal);
    this.isPlaying = false;
    this.speed = 1;
    /** Called after a step forward, with the motion of that step to be shown. */
    this.onAdvance = () => {};
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** Call back at once, when it begins or ends to play, and at another speed.
   * @type {(callback: () => void) => void} */
  listen(callback) {
    this.listeners.push(callback);
    callback();
  }

  get isAtEnd() {
    return this.store.step === this.store.finalStep;
  }

  /** @param {number} step */
  seek(step) {
    this.pause();
    this.store.seek(step);
  }

  /** One step forward. */
  advance() {
    this.pause();
    this.moveOn();
  }

  moveOn() {
    this.store.seek(this.store.step + 1);
    this.onAdvance();
  }

  pause() {
    this.timer.stop();
    this.setPlaying(false);
  }

  /** Play the steps one after the other, from the first if all are shown; or stop that. */
  toggle() {
    if (this.isPlaying) return this.pause();
    if (this.isAtEnd) this.store.seek(0);
    this.setPlaying(true);
    this.play();
  }

  play() {
    this.moveOn();
    if (this.isAtEnd) this.pause();
    else this.timer.start(INTERVAL_MS / this.speed, () => this.play());
  }

  /** The next of the speeds. */
  changeSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1;
    for (const listener of this.listeners) listener();
  }

  /** @param {boolean} isPlaying */
  setPlaying(isPlaying) {
    if (this.isPlaying === isPlaying) return;
    this.isPlaying = isPlaying;
    for (const listener of this.listeners) listener();
  }
}

const LAYOUTS = ["overlay", "mirror", "tape", "paths"];

/** The drawings on the buttons, in a square of 14. */
const ICONS = {
  first: "M1 1h2.4v12H1zM13 1v12L4.6 7z",
  back: "M12 1v12L3 7z",
  play: "M2.5 0.5v13L13 7z",
  pause: "M2 1h3.6v12H2zM8.4 1H12v12H8.4z",
  forward: "M2 1v12l9-6z",
  last: "M1 1v12l8.4-6zM10.6 1H13v12h-2.4z",
};

/** @param {Store} store
 * @param {Player} player
 * @returns {HTMLElement}  with a button of class "help-button", for whoever has help to give */
export function createTransport(store, player) {
  const help = createButton("?", "keys and signs");
  help.className = "help-button";
  const row = createElement(
    "div",
    { class: "bar-row", role: "group", "aria-label": "steps" },
    ...createStepButtons(store, player),
    ...createScrubber(store, player),
    createSpeedButton(player),
    ...createLayoutChoice(store),
    help,
  );
  return createElement("div", { class: "transport" }, row);
}

// Steps -----------------------------------------------------------------------------------------

/** @type {(store: Store, player: Player) => HTMLElement[]} */
function createStepButtons(store, player) {
  const first = createIconButton("first", "first step", () => player.seek(0));
  const back = createIconButton("back", "one step back", () => player.seek(store.step - 1));
  const play = createIconButton("play", "play", () => player.toggle());
  const forward = createIconButton("forward", "one step forward", () => player.advance());
  const last = createIconButton("last", "last step", () => player.seek(store.finalStep));
  play.classList.add("play");
  const show = () => {
    // Not `disabled`, which would take the focus away from who has pressed it to the end.
    const { step, finalStep } = store;
    for (const each of [first, back]) each.setAttribute("aria-disabled", String(step === 0));
    for (const each of [forward, last])
      each.setAttribute("aria-disabled", String(step === finalStep));
  };
  const showPlaying = () => {
    const name = player.isPlaying ? "pause" : "play";
    play.setAttribute("aria-label", name);
    play.title = name;
    play.replaceChildren(createIcon(name));
  };
  player.listen(showPlaying);
  store.observe(["step"], show);
  store.on(["trace"], show);
  return [first, back, play, forward, last];
}

/** A slider over the steps: solid for those of the forward pass, dashed for those of the reverse
 * pass, and pale for those to come. Beside it, where it stands.
 * @type {(store: Store, player: Player) => HTMLElement[]} */
function createScrubber(store, player) {
  const slider = createElement("input", { type: "range", min: "0", "aria-label": "step" });
  const lines = ["forward", "reverse", "forward done", "reverse done"].map((name) =>
    createSvgElement("line", { class: name, y1: 7, y2: 7 }),
  );
  const track = createSvgElement("svg", { "aria-hidden": "true", height: 14 }, ...lines);
  const readout = createElement("output", { class: "readout" });
  slider.addEventListener("input", () => player.seek(Number(slider.value)));
  const show = () => {
    const { step, steps, finalStep } = store;
    const turn = store.seen?.steps.findIndex((each) => each.kind !== "forward") ?? -1;
    const middle = turn < 0 ? 1 : (turn + 0.5) / finalStep;
    const done = step / finalStep;
    const ends = [
      [0, middle],
      [middle, 1],
      [0, Math.min(done, middle)],
      [middle, Math.max(done, middle)],
    ];
    lines.forEach((line, i) => setEnds(line, ends[i] ?? []));
    slider.max = String(finalStep);
    slider.value = String(step);
    readout.textContent = step === finalStep ? `all ${steps} steps` : `step ${step} of ${steps}`;
    slider.setAttribute("aria-valuetext", readout.textContent);
  };
  store.observe(["step"], show);
  store.on(["trace"], show);
  return [createElement("span", { class: "scrubber" }, track, slider), readout];
}

/** @type {(line: SVGLineElement, ends: number[]) => void} */
function setEnds(line, [start = 0, end = 0]) {
  line.setAttribute("x1", `${100 * start}%`);
  line.setAttribute("x2", `${100 * end}%`);
  line.toggleAttribute("hidden", start === end);
}

// Speed and layouts -----------------------------------------------------------------------------

/** @param {Player} player */
function createSpeedButton(player) {
  const button = createButton("", "speed");
  button.classList.add("speed");
  button.addEventListener("click", () => player.changeSpeed());
  player.listen(() => {
    button.textContent = `${player.speed}×`;
    button.setAttribute("aria-label", `speed ${player.speed}×`);
  });
  return button;
}

/** A button for each layout, and for narrow places a menu of them. @param {Store} store */
function createLayoutChoice(store) {
  const buttons = LAYOUTS.map((layout) => createButton(layout, ""));
  const options = LAYOUTS.map((layout) => createElement("option", { value: layout }, layout));
  const menu = createElement("select", { class: "layout-menu", "aria-label": "layout" });
  menu.append(...options);
  menu.addEventListener("change", () => store.setLayout(menu.value));
  buttons.forEach((button, i) =>
    button.addEventListener("click", () => store.setLayout(LAYOUTS[i] ?? "overlay")),
  );
  const show = () => {
    const layout = store.get("layout_name");
    menu.value = layout;
    buttons.forEach((button, i) =>
      button.setAttribute("aria-pressed", String(LAYOUTS[i] === layout)),
    );
  };
  store.observe(["layout_name"], show);
  show();
  const attributes = { class: "layouts", role: "group", "aria-label": "layout" };
  return [createElement("div", attributes, ...buttons), menu];
}

// Buttons ---------------------------------------------------------------------------------------

/** @type {(text: string, label: string) => HTMLButtonElement} */
function createButton(text, label) {
  const button = createElement("button", { type: "button" }, text);
  if (label) button.setAttribute("aria-label", label);
  if (label) button.title = label;
  return button;
}

/** @type {(icon: keyof typeof ICONS, label: string, act: () => void) => HTMLButtonElement} */
function createIconButton(icon, label, act) {
  const button = createButton("", label);
  button.append(createIcon(icon));
  button.addEventListener("click", act);
  return button;
}

/** @param {keyof typeof ICONS} name */
function createIcon(name) {
  const path = createSvgElement("path", { d: ICONS[name] });
  return createSvgElement("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, path);
}
