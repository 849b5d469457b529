// @ts-check
/**
 * Predict: the adjoints are fields with a question mark, to be found in any order.
 *
 * What they are is withheld by `withhold.js`. Enter checks a field: to two significant digits
 * counts. What is right is shown from then on; what is wrong may be tried again.
 *
 * @import {Box} from "./dom.js"
 * @import {Grid} from "./map_cells.js"
 * @import {Picture} from "./picture.js"
 * @import {Announcement} from "./sayings.js"
 * @import {Store} from "./store.js"
 * @import {TraceNode} from "./trace.js"
 * @import {Answer} from "./withhold.js"
 *
 * @typedef {{node: string, name: string, words: string}} Refused
 * @typedef {{x: number, y: number}} Corner
 * @typedef {{node: string, box: Box, corner: Corner, cells: ({index: number} & Box)[]}} Seat
 *   of a node: where its adjoint is typed, where the card says whether it is right, and the places
 *   of its elements on a map
 */
import { boxOf, createElement, createSvgElement, focusOn } from "./dom.js";
import { cellName } from "./entries.js";
import { cellBoxes } from "./map_cells.js";
import { lanesOf, roomBefore } from "./number_marks.js";
import { frameOf } from "./painted.js";
import {
  isFound, isRight, isWrongNumber, questionFor, showsAdjoint, typedNumber, UNKNOWN,
} from "./withhold.js";

