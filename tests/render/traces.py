"""Traces made by hand: a tape of a dozen operations, and the graphs that the tests look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nbgrad.tracing.model import Trace
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Adjoint, Edge, Local, Node, Step
from nbgrad.tracing.symbols import bar

Array = np.ndarray


@dataclass(frozen=True)
class Rule:
    """How one operand's gradient follows: a formula, the factor if it is one, the function."""

    formula: str
    factor: Array | None
    pull: Callable[[Array], Array]


@dataclass
class Tape:
    """Nodes with their values and rules, in the order of creation."""

    nodes: list[Node] = field(default_factory=list)
    operands: dict[str, list[str]] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)

    def leaf(self, label: str, value: Any, role: Any = "input") -> Node:
        return self.add(label, "", "", "Placeholder", value, role)

    def constant(self, value: float, label: str = "") -> Node:
        return self.add(label or f"{value:g}", "", "", "Const", value, "constant")

    def add(self, label, expression, symbol, op_type, value, role="operation") -> Node:
        array = np.asarray(value)
        node = Node(
            id=f"n{len(self.nodes)}",
            name=f"{label}:0",
            label=label,
            expression=expression,
            latex="",
            op_type=op_type,
            symbol=symbol,
            role=role,
            shape=array.shape,
            dtype=str(array.dtype),
            line=f"cell [1]: {label} = …",
            requested=False,
            stopped=False,
            value=Numbers(array),
            adjoint=Adjoint("not run"),
        )
        self.nodes.append(node)
        return node

    def apply(self, label, op_type, symbol, expression, value, *pairs: tuple[Node, Rule]) -> Node:
        node = self.add(label, expression, symbol, op_type, value)
        self.nodes[-1] = node = replace(node, elementwise=op_type in ("Add", "Sub", "Mul"))
        self.operands[node.id] = [operand.id for operand, _ in pairs]
        self.rules[node.id] = [rule for _, rule in pairs]
        return node

    def plus(self, label: str, x: Node, y: Node, sign: int = 1) -> Node:
        a, b = x.value.array, y.value.array
        symbol = "+" if sign > 0 else "−"
        one = np.asarray(float(sign))
        second = Rule("1" if sign > 0 else "−1", one, lambda dz: unbroadcast(sign * dz, b.shape))
        first = Rule("1", np.asarray(1.0), lambda dz: unbroadcast(dz, a.shape))
        text = f"{x.label} {symbol} {y.label}"
        op_type = "Add" if sign > 0 else "Sub"
        return self.apply(label, op_type, symbol, text, a + sign * b, (x, first), (y, second))

    def times(self, label: str, x: Node, y: Node) -> Node:
        a, b = x.value.array, y.value.array
        with np.errstate(all="ignore"):
            value = a * b
        return self.apply(
            label,
            "Mul",
            "×",
            f"{x.label} × {y.label}",
            value,
            (x, Rule(y.label, b, lambda dz: unbroadcast(dz * b, a.shape))),
            (y, Rule(x.label, a, lambda dz: unbroadcast(dz * a, b.shape))),
        )

    def unary(self, label: str, x: Node, name: str, formula: str, value, factor) -> Node:
        factor = np.asarray(factor)
        rule = Rule(formula, factor, lambda dz: dz * factor)
        symbol = {"sigmoid": "σ"}.get(name, name)
        return self.apply(label, name.title(), symbol, f"{name}({x.label})", value, (x, rule))

    def tanh(self, label: str, x: Node) -> Node:
        z = np.tanh(x.value.array)
        return self.unary(label, x, "tanh", f"1 − {label}²", z, 1 - z * z)

    def relu(self, label: str, x: Node) -> Node:
        on = (x.value.array > 0) * 1.0
        return self.unary(label, x, "relu", f"1 where {x.label} > 0", on * x.value.array, on)

    def log(self, label: str, x: Node) -> Node:
        with np.errstate(all="ignore"):
            return self.unary(
                label, x, "log", f"1/{x.label}", np.log(x.value.array), 1 / x.value.array
            )

    def matmul(self, label: str, x: Node, y: Node) -> Node:
        a, b = x.value.array, y.value.array
        dz = bar(label)
        return self.apply(
            label,
            "MatMul",
            "@",
            f"{x.label} @ {y.label}",
            a @ b,
            (x, Rule(f"{dz} @ {y.label}ᵀ", None, lambda dz: dz @ b.T)),
            (y, Rule(f"{x.label}ᵀ @ {dz}", None, lambda dz: a.T @ dz)),
        )

    def total(self, label: str, x: Node) -> Node:
        a = x.value.array
        rule = Rule(f"{bar(label)} in every place", None, lambda dz: np.broadcast_to(dz, a.shape))
        return self.apply(label, "Sum", "Σ", f"sum({x.label})", a.sum(), (x, rule))

    def cast(self, label: str, x: Node) -> Node:
        value = x.value.array.astype("int32")
        return self.apply(label, "Cast", "", f"int32({x.label})", value, (x, Rule("", None, None)))

    def trace(
        self,
        ys: Sequence[Node],
        xs: Sequence[Node] = (),
        seeds: Sequence[Any] = (),
        stops: Sequence[Node] = (),
    ) -> Trace:
        """Run the reverse pass (if there are xs) and write everything down."""
        return Sweep(self, ys, xs, seeds, stops).trace()


