// @ts-check
/**
 * The picture: what Python has placed, painted with the styles of the moment, at the current step.
 *
 * A frame writes what is new and measures nothing. Cards can be walked: one of them is a tab stop.
 * The card under the pointer, or walked to by key, stands out with its roads; others are pale.
 *
 * @import {Store} from "./store.js"
 */

import {
  createElement, createSvgElement, createTimer, focusOn, prefersStill, SUPPRESS_SHORTCUTS,
} from "./dom.js";
import { inWords } from "./numbers.js";
import { PaintedElement } from "./painted.js";
import { withholdFrom } from "./withhold.js";
import { headline } from "./words.js";

/** @typedef {"operand" | "reader" | "up" | "down"} Direction */

const SETTLED_MS = 250; // hovering says the numbers of the moment once they rest

/** @param {Store} store */
export function createPicture(store) {
  const picture = new Picture(store);
  store.on(["view"], () => picture.mount());
  store.on(["trace"], () => picture.paint());
  store.observe(["step"], () => picture.showStep());
  return picture;
}

export class Picture {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    const attributes = { class: "picture", role: "group", "aria-label": "picture" };
    this.element = createElement("div", attributes);
    /** Where the mounted `<svg>` and what floats over it are. */
    this.ground = createElement("div", { class: "ground" });
    this.element.append(this.ground);
    /** @type {Map<string, PaintedElement>} */
    this.elements = new Map();
    /** @type {Map<string, SVGGElement>} */
    this.cards = new Map();
    /** What a large graph is seen through; it brings elements into view itself.
     * @type {{z: number, show(element: Element): void} | null} */
    this.viewport = null;
    /** What had the focus when another scene was mounted. @type {Element | null} */
    this.held = null;
    this.titles = createTimer(store.signal);
    /** Whether the pointer that is down drags, or was held for long: then it does not click. */
    this.isHeld = false;
    /** @type {SVGSVGElement} */
    this.svg = createSvgElement("svg");
    this.element.addEventListener("focusin", (event) => this.follow(event));
    this.keepClicksOfHolds();
  }

  /** The click by which a drag or a long press ends asks for nothing. */
  keepClicksOfHolds() {
    const { element } = this;
    const options = { capture: true };
    element.addEventListener("pointerdown", () => (this.isHeld = false), options);
    element.addEventListener("click", (event) => this.isHeld && event.stopPropagation(), options);
  }

  // Painting ----------------------------------------------------------------------------------

  /** What Python has placed for another width, layout or set of opened groups. */
  mount() {
    const focused = document.activeElement;
    const hadFocus = this.ground.contains(focused); // a field over it keeps it
    this.held = hadFocus ? focused : null;
    this.ground.innerHTML = this.store.view.svg;
    this.svg = this.ground.querySelector(":scope > svg") ?? this.svg;
    this.elements.clear();
    this.cards.clear();
    for (const each of /** @type {NodeListOf<SVGElement>} */ (
      this.ground.querySelectorAll("[data-id]")
    )) {
      this.elements.set(each.dataset.id ?? "", new PaintedElement(each));
    }
    this.describe();
    this.paint();
    const { focus } = this.store;
    if (hadFocus && !this.focusCard(this.shownNode(focus?.node ?? ""))) this.focusWhole();
  }

  /** Cards have names and can have the focus. */
  describe() {
    this.svg.querySelector(":scope > title")?.remove(); // which would show wherever one hovers
    const cards = this.ground.querySelectorAll("[data-node]");
    for (const card of /** @type {NodeListOf<SVGGElement>} */ (cards)) {
      const node = this.store.seen.nodesById.get(card.dataset.node ?? "");
      card.setAttribute("role", "none"); // of a second place of a node, and what holds controls
      if (!node || this.cards.has(node.id)) continue;
      this.cards.set(node.id, card);
      card.setAttribute("role", "group");
      card.setAttribute("tabindex", "-1");
      card.setAttribute("aria-label", nameOfCard(node));
      card.setAttribute(SUPPRESS_SHORTCUTS, "true");
    }
    this.setTabStop(this.cards.values().next().value);
  }

  paint() {
    const { styles } = this.store;
    for (const id in styles) {
      const element = this.elements.get(id);
      const style = styles[id];
      if (element && style) element.apply(style);
    }
    this.showStep();
    this.titles.start(SETTLED_MS, () => {
      for (const element of this.elements.values()) element.showTitle();
      const { everything, seen } = this.store;
      const withhold = withholdFrom(everything, seen);
      this.svg.setAttribute("aria-label", headline(seen, { withhold }));
    });
  }

  showStep() {
    const { shown } = this.store;
    for (const element of this.elements.values()) element.showStep(shown);
  }

  // Cards -------------------------------------------------------------------------------------

  /** @param {string} node */
  cardOf(node) {
    return this.cards.get(node);
  }

  /** The card that shows a node: its own, or that of the fold that it is in.
   * @param {string} node */
  shownNode(node) {
    if (this.cards.has(node)) return node;
    const fold = this.store.view.groups.find((group) => group.members.includes(node));
    return fold?.exit ?? node;
  }

  /** The block of the closed group that a node of an overview is in.
   * @param {string} node */
  groupOf(node) {
    const rule = this.store.view.rules.find(
      ([, form, , options]) => form === "group" && options?.["members"].includes(node),
    );
    return this.elements.get(rule?.[0] ?? "")?.element;
  }

  /** @param {string} node
   * @returns {string | undefined}  the node, if it has a card that is seen */
  focusCard(node) {
    const card = this.cards.get(node);
    if (!card) return undefined;
    focusOn(card);
    if (document.activeElement !== card) return void this.focusWhole();
    this.reveal(card);
    return node;
  }

  /** What is hidden loses the focus to nowhere; the whole explorer has it then, and its keys. */
  focusWhole() {
    focusOn(this.element.closest("[tabindex]"));
  }

  /** Focus the card of the first operand or reader, or the next card above or below.
   * @type {(node: string, direction: Direction) => string | undefined} */
  neighbour(node, direction) {
    const { edges } = this.store.seen;
    const isAside = direction === "up" || direction === "down";
    const found = isAside
      ? this.cardBeside(node, direction === "up" ? -1 : 1)
      : edges
        .map(({ source, target }) => (direction === "reader" ? [source, target] : [target, source]))
        .find(([here, there]) => here === node && this.cards.has(there ?? ""))?.[1];
    return found && this.focusCard(found);
  }

  /** @type {(node: string, way: 1 | -1) => string | undefined} */
  cardBeside(node, way) {
    const here = this.cards.get(node)?.getBoundingClientRect();
    if (!here) return undefined;
    let [best, least] = [/** @type {string | undefined} */ (undefined), Infinity];
    for (const [key, card] of this.cards) {
      const { x, y } = card.getBoundingClientRect();
      const down = way * (y - here.y);
      const distance = down + 3 * Math.abs(x - here.x);
      if (key !== node && down > 4 && distance < least) [best, least] = [key, distance];
    }
    return best;
  }

  /** Scroll as little as is needed to show an element. @param {Element} element */
  reveal(element) {
    if (this.viewport) return this.viewport.show(element);
    const behavior = prefersStill() ? "instant" : "smooth";
    element.scrollIntoView({ block: "nearest", inline: "nearest", behavior });
  }

  /** What has the focus is looked at. @param {FocusEvent} event */
  follow(event) {
    const card = closestCard(event);
    const node = card?.getAttribute("data-node");
    if (!card || !node) return;
    this.setTabStop(card);
    card.setAttribute("aria-description", numbersOn(this.store.seen.nodesById.get(node)));
    if (this.store.focus?.node !== node) this.store.setFocus({ node });
  }

  /** The focus goes to the card that the tab key leads to. */
  focusTabStop() {
    this.focusCard(this.tabStop?.getAttribute("data-node") ?? "");
  }

  /** @param {Element | undefined} card  which the tab key leads to */
  setTabStop(card) {
    this.tabStop?.setAttribute("tabindex", "-1");
    card?.setAttribute("tabindex", "0");
    this.tabStop = card;
  }
}

/** @param {{label: string, expression: string}} node */
function nameOfCard({ label, expression }) {
  return expression ? `${label} = ${expression}` : label;
}

/** What stands on a card, for who hears that it has the focus.
 * @param {import("./trace.js").TraceNode | undefined} node */
function numbersOn(node) {
  if (!node) return "";
  const { value, state } = node.adjoint;
  return `value ${inWords(node.value)}, gradient ${value ? inWords(value) : state}`;
}

/** The card that an event happened in. @type {(event: Event) => Element | null} */
export function closestCard(event) {
  return event.target instanceof Element ? event.target.closest("[data-node]") : null;
}

// Hovering ---------------------------------------------------------------------------------------

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

/** A card, its roads with their captions, and the cards at their other ends.
 * @type {(picture: Picture, node: string) => Element[]} */
function around({ store, cards, elements }, node) {
  const edges = store.seen.edges.filter(({ source, target }) => source === node || target === node);
  const ids = edges.flatMap(({ id }) => [id, `${id}.local`]);
  const nodes = [node, ...edges.flatMap(({ source, target }) => [source, target])];
  return [
    ...nodes.map((key) => cards.get(key)),
    ...ids.map((id) => elements.get(id)?.element),
  ].filter((each) => each !== undefined);
}
