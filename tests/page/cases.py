"""Cases for the page's engine: programs, moves, and the trace that Python finds for each move.

`python tests/page/cases.py out.jsonl 200` writes a line of JSON for each of 200 graphs; with `-`
for a file it prints them: `{"name", "program", "moves": [{"inputs", "seeds", "stopped", "trace",
"values"}, …]}`, the same on every machine. `values` has the value of every slot that a run of the
program found. Of eight graphs one is a lesson's (`tests/picture/generated.py`), the others are
grown (`graphs.py`). A few are laid out too: `view` has the rules and folds of a picture, and each
move the `styles` that they give in Python.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
from program_run import ProgramRun

import nbgrad as tf
from nbgrad.core.errors import OpError
from nbgrad.core.running import fed_value
from nbgrad.picture.layouts import LAYOUTS
from nbgrad.trace.folding import plain_folds
from nbgrad.trace.program import array_as_json, program_of
from nbgrad.trace.record import Recorder
from nbgrad.trace.tensors import shown_as
from nbgrad.widgets.bundle import page_kernels

TESTS = Path(__file__).parent.parent
MOVES = 3

#: Of how many graphs one is laid out, which takes longer than all the rest; the layouts in turn.
LAID_OUT = 6
VIEWS = (("overlay", 878), ("overlay", 360), ("mirror", 878), ("tape", 878), ("paths", 878))

#: What an input may be moved to, besides any number.
SPECIAL = (0.0, 1.0, -1.0, 0.5, 3.0, 1e-8, 1e30, np.inf, -np.inf, np.nan)


def module(path: Path) -> ModuleType:
    """A module of the tests, which are no package."""
    sys.path[:0] = [str(path.parent)]
    try:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        sys.modules.setdefault(path.stem, found)
        spec.loader.exec_module(found)
    finally:
        sys.path.pop(0)
    return found


graphs = module(TESTS / "page" / "graphs.py")
generated = module(TESTS / "picture" / "generated.py")
named = module(TESTS / "picture" / "named.py")
real_losses = module(TESTS / "picture" / "real_losses.py")

#: Losses of real programs whose arrays are not too many to be compared one by one.
LOSSES = ("linear_regression", "policy_gradient", "word_vectors", "one_batch_norm_in_full")
FAMOUS = (*named.NAMED, *LOSSES)


def question(number: int) -> tuple[str, Any]:
    """The name of a graph and what is asked of it; −1, −2, … are graphs with a name."""
    if number < 0:
        name = FAMOUS[number]
        return name, named.NAMED[name]() if name in named.NAMED else loss(name)
    source, seed = (generated, number // 8) if number % 8 == 7 else (graphs, number - number // 8)
    if source is generated and generated.kind_of(seed) == "overview":
        seed += 1  # hundreds of nodes, one after the other
    return f"{source.__name__}.{source.kind_of(seed)} {seed}", source.question(seed)


def loss(name: str) -> Any:
    """A real program's loss, with a batch."""
    losses, parameters = real_losses.LOSSES[name]()
    return losses, parameters, {"feed_dict": real_losses.feeds()}


