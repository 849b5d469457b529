// @ts-check
/**
 * The explorer: a live picture whose numbers are changed where they stand, and the rows around it,
 * which play, say and ask.
 *
 * Read `store.js` first: what can be changed, and what follows. `picture.js` paints it; every other
 * module adds one kind of control to it.
 *
 * @import {Acts} from "./keys.js"
 * @import {Picture} from "./picture.js"
 * @import {Model} from "./store.js"
 */

import { createCodeRow } from "./code_line.js";
import { createElement } from "./dom.js";
import { createGroupControls, createGroupRow } from "./group_controls.js";
import { connectHelp, createHelp, createShortcuts, handleKeys } from "./keys.js";
import { followCells } from "./map_cells.js";
import { createMicroscope } from "./microscope.js";
import { Motion } from "./motion.js";
import { NumberControls } from "./number_controls.js";
import { NumberFields } from "./number_fields.js";
import { createDials, createDottedLines, handleWas } from "./number_marks.js";
import { createPicture, handleHover } from "./picture.js";
import { handlePredictions } from "./predict.js";
import { createNumberSlider, createSliderRow, handleScrubbing } from "./sliders.js";
import { Announcement, createMessage, createStepLine, handleWhy } from "./sayings.js";
import { Store } from "./store.js";
import { createTransport, Player } from "./transport.js";
import { createValves } from "./valves.js";
import { createZoom } from "./zoom.js";

const SWIPE = 40; // so far a finger goes over the step line for a step
const [LEAST_LARGE, MOST_LARGE] = [1.25, 3]; // how much larger all is while somebody presents
const FULL_WIDTH = 880; // what the wide picture takes

/** The rows, in the order in which they stand below the picture.
 * @type {(root: HTMLElement, store: Store, picture: Picture, acts: Acts) =>
 *        Record<"transport" | "stepLine" | "codeLine" | "help" | "announcement", HTMLElement>} */
function createControls(root, store, picture, acts) {
  const player = new Player(store);
  const motion = new Motion(store, picture, player);
  const announcement = new Announcement(store);
  const transport = createTransport(store, player);
  const stepLine = createStepLine(store);
  handleWhy(store, picture);
  handleWas(store, picture);
  handlePredictions(store, picture, announcement);
  handleSwipe(stepLine, store, player);
  for (const event of ["keydown", "pointerdown"]) {
    root.addEventListener(event, () => motion.finish(), { signal: store.signal, capture: true });
  }

  const presenter = createPresenter(root, store);
  const open = { toggle: () => {}, close: () => false };
  const shortcuts = createShortcuts(store, player, picture, {
    ...acts,
    present: presenter.toggle,
    help: () => open.toggle(),
    close: () => open.close() || leaveWhy(store) || presenter.close(),
  });
  const help = createHelp(shortcuts);
  const button = /** @type {HTMLElement} */ (transport.querySelector(".help-button"));
  Object.assign(open, connectHelp(help, button));
  handleKeys(root, shortcuts, store.signal);
  const rows = { transport, stepLine, codeLine: createCodeRow(store), help };
  return { ...rows, announcement: announcement.element };
}

/** @param {Store} store */
function leaveWhy(store) {
  const wasAsked = store.why !== null;
  if (wasAsked) store.setWhy(null);
  return wasAsked;
}

/** A finger that swipes over the step line goes to the next step, or back.
 * @type {(element: HTMLElement, store: Store, player: Player) => void} */
function handleSwipe(element, store, player) {
  let start = 0;
  element.addEventListener("pointerdown", (event) => (start = event.clientX));
  element.addEventListener("pointerup", (event) => {
    const distance = event.clientX - start;
    if (event.pointerType !== "touch" || Math.abs(distance) < SWIPE) return;
    if (distance < 0) player.advance();
    else player.seek(store.step - 1);
  });
}

/** Presenting: on the whole screen, as large as that allows, without the code line.
 * @type {(root: HTMLElement, store: Store) => {toggle(): void, close(): boolean}} */
function createPresenter(root, store) {
  const { signal } = store;
  const isOn = () => root.classList.contains("presenting");
  let zoom = LEAST_LARGE;
  const setZoom = (/** @type {number} */ wanted) => {
    zoom = Math.min(Math.max(wanted, LEAST_LARGE), MOST_LARGE);
    root.style.setProperty("--presenting", `${zoom}`);
  };
  // What is too high for the screen becomes smaller; the picture for a new width comes first.
  const shrink = () => requestAnimationFrame(() => {
    if (isOn()) setZoom((zoom * root.clientHeight) / root.scrollHeight);
  });
  const fit = () => {
    if (!isOn()) return;
    setZoom(innerWidth / FULL_WIDTH);
    requestAnimationFrame(() => requestAnimationFrame(shrink));
  };
  store.on(["view"], shrink);
  addEventListener("resize", fit, { signal });
  const setOn = (/** @type {boolean} */ on) => {
    root.classList.toggle("presenting", on);
    fit();
  };
  const toggle = () => {
    setOn(!isOn());
    // Where the page may not take the whole screen, it fills the window.
    if (isOn()) root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement === root) document.exitFullscreen();
  };
  const close = () => {
    const wasOn = isOn();
    if (wasOn) toggle();
    return wasOn;
  };
  // Esc leaves the whole screen, whoever has the focus.
  root.addEventListener(
    "fullscreenchange",
    () => document.fullscreenElement === root || setOn(false),
    { signal },
  );
  signal.addEventListener("abort", () => setOn(false));
  return { toggle, close };
}

/** @param {{model: Model, el: HTMLElement}} context */
export function render({ model, el }) {
  const controller = new AbortController();
  const store = new Store(model, controller.signal);
  // A click beside all controls gives the focus to the whole, so that its keys work.
  const root = createElement("div", { class: "nbgrad nbgrad-explorer", tabindex: "-1" });
  root.append(...createRows(store, root));
  el.append(root);
  followWidth(root, store);
  return () => {
    controller.abort();
    root.remove();
  };
}

/** The picture with all its controls, and the rows around it, from top to bottom.
 * @type {(store: Store, root: HTMLElement) => HTMLElement[]} */
function createRows(store, root) {
  const picture = createPicture(store);
  const numbers = new NumberControls(store, picture);
  const fields = new NumberFields(numbers);
  handleHover(picture);
  handleScrubbing(numbers);
  createNumberSlider(numbers);
  createDottedLines(numbers);
  createDials(numbers);
  createValves(store, picture);
  createGroupControls(store, picture);
  followCells(store, picture);
  const zoom = createZoom(store, picture);
  const controls = createControls(root, store, picture, {
    ...zoom.acts,
    seed: () => numbers.focusSeed(),
  });
  return [
    zoom.row,
    createGroupRow(store, picture),
    picture.element,
    fields.row,
    createSliderRow(numbers, fields),
    createMicroscope(store, picture),
    controls.transport,
    controls.stepLine,
    createMessage(store),
    controls.codeLine,
    controls.help,
    controls.announcement,
  ];
}

/** The picture is laid out for the width that there is.
 * @type {(root: HTMLElement, store: Store) => void} */
function followWidth(root, store) {
  const observer = new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width;
    if (width) store.setWidth(width);
  });
  observer.observe(root);
  store.signal.addEventListener("abort", () => observer.disconnect());
}
