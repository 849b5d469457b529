"""The graphs that the tests of pictures look at, traced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import numpy as np

import nbgrad as ng
from nbgrad.trace.model import Trace


def in_its_own_graph(build: Callable[..., Trace]) -> Callable[..., Trace]:
    @wraps(build)
    def built(*args: Any, **options: Any) -> Trace:
        with ng.Graph().as_default():
            return build(*args, **options)

    return built


def number(label: str) -> ng.Tensor:
    return ng.placeholder(ng.float64, [], name=label)


def square(label: str = "x", value: float = 2.0) -> Trace:
    """y = x², of an x with any label: also with one that no graph allows for a name."""
    with ng.Graph().as_default():
        x = number("an_x")
        trace = ng.trace(ng.multiply(x, x, name="y"), x, feed_dict={x: value})
    return Trace.from_dict(renamed(trace.to_dict(), "an_x", label))


def renamed(item: Any, old: str, new: str) -> Any:
    """Every text inside, with one name for another."""
    if isinstance(item, str):
        return item.replace(old, new)
    if isinstance(item, Mapping):
        return {key: renamed(each, old, new) for key, each in item.items()}
    if isinstance(item, list):
        return [renamed(each, old, new) for each in item]
    return item


@in_its_own_graph
def textbook(x: float = 3.0, y: float = 4.0, stop: str = "", seed: float = 1.0) -> Trace:
    """f = x²y + y + 2."""
    xs = number("x"), number("y")
    a = ng.multiply(xs[0], xs[0], name="a")
    b = ng.multiply(a, xs[1], name="b")
    c = ng.add(xs[1], 2.0, name="c")
    f = ng.add(b, c, name="f")
    stops = [tensor for tensor in (*xs, a, b, c, f) if tensor.op.name == stop]
    return ng.trace(f, xs, [np.float64(seed)], stops, dict(zip(xs, (x, y), strict=True)))


@in_its_own_graph
def no_xs() -> Trace:
    """a = x², with respect to nothing."""
    x = number("x")
    return ng.trace(ng.multiply(x, x, name="a"), [], feed_dict={x: 3.0})


@in_its_own_graph
def two_outputs(weights: Sequence[float] = (1.0, 2.0)) -> Trace:
    """Two ys that share an x, each with its weight."""
    x, y = number("x"), number("y")
    p = ng.multiply(x, y, name="p")
    q = ng.add(p, x, name="q")
    return ng.trace([p, q], [x, y], list(np.float64(weights)), feed_dict={x: 3.0, y: 4.0})


@in_its_own_graph
def matrices(scale: float = 1.0) -> Trace:
    """A layer: the sum of tanh(XW + b)."""
    x = ng.placeholder(ng.float64, [2, 3], name="X")
    w = ng.Variable(np.array([[0.1, -0.4], [0.7, 0.2], [-0.3, 0.5]]), name="W")
    b = ng.Variable(np.array([0.1, -0.2]), name="b")
    z = ng.add(ng.matmul(x, w, name="u"), b, name="z")
    loss = ng.reduce_sum(ng.tanh(z, name="h"), name="L")
    fed = {x: scale * np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])}
    return ng.trace(loss, [w, b], feed_dict=fed)


@in_its_own_graph
def large() -> Trace:
    """An image that is shown as cells, and a larger one that is summed up."""
    rng = np.random.default_rng(0)
    x, y = (ng.placeholder(ng.float64, [16, 16], name=label) for label in "xy")
    s = ng.reduce_sum(ng.multiply(x, y, name="p"), name="s")
    w = ng.placeholder(ng.float64, [50, 40], name="w")
    f = ng.add(s, ng.reduce_sum(w, name="t"), name="f")
    fed = {tensor: rng.normal(size=tensor.shape.as_list()) for tensor in (x, y, w)}
    return ng.trace(f, [x, w], feed_dict=fed)


@in_its_own_graph
def states() -> Trace:
    """Adjoints that are None, zero, not finite, and ordinary."""
    x, y, z, k = map(number, "xyzk")
    c = ng.add(ng.log(x, name="a"), ng.nn.relu(y, name="b"), name="c")
    n = ng.cast(k, ng.int32, name="n")
    e = ng.add(c, ng.subtract(z, z, name="d"), name="e")
    f = ng.add(e, ng.cast(n, ng.float64, name="m"), name="f")
    unused = number("u")
    fed = {x: 0.0, y: -2.0, z: 5.0, k: 2.5, unused: 1.0}
    return ng.trace(f, [x, y, z, k, unused], feed_dict=fed)


def extreme(size: float) -> Trace:
    """The textbook graph with numbers of any size."""
    return textbook(size, -size)


@in_its_own_graph
def chain(cards: int = 20, start: float = 0.5) -> Trace:
    """A graph built in a loop: each step uses the one before and one from further back."""
    x, w = number("x"), number("w")
    nodes = [x]
    for n in range(cards - 2):
        label = f"h{n}"
        if n % 3 == 0:
            nodes.append(ng.multiply(nodes[-1], w, name=label))
        elif n % 3 == 1:
            nodes.append(ng.add(nodes[-1], nodes[max(0, len(nodes) - 3)], name=label))
        else:
            nodes.append(ng.tanh(nodes[-1], name=label))
    return ng.trace(nodes[-1], [x, w], feed_dict={x: start, w: 1.1})


@in_its_own_graph
def network() -> Trace:
    """A two-layer network on scalars, 20 cards, of the width that a lesson has."""
    x1, x2 = number("x1"), number("x2")
    weights, outs = [], []
    for unit in (1, 2, 3):
        u = ng.Variable(np.float64(0.3 * unit), name=f"u{unit}")
        v = ng.Variable(np.float64(0.5), name=f"v{unit}")
        p, q = ng.multiply(u, x1, name=f"p{unit}"), ng.multiply(v, x2, name=f"q{unit}")
        outs.append(ng.tanh(ng.add(p, q, name=f"s{unit}"), name=f"h{unit}"))
        weights += [u, v]
    y = ng.add(ng.add(outs[0], outs[1], name="t"), outs[2], name="y")
    return ng.trace(y, weights, feed_dict={x1: 1.0, x2: -0.5})
