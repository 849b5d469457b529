"""The call of a code line, found for a notebook: what things are called there, and what is fed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from nbgrad.core.default_graph import get_default_graph
from nbgrad.core.graph import Graph, Operand, Tensor
from nbgrad.core.operands import constant_value
from nbgrad.core.scopes import default_graphs, default_sessions
from nbgrad.core.session import InteractiveSession
from nbgrad.trace.tensors import initial_tensor, shown_as
from nbgrad.widgets.code_line import FEW, INITIAL, MOST_WRITTEN, CodeCall, Fed, Seed, literal

#: In longer lists nobody looks for a name.
MOST_ITEMS = 100

# Names in Python --------------------------------------------------------------------------------


def namespace() -> dict[str, Any]:
    """The variables of the notebook, or else of the code that called nbgrad."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        found: dict[str, Any] = shell.user_ns
        return found
    frame, package = sys._getframe(), str(Path(__file__).parents[1])
    while frame.f_back and frame.f_code.co_filename.startswith(package):
        frame = frame.f_back
    return frame.f_globals


def objects_in(variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What variables hold, and what stands in their lists and dictionaries: `w["h1"]`."""
    public = [(name, value) for name, value in variables.items() if not name.startswith("_")]
    yield from public
    for name, value in public:
        if isinstance(value, list | tuple | dict) and len(value) > MOST_ITEMS:
            continue
        if isinstance(value, list | tuple):
            yield from ((f"{name}[{place}]", item) for place, item in enumerate(value))
        elif isinstance(value, dict):
            keys = [key for key in value if isinstance(key, str | int)]
            yield from ((f"{name}[{json.dumps(key)}]", value[key]) for key in keys)


class NamesInPython:
    """The names that things have in a notebook."""

    def __init__(self, variables: Mapping[str, Any], graph: Graph) -> None:
        found = [*objects_in(variables)]
        self._named = dict(found)
        self._tensors: dict[Tensor, dict[str, None]] = {}
        for name, value in found:
            if isinstance(value, Operand) and value.graph is graph:
                self._tensors.setdefault(shown_as(value.as_tensor()), {})[name] = None
        self._objects = {id(value): name for name, value in reversed(found)}
        self._arrays = [(name, each) for name, each in found if isinstance(each, np.ndarray)]
        modules = [n for n, value in found if isinstance(value, ModuleType) and is_nbgrad(value)]
        usual = (name for name in ("tf", "ng", "nbgrad") if name in modules)
        self.alias = next(usual, "") or next(iter(modules), "nbgrad")

    def of_tensor(self, tensor: Tensor, label: str = "") -> str:
        """The name of a tensor: its label, if it is called so; "" if it has none."""
        names = self._tensors.get(tensor, {})
        return label if label in names else next(iter(names), "")

    def is_variable(self, name: str) -> bool:
        """Whether a name stands for a variable, not for the tensor of one."""
        return bool(name) and hasattr(self._named[name], "initial_value")

    def of_object(self, value: Any) -> str:
        """The name of anything else."""
        return "" if value is None else self._objects.get(id(value), "")

    def of_array(self, value: np.ndarray) -> str:
        """The name of an array that holds these numbers."""
        alike = (name for name, each in self._arrays if np.array_equal(each, value))
        return next(alike, "")


def is_same(own: np.ndarray | None, array: np.ndarray) -> bool:
    """Whether a known value is this one."""
    return own is not None and np.array_equal(own, array)


def is_nbgrad(module: ModuleType) -> bool:
    return module is sys.modules[__name__.partition(".")[0]]


# From a question to its call --------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What a call is about.

    Attributes
    ----------
    nodes, labels
        For each tensor shown, the id of its node and its label.
    ys
        The ys, in their order.
    values, seeds
        The value of every tensor that is given, and the seed of each y.
    explorer
        Where the numbers can be read that nothing else holds.
    """

    graph: Graph
    nodes: Mapping[Tensor, str]
    labels: Mapping[Tensor, str]
    ys: Sequence[Tensor]
    values: Mapping[Tensor, Any]
    seeds: Sequence[np.ndarray]
    session: Any
    explorer: Any


def call_of(asked: Asked, variables: Mapping[str, Any]) -> CodeCall:
    """The call of a question, for these variables of the notebook."""
    names = NamesInPython(variables, asked.graph)
    named = {
        key: name
        for tensor, key in asked.nodes.items()
        if (name := names.of_tensor(tensor, asked.labels[tensor]))
    }
    where = graph_text(asked, names, named)
    session, holds = session_text(asked, names, where)
    writer = ValueWriter(asked, names, session, holds, is_default=not where)
    return CodeCall(
        names.alias,
        session,
        where or f"{names.alias}.get_default_graph()",
        named,
        tuple(writer.fed(tensor, value) for tensor, value in asked.values.items()),
        tuple(map(writer.seed, asked.ys, asked.seeds)),
    )


def graph_text(asked: Asked, names: NamesInPython, named: Mapping[str, str]) -> str:
    """The graph, where it is not the default one of a new cell; "" where it is."""
    if default_graphs.top is None and get_default_graph() is asked.graph:
        return ""
    some = next(iter(named.values()), "")
    return names.of_object(asked.graph) or (some and f"{some}.graph")


def session_text(asked: Asked, names: NamesInPython, graph: str) -> tuple[str, bool]:
    """What runs the call, and whether it is the session that holds the variables' values."""
    session = asked.session
    # A session entered by a `with` is closed when the cell has ended.
    stays = session is not default_sessions.top or isinstance(session, InteractiveSession)
    if session is not None and stays:
        name = names.of_object(session)
        if not name and session is default_sessions.top:
            name = f"{names.alias}.get_default_session()"
        if name:
            return name, True
    return f"{names.alias}.Session({f'graph={graph}' if graph else ''})", False


@dataclass(frozen=True)
class ValueWriter:
    """What is known when values are written."""

    asked: Asked
    names: NamesInPython
    session: str
    holds: bool
    is_default: bool  # whether the graph is the default one of a new cell

    def fed(self, tensor: Tensor, value: Any) -> Fed:
        """How a tensor is fed."""
        node, array = self.asked.nodes.get(tensor, ""), np.asarray(value)
        name = self.names.of_tensor(tensor, self.asked.labels.get(tensor, ""))
        start = literal(array) if array.size <= MOST_WRITTEN else None
        same = self._same(tensor, name, array)
        if same is None and (start is None or not node):
            same = start or self._read(node)
        return Fed(node, name or json.dumps(tensor.name), start if node else None, same)

    def _same(self, tensor: Tensor, name: str, array: np.ndarray) -> str | None:
        """What is written instead of these numbers, None for themselves."""
        if is_same(self._own_value(tensor), array):
            return ""
        if array.size <= FEW:
            return None
        if found := self.names.of_array(array):
            return found
        start = initial_tensor(tensor.op) if tensor.op.is_variable else None
        if start is None or not is_same(constant_value(start), array):
            return None
        of_variable = INITIAL if self.names.is_variable(name) else ""
        return of_variable or f"{self.session}.run({json.dumps(start.name)})"

    def _own_value(self, tensor: Tensor) -> np.ndarray | None:
        """The value that a tensor has where none is fed."""
        if tensor.op.is_variable and self.holds and self.asked.session.holds(tensor):
            return np.asarray(self.asked.session.run(tensor))
        return constant_value(tensor)

    def _read(self, node: str) -> str:
        """Where an array of many elements can be read."""
        return f"{self._explorer}.trace.node({json.dumps(node)}).value.array" if node else ""

    @property
    def _explorer(self) -> str:
        # What a cell shows last is called `_` in the next one.
        return self.names.of_object(self.asked.explorer) or "_"

    def seed(self, y: Tensor, seed: np.ndarray) -> Seed:
        """How the seed of a y is written; a number by itself would be of float32."""
        node, dtype = self.asked.nodes[shown_as(y)], y.dtype.name
        text = None
        if seed.size > MOST_WRITTEN:
            read = f"{self._explorer}.trace.node({json.dumps(node)}).seed.array"
            text = self.names.of_array(seed) or read
        if dtype == "float32":
            return Seed(node, text=text)
        alias = self.names.alias
        if self.is_default:
            return Seed(node, f"{alias}.constant(", f", {alias}.{dtype})", text)
        return Seed(node, f"{alias}.{dtype}.as_numpy_dtype(", ")", text)
