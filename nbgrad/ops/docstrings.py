"""What `help()` says of a function that builds operations: its kernel's docstring, completed.

A kernel's docstring holds what only its author knows: a sentence with the formula, a remark
where one is needed, the errors of a run, where the formula comes from, and as an example one
expression and its value (see `activations.selu`). Operands, attributes, dtypes, shapes and the
errors of building are known from the definition.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Mapping, Sequence

from nbgrad.core.registry import REQUIRED, OpDef
from nbgrad.core.shapes import same_as_first

#: What the letters of a signature (`nbgrad.core.operands.KINDS`) ask of a dtype.
DTYPES = {
    "A": "any dtype",
    "T": "any dtype",
    "N": "numbers (float, complex, integer)",
    "F": "float or complex",
    "R": "real numbers (float or integer)",
    "I": "integer",
}


#: The attributes of public operations: their types, and what they mean. Where one operation
#: means something of its own, its type stands before the name.
ATTRIBUTES = {
    "adjoint": ("bool", "Whether each matrix is transposed first."),
    "alpha": ("float", "The slope where x is negative."),
    "axis": ("int or sequence of int", "Along which axis or axes; all of them where None."),
    "ArgMax.axis": ("int", "Along which axis; a negative one counts from the last."),
    "ArgMin.axis": ("int", "Along which axis; a negative one counts from the last."),
    "Cumprod.axis": ("int", "Along which axis; a negative one counts from the last."),
    "Cumsum.axis": ("int", "Along which axis; a negative one counts from the last."),
    "ExpandDims.axis": ("int", "Where the new axis stands in the result."),
    "LogSoftmax.axis": ("int", "Along which axis; the last where None."),
    "Pack.axis": ("int", "Where the new axis stands in the result."),
    "ReverseV2.axis": ("int or sequence of int", "Along which axis or axes."),
    "Roll.axis": ("int or sequence of int", "Along which axis, or which one for each shift."),
    "Softmax.axis": ("int", "Along which axis; the last where None."),
    "Squeeze.axis": ("int or sequence of int", "Which axes go; all of size 1 where None."),
    "delayed": ("bool", "Whether a term counts from the next step on."),
    "exclusive": ("bool", "Whether an element itself is left out."),
    "index": ("int, slice, ..., None or a tuple of them", "Which part, as in NumPy."),
    "k": ("int", "How many."),
    "keepdims": ("bool", "Whether the reduced axes stay, with size 1."),
    "lower": ("bool", "Whether the triangle below the diagonal is the one that counts."),
    "message": ("str", "What an error begins with."),
    "multiples": ("sequence of int", "How often to repeat along each axis."),
    "num": ("int", "How many."),
    "num_lower": ("int", "How many diagonals to keep below the main one; −1 for all."),
    "num_segments": ("int", "How many groups there are."),
    "num_upper": ("int", "How many diagonals to keep above the main one; −1 for all."),
    "output_type": ("DType", "The dtype of the result, int32 or int64."),
    "perm": ("sequence of int", "The old axes in their new order; None reverses them."),
    "reverse": ("bool", "Whether to go from the last element to the first."),
    "seed": ("int", "Repeats the same order in every new session."),
    "shape": ("sequence of int", "The shape of the result."),
    "Reshape.shape": ("sequence of int", "The shape of the result; one size may be −1."),
    "shift": ("int or sequence of int", "By how many places."),
    "transpose_a": ("bool", "Whether each matrix in `a` is transposed first."),
    "transpose_b": ("bool", "Whether each matrix in `b` is transposed first."),
}


#: What a shape rule calls to refuse a shape. One that names none of these takes them all.
REFUSES = {"ShapeError", "_square", "all_equal", "broadcast", "merge", "normal_axes"}


#: Python 3.13 takes the indentation off docstrings when it compiles them.
INDENTATION = "" if sys.version_info >= (3, 13) else "    "


def complete(definition: OpDef, order: Sequence[str], aliases: Mapping[str, str]) -> str:
    """The docstring of the function that builds these operations, in NumPy's convention."""
    own = (definition.kernel.__doc__ or "").replace(f"\n{INDENTATION}", "\n")
    words, _, examples = own.partition("\n>>> ")
    words, _, sources = words.partition("\nReferences\n----------\n")
    words, _, in_a_run = words.partition("\nRaises\n------\n")
    kinds = dict(zip(definition.operands, definition.dtypes[0], strict=False))
    operands = {name.lstrip("*"): operand(name, kind) for name, kind in kinds.items()}
    arguments = [operands.get(name) or setting(definition, name, aliases) for name in order]
    return (
        f"{words.rstrip()}\n"
        f"{section('Parameters', ''.join(arguments))}"
        f"{section('Returns', result(definition))}"
        f"{section('Raises', ''.join(errors(definition)) + in_a_run.rstrip())}"
        f"{section('References', sources)}"
        f"{section('Examples', ''.join(runnable(examples)))}"
    )