def unbroadcast(dz: Array, shape: tuple[int, ...]) -> Array:
    while dz.ndim > len(shape):
        dz = dz.sum(0)
    for axis, size in enumerate(shape):
        if size == 1 and dz.shape[axis] != 1:
            dz = dz.sum(axis, keepdims=True)
    return np.broadcast_to(dz, shape)


class Sweep:
    """A reverse pass over a tape, in the order in which TensorFlow would make it."""

    def __init__(self, tape, ys, xs, seeds, stops):
        self.tape = tape
        self.ys = [y.id for y in ys]
        self.xs = [x.id for x in xs]
        self.stops = {s.id for s in stops}
        self.seeds = {
            y.id: np.broadcast_to(np.asarray(seed, float), y.shape)
            for y, seed in zip(ys, seeds or [1.0] * len(ys), strict=True)
        }
        self.arrived: dict[str, list[tuple[str, Array]]] = {}
        self.totals: dict[str, Array] = {}
        self.carried: dict[str, Array] = {}
        self.causes: dict[str, str] = {}
        self.steps: list[Step] = []

    def trace(self) -> Trace:
        for node in self.tape.nodes:
            if node.id in self.tape.operands:
                self.steps.append(Step("forward", node.id))
        if self.xs:
            self.reverse()
        return Trace(
            nodes=tuple(self.finished(node) for node in self.tape.nodes),
            edges=tuple(self.edges()),
            steps=tuple(self.steps),
            ys=tuple(self.ys),
            xs=tuple(self.xs),
        )

    def reverse(self) -> None:
        wanted = self.wanted()
        for y in self.ys:
            self.steps.append(Step("seed", y))
            self.arrived.setdefault(y, []).append(("", self.seeds[y]))
        for node in reversed(self.tape.nodes):
            parts = self.arrived.get(node.id)
            if parts is None:
                continue
            self.totals[node.id] = sum(part for _, part in parts)
            if len(parts) > 1:
                edges = tuple(edge for edge, _ in parts if edge)
                self.steps.append(Step("sum", node.id, edges))
            if node.id in self.tape.operands:
                self.send(node, wanted)

    def send(self, node: Node, wanted: set[str]) -> None:
        edges = [f"e{node.id[1:]}.{i}" for i in range(len(self.tape.operands[node.id]))]
        if node.id in self.stops:
            self.causes |= dict.fromkeys(edges, "stopped")
            self.steps.append(Step("stop", node.id))
            return
        for edge, operand, rule in zip(
            edges, self.tape.operands[node.id], self.tape.rules[node.id], strict=True
        ):
            if operand not in wanted:
                continue
            if rule.pull is None:
                self.causes[edge] = "integer"
                continue
            with np.errstate(all="ignore"):
                self.carried[edge] = np.asarray(rule.pull(self.totals[node.id]))
            self.steps.append(Step("multiply", node.id, (edge,)))
            self.arrived.setdefault(operand, []).append((edge, self.carried[edge]))

    def wanted(self) -> set[str]:
        """What depends on an x: gradients go nowhere else."""
        reached = set(self.xs)
        for node in self.tape.nodes:
            if reached & set(self.tape.operands.get(node.id, ())):
                reached.add(node.id)
        return reached

    def finished(self, node: Node) -> Node:
        is_y = node.id in self.ys
        return replace(
            node,
            role="output" if is_y and node.role == "operation" else node.role,
            requested=node.id in self.xs,
            stopped=node.id in self.stops,
            seed=Numbers(self.seeds[node.id]) if is_y and self.xs else None,
            adjoint=self.adjoint(node),
        )

    def adjoint(self, node: Node) -> Adjoint:
        if not self.xs or node.role == "constant":
            return Adjoint("not run")
        if node.id not in self.totals:
            cause, at = "no path", None
            if self.stops:
                cause, at = "stopped", min(self.stops)
            elif "integer" in self.causes.values():
                cause = "integer"
            return Adjoint("none", cause, at)
        total = self.totals[node.id]
        if not np.isfinite(total).all():
            return Adjoint("not finite", "began here", node.id, Numbers(total))
        if not np.any(total):
            terms = [part for _, part in self.arrived[node.id]]
            cause = "terms cancel" if np.any(terms) else "times zero"
            return Adjoint("zero", cause, node.id, Numbers(total))
        return Adjoint("number", value=Numbers(total))

    def edges(self):
        for target, operands in self.tape.operands.items():
            z = next(n for n in self.tape.nodes if n.id == target)
            for position, operand in enumerate(operands):
                key = f"e{target[1:]}.{position}"
                x = next(n for n in self.tape.nodes if n.id == operand)
                rule = self.tape.rules[target][position]
                carried = self.carried.get(key)
                factor = None if rule.factor is None else Numbers(np.asarray(rule.factor))
                symbol = f"∂{z.label}/∂{x.label}"
                uses = tuple(n.id for n in self.tape.nodes if mentions(rule.formula, n.label))
                local = Local(symbol, rule.formula, "", factor is not None, factor, uses)
                yield Edge(
                    key,
                    operand,
                    target,
                    position,
                    local if carried is not None else None,
                    Numbers(carried) if carried is not None else None,
                    self.causes.get(key, ""),
                )