class Case:
    """One graph: its program, and what Python finds for any move."""

    def __init__(self, number: int) -> None:
        self.name, (ys, xs, options) = question(number)
        self._random = Random(number)
        self._xs = xs
        self._ys = [y.as_tensor() for y in (ys if isinstance(ys, list) else [ys])]
        graph = self._ys[0].graph
        with graph.scratch():
            self._fed = [
                graph.apply("Placeholder", dtype=y.dtype, shape=y.static_shape) for y in self._ys
            ]
        self._recorder = Recorder(self._ys, xs, self._fed)
        self._given = self._recorder.values_given(options.get("feed_dict"), None)
        self._seeds = dict(zip(self._fed, self._first_seeds(options), strict=True))
        self.program = program_of(
            self._recorder, self._given, [*self._seeds.values()], page_kernels()
        )

    def _first_seeds(self, options: dict[str, Any]) -> list[np.ndarray]:
        """The seeds given, in the shape of their ys, as an explorer has them; or ones."""
        values = self._recorder.values_of(self._ys, self._given)
        grad_ys = options.get("grad_ys") or [1.0] * len(values)
        pairs = zip(grad_ys, values, strict=True)
        return [np.broadcast_to(seed, np.shape(y)).astype(y.dtype) for seed, y in pairs]

    def moves(self, count: int) -> list[dict[str, Any]]:
        """The question as it is asked, and some where anything may be moved or stopped."""
        moves = []
        for k in range(count):
            # A matrix may have no inverse: that is an error, and no trace.
            with contextlib.suppress(OpError, np.linalg.LinAlgError):
                moves.append(self._move(*(({}, {}, []) if k == 0 else self._anything())))
        return moves

    def _anything(self) -> tuple[Any, Any, Any]:
        """Inputs and seeds moved, and nodes stopped."""
        inputs = {t: self._moved(v) for t, v in self._given.items() if self._is_movable(t)}
        seeds = {t: self._moved(v) for t, v in self._seeds.items()}
        nodes = [t for t in self._recorder.nodes if t.op.inputs or self._random.random() < 0.2]
        stopped = self._random.sample(nodes, min(len(nodes), self._random.randint(0, 2)))
        return inputs, seeds, stopped

    def _is_movable(self, tensor: tf.Tensor) -> bool:
        known = {x["label"] for x in self.program["inputs"] if x.get("movable")}
        labels = self._recorder.labels
        return tensor in labels and labels[tensor].text in known and self._random.random() < 0.7

    def _moved(self, value: Any) -> np.ndarray:
        """Another array of the same shape and dtype."""
        array, random = np.asarray(value), self._random
        special = random.random() < 0.15
        cells = [
            random.choice(SPECIAL) if special and random.random() < 0.5 else random.gauss(0, 1.5)
            for _ in range(array.size)
        ]
        if array.dtype.kind != "f":
            cells = [random.randint(0, 1) for _ in range(array.size)]
        with np.errstate(all="ignore"):
            return np.reshape(np.array(cells), array.shape).astype(array.dtype)

    def _move(self, inputs: Any, seeds: Any, stopped: Any) -> dict[str, Any]:
        feeds = {**self._given, **inputs, **self._seeds, **seeds}
        recorder = self._recorder
        if stopped:
            recorder = Recorder(self._ys, self._xs, self._fed, stopped, self._given)
        labels, ids = self._recorder.labels, self._recorder.ids
        of_seed = dict(zip(self._fed, self._ys, strict=True))
        fed = {t: fed_value(t, v) for t, v in feeds.items()}
        inputs = {labels[t].text: v for t, v in inputs.items()}
        seeds = {labels[shown_as(of_seed[t])].text: v for t, v in seeds.items()}
        run = ProgramRun(self.program, [ids[t] for t in stopped])
        run.trace(inputs, seeds)
        return {
            "inputs": {label: array_as_json(v) for label, v in inputs.items()},
            "seeds": {label: array_as_json(v) for label, v in seeds.items()},
            "stopped": [ids[t] for t in stopped],
            "trace": recorder.record(fed),
            "values": {slot: array_as_json(v) for slot, v in run.values.items() if v is not None},
        }


def case(number: int, moves: int = MOVES) -> dict[str, Any]:
    """One line: a program, and moves with their traces."""
    with tf.Graph().as_default(), np.errstate(all="ignore"):
        found = Case(number)
        # What the page has no kernel for, Python computes: there is nothing to compare.
        answered = [] if found.program["unsupported"] else found.moves(moves)
        line = {"name": found.name, "program": found.program, "moves": answered}
        if answered and number % LAID_OUT == 0:
            line["view"] = laid_out(answered, *VIEWS[number // LAID_OUT % len(VIEWS)])
        for move in answered:
            move["trace"] = move["trace"].to_dict()
        return line


def laid_out(moves: list[dict[str, Any]], layout: str, width: int) -> dict[str, Any]:
    """A picture's rules and folds; each move gets the styles that they give its trace."""
    template = LAYOUTS[layout](moves[0]["trace"], width, ())
    for move in moves:
        move["styles"] = template.styled(move["trace"]).styles
    return {
        "rules": [rule if rule.options else rule[:3] for rule in template.rules],
        "folds": plain_folds(template.folds),
    }


def main(path: str, count: str = "100", first: str = "0") -> None:
    with contextlib.nullcontext(sys.stdout) if path == "-" else Path(path).open("w") as lines:
        for number in range(int(first), int(first) + int(count)):
            lines.write(json.dumps(case(number)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
