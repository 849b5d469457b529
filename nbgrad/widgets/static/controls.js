// @ts-check
/**
 * Everything around the picture that plays, says and asks, put together.
 */
import { Announcement } from "./announcement.js";
import { createCodeRow } from "./code_row.js";
import { connectHelp, createHelp } from "./help.js";
import { createShortcuts, handleKeys } from "./keys.js";
import { Motion } from "./motion.js";
import { Player } from "./player.js";
import { handlePredictions } from "./predict.js";
import { createStepLine } from "./step_line_row.js";
import { createTransport } from "./transport.js";
import { handleWas } from "./was.js";
import { handleWhy } from "./asking.js";

/**
 * @import {Acts} from "./keys.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 */

const SWIPE = 40; // so far a finger goes over the step line for a step

/**
 * The rows, in the order in which they stand below the picture.
 * @type {(root: HTMLElement, store: Store, picture: Picture, acts: Acts) =>
 *        Record<"transport" | "stepLine" | "codeLine" | "help" | "announcement", HTMLElement>}
 */
export function createControls(root, store, picture, acts) {
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

  const presenter = createPresenter(root, store.signal);
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

/**
 * A finger that swipes over the step line goes to the next step, or back.
 * @type {(element: HTMLElement, store: Store, player: Player) => void}
 */
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

/**
 * Presenting: everything half as large again, on the whole screen, without the code line.
 * @type {(root: HTMLElement, signal: AbortSignal) => {toggle(): void, close(): boolean}}
 */
function createPresenter(root, signal) {
  const isOn = () => root.classList.contains("presenting");
  const setOn = (/** @type {boolean} */ on) => root.classList.toggle("presenting", on);
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
