// @ts-check
/**
 * Predict: the adjoints are fields with a question mark, to be found in any order.
 *
 * What they are is withheld by `withhold.js`. Enter checks a field: to two significant digits
 * counts. What is right is shown from then on; what is wrong may be tried again.
 *
 * @import {Announcement} from "./announcement.js"
 * @import {Box} from "./boxes.js"
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 *
 * @typedef {{node: string, box: Box, corner: {x: number, y: number},
 *            label: import("./painted.js").PaintedElement | undefined}} Seat
 *   of a node: where its adjoint is typed, where the card says whether it is right, and the name
 *   that the field needs the room of
 */
import { boxOf } from "./boxes.js";
import { createElement, createSvgElement } from "./dom.js";
import { cellName } from "./entries.js";
import { lanesOf, roomBefore } from "./lanes.js";
import { frameOf } from "./painted.js";
import { isFound, isRight, isSameNumber, questionFor, UNKNOWN } from "./withhold.js";

const FIELD_HEIGHT = 20;
const LEAST_FIELD = 52;
const CELL = { width: 62, height: 26 };
const MARK = 9; // the radius of a mark
const RIGHT = "M-4,0l3,3.5l5,-7";
const WRONG = "M-3.5,-3.5l7,7m0,-7l-7,7";

/** @type {(store: Store, picture: Picture, announcement: Announcement) => void} */
export function handlePredictions(store, picture, announcement) {
  const quiz = new Quiz(store, picture, announcement);
  store.on(["view"], () => quiz.place());
  store.on(["trace"], () => quiz.show());
  store.observe(["hidden"], () => {
    if (picture.element.parentElement?.contains(document.activeElement)) quiz.focus = "first";
  });
}

class Quiz {
  /**
   * @param {Store} store
   * @param {Picture} picture
   * @param {Announcement} announcement
   */
  constructor(store, picture, announcement) {
    this.store = store;
    this.picture = picture;
    this.announcement = announcement;
    this.layer = createSvgElement("g", { class: "predictions" });
    /** @type {Seat[]} */
    this.seats = [];
    /** What is typed and not yet checked, by label. @type {Map<string, string[]>} */
    this.drafts = new Map();
    /** What the answers are about, by label. @type {Map<string, string>} */
    this.asked = new Map();
    /** The label of the array whose elements are typed. */
    this.opened = "";
    /** The field that was checked last, by its label. */
    this.checked = "";
    /** The label of the field that is to have the focus; "first" for the first. */
    this.focus = "";
    this.painted = "";
  }

  get answers() {
    return this.store.get("answers");
  }

  /** Find the seats in another view. */
  place() {
    const hadFocus = this.layer.contains(document.activeElement);
    this.layer.remove();
    if (hadFocus) this.focusExplorer(); // its keys go on working
    this.painted = "";
    this.seats = this.store.isAsking ? seatsFor(this.store, this.picture) : [];
  }

  /** Paint anew what has changed: somebody may be typing. */
  show() {
    if (!this.store.isAsking) return this.place();
    if (!this.seats.length) this.place();
    this.forgetOldAnswers();
    const state = this.seats.map((seat) => this.stateOf(seat.node));
    const wanted = JSON.stringify([state, this.opened]);
    if (wanted !== this.painted) this.paint();
    this.painted = wanted;
  }

  /** @param {string} id */
  stateOf(id) {
    const { everything: whole } = this.store;
    const node = whole.node(id);
    const answer = this.answers[node.label];
    const found = isFound(whole, node, this.answers);
    return { question: questionFor(whole, node), found, answer };
  }

  /** An answer is about the numbers that were asked; to others it is none. */
  forgetOldAnswers() {
    const kept = Object.entries(this.answers).filter(([label]) => {
      const node = this.store.everything.nodes.find((each) => each.label === label);
      if (!node) return true;
      const now = String(node.adjoint.value?.data ?? "None");
      const asked = this.asked.get(label) ?? now;
      this.asked.set(label, now);
      return now === asked;
    });
    if (kept.length < Object.keys(this.answers).length) {
      this.store.set("answers", Object.fromEntries(kept));
    }
  }

  // Painting ----------------------------------------------------------------------------------

  paint() {
    const now = this.focusedLabel();
    // Whoever has gone elsewhere meanwhile stays there.
    const isStill = now === this.checked || this.focus === "first";
    const focused = (isStill && this.focus) || now;
    const parts = this.seats.flatMap((seat) => this.partsOf(seat));
    this.layer.replaceChildren(...parts);
    this.picture.svg.append(this.layer);
    const fields = [...this.layer.querySelectorAll("input, button")];
    const field = fields.find((each) => each.getAttribute("data-label") === focused);
    const target = focused === "first" ? fields[0] : field;
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
    if (target instanceof HTMLInputElement) target.select();
    this.focus = "";
  }

