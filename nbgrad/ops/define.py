r"""The decorators that turn a NumPy function into an operation.

    @elementwise("Mul", symbol="×", text="{x} · {y}", latex=r"{x} \cdot {y}")
    def multiply(x, y):
        \"\"\"z = x · y\"\"\"
        return x * y

registers the function as the kernel of "Mul" and gives back `multiply(x, y, name=None)`, which
builds such an operation in a graph. Positional parameters are operands, keyword-only ones
are attributes.
"""

from __future__ import annotations

import functools
import inspect
import re
import string
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from nbgrad.core.default_graph import apply, graph_of
from nbgrad.core.dtypes import as_dtype
from nbgrad.core.graph import Operand, Operation
from nbgrad.core.inference import constant_value
from nbgrad.core.operands import holds_tensor
from nbgrad.core.registry import (
    REQUIRED,
    Binds,
    Cells,
    Effect,
    Kernel,
    Notation,
    OpDef,
    Template,
    parse_signature,
    register,
)
from nbgrad.core.shapes import Dimension, Shape, TensorShape, broadcast, normal_axes, same_as_first
from nbgrad.ops import docstrings


def operation(
    op_type: str,
    *,
    dtypes: str = "T->T",
    shape: Callable[..., Any] = same_as_first,
    symbol: str = "",
    text: Template = "",
    latex: Template = "",
    binds: Binds = Binds.ATOM,
    neutral: Mapping[str, float] | None = None,
    name: str | None = None,
    order: str = "",
    aliases: Mapping[str, str] | None = None,
    elementwise: bool = False,
    many: bool = False,
    effect: Effect = Effect.NONE,
    inline: str = "",
    shares: Callable[..., Any] | None = None,
    cells: Cells = "",
    subscripts: Callable[..., str] | None = None,
    node: str | Callable[..., None] = "",
) -> Callable[[Kernel], Builder]:
    """Register the decorated NumPy function as the kernel of `op_type`.

    Parameters
    ----------
    op_type
        TensorFlow's name for the type of operation.
    dtypes
        Its signature: letters that must agree, or names of dtypes or of attributes.
    shape
        Its shape rule (see `nbgrad.core.registry.OpDef`).
    symbol, text, latex, binds, neutral
        How it is written; without `text` as a function, "tanh(x)".
    name
        The name its operations get in a graph, where that is not the type.
    order
        The arguments of the public function, where TensorFlow's order is not operands,
        attributes, name.
    aliases
        Older names of arguments, as `keep_dims` for `keepdims`.
    elementwise, many, effect, inline, shares, cells, subscripts, node
        See `nbgrad.core.registry.OpDef`.

    Returns
    -------
    callable
        A decorator, which returns the function that builds the operation.
    """

    def decorate(kernel: Kernel) -> Builder:
        operands, attributes = parameters(kernel)
        written = symbol or kernel.__name__
        arguments = ", ".join("{" + operand.lstrip("*") + "}" for operand in operands)
        template = text or f"{written}({arguments})"
        notation = Notation(
            written,
            template,
            latex or in_latex(template),
            binds,
            neutral or {},
        )
        definition = OpDef(
            op_type,
            kernel,
            operands,
            attributes,
            parse_signature(dtypes),
            shape,
            notation,
            name or op_type,
            elementwise,
            many,
            effect,
            inline,
            shares,
            cells,
            subscripts,
            node,
        )
        register(definition)
        return builder(definition, kernel, order.split(), aliases or {})

    return decorate


SIGNS = {
    **{"(": r"\left(", ")": r"\right)", "²": "^2", "⁻¹": "^{{-1}}", "ᵀ": r"^{{\top}}", "−": "-"},
    **{"·": r"\cdot ", "∗": r"\ast ", "÷": r"\div ", "⊻": r"\oplus ", "½": r"\tfrac{{1}}{{2}} "},
    **{"Σ": r"\sum ", "‖": r"\Vert ", "∃": r"\exists ", "∀": r"\forall ", "∞": r"\infty "},
    **{"←": r"\leftarrow ", "…": r"\dots ", "⌊": r"\lfloor ", "⌋": r"\rfloor "},
    **{"⌈": r"\lceil ", "⌉": r"\rceil "},
}


def in_latex(template: Template) -> Template:
    """The LaTeX of a notation that may depend on attributes."""
    if callable(template):
        return lambda attributes: latex_of(template(attributes))
    return latex_of(template)


def latex_of(text: str) -> str:
    r"""The LaTeX of a notation: words upright, signs as commands, operands where they were.

    Examples
    --------
    >>> print(latex_of("½ Σ {t}²"), latex_of("log softmax({x})"))
    \tfrac{{1}}{{2}} \sum {t}^2 \operatorname{{log}}\,\operatorname{{softmax}}\left({x}\right)
    """

    def command(found: re.Match[str]) -> str:
        if not found["word"]:
            return SIGNS.get(found[0].strip(), found[0])
        word = r"\operatorname{{" + found["word"].replace("_", r"\_") + "}}"
        return found[0].replace(found["word"], word).replace(" ", r"\,")

    return re.sub(r"\{\w+\}| ?(?P<word>[A-Za-z][A-Za-z0-9_]+) ?|⁻¹|. ?", command, text)


