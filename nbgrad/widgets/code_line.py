"""The code line: the call that gives the numbers on the screen, to be pasted below the cell.

It names what the notebook has names for, and feeds every input. `CodeCall` is what does not hang on
the numbers, as plain data, so that `static/code_line.js` writes the same line in the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.attributes import constant_value
from nbgrad.core.graph import Operand, Tensor, get_default_graph
from nbgrad.core.notebook import InteractiveSession
from nbgrad.core.scopes import default_graphs, default_sessions
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import every_digit
from nbgrad.trace.tensors import initial_tensor, shown_as
from nbgrad.widgets.entries import MOST_CELLS
from nbgrad.widgets.model import Model

#: A tensor of more elements is fed by a name where it has one, and always where it has no entries.
#: A result of more is written as its shape.
FEW = 4
#: In longer lists nobody looks for a name.
MOST_ITEMS = 100
#: Of variables that have the numbers they are initialized with.
INITIAL = "initial"


class Fed(NamedTuple):
    """A tensor that the call is given a value for."""

    node: str  # the id of its node, "" where it has none
    key: str  # what stands in the `feed_dict`
    #: The numbers that it starts with, as they are written; None of what no page can change.
    start: str | None = None
    #: What is written as long as it has these: None for its numbers, "" for nothing where it has
    #: them by itself, INITIAL where a variable is initialized with them, or an expression.
    same: str | None = None


class Seed(NamedTuple):
    """How the seed of a y is written."""

    node: str
    before: str = ""  # what stands around its numbers, or around the one that all of them are
    after: str = ""
    text: str | None = None  # what is written instead, where they differ and are too many


@dataclass(frozen=True)
class CodeCall:
    """The call, but for the numbers of a run."""

    alias: str  # the name under which nbgrad was imported
    session: str  # what runs it
    graph: str  # where tensors are found that have no name in Python
    names: Mapping[str, str]  # the names in Python, by the ids of nodes
    fed: tuple[Fed, ...]
    seeds: tuple[Seed, ...]

    def to_dict(self) -> dict[str, Any]:
        """The call as plain data for the page."""
        return {**asdict(self), "fed": [*map(list, self.fed)], "seeds": [*map(list, self.seeds)]}


# The line ---------------------------------------------------------------------------------------


def code_line(call: CodeCall, trace: Trace, stopped: Sequence[str]) -> str:
    """The call, and its result behind a `#`."""
    code, result = code_and_result(call, trace, stopped)
    return f"{code}  # → {result}"


def code_and_result(call: CodeCall, trace: Trace, stopped: Sequence[str]) -> tuple[str, str]:
    """The call that gives the adjoints of a trace, and what Python prints for it.

    What is None cannot be run; it is left out, and named behind the result.
    """
    xs = [trace.node(key) for key in trace.xs]
    found = [x for x in xs if x.adjoint.state != "none"]
    missing = ", ".join(name_in_python(call, x) for x in xs if x.adjoint.state == "none")
    if xs and not found:
        return gradients_call(call, trace, xs, stopped), python_list(["None"] * len(xs))
    feeds = feed_dict(call, trace)
    fetches = gradients_call(call, trace, found, stopped) if xs else python_list(ys_of(call, trace))
    shown = [x.adjoint.value for x in found] if xs else [trace.node(y).value for y in trace.ys]
    result = python_list("?" if each is None else printed(each) for each in shown)
    code = f"{call.session}.run({fetches}{feeds and f', {feeds}'})"
    return code, f"{result}; None for {missing}" if missing else result


def gradients_call(call: CodeCall, trace: Trace, xs: Sequence[Node], stopped: Sequence[str]) -> str:
    """`tf.gradients(f, [x, y], grad_ys=[2.0], stop_gradients=[b])`."""
    ys = ys_of(call, trace)
    arguments = [ys[0] if len(ys) == 1 else python_list(ys)]
    arguments.append(python_list(name_in_python(call, x) for x in xs))
    seeds = [trace.node(seed.node).seed for seed in call.seeds]
    if any(seed is not None and (seed.array != 1).any() for seed in seeds):
        arguments.append(f"grad_ys={python_list(map(seed_text, call.seeds, seeds))}")
    if stopped:
        names = (name_in_python(call, trace.node(key)) for key in stopped)
        arguments.append(f"stop_gradients={python_list(names)}")
    return f"{call.alias}.gradients({', '.join(arguments)})"


def ys_of(call: CodeCall, trace: Trace) -> list[str]:
    return [name_in_python(call, trace.node(y)) for y in trace.ys]


def name_in_python(call: CodeCall, node: Node) -> str:
    """What gives a node's tensor in Python: a variable, or the tensor's name in its graph."""
    found = call.names.get(node.id)
    return found or f"{call.graph}.get_tensor_by_name({json.dumps(node.name)})"


def feed_dict(call: CodeCall, trace: Trace) -> str:
    """The `feed_dict`, "" where nothing is fed."""
    pairs, initial = [], []
    for fed in call.fed:
        numbers = "" if fed.start is None else literal(trace.node(fed.node).value.array)
        text = fed.same if fed.start in (None, numbers) and fed.same is not None else numbers
        if text == INITIAL:
            initial.append(fed.key)
        elif text:
            pairs.append(f"{fed.key}: {text}")
    values = f"v: {call.session}.run(v.initial_value) for v in ({', '.join(initial)})"
    if len(initial) > 1:
        pairs.insert(0, f"**{{{values}}}" if pairs else values)
    elif initial:
        pairs.insert(0, f"{initial[0]}: {call.session}.run({initial[0]}.initial_value)")
    return f"{{{', '.join(pairs)}}}" if pairs else ""


def seed_text(seed: Seed, numbers: Numbers | None) -> str:
    """A seed as it is written; of equal numbers one, repeated."""
    array = np.ones(()) if numbers is None else numbers.array
    text = literal(array) if array.size <= MOST_CELLS else ""
    if not text and (array == array.flat[0]).all():
        text = literal(array.flat[0])
        for size in reversed(array.shape):
            text = f"[{text}] * {size}"
    return f"{seed.before}{text}{seed.after}" if text else seed.text or "None"


def python_list(items: Any) -> str:
    return f"[{', '.join(items)}]"


def literal(value: Any) -> str:
    """Numbers as nested lists, as Python reads them, each as short as its precision allows."""
    array = np.asarray(value)
    if array.ndim:
        return python_list(map(literal, array))
    text = repr(array.item()) if array.dtype.kind in "SO" else every_digit(array[()])
    text = text.replace("−", "-")
    return f'float("{text}")' if text.lstrip("-") in ("nan", "inf") else text


def printed(numbers: Numbers) -> str:
    """Numbers as Python prints them; many as their shape and type."""
    if numbers.array.size > FEW:
        return f"<{'×'.join(map(str, numbers.shape))} {numbers.dtype}>"
    return literal(numbers.array).replace('float("', "").replace('")', "")


# From a question to its call --------------------------------------------------------------------


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
        if isinstance(value, list | tuple | dict) and len(value) <= MOST_ITEMS:
            items = value.items() if isinstance(value, dict) else enumerate(value)
            known = ((key, item) for key, item in items if isinstance(key, str | int))
            yield from ((f"{name}[{json.dumps(key)}]", item) for key, item in known)


def alias_among(objects: Sequence[tuple[str, Any]]) -> str:
    """The name under which a notebook has nbgrad."""
    package = sys.modules[__name__.partition(".")[0]]
    names = [n for n, value in objects if isinstance(value, ModuleType) and value is package]
    return next((name for name in ("tf", "ng", "nbgrad") if name in names), [*names, "nbgrad"][0])


class CodeWriter:
    """Writes the call of a question, for these variables of the notebook.

    Numbers that nothing else holds can be read from the `explorer`.
    """

    def __init__(self, model: Model, variables: Mapping[str, Any], explorer: Any = None) -> None:
        self._model, self._objects = model, [*objects_in(variables)]
        self._names: dict[Tensor, dict[str, Any]] = {}  # of each tensor, with what is called so
        for name, value in self._objects:
            if isinstance(value, Operand) and value.graph is model.graph:
                self._names.setdefault(shown_as(value.as_tensor()), {})[name] = value
        self._alias = alias_among(self._objects)
        named = {key: self._name(tensor) for tensor, key in model.node_ids.items()}
        self._named = {key: name for key, name in named.items() if name}
        # What a cell shows last is called `_` in the next one.
        self._explorer = self._name_of(explorer) or "_"
        self._graph = self._graph_text()
        self._session, self._holds = self._session_text()

    def call(self, inputs: Mapping[str, np.ndarray], seeds: Mapping[str, np.ndarray]) -> CodeCall:
        """The call that gives the same numbers, but for those of a run."""
        model, alias = self._model, self._alias
        graph = self._graph or f"{alias}.get_default_graph()"
        fed = tuple(self._fed(tensor, value) for tensor, value in model.feeds(inputs).items())
        written = tuple(self._seed(y, seeds[model.label(y)]) for y in model.ys)
        return CodeCall(alias, self._session, graph, self._named, fed, written)

    # Names ------------------------------------------------------------------------------------

    def _name(self, tensor: Tensor) -> str:
        """The name of a tensor: its label, if it is called so; "" if it has none."""
        names, label = self._names.get(tensor, {}), self._model.labels.get(tensor, "")
        return label if label in names else next(iter(names), "")

    def _name_of(self, value: Any) -> str:
        """The name of anything else."""
        names = (name for name, each in self._objects if each is value)
        return "" if value is None else next(names, "")

    def _name_of_array(self, value: np.ndarray) -> str:
        """The name of an array that holds these numbers."""
        arrays = (pair for pair in self._objects if isinstance(pair[1], np.ndarray))
        return next((name for name, each in arrays if np.array_equal(each, value)), "")

    def _graph_text(self) -> str:
        """The graph, where it is not the default one of a new cell; "" where it is."""
        graph = self._model.graph
        if default_graphs.top is None and get_default_graph() is graph:
            return ""
        some = next(iter(self._named.values()), "")
        return self._name_of(graph) or (some and f"{some}.graph")

    def _session_text(self) -> tuple[str, bool]:
        """What runs the call, and whether it is the session that holds the variables' values."""
        session = self._model.session
        is_default = session is default_sessions.top
        # A session entered by a `with` is closed when the cell has ended.
        if session is not None and (not is_default or isinstance(session, InteractiveSession)):
            name = self._name_of(session)
            if name or is_default:
                return name or f"{self._alias}.get_default_session()", True
        return f"{self._alias}.Session({self._graph and f'graph={self._graph}'})", False

    # Numbers ----------------------------------------------------------------------------------

    def _fed(self, tensor: Tensor, value: Any) -> Fed:
        """How a tensor is fed."""
        node, name = self._model.node_ids.get(tensor, ""), self._name(tensor)
        array = np.asarray(value)
        start = literal(array) if array.size <= MOST_CELLS else None
        same = self._same(tensor, name, array)
        if same is None and (start is None or not node):
            # Of many elements, where they can be read.
            same = start or (node and f"{self._node(node)}.value.array")
        return Fed(node, name or json.dumps(tensor.name), start if node else None, same)

    def _same(self, tensor: Tensor, name: str, array: np.ndarray) -> str | None:
        """What is written instead of these numbers, None for themselves."""
        own, session = constant_value(tensor), self._model.session
        if tensor.op.is_variable and session and self._holds and session.holds(tensor):
            own = np.asarray(session.run(tensor))
        if own is not None and np.array_equal(own, array):
            return ""
        if array.size <= FEW:
            return None
        if found := self._name_of_array(array):
            return found
        start = initial_tensor(tensor.op) if tensor.op.is_variable else None
        first = None if start is None else constant_value(start)
        if start is None or first is None or not np.array_equal(first, array):
            return None
        is_variable = hasattr(self._names.get(tensor, {}).get(name), "initial_value")
        return INITIAL if is_variable else f"{self._session}.run({json.dumps(start.name)})"

    def _node(self, node: str) -> str:
        return f"{self._explorer}.trace.node({json.dumps(node)})"

    def _seed(self, y: Tensor, seed: np.ndarray) -> Seed:
        """How the seed of a y is written; a number by itself would be of float32."""
        node, dtype, alias = self._model.node_ids[shown_as(y)], y.dtype.name, self._alias
        text = None
        if seed.size > MOST_CELLS:
            text = self._name_of_array(seed) or f"{self._node(node)}.seed.array"
        if dtype == "float32":
            return Seed(node, text=text)
        if not self._graph:
            return Seed(node, f"{alias}.constant(", f", {alias}.{dtype})", text)
        return Seed(node, f"{alias}.{dtype}.as_numpy_dtype(", ")", text)
