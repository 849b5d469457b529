// @ts-check
/**
 * The card under the pointer, or walked to by key, stands out with its roads; others are pale.
 *
 * @import {Picture} from "./picture.js"
 */

import { closestCard } from "./picture.js";

/** @param {Picture} picture */
export function handleHover(picture) {
  const hover = new Hover(picture);
  const { element, store } = picture;
  element.addEventListener("pointerover", (event) => {
    if (event.buttons || event.pointerType === "touch") return; // nothing pales under a drag
    hover.follow(closestCard(event)?.getAttribute("data-node") ?? null);
  });
  element.addEventListener("pointerleave", () => hover.follow(null));
  element.addEventListener("focusin", () => hover.light(hover.node ?? hover.walked));
  element.addEventListener("focusout", () => hover.light(hover.node));
  element.addEventListener("keydown", () => (hover.isByKey = true), { capture: true });
  element.addEventListener("pointerdown", () => (hover.isByKey = false), { capture: true });
  store.on(["view"], () => hover.begin());
  store.on(["trace"], () => hover.light(null)); // what changes is to be seen wherever it is
}

class Hover {
  /** @param {Picture} picture */
  constructor(picture) {
    this.picture = picture;
    /** Under the pointer. @type {string | null} */
    this.node = null;
    this.isByKey = false;
    /** @type {Element[]} */
    this.lit = [];
  }

  /** The node of the card that somebody has walked to. */
  get walked() {
    const focused = document.activeElement;
    const isCard = focused?.matches("[data-node]") && this.picture.element.contains(focused);
    return (this.isByKey && isCard && focused?.getAttribute("data-node")) || null;
  }

  /** Another scene: the pointer has not been seen over it. */
  begin() {
    this.node = null;
    this.light(this.walked);
  }

  /** @param {string | null} node */
  follow(node) {
    if (node === this.node) return;
    this.node = node;
    this.light(node ?? this.walked);
  }

  /** @param {string | null} node */
  light(node) {
    for (const each of this.lit) each.removeAttribute("data-lit");
    this.lit = node ? around(this.picture, node) : [];
    for (const each of this.lit) each.setAttribute("data-lit", "");
    this.picture.svg.toggleAttribute("data-hover", this.lit.length > 0);
  }
}

/**
 * A card, its roads with their captions, and the cards at their other ends.
 * @type {(picture: Picture, node: string) => Element[]}
 */
function around({ store, cards, elements }, node) {
  const edges = store.seen.edges.filter(({ source, target }) => source === node || target === node);
  const ids = edges.flatMap(({ id }) => [id, `${id}.local`]);
  const nodes = [node, ...edges.flatMap(({ source, target }) => [source, target])];
  return [
    ...nodes.map((key) => cards.get(key)),
    ...ids.map((id) => elements.get(id)?.element),
  ].filter((each) => each !== undefined);
}