def section(title: str, text: str) -> str:
    text = text.rstrip()
    return f"\n{title}\n{'-' * len(title)}\n{text}\n" if text else ""


@functools.cache  # most operations have an x
def operand(name: str, kind: str) -> str:
    """A tensor that goes in."""
    many = "list of " if name.startswith("*") else ""
    return f"{name.lstrip('*')} : {many}tensor_like of {DTYPES.get(kind, kind)}\n"


def setting(definition: OpDef, name: str, aliases: Mapping[str, str]) -> str:
    """Another argument: its type, and what it means."""
    if name == "name":
        kind, meaning = "str, optional", "What the operation is called in the graph."
    elif name in aliases:
        kind, meaning = "optional", f"Another name for `{aliases[name]}`."
    elif name in definition.attributes:
        own = f"{definition.type}.{name}"
        kind, meaning = ATTRIBUTES.get(own) or ATTRIBUTES.get(name, ("", ""))
        default = definition.attributes[name]
        if default is not REQUIRED:
            kind += ", optional" if default is None else f", default {default}"
    else:
        kind, meaning = "optional", "Accepted as in TensorFlow, and without effect."
    return f"{name} : {kind}\n    {meaning}\n"


def result(definition: OpDef) -> str:
    """What comes out: how many tensors, of which dtype and shape."""
    operands, results = definition.dtypes
    alike = definition.elementwise or definition.shape is same_as_first
    if alike and len(operands) == 1:
        shape = f"The shape of `{definition.operands[0]}`."
    else:
        shape = (definition.shape.__doc__ or "").partition("\n")[0]
    many = "list of " if definition.many else ""
    text = ""
    for kind in results:
        if kind in definition.attributes:
            dtype = f"dtype `{kind}`"
        else:
            dtype = "the same dtype" if kind in operands and kind in DTYPES else f"dtype {kind}"
        text += f"{many}Tensor\n    Of {dtype}. {shape}\n"
    return text or "Operation\n"


def errors(definition: OpDef) -> Iterator[str]:
    """What is refused when an operation is built."""
    kinds = definition.dtypes[0]
    if len(kinds) > len(set(kinds)):
        yield "TypeError\n    If the dtypes of the operands differ, or are not these.\n"
    elif set(kinds) - {"A", "T"}:
        yield "TypeError\n    If an operand has another dtype.\n"
    if definition.elementwise and len(kinds) > 1:
        yield "ValueError\n    If the shapes of the operands do not broadcast.\n"
    elif not (definition.elementwise or REFUSES.isdisjoint(definition.shape.__code__.co_names)):
        yield "ValueError\n    If a shape does not fit, as far as it is known.\n"


def runnable(examples: str) -> Iterator[str]:
    """Examples that hold one expression each, as programs; what is a program already as it is."""
    if not examples or examples.startswith("import "):
        yield examples and f">>> {examples}"
        return
    yield ">>> import nbgrad as tf\n"
    for line in f">>> {examples}".splitlines():
        if line.startswith(">>> "):
            yield ">>> with tf.Session() as session:\n"
            yield f"...     print(session.run({line[4:]}))\n"
        else:
            yield f"{line}\n"
