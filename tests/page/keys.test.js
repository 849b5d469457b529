import assert from "node:assert/strict";
import test from "node:test";

import { createShortcuts, nameOfKey } from "../../nbgrad/widgets/static/keys.js";

const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
const store = { focus: { node: "n3" }, step: 4, finalStep: 9, seen: { ys: ["n9"] } };
const table = (acts = {}, player = {}, picture = {}) =>
  createShortcuts(store, player, picture, acts);
const keysOf = (shortcuts) => shortcuts.flatMap(({ keys }) => Object.keys(keys));

test("a key with Ctrl or ⌘ belongs to the page", () => {
  assert.equal(nameOfKey({ ...plain, key: "s", ctrlKey: true }), "");
  assert.equal(nameOfKey({ ...plain, key: "ArrowLeft", metaKey: true }), "");
});

test("Shift counts with keys that type nothing", () => {
  assert.equal(nameOfKey({ ...plain, key: "?", shiftKey: true }), "?");
  assert.equal(nameOfKey({ ...plain, key: "ArrowLeft", shiftKey: true }), "Shift+ArrowLeft");
  assert.equal(nameOfKey({ ...plain, key: "ArrowLeft", altKey: true }), "Alt+ArrowLeft");
});

test("no key is in the table twice, and each row says what its keys do", () => {
  const names = ["seed", "search", "zoomIn", "zoomOut", "fit"];
  const acts = Object.fromEntries(names.map((name) => [name, () => {}]));
  const shortcuts = table(acts);
  assert.equal(new Set(keysOf(shortcuts)).size, keysOf(shortcuts).length);
  for (const { shown, words } of shortcuts) assert.ok(shown && words);
});

test("a key that nothing answers is neither taken nor listed", () => {
  assert.ok(!keysOf(table()).includes("/"));
  assert.ok(keysOf(table({ search: () => {} })).includes("/"));
});

test("arrows step, and walk from the card in focus", () => {
  const calls = [];
  const player = { seek: (step) => calls.push(step), advance: () => calls.push("next") };
  const picture = { neighbour: (...where) => calls.push(where) };
  const acts = Object.assign({}, ...table({}, player, picture).map(({ keys }) => keys));
  acts.ArrowLeft();
  acts.ArrowRight();
  acts.End();
  acts["Alt+ArrowRight"]();
  assert.deepEqual(calls, [3, "next", 9, ["n3", "reader"]]);
});
