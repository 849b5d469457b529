// @ts-check
/**
 * Zooming into a picture: the viewport with all that belongs to it.
 *
 * @import {Store} from "./store.js"
 * @import {Picture} from "./picture.js"
 */
import { createBlocks } from "./blocks.js";
import { createMinimap } from "./minimap.js";
import { handlePanning } from "./panning.js";
import { createSearchRow } from "./search_row.js";
import { Viewport, ZOOM_STEP } from "./viewport.js";

const PAN = 60; // pixels that an arrow key moves

/**
 * @param {Store} store
 * @param {Picture} picture
 */
export function createZoom(store, picture) {
  const viewport = new Viewport(store, picture);
  createBlocks(store, viewport);
  const search = createSearchRow(store, viewport);
  picture.element.append(createMinimap(viewport));
  handlePanning(viewport);
  const acts = {
    search: search.open,
    zoomIn: () => viewport.zoomBy(ZOOM_STEP),
    zoomOut: () => viewport.zoomBy(1 / ZOOM_STEP),
    fit: () => viewport.fit(),
    panLeft: () => viewport.pan(-PAN, 0),
    panRight: () => viewport.pan(PAN, 0),
    panUp: () => viewport.pan(0, -PAN),
    panDown: () => viewport.pan(0, PAN),
  };
  return { row: search.element, acts };
}
