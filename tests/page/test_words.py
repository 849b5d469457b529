"""What the page says of any run is what Python says: lines, words, cells and folds."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "picture"))

import generated  # noqa: E402
import named  # noqa: E402
import traces  # noqa: E402
from page_lines import HINTS, compared_lines, first_changed, step_line, why_line  # noqa: E402
from special_graphs import powers  # noqa: E402

import nbgrad as tf  # noqa: E402
from nbgrad.picture.microscope import CellTable  # noqa: E402
from nbgrad.picture.step_line import sentence  # noqa: E402
from nbgrad.picture.words import headline, reasons  # noqa: E402
from nbgrad.trace.cells import cell_of  # noqa: E402
from nbgrad.trace.folding import folded, folds_of, plain_folds, structure_of  # noqa: E402
from nbgrad.trace.numbers import short  # noqa: E402


def network(stop=""):
    """A network with two layers, and a stop in it."""
    with tf.Graph().as_default():
        ys, xs, _ = named.two_layers()
        tensors = {op.name: op.outputs[0] for op in ys.graph.get_operations() if op.outputs}
        return tf.trace(ys, xs, stop_gradients=[tensors[stop]] if stop else [])


def largest(x, y):
    """The larger of two numbers, and a unit that is off."""
    with tf.Graph().as_default():
        x, y = tf.Variable(x, name="x"), tf.Variable(y, name="y")
        off = tf.nn.relu(tf.negative(tf.square(x), name="n"), name="off")
        return tf.trace(tf.add(tf.maximum(x, y, name="m"), off, name="f"), [x, y])


def chosen():
    """An operand that `where` has not taken."""
    with tf.Graph().as_default():
        x = tf.Variable(0.0, name="x")
        return tf.trace(tf.where(x > 0.0, tf.exp(x), 0.0, name="f"), [x])


STATES = {
    "a stop between layers": lambda: (network("h"), network()),
    "a stop": lambda: (traces.textbook(stop="a"), traces.textbook()),
    "a stop on y": lambda: (traces.textbook(stop="y"), traces.textbook()),
    "a stop on the way": lambda: (traces.textbook(-2.5, 7, "b"), traces.textbook(-2.5, 7)),
    "a zero seed": lambda: (traces.textbook(seed=0.0), None),
    "a seed": lambda: (traces.textbook(seed=-0.25), None),
    "not a number": lambda: (traces.textbook(float("nan"), float("inf")), None),
    "huge": lambda: (traces.textbook(1e200, 1e200), None),
    "states": lambda: (traces.states(), None),
    "no xs": lambda: (traces.no_xs(), None),
    "a tie": lambda: (largest(2.0, 2.0), None),
    "the larger of two": lambda: (largest(3.0, 2.0), None),
    "what was not chosen": lambda: (chosen(), None),
    "the larger of arrays": lambda: (largest([[2.0], [2.0]], 2.0), None),
    "large arrays": lambda: (traces.large(), None),
    "matrices": lambda: (traces.matrices(), None),
    "powers": lambda: (named.traced(powers), None),
}


def cases():
    """Traces by name; where there are stops, with the trace without them."""
    found = {name: state() for name, state in STATES.items()}
    found |= {name: (named.traced(build), None) for name, build in named.NAMED.items()}
    found |= {f"graph {n}": (generated.traced(n), None) for n in range(generated.HOW_MANY)}
    return found


def folds_in(trace):
    """What may be folded of a trace, at most and by structure."""
    return [folds for folds in (folds_of(trace, most=0), structure_of(trace)) if folds]


def cells_of(trace):
    """The first and the last cell of the arrays of a trace."""
    for node in trace.nodes:
        if node.shape and node.value.array.size and node.value.array.size <= 400:
            for lane, numbers in (("value", node.value), ("adjoint", node.adjoint.value)):
                if numbers is not None:
                    for flat in {0, numbers.array.size - 1}:
                        at = np.unravel_index(flat, node.shape)
                        yield node.id, tuple(map(int, at)), lane


@pytest.fixture(scope="module")
def runs():
    return cases()


@pytest.fixture(scope="module")
def pages(runs, missing, tmp_path_factory):
    """For each case its folds, its cells, and what the page says of it; and the page's hints."""
    node = shutil.which("node")
    if not node:
        missing("there is no Node to test the page's modules with: apt-get install nodejs")
    folds = {name: folds_in(trace) for name, (trace, _) in runs.items()}
    cells = {name: [*cells_of(trace)] for name, (trace, _) in runs.items()}
    given = [
        {
            "trace": trace.to_dict(),
            "whole": whole and whole.to_dict(),
            "cells": cells[name],
            "folds": [*map(plain_folds, folds[name])],
        }
        for name, (trace, whole) in runs.items()
    ]
    directory = tmp_path_factory.mktemp("page")
    asked, answered = directory / "asked.json", directory / "answered.json"
    asked.write_text(json.dumps(given))
    command = [node, str(HERE / "words.js"), str(asked), str(answered)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
    found = json.loads(answered.read_text(), parse_int=float)  # 1e21 is no whole number there
    said = dict(zip(runs, found.pop("said"), strict=True))
    return folds, cells, said, found


def as_parts(parts):
    """The parts as the page has them: it writes no equations."""
    return [dict(zip(part._fields[:-2], part[:-2], strict=True)) for part in parts]


def test_hints_are_the_same(pages):
    assert pages[-1]["hints"] == HINTS


def test_the_words_are_the_same(runs, pages):
    for name, (trace, _) in runs.items():
        said = pages[2][name]
        assert said["headline"] == headline(trace), name
        assert said["sentences"] == [sentence(trace, step) for step in trace.steps], name


def test_the_last_line_has_the_results_and_the_reasons(runs, pages):
    for name, (trace, _) in runs.items():
        why = reasons(trace, map(trace.node, trace.xs))
        said = [part["text"] for part in pages[2][name]["end"]]
        assert said == ["Both passes are done.", f"{headline(trace)}.", *why], name


def test_the_line_of_every_step_is_the_same(runs, pages):
    for name, (trace, _) in runs.items():
        for k, line in enumerate(pages[2][name]["lines"], start=1):
            assert line == as_parts(step_line(trace, k)), (name, k)


def test_every_adjoint_is_explained_the_same(runs, pages):
    for name, (trace, _) in runs.items():
        for key, line in pages[2][name]["why"].items():
            assert line == as_parts(why_line(trace, key)), (name, key)


def test_total_and_partial_are_the_same(runs, pages):
    for name, (trace, whole) in runs.items():
        if whole is not None:
            found = pages[2][name]["compared"]
            assert found["changed"] == first_changed(whole, trace), name
            known = [[*map(as_parts, compared_lines(whole, trace, x))] for x in whole.xs]
            assert found["lines"] == known, name


def test_cells_are_the_same(runs, pages):
    for name, (trace, _) in runs.items():
        for (node, index, lane), found in zip(pages[1][name], pages[2][name]["cells"], strict=True):
            table = CellTable(trace, cell_of(trace, node, index, lane))
            assert found["title"] == table.title, (name, node)
            assert found["value"] == as_number(table.cell.this.value), (name, node)
            count, rest = table.rest
            assert found["rest"] == [count, short(rest)], (name, node)
            assert found["factors"] == [*outlined(table.cell)], (name, node)
            if table.cell.terms:
                assert found["heads"] == table.heads, (name, node)
                assert found["strengths"] == pytest.approx(table.strengths), (name, node)
                assert found["rows"] == [vars(row) for row in table.rows], (name, node)


def outlined(cell):
    """The cells that a page outlines: what is multiplied is the local derivative of an adjoint."""
    roles = {lane: "value" for lane in ("value", "adjoint")}
    if cell.this.lane == "adjoint":
        roles = {"value": "local", "adjoint": "adjoint"}
    made = [factor for term in cell.terms for factor in term.factors]
    for factor, role in [(cell.this, "this"), *((each, roles[each.lane]) for each in made)]:
        if factor.node and factor.index:
            index = [*factor.index]
            yield {"node": factor.node, "lane": factor.lane, "index": index, "role": role}


def test_folded_traces_are_the_same(runs, pages):
    for name, (trace, _) in runs.items():
        for folds, found in zip(pages[0][name], pages[2][name]["folded"], strict=True):
            seen, clock = folded(trace, folds)
            assert tuple(found["clock"]) == clock, name
            nodes = [[n.id, n.expression, n.op_type, n.adjoint.at] for n in seen.nodes]
            assert found["nodes"] == nodes, name
            for edge, known in zip(found["edges"], map(as_edge, seen.edges), strict=True):
                assert edge == known, name
            assert found["lines"] == [sentence(seen, step) for step in seen.steps], name


def as_edge(edge):
    rule, sent = edge.local, edge.contribution
    local = rule and [rule.symbol, rule.formula, rule.is_factor, numbers(rule.value), [*rule.uses]]
    return [edge.id, edge.source, edge.target, edge.cause, local, numbers(sent)]


def numbers(found):
    if found is None:
        return None
    plain = found.to_dict()
    return [plain["dtype"], plain["shape"], [as_number(each) for each in found.array.ravel()]]


def as_number(element):
    number = float(element)
    words = {np.inf: "Infinity", -np.inf: "-Infinity"}
    return "NaN" if np.isnan(number) else words.get(number, number)