  focusExplorer() {
    const root = this.picture.element.closest(".nbgrad-explorer");
    if (root instanceof HTMLElement) root.focus({ preventScroll: true });
  }

  focusedLabel() {
    const focused = document.activeElement;
    return (this.layer.contains(focused) && focused?.getAttribute("data-label")) || "";
  }

  /** @param {Seat} seat */
  partsOf({ node: id, box, corner, label }) {
    const { question, found, answer } = this.stateOf(id);
    label?.element.toggleAttribute("data-covered", Boolean(question));
    if (!question) return [];
    if (found) {
      const frame = createSvgElement("rect", { class: "found", rx: 4, ...box });
      return [frame, createMark(RIGHT, corner)];
    }
    const node = this.store.everything.node(id);
    const field = question === "one" ? this.createField(node, 0) : this.createOpener(node);
    const parts = [createForeign(box, field)];
    if (answer) parts.push(createMark(WRONG, corner));
    if (question === "each" && this.opened === node.label) parts.push(this.createGrid(node, box));
    return parts;
  }

  /**
   * A field for an adjoint, or for one element of it.
   * @type {(node: TraceNode, index: number, name?: string) => HTMLInputElement}
   */
  createField(node, index, name = node.label) {
    const { label } = node;
    const total = this.store.everything.total(node);
    const field = createElement("input", {
      type: "text",
      class: "prediction",
      autocomplete: "off",
      placeholder: UNKNOWN,
      "data-label": name,
      "aria-label": `predict ${total}${name === label ? "" : `, ${name}`}`,
    });
    const answer = this.answers[label];
    const typed = [answer?.typed ?? []].flat();
    field.value = this.drafts.get(label)?.[index] ?? typed[index] ?? "";
    if (answer && !isSameNumber(field.value, elementOf(node, index))) {
      field.setAttribute("aria-invalid", "true");
    }
    field.addEventListener("input", () => {
      const draft = this.drafts.get(label) ?? typed;
      draft[index] = field.value;
      this.drafts.set(label, draft);
    });
    field.addEventListener("focus", () => {
      this.store.setFocus({ node: node.id, lane: "adjoint" });
      this.picture.reveal(this.picture.cardOf(node.id) ?? field);
    });
    field.addEventListener("keydown", (event) => this.handleKey(event, node));
    return field;
  }

  /** An array is opened to a field for each of its elements. @param {TraceNode} node */
  createOpener(node) {
    const attributes = { type: "button", class: "prediction", "data-label": node.label };
    const button = createElement("button", attributes, UNKNOWN);
    button.setAttribute("aria-label", `predict ${this.store.everything.total(node)}, each element`);
    button.setAttribute("aria-expanded", String(this.opened === node.label));
    button.addEventListener("click", () => this.open(node));
    return button;
  }

  /** @type {(node: TraceNode, box: Box) => SVGElement} */
  createGrid(node, { x, y, height }) {
    const { shape, data } = /** @type {import("./arrays.js").Arr} */ (node.adjoint.value);
    const columns = Math.max(1, shape.at(-1) ?? 1);
    const rows = data.length / columns;
    const grid = createElement("div", { class: "prediction-grid", style: `--columns:${columns}` });
    for (let i = 0; i < data.length; i += 1) {
      grid.append(this.createField(node, i, cellName(node.label, shape, i)));
    }
    const size = { width: columns * CELL.width + 10, height: rows * CELL.height + 10 };
    const { width, height: bottom } = this.picture.svg.viewBox.baseVal;
    const left = Math.max(0, Math.min(x, width - size.width));
    const top = Math.max(0, Math.min(y + height + 6, bottom - size.height));
    return createForeign({ x: left, y: top, ...size }, grid);
  }

  // Acts --------------------------------------------------------------------------------------

  /** @param {TraceNode} node */
  open(node) {
    const isOpen = this.opened === node.label;
    this.opened = isOpen ? "" : node.label;
    this.checked = node.label;
    this.focus = isOpen ? node.label : cellName(node.label, node.shape, 0);
    this.store.setFocus({ node: node.id, lane: "adjoint" });
    this.show();
  }

