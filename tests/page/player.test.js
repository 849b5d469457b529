import assert from "node:assert/strict";
import test from "node:test";

import { Player } from "../../nbgrad/widgets/static/transport.js";

function createPlayer(step = 0) {
  const store = {
    signal: new AbortController().signal,
    step,
    finalStep: 3,
    seek: (wanted) => (store.step = Math.min(wanted, 3)),
  };
  return { store, player: new Player(store) };
}

test("it plays one step after the other, and stops behind the last", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, player } = createPlayer();
  player.toggle();
  assert.equal(store.step, 1);
  t.mock.timers.tick(1500);
  assert.equal(store.step, 2);
  t.mock.timers.tick(1500);
  assert.equal(store.step, 3);
  assert.ok(!player.isPlaying);
});

test("where all is shown it begins anew", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, player } = createPlayer(3);
  player.toggle();
  assert.equal(store.step, 1);
});

test("at double speed a step takes half the time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, player } = createPlayer();
  player.changeSpeed();
  player.toggle();
  t.mock.timers.tick(750);
  assert.equal(store.step, 2);
});

test("whoever steps or seeks ends the playing", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, player } = createPlayer();
  player.toggle();
  player.seek(0);
  t.mock.timers.tick(5000);
  assert.equal(store.step, 0);
});

test("a step forward has its motion, and a step that is sought has none", () => {
  const { player } = createPlayer();
  let count = 0;
  player.onAdvance = () => (count += 1);
  player.seek(2);
  player.advance();
  assert.equal(count, 1);
});
