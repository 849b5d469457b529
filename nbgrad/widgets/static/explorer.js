// @ts-check
/**
 * The explorer: a live picture whose numbers are changed where they stand, and its rows.
 *
 * Read `store.js` first: what can be changed, and what follows. `picture.js` paints it; every other
 * module adds one kind of control to it.
 *
 * @typedef {import("./store.js").Model} Model
 */

import { createControls } from "./controls.js";
import { createElement } from "./dom.js";
import { createGroupControls, createGroupRow } from "./group_controls.js";
import { handleHover } from "./hover.js";
import { followCells } from "./input_cells.js";
import { createMessage } from "./message.js";
import { NumberControls } from "./number_controls.js";
import { createDials, createDottedLines } from "./number_marks.js";
import { NumberFields } from "./number_fields.js";
import { createNumberSlider } from "./number_slider.js";
import { createMicroscope } from "./microscope.js";
import { createPicture } from "./picture.js";
import { handleScrubbing } from "./scrubbing.js";
import { createSliderRow } from "./slider_row.js";
import { Store } from "./store.js";
import { createValves } from "./valves.js";
import { createZoom } from "./zoom.js";

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

/**
 * The picture with all its controls, and the rows around it, from top to bottom.
 * @type {(store: Store, root: HTMLElement) => HTMLElement[]}
 */
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

/**
 * The picture is laid out for the width that there is.
 * @param {HTMLElement} root
 * @param {Store} store
 */
function followWidth(root, store) {
  const observer = new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width;
    if (width) store.setWidth(width);
  });
  observer.observe(root);
  store.signal.addEventListener("abort", () => observer.disconnect());
}
