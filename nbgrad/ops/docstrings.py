"""What `help()` says of a function that builds operations: its kernel's docstring, completed.

A kernel's docstring holds what only its author knows: a sentence with the formula, a remark
where one is needed, and as an example one expression and its value (see `activations.relu`).
Operands, attributes, dtypes, shapes and errors are known from the definition.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

from nbgrad.registry import REQUIRED, OpDef

#: What the letters of a signature (`nbgrad.graph.operands.KINDS`) ask of a dtype.
DTYPES = {
    "A": "any dtype",
    "T": "any dtype",
    "N": "numbers (float, complex, integer)",
    "F": "float or complex",
    "R": "real numbers (float or integer)",
    "I": "integer",
}

#: The attributes of public operations: their types, and what they mean.
ATTRIBUTES = {
    "adjoint": ("bool", "Whether the matrix is conjugated and transposed first."),
    "alpha": ("float", "The slope where x is negative."),
    "axis": ("int or sequence of int", "Along which axis or axes; negative ones count from last."),
    "exclusive": ("bool", "Whether an element itself is left out of its sum or product."),
    "k": ("int", "How many."),
    "keepdims": ("bool", "Whether the reduced axes stay, with size 1."),
    "lower": ("bool", "Whether the triangle below the diagonal is the one that counts."),
    "message": ("str", "What an error begins with."),
    "multiples": ("sequence of int", "How often to repeat along each axis."),
    "num": ("int", "How many."),
    "num_lower": ("int", "How many diagonals to keep below the main one; −1 for all."),
    "num_segments": ("int", "How many segments there are."),
    "num_upper": ("int", "How many diagonals to keep above the main one; −1 for all."),
    "output_type": ("DType", "int32 or int64."),
    "perm": ("sequence of int", "The old axes in their new order; None reverses them."),
    "reverse": ("bool", "Whether to go from the last element to the first."),
    "seed": ("int", "Repeats the same numbers in every new session."),
    "shape": ("sequence of int", "A shape; one size may be −1 where elements are only moved."),
    "shift": ("int or sequence of int", "By how many places."),
    "transpose_a": ("bool", "Whether to transpose the matrices of `a` first."),
    "transpose_b": ("bool", "Whether to transpose the matrices of `b` first."),
}


def complete(definition: OpDef, order: Sequence[str], aliases: Mapping[str, str]) -> str:
    """The docstring of the function that builds these operations, in NumPy's convention."""
    words, prompt, examples = (definition.kernel.__doc__ or "").partition("    >>> ")
    kinds = dict(zip(definition.operands, definition.dtypes[0], strict=False))
    operands = {name.lstrip("*"): operand(name, kind) for name, kind in kinds.items()}
    arguments = [operands.get(name) or setting(definition, name, aliases) for name in order]
    return (
        f"{words.rstrip()}\n"
        f"{section('Parameters', ''.join(arguments))}"
        f"{section('Returns', result(definition))}"
        f"{section('Raises', ''.join(errors(definition)))}"
        f"{section('Examples', ''.join(runnable(prompt + examples)))}"
    )


def section(title: str, text: str) -> str:
    return f"\n    {title}\n    {'-' * len(title)}\n{text}" if text else ""


@functools.cache  # most operations have an x
def operand(name: str, kind: str) -> str:
    """A tensor that goes in."""
    many = "list of " if name.startswith("*") else ""
    return f"    {name.lstrip('*')} : {many}tensor_like of {DTYPES.get(kind, kind)}\n"


def setting(definition: OpDef, name: str, aliases: Mapping[str, str]) -> str:
    """Another argument: its type, and what it means."""
    if name == "name":
        kind, meaning = "str, optional", "What the operation is called in the graph."
    elif name in aliases:
        kind, meaning = "optional", f"Another name for `{aliases[name]}`."
    elif name in definition.attributes:
        kind, meaning = ATTRIBUTES.get(name, ("", ""))
        kind += "" if definition.attributes[name] is REQUIRED else ", optional"
    else:
        kind, meaning = "optional", "Accepted as in TensorFlow, and without effect."
    return f"    {name} : {kind}\n        {meaning}\n"


def result(definition: OpDef) -> str:
    """What comes out: how many tensors, of which dtype and shape."""
    operands, results = definition.dtypes
    shape = (definition.shape.__doc__ or "").partition("\n")[0]
    many = "list of " if definition.many else ""
    text = ""
    for kind in results:
        if kind in definition.attributes:
            dtype = f"`{kind}`"
        else:
            dtype = "the same dtype" if kind in operands and kind in DTYPES else kind
        text += f"    {many}Tensor\n        Of {dtype}. {shape}\n"
    return text or "    Operation\n"


def errors(definition: OpDef) -> Iterator[str]:
    """What is refused when an operation is built."""
    kinds = definition.dtypes[0]
    if len(kinds) > len(set(kinds)):
        yield "    TypeError\n        If the dtypes of the operands differ, or are not these.\n"
    elif set(kinds) - {"A", "T"}:
        yield "    TypeError\n        If an operand has another dtype.\n"
    if not definition.elementwise and kinds:
        yield "    ValueError\n        If a shape does not fit, as far as it is known.\n"
    elif len(kinds) > 1:
        yield "    ValueError\n        If the shapes of the operands do not broadcast.\n"


def runnable(examples: str) -> Iterator[str]:
    """Examples that hold one expression each, as programs."""
    if examples:
        yield "    >>> import nbgrad as tf\n"
    for line in examples.rstrip().splitlines():
        if line.startswith("    >>> "):
            yield "    >>> with tf.Session() as session:\n"
            yield f"    ...     print(session.run({line[8:]}))\n"
        else:
            yield f"{line}\n"
