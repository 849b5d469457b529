"""`tf.summary`: scalars that a training run records, for `tf.plot_losses`.

A summary is a tensor of text; `FileWriter.add_summary` keeps the scalars in it, as numbers in
Python and as lines of `scalars.csv` in its folder. There is no TensorBoard: graphs,
histograms and images are accepted and left out.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import UserDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.dtypes import string
from nbgrad.core.graph import Tensor, get_default_graph, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.tf1.control import py_func
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.variables import GraphKeys

# fmt: off
__all__ = [
    "FileWriter", "Summary", "audio", "histogram", "image", "merge", "merge_all", "scalar",
    "tensor_summary", "text",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("summary", __all__)


def scalar(name: str, tensor, collections=None, family=None) -> Tensor:
    """A summary of one number, under the name in the scopes around it.

    It joins `collections`, by default `tf.GraphKeys.SUMMARIES`.

    >>> with tf.name_scope("train"):
    ...     summary = tf.summary.scalar("loss", tf.constant(0.5))
    >>> print(tf.Session().run(summary))
    b'{"train/loss": 0.5}'
    """
    graph = graph_of(tensor)
    label = name.replace(" ", "_")
    scope = graph.get_name_scope()
    tag = f"{scope}/{label}" if scope else label

    def written(value: np.ndarray) -> bytes:
        return json.dumps({tag: np.asarray(value, float).item()}).encode()

    made = py_func(written, [as_tensor(tensor, graph, name="values")], string, name=label)
    return listed(made, collections)


def listed(summary: Tensor, collections: Sequence[str] | None) -> Tensor:
    keys = [GraphKeys.SUMMARIES] if collections is None else collections
    summary.graph.add_to_collections(keys, summary)
    return summary


def histogram(name: str, *values, collections=None, **_options) -> Tensor:
    """An empty summary: there is nobody to show it.

    `image`, `audio`, `text` and `tensor_summary` are the same.

    >>> print(tf.Session().run(tf.summary.histogram("weights", tf.ones([3]))))
    b'{}'
    """
    graph = graph_of(*values)
    empty: Tensor = graph.constant(b"{}", string, name=name.replace(" ", "_"))
    return listed(empty, collections)


image = audio = text = tensor_summary = histogram


def merge(inputs: Sequence[Tensor], collections=None, name=None) -> Tensor:
    """All of the summaries as one.

    >>> summaries = [tf.summary.scalar("a", 1.0), tf.summary.scalar("b", 2.0)]
    >>> print(tf.Session().run(tf.summary.merge(summaries)))
    b'{"a": 1.0, "b": 2.0}'
    """

    def joined(*parts) -> bytes:
        known = [json.loads(np.asarray(part).item()) for part in parts]
        return json.dumps({name: value for each in known for name, value in each.items()}).encode()

    tensors = list(inputs)
    made = py_func(joined, tensors, string, name=name or "Merge/MergeSummary")
    return listed(made, [] if collections is None else collections)


def merge_all(key=GraphKeys.SUMMARIES, scope=None, name=None) -> Tensor | None:
    """All summaries of the default graph as one, None where there are none.

    >>> print(tf.summary.merge_all())
    None
    """
    summaries = get_default_graph().get_collection(key, scope)
    return merge(summaries, name=name) if summaries else None


class Summary:
    """Scalars by their names, from Python's numbers, for `FileWriter.add_summary`.

    >>> summary = tf.Summary(value=[tf.Summary.Value(tag="reward", simple_value=3.0)])
    >>> summary.value.add(tag="steps", simple_value=7)
    >>> print({each.tag: each.simple_value for each in summary.value})
    {'reward': 3.0, 'steps': 7}
    """

    class Value(NamedTuple):
        """A scalar and its name."""

        tag: str = ""
        simple_value: float = 0.0

    class Values(list[Value]):
        """A list of scalars."""

        def add(self, **scalar: Any) -> None:
            """Append a scalar."""
            self.append(Summary.Value(**scalar))

    def __init__(self, value: Iterable[Value] = ()) -> None:
        self.value = Summary.Values(value)


class FileWriter(UserDict[str, list[float]]):
    """A record of the scalars of summaries: a mapping from their names to their values, in order.

    In `logdir` stands `scalars.csv`, a line for each: name, step, value. A graph is taken and left
    out, as are `max_queue`, `flush_secs` and `filename_suffix`.

    >>> import tempfile
    >>> summary = tf.summary.scalar("loss", 0.5)
    >>> writer = tf.summary.FileWriter(tempfile.mkdtemp())
    >>> writer.add_summary(tf.Session().run(summary), 1)
    >>> print(writer["loss"], tf.plot_losses(writer))
    [0.5] loss: from 0.5 to 0.5 in 0 steps
    """

    _said = False

    def __init__(self, logdir, graph=None, *_args, **_options) -> None:
        super().__init__()
        self._folder = Path(logdir)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lines: list[tuple[str, Any, float]] = []
        if not FileWriter._said:
            FileWriter._said = True
            sys.stderr.write(
                "nbgrad has no TensorBoard: tf.plot_losses(writer) plots the scalars of a "
                "FileWriter, and scalars.csv in its folder holds them.\n"
            )

    def add_summary(self, summary, global_step=None) -> None:
        """Keep the scalars of a summary, as `session.run` gave it, or of a `tf.Summary`."""
        scalars = dict(summary.value) if isinstance(summary, Summary) else json.loads(summary)
        for name, value in scalars.items():
            self.setdefault(name, []).append(value)
            self._lines.append((name, "" if global_step is None else int(global_step), value))

    def add_graph(self, *_args, **_options) -> None:
        """No effect: `tf.draw(y, x)` draws it."""

    add_run_metadata = add_meta_graph = add_session_log = add_event = add_graph

    def flush(self) -> None:
        """Write what is new to `scalars.csv`."""
        with (self._folder / "scalars.csv").open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(self._lines)
        self._lines.clear()

    close = reopen = flush

    def get_logdir(self) -> str:
        """The folder."""
        return str(self._folder)

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *_error) -> None:
        self.close()