def mentions(formula: str, label: str) -> bool:
    """Whether a formula speaks of the node with this label."""
    pattern = rf"(?<!\w){re.escape(label)}(?![\w\u0304])"
    return re.search(pattern, formula.replace("ᵀ", " ")) is not None


def textbook(x=3.0, y=4.0, stop: str = "", seed: float = 1.0) -> Trace:
    """f = x²y + y + 2."""
    tape = Tape()
    x, y = tape.leaf("x", x), tape.leaf("y", y)
    a = tape.times("a", x, x)
    b = tape.times("b", a, y)
    c = tape.plus("c", y, tape.constant(2.0))
    f = tape.plus("f", b, c)
    stops = [node for node in tape.nodes if node.label == stop]
    return tape.trace([f], [x, y], [seed], stops)


def forward_only() -> Trace:
    tape = Tape()
    x = tape.leaf("x", 3.0)
    return tape.trace([tape.times("a", x, x)])


def two_outputs(weights=(1.0, 2.0)) -> Trace:
    """Two ys that share an x, each with its weight."""
    tape = Tape()
    x, y = tape.leaf("x", 3.0), tape.leaf("y", 4.0)
    p = tape.times("p", x, y)
    q = tape.plus("q", p, x)
    return tape.trace([p, q], [x, y], weights)


def matrices(scale: float = 1.0) -> Trace:
    """A layer: the sum of tanh(XW + b)."""
    tape = Tape()
    x = tape.leaf("X", scale * np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]))
    w = tape.leaf("W", np.array([[0.1, -0.4], [0.7, 0.2], [-0.3, 0.5]]), "variable")
    b = tape.leaf("b", np.array([0.1, -0.2]), "variable")
    u = tape.matmul("u", x, w)
    z = tape.plus("z", u, b)
    h = tape.tanh("h", z)
    loss = tape.total("L", h)
    return tape.trace([loss], [w, b])


def large() -> Trace:
    """An image that is shown as cells, and a larger one that is summed up."""
    tape = Tape()
    rng = np.random.default_rng(0)
    x = tape.leaf("x", rng.normal(size=(16, 16)))
    y = tape.leaf("y", rng.normal(size=(16, 16)))
    p = tape.times("p", x, y)
    s = tape.total("s", p)
    w = tape.leaf("w", rng.normal(size=(50, 40)))
    t = tape.total("t", w)
    f = tape.plus("f", s, t)
    return tape.trace([f], [x, w])


def states() -> Trace:
    """Adjoints that are None, zero, not finite, and ordinary."""
    tape = Tape()
    x, y, z = tape.leaf("x", 0.0), tape.leaf("y", -2.0), tape.leaf("z", 5.0)
    k = tape.leaf("k", 2.5)
    a = tape.log("a", x)
    b = tape.relu("b", y)
    n = tape.cast("n", k)
    c = tape.plus("c", a, b)
    d = tape.plus("d", z, z, sign=-1)
    e = tape.plus("e", c, d)
    f = tape.plus("f", e, n)
    unused = tape.leaf("u", 1.0)
    return tape.trace([f], [x, y, z, k, unused])


def extreme(size: float) -> Trace:
    """The textbook graph with numbers of any size."""
    with np.errstate(all="ignore"):
        return textbook(size, -size)


def chain(cards: int = 20, start: float = 0.5) -> Trace:
    """A graph built in a loop: each step uses the one before and one from further back."""
    tape = Tape()
    x, w = tape.leaf("x", start), tape.leaf("w", 1.1)
    nodes = [x]
    for n in range(cards - 2):
        kind = n % 3
        label = f"h{n}"
        if kind == 0:
            nodes.append(tape.times(label, nodes[-1], w))
        elif kind == 1:
            nodes.append(tape.plus(label, nodes[-1], nodes[max(0, len(nodes) - 3)]))
        else:
            nodes.append(tape.tanh(label, nodes[-1]))
    return tape.trace([nodes[-1]], [x, w])


def network() -> Trace:
    """A two-layer network on scalars, 20 cards, of the width that a lesson has."""
    tape = Tape()
    x1, x2 = tape.leaf("x1", 1.0), tape.leaf("x2", -0.5)
    outs = []
    for unit in (1, 2, 3):
        u, v = tape.leaf(f"u{unit}", 0.3 * unit, "variable"), tape.leaf(f"v{unit}", 0.5, "variable")
        p, q = tape.times(f"p{unit}", u, x1), tape.times(f"q{unit}", v, x2)
        outs.append(tape.tanh(f"h{unit}", tape.plus(f"s{unit}", p, q)))
    y = tape.plus("y", tape.plus("t", outs[0], outs[1]), outs[2])
    return tape.trace([y], [n for n in tape.nodes if n.role == "variable"])
