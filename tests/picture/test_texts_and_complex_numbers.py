"""Texts and complex numbers in a graph: shown as text, without a slider, kept by JSON."""

import json

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.picture.drawing import LAYOUTS
from nbgrad.trace.model import Trace

TEXT = b"gr\xc3\xb6\xc3\x9fe <b>\x07\xff\x00"
SHOWN = "größe <b>\\x07\\xff\\x00"
COMPLEX = np.array([complex(-0.0, np.inf), complex(np.nan, -2)])


def text_alone():
    x, s = ng.placeholder(ng.float32, [], name="x"), ng.placeholder(ng.string, [], name="s")
    return x * ng.cast(ng.equal(s, "a"), ng.float32), x, {x: 2.0, s: TEXT}


def texts(shape):
    x, s = ng.placeholder(ng.float32, [], name="x"), ng.placeholder(ng.string, shape, name="s")
    matches = ng.reduce_sum(ng.cast(ng.equal(s, "a"), ng.float32))
    return x * matches, x, {x: 2.0, s: np.full(shape, TEXT, object)}


def complex_numbers(value):
    z = ng.placeholder(ng.complex128, np.shape(value), name="z")
    return ng.reduce_sum(ng.abs(z * z), name="y"), z, {z: value}


def complex_between_real():
    x = ng.placeholder(ng.float64, [2], name="x")
    z = ng.complex(x, 2 * x)
    return ng.reduce_sum(ng.real(z * ng.conj(z))), x, {x: [1.0, 2.0]}


CASES = {
    "a text": text_alone,
    "a vector of texts": lambda: texts([3]),
    "cells of texts": lambda: texts([20]),
    "a thumbnail of texts": lambda: texts([40, 40]),
    "a complex number": lambda: complex_numbers(1 + 2j),
    "complex numbers, not all finite": lambda: complex_numbers(COMPLEX),
    "cells of complex numbers": lambda: complex_numbers(np.full(20, 1j)),
    "a thumbnail of complex numbers": lambda: complex_numbers(np.full([40, 40], 1 - 1j)),
    "complex numbers between real ones": complex_between_real,
}


@pytest.fixture(params=CASES)
def question(request):
    with ng.Graph().as_default():
        yield CASES[request.param]()


def test_every_layout_shows_them_in_every_form(question):
    y, x, feed = question
    for layout in LAYOUTS:
        drawing = ng.draw(y, x, feed_dict=feed, layout=layout)
        for ending, write in drawing.writers().items():
            if layout == "overlay" or ending not in (".png", ".pdf"):
                assert write()
        assert drawing.at(0).html
    assert drawing.film().html


def test_an_explorer_has_no_field_for_them_and_moves_what_else_there_is(question):
    y, x, feed = question
    explorer = ng.explore(y, x, feed_dict=feed)
    assert [*explorer.inputs] == (["x"] if x.op.name == "x" else [])
    names = ("inputs", "seeds", "program", "answer", "views")
    json.dumps([getattr(explorer, name) for name in names], allow_nan=False)
    for label, entries in explorer.inputs.items():
        explorer.inputs = {label: [3.0] * len(entries)}
        assert explorer.wrong == ""


def test_a_derivation_has_them(question):
    y, x, feed = question
    assert ng.explain(y, x, feed_dict=feed).html


def test_a_trace_comes_back_from_json_to_the_bit(question):
    y, x, feed = question
    trace = ng.trace(y, x, feed_dict=feed)
    again = Trace.from_dict(json.loads(json.dumps(trace.to_dict(), allow_nan=False)))
    assert again == trace
    for node in trace.nodes:  # also −0
        assert repr(again.node(node.id).value.array) == repr(node.value.array)


def test_a_text_is_shown_as_it_is_and_stays_one_line():
    with ng.Graph().as_default():
        y, x, feed = text_alone()
        drawing = ng.draw(y, x, feed_dict=feed)
    assert f"s = {SHOWN[:8]}" in drawing.description
    assert "größe &lt;b&gt;\\x07\\xff\\x00" in drawing.svg()
    assert "b'" not in drawing.svg()


def test_what_is_a_sum_of_products_holds_real_numbers_only():
    with ng.Graph().as_default():
        trace = ng.trace(*complex_numbers([1j])[:2], feed_dict={"z:0": [1j]})
    with pytest.raises(TypeError, match="z has dtype complex128; only cells of real numbers"):
        trace.cell("z", 0)