const FIELD = { card: 20, map: 22, block: 18 }; // its height
const FINGER_FIELD = 24;
const LEAST_FIELD = 34;
const LINE_HEIGHT = 20;
const CELL = { width: 62, height: 28 };
const MARK = 9; // the radius of a mark
const MARKS = {
  right: "M-4,0l3,3.5l5,-7",
  wrong: "M-3.5,-3.5l7,7m0,-7l-7,7",
  open: "M-4,0h.1M0,0h.1M4,0h.1", // not all of it has an answer yet
};

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
  /** @param {Store} store
   * @param {Picture} picture
   * @param {Announcement} announcement */
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
    /** Where its fields stand. @type {Box | null} */
    this.grid = null;
    /** The field that holds no number, by its label, and where it stands. @type {Refused | null} */
    this.refused = null;
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
    if (hadFocus) focusOn(this.picture.element.closest(".nbgrad-explorer")); // its keys go on
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

  /** Whether an adjoint is still to be found. @param {string} id */
  isOpen(id) {
    const { question, found } = this.stateOf(id);
    return question !== "" && !found;
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
    const held = this.focusedField();
    const now = labelOf(held);
    // Whoever has gone elsewhere meanwhile stays there, and goes on to type.
    const isStill = now === this.checked || this.focus === "first";
    const wanted = isStill ? this.focus : "";
    const focused = wanted || now;
    const parts = this.seats.flatMap((seat) => this.partsOf(seat));
    this.layer.replaceChildren(...parts, ...this.complaint());
    this.picture.svg.append(this.layer);
    const fields = [...this.layer.querySelectorAll("input, button")];
    const field = fields.find((each) => labelOf(each) === focused);
    const target = focused === "first" ? fields[0] : field;
    focusOn(target);
    if (target instanceof HTMLInputElement) {
      if (!wanted && held instanceof HTMLInputElement) {
        target.setSelectionRange(held.selectionStart, held.selectionEnd);
      } else target.select();
    }
    this.focus = "";
  }

  /** The field that has the focus, or had it when another scene was mounted. */
  focusedField() {
    const fields = [document.activeElement, this.picture.held];
    return fields.find((each) => this.layer.contains(each)) ?? null;
  }

  /** @param {Seat} seat */
  partsOf({ node: id, box, corner, cells }) {
    const { question, found, answer } = this.stateOf(id);
    if (!question) return [];
    if (found) {
      const frame = createSvgElement("rect", { class: "found", rx: 4, ...box });
      return [frame, createMark("right", corner)];
    }
    const node = this.store.everything.node(id);
    const field = question === "one" ? this.createField(node, 0) : this.createOpener(node);
    const parts = [createForeign(box, field)];
    if (answer) parts.push(...marksOn(node, answer, corner, cells));
    if (question === "each" && this.opened === node.label) parts.push(this.createGrid(node, box));
    return parts;
  }

  /** A field for an adjoint, or for one element of it.
   * @type {(node: TraceNode, index: number, name?: string) => HTMLInputElement} */
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
    const isWrong = answer && isWrongNumber(field.value, node, index);
    if (isWrong || this.refused?.name === name) field.setAttribute("aria-invalid", "true");
    field.addEventListener("input", () => {
      if (this.refused?.name === name) this.acceptAgain(field);
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
      const field = this.createField(node, i, cellName(node.label, shape, i));
      const isWrong = field.matches("[aria-invalid]") && !this.refused;
      const mark = isWrong ? [createSmallMark("wrong")] : [];
      grid.append(createElement("span", { class: "cell" }, field, ...mark));
    }
    const size = { width: columns * CELL.width + 10, height: rows * CELL.height + 10 };
    const { width, height: bottom } = this.picture.svg.viewBox.baseVal;
    const left = Math.max(0, Math.min(x, width - size.width));
    const top = Math.max(0, Math.min(y + height + 6, bottom - size.height));
    this.grid = { x: left, y: top, ...size };
    return createForeign(this.grid, grid);
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
    const isNone = (/** @type {string} */ text) => text.trim() && typedNumber(text) === undefined;
    const none = [typed].flat().findIndex(isNone);
    if (none >= 0) return this.refuse(node, isEach ? none : null, texts[none] ?? "");
    const right = isRight(typed, node.adjoint);
    this.drafts.delete(label);
    if (right) this.opened = "";
    this.checked = labelOf(this.focusedField());
    this.focus = right ? this.labelAfter(label) : this.checked;
    this.asked.delete(label);
    this.painted = "";
    this.store.set("answers", { ...this.answers, [label]: { typed, right } });
    this.announcement.settle(right ? "Right:" : "Not yet:");
  }

  /** What is no number is no answer, and not a wrong one.
   * @type {(node: TraceNode, index: number | null, text: string) => void} */
  refuse({ id, label, shape }, index, text) {
    const name = index === null ? label : cellName(label, shape, index);
    const words = `“${text.trim()}” is no number`;
    this.refused = { node: id, name, words };
    this.checked = labelOf(this.focusedField());
    this.focus = name;
    this.painted = "";
    this.show();
    this.announcement.settle(`${words}.`);
  }

  /** @param {HTMLInputElement} field */
  acceptAgain(field) {
    this.refused = null;
    field.removeAttribute("aria-invalid");
    this.layer.querySelector(".complaint")?.parentElement?.remove();
  }

  /** Below the field that holds no number. */
  complaint() {
    const seat = this.seats.find(({ node }) => node === this.refused?.node);
    if (!seat || !this.refused) return [];
    const { x, y, width, height } = (this.opened && this.grid) || seat.box;
    const below = y + height + 2;
    const isInside = below + LINE_HEIGHT < this.picture.svg.viewBox.baseVal.height;
    const place = { x: Math.max(0, x + width - 200), y: isInside ? below : y - LINE_HEIGHT - 2 };
    const words = createElement("span", { class: "complaint", role: "alert" }, this.refused.words);
    return [createForeign({ ...place, width: 200, height: LINE_HEIGHT }, words)];
  }

  /** The next field that is still open. @param {string} label */
  labelAfter(label) {
    const { everything: whole } = this.store;
    const nodes = this.seats.map((seat) => whole.node(seat.node));
    const start = nodes.findIndex((node) => node.label === label);
    const inTurn = [...nodes.slice(start + 1), ...nodes.slice(0, start)];
    return inTurn.find(({ id }) => this.isOpen(id))?.label ?? "";
  }
}

// Signs -----------------------------------------------------------------------------------------

/**
 * The signs on an answer that is not right: on each cell that is wrong, or on the card.
 * @type {(node: TraceNode, answer: Answer, corner: Corner, cells: Seat["cells"]) => SVGElement[]}
 */
function marksOn(node, { typed }, corner, cells) {
  if (!Array.isArray(typed)) return [createMark("wrong", corner)];
  const wrong = typed.flatMap((text, i) => (isWrongNumber(text, node, i) ? [i] : []));
  if (!wrong.length) return [createMark("open", corner)];
  const found = cells.filter(({ index }) => wrong.includes(index));
  if (!found.length) return [createMark("wrong", corner)];
  return found.map(({ x, y, width }) => createMark("wrong", { x: x + width, y }, 0.66));
}

/** @param {Element | null} field */
function labelOf(field) {
  return field?.getAttribute("data-label") ?? "";
}

// Seats -----------------------------------------------------------------------------------------

