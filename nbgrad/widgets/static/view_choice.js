// @ts-check
/**
 * Which of the views that are there is shown: `nbgrad/widgets/views.py` lays them out.
 *
 * @import {View, Wanted} from "./store.js"
 */

// Of the columns that pictures are laid out for.
const VIEW_WIDTHS = [878, 760, 640, 520, 360];

export const NARROW = 640; // the widest view in which ladders are folded

/** The width that a view is wanted for: no text is made smaller. @param {number} width */
export function widthClassOf(width) {
  return VIEW_WIDTHS.find((each) => each <= width) ?? VIEW_WIDTHS.at(-1) ?? width;
}

/** The name of a view, `key_of` in Python. @type {(wanted: Wanted) => string} */
export function viewKey({ width, layout, opened }) {
  return `${width} ${layout} ${JSON.stringify(opened)}`;
}

/**
 * The views of one layout with these groups open, the widest first.
 * @type {(views: Record<string, View>, wanted: Wanted) => View[]}
 */
export function viewsLike(views, wanted) {
  const alike = Object.values(views).filter(
    (each) => viewKey({ ...each, width: wanted.width }) === viewKey(wanted),
  );
  return alike.sort((a, b) => b.width - a.width);
}

/**
 * Of these, the widest that is not too wide; else the narrowest.
 * @type {(views: Record<string, View>, wanted: Wanted) => View | undefined}
 */
export function nearestView(views, wanted) {
  const alike = viewsLike(views, wanted);
  return alike.find((each) => each.width <= wanted.width) ?? alike.at(-1);
}

/**
 * The opened groups of a view that is there and opens, or closes, one group too.
 * @type {(views: Record<string, View>, layout: string, name: string, opens: boolean) =>
 *        string[] | null}
 */
export function openedIn(views, layout, name, opens) {
  const found = Object.values(views).find(
    (view) => view.layout === layout && view.opened.includes(name) === opens,
  );
  return found?.opened ?? null;
}
