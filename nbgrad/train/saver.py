"""Values of variables in files: `Saver`, and the list of what it saved.

A checkpoint "model-6" is one file, `model-6.npz`, an array for each variable under its name;
`numpy.load` reads it. The file `checkpoint` beside it lists the checkpoints that are kept, in the
words of TensorFlow. Every file is written beside the old one, and then replaces it.
"""

from __future__ import annotations

import contextlib
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from nbgrad.core.errors import InvalidArgumentError, NotFoundError, advise
from nbgrad.core.graph import Operand
from nbgrad.core.session import Session
from nbgrad.core.shapes import brackets
from nbgrad.tf1.variables import global_variables


class Saver:
    """Saves the values that variables have in a session, and restores them.

    Parameters
    ----------
    var_list
        The variables, or a dictionary of them by their names in the file; by default all that the
        graph has by now, of which there must be some.
    max_to_keep
        How many of the latest checkpoints stay; 0 or None for all.
    pad_step_number
        Whether the step in a file's name has eight digits.
    **options
        TensorFlow's other options, without effect.

    Examples
    --------
    >>> import tempfile
    >>> w = tf.Variable(3.0)
    >>> saver = tf.train.Saver()
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     path = saver.save(session, f"{tempfile.mkdtemp()}/model", global_step=6)
    ...     w.load(0.0)
    ...     saver.restore(session, path)
    ...     print(session.run(w), path[-7:])
    3.0 model-6
    """

    def __init__(self, var_list=None, max_to_keep=5, pad_step_number=False, **options) -> None:
        found: Any = global_variables() if var_list is None else var_list
        named = isinstance(found, Mapping)
        self._variables = dict(found if named else {each.op.name: each for each in found})
        if not self._variables:
            raise ValueError("No variables to save")
        self._max_to_keep, self._pad = max_to_keep or 0, pad_step_number
        self._kept: list[str] = []

    @property
    def last_checkpoints(self) -> list[str]:
        """The checkpoints that are kept, the latest last."""
        return list(self._kept)

    def save(
        self, sess: Session, save_path, global_step=None, latest_filename=None, **_options
    ) -> str:
        """Write a checkpoint, and return its name: `save_path`, with the step after a dash."""
        if not isinstance(sess, Session):
            raise TypeError(f"'sess' must be a Session; {sess}")
        name = os.fspath(save_path)
        if global_step is not None:
            step = sess.run(global_step) if isinstance(global_step, Operand) else global_step
            name += f"-{int(step):08d}" if self._pad else f"-{int(step)}"
        path = Path(f"{name}.npz")
        if not path.parent.is_dir():
            raise ValueError(f"Parent directory of {name} doesn't exist, can't save.")
        arrays = sess.run(self._variables)
        with replacing(path) as file:
            write_arrays(file, arrays)
        kept = [each for each in self._kept if each != name] + [name]
        surplus = max(len(kept) - self._max_to_keep, 0) if self._max_to_keep else 0
        for old in kept[:surplus]:
            Path(f"{old}.npz").unlink(missing_ok=True)
        self._kept = kept[surplus:]
        with replacing(path.parent / (latest_filename or "checkpoint")) as file:
            file.write(CheckpointState(name, self._kept).text(path.parent).encode())
        return name

    def restore(self, sess: Session, save_path) -> None:
        """Give the variables the values of a checkpoint."""
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        name = os.fspath(save_path)
        if not checkpoint_exists(name):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {name}")
        with np.load(f"{name}.npz") as arrays:
            for key, variable in self._variables.items():
                if key not in arrays:
                    problem = f"Key {key} not found in checkpoint"
                    hint = f"It holds {', '.join(arrays) or 'nothing'}."
                    raise NotFoundError(None, None, advise(problem, variable.op, hint))
                value = arrays[key]
                if not variable.shape.is_compatible_with(value.shape):
                    shapes = f"{brackets(variable.static_shape)} rhs shape= {brackets(value.shape)}"
                    problem = (
                        f"Assign requires shapes of both tensors to match. lhs shape= {shapes}"
                    )
                    raise InvalidArgumentError(None, None, advise(problem, variable.op))
                sess.load(variable, value)


def write_arrays(file: IO[bytes], arrays: Mapping[str, Any]) -> None:
    """Arrays as NumPy's .npz, whatever their names are."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=False)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write under another name; written, it replaces the old one, or nothing does."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@dataclass(frozen=True)
class CheckpointState:
    """The contents of a folder's file `checkpoint`: the latest checkpoint, and all that stay."""

    model_checkpoint_path: str
    all_model_checkpoint_paths: list[str] = field(default_factory=list)

    def text(self, folder: Path) -> str:
        """The file's text, in which checkpoints of the folder itself stand without it."""
        lines: list[str] = []
        for name in (self.model_checkpoint_path, *self.all_model_checkpoint_paths):
            shown = (Path(name).name if Path(name).parent == folder else name).replace("\\", "/")
            key = "all_model_checkpoint_paths" if lines else "model_checkpoint_path"
            lines.append(f'{key}: "{shown}"\n')
        return "".join(lines)


def get_checkpoint_state(checkpoint_dir, latest_filename=None) -> CheckpointState | None:
    """The contents of a folder's file `checkpoint`; None where there is none.

    >>> print(tf.train.get_checkpoint_state("a folder that is not there"))
    None
    """
    path = Path(checkpoint_dir) / (latest_filename or "checkpoint")
    if not path.is_file():
        return None
    names = re.findall(r'^\w+: "(.*)"$', path.read_text(encoding="utf-8"), re.M)
    latest, *kept = [os.path.join(checkpoint_dir, name) for name in names]
    return CheckpointState(latest, kept)


def latest_checkpoint(checkpoint_dir, latest_filename=None) -> str | None:
    """The name of the checkpoint that was saved last in a folder, None where there is none.

    >>> print(tf.train.latest_checkpoint("a folder that is not there"))
    None
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None or not checkpoint_exists(state.model_checkpoint_path):
        return None
    return state.model_checkpoint_path


def checkpoint_exists(checkpoint_prefix) -> bool:
    """Whether there is a checkpoint of this name.

    >>> print(tf.train.checkpoint_exists("a folder that is not there/model"))
    False
    """
    return Path(f"{os.fspath(checkpoint_prefix)}.npz").is_file()
