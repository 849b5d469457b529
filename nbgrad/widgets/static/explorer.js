// @ts-check
/**
 * The explorer: a live picture whose numbers are changed where they stand, and its rows.
 *
 * Read `store.js` first: what can be changed, and what follows. `picture.js` paints it; every other
 * module adds one kind of control to it.
 *
 * @typedef {import("./store.js").Model} Model
 */

import { createElement } from "./dom.js";
import { createPicture } from "./picture.js";
import { Store } from "./store.js";

/** @param {{model: Model, el: HTMLElement}} context */
export function render({ model, el }) {
  const controller = new AbortController();
  const store = new Store(model, controller.signal);
  const root = createElement("div", { class: "nbgrad nbgrad-explorer" });
  const picture = createPicture(store);
  root.append(picture.element);
  el.append(root);
  followWidth(root, store);
  return () => {
    controller.abort();
    root.remove();
  };
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