def elementwise(op_type: str, *, dtypes: str = "", **options: Any) -> Callable[[Kernel], Builder]:
    """Register an operation that works element by element, with NumPy's broadcasting."""

    def decorate(kernel: Kernel) -> Builder:
        count = len(parameters(kernel)[0])
        signature = dtypes or ",".join("N" * count) + "->N"
        options.setdefault("shape", broadcast_operands)
        options.setdefault("subscripts", broadcast_cells)
        return operation(op_type, dtypes=signature, elementwise=True, **options)(kernel)

    return decorate


def parameters(kernel: Kernel) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The operands and the attributes (with defaults) that a kernel declares."""
    # What inspect.signature would tell, at a tenth of the time: there are hundreds of kernels.
    code = kernel.__code__
    names, count = code.co_varnames, code.co_argcount
    operands, settings = names[:count], names[count : count + code.co_kwonlyargcount]
    if code.co_flags & inspect.CO_VARARGS:
        operands += (f"*{names[count + len(settings)]}",)
    defaults = kernel.__kwdefaults__ or {}
    attributes = {
        name: attribute(name, defaults[name]) if name in defaults else REQUIRED
        for name in settings
        if name not in ("generator", "shared")
    }
    return operands, attributes


Builder = Callable[..., Any]


Function = TypeVar("Function", bound=Callable[..., Any])


def builder(
    definition: OpDef, kernel: Kernel, order: Sequence[str], aliases: Mapping[str, str]
) -> Builder:
    """The public function that builds operations of this type.

    It takes the operands, the attributes and a name, in this order or in the one given, or by
    keyword. Operands of a variadic operation come as one list.
    """
    operands, attributes = definition.operands, definition.attributes
    names = [operand.lstrip("*") for operand in operands]
    order = order or [*names, *attributes, "name"]
    variadic = bool(operands) and operands[-1].startswith("*")

    @functools.wraps(kernel)
    def build(*args: Any, **options: Any) -> Any:
        given = bind(build, order, aliases, args, options)
        name = given.pop("name", None)
        values = [take(build, given, operand) for operand in names]
        if variadic:
            values[-1:] = operand_list(build, names[-1], values[-1])
        settings = {
            key: attribute(key, take(build, given, key, default))
            for key, default in attributes.items()
        }
        graph = graph_of(*values, *settings.values())
        return graph.apply(definition.type, *values, name=name, **settings)

    defaults = {**dict.fromkeys(names, REQUIRED), "name": None, **attributes}
    build.__signature__ = signature(  # type: ignore[attr-defined]
        tuple(order), *(defaults.get(key) for key in order)
    )
    if not kernel.__name__.startswith("_"):
        build.__doc__ = docstrings.complete(definition, order, aliases)
    return build


@functools.lru_cache(None, typed=True)  # hundreds of builders share a few; typed, as 1 == True
def signature(names: tuple[str, ...], *defaults: Any) -> inspect.Signature:
    """How a builder declares its arguments; those whose default is `REQUIRED` are needed."""
    kind, empty = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty
    return inspect.Signature(
        [
            inspect.Parameter(name, kind, default=empty if default is REQUIRED else default)
            for name, default in zip(names, defaults, strict=True)
        ]
    )


def bind(
    build: Builder,
    order: Sequence[str],
    aliases: Mapping[str, str],
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> dict[str, Any]:
    """The arguments by name; refuses what Python would refuse, in Python's words."""
    function = build.__name__.lstrip("_")
    if len(args) > len(order):
        raise TypeError(
            f"{function}() takes at most {len(order)} arguments ({len(args)} given): "
            f"{', '.join(order)}"
        )
    if not (options or aliases):
        return dict(zip(order, args, strict=False))
    given: dict[str, Any] = {}
    for key, value in [*zip(order, args, strict=False), *options.items()]:
        if key not in order and key not in aliases:
            raise TypeError(f"{function}() got an unexpected keyword argument '{key}'")
        if key in aliases:
            if value is None or value is False:
                continue  # another name for it, not used
            key = aliases[key]
        if given.get(key) is not None:
            raise TypeError(f"{function}() got multiple values for argument '{key}'")
        given[key] = value
    return given


def take(build: Builder, given: dict[str, Any], key: str, default: Any = REQUIRED) -> Any:
    value = given.get(key, default)
    if value is REQUIRED:
        function = build.__name__.lstrip("_")
        raise TypeError(f"{function}() missing required argument: '{key}'")
    return value


def operand_list(build: Builder, key: str, value: Any) -> list[Any]:
    """The operands of a variadic operation, which come as one list or as one array of them."""
    if isinstance(value, Operand) or not hasattr(value, "__len__"):
        function = build.__name__.lstrip("_")
        raise TypeError(
            f"Expected list for '{key}' argument to '{function}' Op, not {value!r}.\n"
            f"Write {function}([a, b])."
        )
    if not len(value):
        raise ValueError(
            f"{key} must be a list of at least one Tensor/IndexedSlices with the same dtype and "
            "shape"
        )
    return list(value)


