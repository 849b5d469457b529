// @ts-check
/**
 * Scrubbing: a number is dragged sideways, four pixels for a step; a seed upwards, too.
 *
 * @import {NumberControls, NumberControl} from "./number_controls.js"
 */

const PIXELS = 4;

/** @param {NumberControls} numbers */
export function handleScrubbing(numbers) {
  const { element } = numbers.picture;
  element.addEventListener("pointerdown", (event) => {
    const control = numbers.controlOf(event);
    numbers.store.setTouch(event.pointerType === "touch");
    if (!control || event.button) return;
    if (event.pointerType !== "touch") scrub(numbers, control, event);
  });
  // A finger scrolls the page as ever; it taps a number for its row below the picture.
  element.addEventListener("click", (event) => {
    const control = numbers.controlOf(event);
    if (control && numbers.store.touch) control.element.focus({ preventScroll: true });
  });
  element.addEventListener("dblclick", (event) => {
    const control = numbers.controlOf(event);
    if (!control) return;
    if (control.place.trait === "seeds") numbers.store.setEntry(control.place, 1);
    else numbers.onType(control.place, null);
  });
}

/** @type {(numbers: NumberControls, control: NumberControl, event: PointerEvent) => void} */
function scrub(numbers, control, event) {
  const { element, place } = control;
  const { store } = numbers;
  event.preventDefault(); // which would select texts, and the focus is set here
  element.focus({ preventScroll: true });
  numbers.measure(control);
  element.setPointerCapture(event.pointerId);
  let [done, isDragged] = [0, false];
  const move = (/** @type {PointerEvent} */ { clientX, clientY, shiftKey, altKey }) => {
    const upwards = place.trait === "seeds" ? event.clientY - clientY : 0;
    const count = Math.round((clientX - event.clientX + upwards) / PIXELS);
    if (count === done) return;
    if (!isDragged) store.startDrag();
    isDragged = numbers.picture.isHeld = true;
    numbers.nudge(place, (count - done) * (shiftKey ? 10 : altKey ? 0.1 : 1));
    done = count;
  };
  const end = () => {
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", end);
    element.removeEventListener("pointercancel", end);
    if (isDragged) store.endDrag();
  };
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}
