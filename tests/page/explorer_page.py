"""Explorers to be looked at in a browser: `python -m tests.page.explorer_page neuron out.html`."""

from __future__ import annotations

import sys
from typing import Any

import nbgrad as ng


def neuron() -> tuple[Any, Any]:
    """The mock-up's neuron."""
    x0, w0 = ng.Variable(-1.0, name="x0"), ng.Variable(2.0, name="w0")
    x1, w1 = ng.Variable(-2.0, name="x1"), ng.Variable(-3.0, name="w1")
    w2 = ng.Variable(-3.0, name="w2")
    a, b = ng.multiply(w0, x0, name="a"), ng.multiply(w1, x1, name="b")
    g = ng.add(ng.add(a, b, name="c"), w2, name="g")
    k = ng.exp(ng.negative(g, name="h"), name="k")
    return ng.divide(1.0, ng.add(k, 1.0, name="m"), name="out"), [w0, x0, w1, x1, w2]


def matrices() -> tuple[Any, Any]:
    """A small layer, with arrays that show their numbers, and a larger one that does not."""
    x = ng.Variable([[1.0, -2.0], [0.5, 3.0]], name="X")
    w = ng.Variable([[0.1, -0.2, 0.3, 0.4], [-0.5, 0.6, -0.7, 0.8]], name="W")
    b = ng.Variable([0.1, 0.2, 0.3, 0.4], name="b")
    h = ng.nn.relu(ng.add(ng.matmul(x, w, name="p"), b, name="z"), name="h")
    return ng.reduce_sum(h, name="s"), [w, b]


def scopes() -> tuple[Any, Any]:
    """Two layers, each of which is folded into one card."""
    x, found = ng.Variable(0.5, name="x"), []
    h: Any = x
    for name in ("first", "second"):
        with ng.name_scope(name):
            w, b = ng.Variable(0.8, name="w"), ng.Variable(-0.1, name="b")
            h = ng.tanh(ng.add(ng.multiply(w, h, name="p"), b, name="z"), name="h")
            found += [w, b]
    return ng.square(h, name="loss"), [x, *found]


def square() -> tuple[Any, Any]:
    """f = x²y + y + 2, in which x and y are read twice."""
    x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
    b = ng.multiply(ng.multiply(x, x, name="a"), y, name="b")
    return ng.add(b, ng.add(y, 2.0, name="c"), name="f"), [x, y]


def layer() -> tuple[Any, Any]:
    """A product whose gradient differs from cell to cell, and a sum whose gradient does not."""
    x = ng.constant([[1.0, 2.0], [3.0, 4.0]], name="X")
    w, b = ng.Variable([[1.0, -1.0], [2.0, 1.0]], name="W"), ng.Variable([0.0, 1.0], name="b")
    return ng.reduce_sum(ng.add(ng.matmul(x, w, name="p"), b, name="z"), name="s"), [w, b]


def deep() -> tuple[Any, Any]:
    """Six layers, which are seen as groups, with the parameters of most of them."""
    x, parameters = ng.Variable([[0.5, -0.2]], name="x"), []
    h: Any = x
    for n in range(6):
        with ng.name_scope(f"layer{n}"):
            w, b = ng.Variable(0.8 + 0.1 * n, name="w"), ng.Variable(-0.1, name="b")
            h = ng.tanh(ng.add(ng.multiply(w, h, name="p"), b, name="z"), name="h")
            parameters += [w, b]
    return ng.reduce_sum(ng.square(h), name="loss"), [x, *parameters]


def foreign() -> tuple[Any, Any]:
    """f = −x²y, by complex numbers, with which no page computes."""
    x, y = ng.Variable(3.0, name="x"), ng.Variable(2.0, name="y")
    a = ng.multiply(x, y, name="a")
    turned = ng.complex(0.0, a, name="b") * ng.complex(0.0, x, name="c")
    return ng.real(turned, name="f"), [x, y]


GRAPHS = {
    graph.__name__: graph for graph in (neuron, matrices, scopes, square, layer, deep, foreign)
}

if __name__ == "__main__":
    name, path = sys.argv[1:]
    with ng.Graph().as_default():
        ng.explore(*GRAPHS[name]()).save(path)