def attribute(key: str, value: Any) -> Any:
    """An attribute in its normal form: dtypes as DType, sequences as tuples of Python numbers.

    A constant counts as its value; a sequence that holds other tensors becomes one tensor.
    """
    if key == "index":
        return value  # NumPy's own form, with slices; tensors may stand inside
    if key.endswith(("dtype", "_type")) and value is not None:
        return as_dtype(value)
    if isinstance(value, Operand):
        tensor = value.as_tensor()
        value = constant_value(tensor)
        if value is None:
            return tensor
    if isinstance(value, TensorShape):
        value = value.as_list()
    if isinstance(value, list | tuple) and holds_tensor(value):
        parts = tuple(attribute(key, item) for item in value)
        return apply("Pack", *parts) if holds_tensor(parts) else parts
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple | range):
        return tuple(attribute(key, item) for item in value)
    return value.value if isinstance(value, Dimension) else value


declared = functools.cache(inspect.signature)


def composite(default_name: str) -> Callable[[Function], Function]:
    """A function written in operations: they share a name scope, as in TensorFlow.

    The scope is the argument `name`, or the default. The function finds the whole scope there
    and may give it to the operation that it ends with, which is then called so itself.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def build(*args: Any, **options: Any) -> Any:
            given = declared(function).bind(*args, **options)
            graph = graph_of(*given.arguments.values())
            with graph.name_scope(given.arguments.get("name") or default_name) as scope:
                given.arguments["name"] = scope
                return function(*given.args, **given.kwargs)

        return build  # type: ignore[return-value]

    return decorate


def broadcast_operands(*shapes: Shape, **_attributes: Any) -> Shape:
    """The shape to which the operands broadcast."""
    return broadcast(*shapes)


def as_given(*_shapes: Shape, shape: Any, **_attributes: Any) -> Any:
    """The shape that `shape` says."""
    return shape


def scalar(*_shapes: Shape, **_attributes: Any) -> Shape:
    """A single number, of no axes."""
    return ()


def reduced(shape: Shape, *, axis: Any, keepdims: Any) -> Shape:
    """The shape of the operand without the reduced axes."""
    if shape is None:
        return () if axis is None and not keepdims else None
    gone = normal_axes(axis, len(shape))
    if keepdims:
        return tuple(1 if i in gone else size for i, size in enumerate(shape))
    return leaving_out(shape, gone)


def leaving_out(shape: tuple[int | None, ...], axes: Container[int]) -> Shape:
    """A shape without some of its axes."""
    return tuple(size for i, size in enumerate(shape) if i not in axes)


LETTERS = string.ascii_lowercase


def subscripts_of(op: Operation) -> str:
    """The subscripts of one operation; "" where it has none, or a rank is not known."""
    rule, shapes = op.definition.subscripts, [x.static_shape for x in op.inputs]
    if rule is None or any(map(holds_tensor, op.attributes.values())):
        return ""
    ranks = [len(shape) for shape in shapes if shape is not None]
    return rule(*ranks, **op.attributes) if len(ranks) == len(shapes) else ""


def broadcast_cells(*ranks: int, **_attributes: Any) -> str:
    """Element by element, the last axes together."""
    most = max(ranks)
    return f"{','.join(LETTERS[most - rank : most] for rank in ranks)}->{LETTERS[:most]}"


def reduced_cells(rank: int, *, axis: Any, keepdims: Any) -> str:
    """Everything along some axes."""
    operand, gone = LETTERS[:rank], normal_axes(axis, rank)
    without = "1" if keepdims else ""
    return f"{operand}->{''.join(without if i in gone else operand[i] for i in range(rank))}"


def summed_to(rank: int, *, shape: Any) -> str:
    """Everything that was repeated from a tensor of this shape."""
    operand = LETTERS[:rank]
    kept = operand[rank - len(shape) :]
    ends = ("1" if size == 1 else letter for letter, size in zip(kept, shape, strict=True))
    return f"{operand}->{''.join(ends)}"


def matrix_product(a: int, b: int, *, transpose_a: Any, transpose_b: Any) -> str:
    """A row of one matrix and a column of the other, for each place of the leading axes."""
    most = max(a, b) - 2
    i, j, k = tuple(LETTERS[most : most + 3])
    rows, columns = f"{k}{i}" if transpose_a else f"{i}{k}", f"{j}{k}" if transpose_b else f"{k}{j}"
    left, right = LETTERS[most - a + 2 : most], LETTERS[most - b + 2 : most]
    return f"{left}{rows},{right}{columns}->{LETTERS[:most]}{i}{j}"


def permuted(rank: int, *, perm: Any) -> str:
    """The one cell that was moved there."""
    order = reversed(range(rank)) if perm is None else perm
    return f"{LETTERS[:rank]}->{''.join(LETTERS[axis] for axis in order)}"
