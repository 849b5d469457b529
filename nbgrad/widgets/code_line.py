"""The code line: the call that gives the numbers on the screen, to be pasted below the cell.

It names what the notebook has names for, and feeds every input. `CodeCall` is what does not hang on
the numbers, as plain data, so that `static/code_line.js` writes the same line in the page;
`code_call` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import every_digit

#: A tensor of more elements is fed by a name, as no page has cells to change it,
MOST_WRITTEN = 36
#: and one of more than this where it has one. A result of more is written as its shape.
FEW = 4


class Fed(NamedTuple):
    """A tensor that the call is given a value for.

    Attributes
    ----------
    node, key
        The id of its node, "" where it has none; and what stands in the `feed_dict`.
    start
        The numbers that it starts with, as they are written; None of what no page can change.
    same
        What is written as long as it has these: None for its numbers, "" for nothing where it has
        them by itself, INITIAL where a variable is initialised with them, or an expression.
    """

    node: str
    key: str
    start: str | None = None
    same: str | None = None


#: Of variables that have the numbers they are initialised with.
INITIAL = "initial"


class Seed(NamedTuple):
    """How the seed of a y is written.

    Attributes
    ----------
    node
        The id of the y.
    before, after
        What stands around its numbers, or around the one number that all of them are.
    text
        What is written instead, where they differ and are too many.
    """

    node: str
    before: str = ""
    after: str = ""
    text: str | None = None


@dataclass(frozen=True)
class CodeCall:
    """The call, but for the numbers of a run.

    Attributes
    ----------
    alias
        The name under which nbgrad was imported.
    session, graph
        What runs it, and where tensors are found that have no name in Python.
    names
        For the ids of nodes, their names in Python.
    """

    alias: str
    session: str
    graph: str
    names: Mapping[str, str]
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
        written = map(seed_text, call.seeds, seeds)
        arguments.append(f"grad_ys={python_list(written)}")
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
    if array.size <= MOST_WRITTEN:
        return f"{seed.before}{literal(array)}{seed.after}"
    if (array == array.flat[0]).all():
        text = literal(array.flat[0])
        for size in reversed(array.shape):
            text = f"[{text}] * {size}"
        return f"{seed.before}{text}{seed.after}"
    return seed.text or "None"


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