/** The seats of a view, from the last operation to the first, as the reverse pass goes.
 * @type {(store: Store, picture: Picture) => Seat[]} */
function seatsFor(store, picture) {
  const numbers = numberSeats(store, picture).reverse(); // those on cards win
  const blocks = blockSeats(store, picture);
  const found = new Map([...blocks, ...mapSeats(store, picture), ...numbers]);
  const order = store.everything.nodes.map(({ id }) => id).reverse();
  return order.flatMap((id) => found.get(id) ?? []);
}

/** @type {(store: Store, picture: Picture) => [string, Seat][]} */
function numberSeats(store, picture) {
  const lanes = lanesOf(store, picture).filter(({ lane }) => lane === "adjoint");
  return lanes.map((lane) => {
    const { start } = roomBefore(lane);
    const right = Math.max(lane.end + 4, start + 3 + LEAST_FIELD); // the name stays to be read
    const x = Math.max(start + 3, right - 84);
    const box = fieldBox("card", { x, y: lane.y, width: right - x });
    const corner = cornerOf(lane.body ?? box);
    return [lane.node, { node: lane.node, box, corner, cells: [] }];
  });
}

/** @type {(store: Store, picture: Picture) => [string, Seat][]} */
function mapSeats(store, picture) {
  return store.view.rules.flatMap(([id, form, of, options]) => {
    const painted = picture.elements.get(id);
    if (form !== "map" || options?.lane !== "adjoint" || !painted?.rect) return [];
    const frame = frameOf(painted.rect, painted.element);
    const width = Math.max(frame.width, 28); // a number is typed; more would cover the values
    const middle = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
    const box = fieldBox("map", { x: middle.x - width / 2, y: middle.y, width });
    const outline = picture.cardOf(of)?.querySelector(".body");
    const corner = cornerOf(outline ? boxOf(outline) : frame);
    const grid = /** @type {Grid} */ (/** @type {unknown} */ (options));
    const cells = cellBoxes(painted.element, store.everything.node(of).shape, grid);
    return [[of, { node: of, box, corner, cells }]];
  });
}

/** Of the blocks of an overview that have room for a number.
 * @type {(store: Store, picture: Picture) => [string, Seat][]} */
function blockSeats(store, picture) {
  return store.view.rules.flatMap((rule) => {
    const [id, form, of, options] = rule;
    const text = picture.elements.get(id)?.element;
    if (form !== "block number" || !showsAdjoint(rule) || !text) return [];
    const [x = 0, y = 0] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
    const width = Math.max(LEAST_FIELD, Math.min(84, options?.room ?? 0));
    const share = text.getAttribute("text-anchor") === "end" ? 1 : 0.5;
    const box = fieldBox("block", { x: x - share * width, y: y - 4, width });
    const outline = picture.elements.get(`${of}.body`)?.element;
    return [[of, { node: of, box, corner: cornerOf(outline ? boxOf(outline) : box), cells: [] }]];
  });
}

/** The box of a field around a line; fingers need a higher one than there is room for.
 * @type {(kind: keyof typeof FIELD, line: {x: number, y: number, width: number}) => Box} */
function fieldBox(kind, { x, y, width }) {
  const height = matchMedia("(pointer: coarse)").matches ? FINGER_FIELD : FIELD[kind];
  return { x, y: y - height / 2, width, height };
}

/** The upper right corner. @param {Box} box */
function cornerOf({ x, y, width }) {
  return { x: x + width, y };
}

/** @type {(box: Box, inside: HTMLElement) => SVGElement} */
function createForeign(box, inside) {
  return createSvgElement("foreignObject", { ...box }, inside);
}

/** A sign in a circle.
 * @type {(sign: keyof typeof MARKS, place: Corner, size?: number) => SVGElement} */
function createMark(sign, { x, y }, size = 1) {
  const circle = createSvgElement("circle", { r: MARK });
  const look = { class: `mark ${sign}`, transform: `translate(${x} ${y}) scale(${size})` };
  return createSvgElement("g", look, circle, createSvgElement("path", { d: MARKS[sign] }));
}

/** A sign on a field. @param {keyof typeof MARKS} sign */
function createSmallMark(sign) {
  const view = { viewBox: "-11 -11 22 22", width: 14, height: 14, "aria-hidden": "true" };
  return createSvgElement("svg", view, createMark(sign, { x: 0, y: 0 }));
}