  /** @type {(event: KeyboardEvent, node: TraceNode) => void} */
  handleKey(event, node) {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "h") this.store.togglePrediction(); // no number has an h
    else if (key === "Enter") this.check(node);
    else if (key === "Escape" && this.opened) this.open(node);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {TraceNode} node */
  check({ id, label }) {
    const { everything: whole } = this.store;
    const node = whole.node(id); // with the numbers of now
    const texts = this.drafts.get(label) ?? [this.answers[label]?.typed ?? ""].flat();
    if (!texts.some((text) => text?.trim())) return;
    const isEach = questionFor(whole, node) === "each";
    const { length } = node.adjoint.value?.data ?? [];
    const typed = isEach ? Array.from({ length }, (_, i) => texts[i] ?? "") : (texts[0] ?? "");
    const right = isRight(typed, node.adjoint);
    this.drafts.delete(label);
    if (right) this.opened = "";
    this.checked = this.focusedLabel();
    this.focus = right ? this.labelAfter(label) : this.checked;
    this.asked.delete(label);
    this.painted = "";
    this.store.set("answers", { ...this.answers, [label]: { typed, right } });
    this.announcement.settle(right ? "Right:" : "Not yet:");
  }

  /** The next field that is still open. @param {string} label */
  labelAfter(label) {
    const { everything: whole } = this.store;
    const nodes = this.seats.map((seat) => whole.node(seat.node));
    const start = nodes.findIndex((node) => node.label === label);
    const inTurn = [...nodes.slice(start + 1), ...nodes.slice(0, start)];
    return inTurn.find((node) => !isFound(whole, node, this.answers))?.label ?? "";
  }
}

// Elements of arrays ----------------------------------------------------------------------------

/** @type {(node: TraceNode, index: number) => number | null} */
function elementOf({ adjoint: { value } }, index) {
  return value ? Number(value.data[index]) : null;
}

// Seats -----------------------------------------------------------------------------------------

/**
 * The seats of a view, from the last operation to the first, as the reverse pass goes.
 * @type {(store: Store, picture: Picture) => Seat[]}
 */
function seatsFor(store, picture) {
  const numbers = numberSeats(store, picture).reverse(); // those on cards win
  const found = new Map([...mapSeats(store, picture), ...numbers]);
  const order = store.everything.nodes.map(({ id }) => id).reverse();
  return order.flatMap((id) => found.get(id) ?? []);
}

/** @type {(store: Store, picture: Picture) => [string, Seat][]} */
function numberSeats(store, picture) {
  const lanes = lanesOf(store, picture).filter(({ lane }) => lane === "adjoint");
  return lanes.map((lane) => {
    const { start, withLabel } = roomBefore(lane);
    const right = lane.end + 4;
    const isTight = right - start - 3 < LEAST_FIELD;
    const x = isTight ? withLabel : Math.max(start + 3, right - 84);
    const box = { x, y: lane.y - FIELD_HEIGHT / 2, width: right - x, height: FIELD_HEIGHT };
    const corner = cornerOf(lane.body ?? box);
    return [lane.node, { node: lane.node, box, corner, label: isTight ? lane.label : undefined }];
  });
}

/** @type {(store: Store, picture: Picture) => [string, Seat][]} */
function mapSeats(store, picture) {
  return store.view.rules.flatMap(([id, form, of, options]) => {
    const painted = picture.elements.get(id);
    if (form !== "map" || options?.lane !== "adjoint" || !painted?.rect) return [];
    const frame = frameOf(painted.rect, painted.element);
    const width = Math.max(frame.width, 40);
    const middle = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
    const box = { x: middle.x - width / 2, y: middle.y - 11, width, height: 22 };
    const outline = picture.cardOf(of)?.querySelector(".body");
    const corner = cornerOf(outline ? boxOf(outline) : frame);
    return [[of, { node: of, box, corner, label: undefined }]];
  });
}

/** The upper right corner. @param {Box} box */
function cornerOf({ x, y, width }) {
  return { x: x + width, y };
}

/** @type {(box: Box, inside: HTMLElement) => SVGElement} */
function createForeign(box, inside) {
  return createSvgElement("foreignObject", { ...box }, inside);
}

/** A sign in a circle. @type {(sign: string, place: {x: number, y: number}) => SVGElement} */
function createMark(sign, { x, y }) {
  const circle = createSvgElement("circle", { r: MARK });
  const attributes = {
    class: sign === RIGHT ? "mark right" : "mark wrong",
    transform: `translate(${x} ${y})`,
  };
  return createSvgElement("g", attributes, circle, createSvgElement("path", { d: sign }));
}
