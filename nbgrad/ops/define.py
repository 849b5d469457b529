r"""The decorators that turn a NumPy function into an operation.

    @elementwise("Mul", "×", "{x} · {y}")
    def multiply(x, y):
        \"\"\"The product of two tensors, z = x · y.\"\"\"
        return x * y

registers the function as the kernel of "Mul" and gives back `multiply(x, y, name=None)`, which
builds such an operation in a graph. The kernel's positional parameters are the operands, its
keyword-only parameters the attributes.

`dtypes` is a signature, "T,I->T". Operands of one letter share one dtype, and Python numbers follow
it: T takes any dtype, N numbers, R real numbers, F floats and complex numbers, I integers; operands
of the letter A may differ. A word is a dtype, "bool", or the attribute that holds one. A star says
that there are several results, "T->T*".
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Container, Mapping
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from nbgrad.core.dtypes import as_dtype
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.graph import Operand, apply, graph_of
from nbgrad.core.operands import constant_value, holds_tensor
from nbgrad.core.operators import as_index
from nbgrad.core.registry import (
    REQUIRED,
    Binds,
    Kernel,
    Notation,
    NotDifferentiable,
    OpDef,
    RegisterGradient,
    Template,
    parse_signature,
    register,
)
from nbgrad.core.shapes import (
    Dimension,
    Shape,
    TensorShape,
    broadcast,
    check_equal,
    merge_shapes,
    same_as_first,
)

Builder = Callable[..., Any]


def operation(
    op_type: str,
    symbol: str = "",
    text: Template = "",
    latex: Template = "",
    *,
    dtypes: str = "T->T",
    shape: Callable[..., Any] = same_as_first,
    binds: Binds = Binds.ATOM,
    neutral: Mapping[str, float] | None = None,
    name: str = "",
    rule: Callable[..., Any] | None = None,
    differentiable: bool = True,
    **others: Any,
) -> Callable[[Kernel], Builder]:
    """Register the decorated NumPy function as the kernel of `op_type`.

    `symbol`, `text` and `latex` are how it is written, by default as a function, "tanh(x)"; `name`
    is what its operations are called in a graph, by default their type. One that is not
    `differentiable` lets no gradient pass, any other is given a rule. That of a function of one x
    may stand here, as a formula of dz, x and the result z. The others are those of
    `nbgrad.core.registry.OpDef`.
    """

    def decorate(kernel: Kernel) -> Builder:
        operands, attributes = parameters(kernel)
        sign = symbol or kernel.__name__
        arguments = ", ".join("{" + operand.lstrip("*") + "}" for operand in operands)
        template = text or f"{sign}({arguments})"
        notation = Notation(sign, template, latex or in_latex(template), binds, neutral or {})
        kinds = parse_signature(dtypes or f"{','.join('N' * len(operands))}->N")
        known = (op_type, kernel, operands, attributes, kinds, shape, notation, name or op_type)
        definition = OpDef(*known, **others)
        register(definition)
        if not differentiable:
            NotDifferentiable(op_type)
        if rule is not None:
            RegisterGradient(op_type)(formula_rule(rule, f"_{kernel.__name__}_grad"))
        return builder(definition)

    return decorate


def formula_rule(formula: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The gradient rule that a formula of dz, x and z makes, under a name."""

    @functools.wraps(formula)
    def rule(op: Any, dz: Any) -> Any:
        return formula(dz, op.inputs[0], op.outputs[0])

    rule.__qualname__ = name
    return rule


def elementwise(
    op_type: str, *notation: str, dtypes: str = "", **options: Any
) -> Callable[[Kernel], Builder]:
    """Register an operation that works element by element on numbers, with broadcasting."""
    options.setdefault("shape", lambda *shapes, **_attributes: broadcast(*shapes))
    return operation(op_type, *notation, dtypes=dtypes, elementwise=True, **options)


def parameters(kernel: Kernel) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The operands and the attributes, with defaults, that a kernel declares."""
    operands, attributes = [], {}
    for name, parameter in inspect.signature(kernel).parameters.items():
        if parameter.kind is not Parameter.KEYWORD_ONLY:
            several = parameter.kind is Parameter.VAR_POSITIONAL
            operands.append(f"*{name}" if several else name)
        elif name not in ("generator", "shared"):  # those come from the run
            default = parameter.default
            attributes[name] = REQUIRED if default is parameter.empty else attribute(name, default)
    return tuple(operands), attributes


def builder(definition: OpDef) -> Builder:
    """The function that builds operations of this type, from operands, attributes and a name."""
    kernel, attributes = definition.kernel, definition.attributes
    names = [operand.lstrip("*") for operand in definition.operands]
    variadic = names != list(definition.operands)
    signature = signature_of({**dict.fromkeys(names, REQUIRED), **attributes, "name": None})
    label = kernel.__name__.lstrip("_")
    bind = binder(label, signature)
    plain = not attributes and not variadic

    @functools.wraps(kernel)
    def build(*args: Any, **options: Any) -> Any:
        if plain and not options and len(args) == len(names):
            return graph_of(*args).add(definition, args, None, {})  # as below, in half the time
        given = bind(args, options)
        operands = [given[operand] for operand in names]
        if variadic:
            operands[-1:] = operand_list(label, names[-1], operands[-1])
        settings = {
            key: attribute(key, given[key]) if key in given else default
            for key, default in attributes.items()
        }
        graph = graph_of(*operands, *settings.values())
        return graph.add(definition, tuple(operands), given.get("name"), settings)

    build.__signature__ = signature  # type: ignore[attr-defined]
    return build


def binder(
    function: str, signature: Signature, partial: bool = False
) -> Callable[[Any, Any], dict[str, Any]]:
    """What gives the arguments by name; an error names the function that refuses them.

    `partial` leaves it to somebody else whether one is missing.
    """
    order, known = tuple(signature.parameters), signature.parameters.keys()
    each = signature.parameters.values()
    needed = {p.name for p in each if p.default is p.empty and not partial}

    def bind(args: Any, options: Any) -> dict[str, Any]:
        # What `signature.bind` finds, in a tenth of the time: operations are built by thousands.
        given = {**dict(zip(order, args, strict=False)), **options}
        if len(given) == len(args) + len(options) and needed <= given.keys() <= known:
            return given
        try:
            found = signature.bind_partial if partial else signature.bind
            return found(*args, **options).arguments
        except TypeError as error:
            raise TypeError(f"{function}() {error}") from None

    return bind


def signature_of(defaults: Mapping[str, Any]) -> Signature:
    """The signature of arguments with these defaults; REQUIRED is none."""
    kind, empty = Parameter.POSITIONAL_OR_KEYWORD, Parameter.empty
    known = {name: empty if each is REQUIRED else each for name, each in defaults.items()}
    return Signature([Parameter(name, kind, default=each) for name, each in known.items()])


def operand_list(function: str, key: str, value: Any) -> list[Any]:
    """The operands of a variadic operation, which come as one list or as one array of them."""
    if isinstance(value, Operand) or not hasattr(value, "__len__"):
        raise TypeError(
            f"Expected list for '{key}' argument to '{function}' Op, not {value!r}.\n"
            f"Write {function}([a, b])."
        )
    if not len(value):
        kinds = "at least one Tensor/IndexedSlices with the same dtype and shape"
        raise ValueError(f"{key} must be a list of {kinds}")
    return list(value)


def attribute(key: str, value: Any) -> Any:
    """An attribute in its normal form: dtypes as DType, sequences as tuples of Python numbers.

    A constant counts as its value; a sequence that holds other tensors becomes one tensor.
    """
    if key == "index":
        return as_index(value)  # NumPy's own form, with slices; tensors may stand inside
    if key.endswith(("dtype", "_type")) and value is not None:
        return as_dtype(value)
    if isinstance(value, Operand):
        tensor = value.as_tensor()
        check_whole(key, tensor, tensor.dtype.name)
        value = constant_value(tensor)
        if value is None:
            return tensor
    if key == "shape":
        check_known(value)
    if isinstance(value, TensorShape):
        value = value.as_list()
    if isinstance(value, list | tuple) and holds_tensor(value):
        parts = tuple(attribute(key, item) for item in value)
        return apply("Pack", *parts) if holds_tensor(parts) else parts
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple | range):
        return tuple(attribute(key, item) for item in value)
    check_whole(key, value, PYTHON_DTYPES.get(type(value)))
    return value.value if isinstance(value, Dimension) else value


#: The attributes that are whole numbers, or lists of them.
WHOLE = {
    *("shape", "axis", "perm", "multiples", "paddings", "shift", "size_splits", "num_split"),
    *("depth", "k", "num", "num_segments", "num_rows", "num_cols", "num_lower", "num_upper"),
    *("begin", "size", "rows", "columns", "batch_shape"),
}
SIZE_UNKNOWN = "A size that only a run tells is tf.shape(x)[0]; in reshape, -1 takes what is left."
PYTHON_DTYPES = {float: "float32", complex: "complex64", str: "string"}


def check_known(shape: Any) -> None:
    """Refuse a shape with a size that only a run tells; -1 says so in `reshape`."""
    if isinstance(shape, TensorShape) and not shape.is_fully_defined():
        sentence = f"Cannot convert a partially known TensorShape to a Tensor: {shape}"
        raise ValueError(advise(sentence, advice=SIZE_UNKNOWN))
    if isinstance(shape, list | tuple) and any(size is None for size in shape):
        kind = f"object of type {type(shape)} to Tensor. Contents: {shape}"
        sentence = f"Failed to convert {kind}. Consider casting elements to a supported type."
        raise TypeError(advise(sentence, advice=SIZE_UNKNOWN))


def check_whole(key: str, value: Any, dtype: str | None) -> None:
    """Refuse what is of another dtype than integers for an attribute that is whole."""
    if key not in WHOLE or dtype is None or "int" in dtype:
        return
    allowed = "not in list of allowed values: int32, int64"
    sentence = f"Value passed to parameter {key!r} has DataType {dtype} {allowed}"
    if key == "depth":
        sentence = f"Expected int32, got {value!r} of type {type(value).__name__!r} instead."
    advice = f"{value!r} is no whole number: 6 // 2 is, 6 / 2 is not."
    raise TypeError(advise(sentence, advice=advice))


# Shape rules that many operations share


def as_given(*_shapes: Shape, shape: Any, **_attributes: Any) -> Any:
    """The shape that the attribute `shape` says."""
    return shape


def scalar_shape(*_shapes: Shape, **_attributes: Any) -> Shape:
    """The shape of a single number."""
    return ()


def if_known(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A shape rule for operands of known shapes, whose result else is not known either."""
    return lambda *shapes, **attributes: None if None in shapes else rule(*shapes, **attributes)


def must_agree(a: int | None, b: int | None) -> None:
    """Refuse two sizes that are known and differ."""
    if None not in (a, b) and a != b:
        raise ShapeError(f"Dimensions must be equal, but are {a} and {b}")


def must_have_rank(shape: Shape, rank: int) -> None:
    """Refuse a known shape with more or fewer axes."""
    if shape is not None and len(shape) != rank:
        raise ShapeError(f"Shape must be rank {rank} but is rank {len(shape)}")


def must_have_axes(shape: Shape, least: int) -> Shape:
    """The shape, refused if it is known and has fewer axes."""
    if shape is not None and len(shape) < least:
        raise ShapeError(f"Shape must be at least rank {least} but is rank {len(shape)}")
    return shape


def size_given(size: int | None, position: int) -> int | None:
    """A size of the result that is an operand in TensorFlow, which says its position."""
    if size is not None and size < 0:
        given = f"Dimension size, given by scalar input {position},"
        raise ShapeError(f"{given} must be non-negative but is {size}")
    return size


def all_equal(*shapes: Shape) -> Shape:
    """The one shape that some tensors have."""
    one: Shape = None
    for i, each in enumerate(shapes):
        check_equal(one, each, f"\n\tFrom merging shape {i - 1} with other shapes.")
        one = merge_shapes(one, each)
    return one


def leaving_out(shape: tuple[int | None, ...], axes: Container[int]) -> Shape:
    """A shape without some of its axes."""
    return tuple(size for i, size in enumerate(shape) if i not in axes)


# Notations in LaTeX

SIGNS = {
    **{"(": r"\left(", ")": r"\right)", "²": "^2", "⁻¹": "^{{-1}}", "ᵀ": r"^{{\top}}", "−": "-"},
    **{"·": r"\cdot ", "∗": r"\ast ", "÷": r"\div ", "½": r"\tfrac{{1}}{{2}} "},
    **{"Σ": r"\sum ", "∏": r"\prod ", "‖": r"\Vert ", "∃": r"\exists ", "∀": r"\forall "},
    **{"≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "∧": r"\land ", "∨": r"\lor "},
    **{"∞": r"\infty ", "←": r"\leftarrow ", "…": r"\dots ", "¬": r"\lnot ", "− ": "- "},
    **{"⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil "},
}


def in_latex(template: Template) -> Template:
    r"""The LaTeX of a notation: words upright, signs as commands, operands where they were.

    >>> print(in_latex("½ Σ {t}²"), in_latex("log softmax({x})"))
    \tfrac{{1}}{{2}} \sum {t}^2 \operatorname{{log}}\,\operatorname{{softmax}}\left({x}\right)
    """
    if callable(template):  # it depends on attributes
        return lambda attributes: str(in_latex(template(attributes)))

    def command(found: re.Match[str]) -> str:
        if not found["word"]:
            return SIGNS.get(found[0]) or SIGNS.get(found[0].strip(), found[0])
        word = r"\operatorname{{" + found["word"].replace("_", r"\_") + "}}"
        return found[0].replace(found["word"], word).replace(" ", r"\,")

    return re.sub(r"\{\w+\}| ?(?P<word>[A-Za-z][A-Za-z0-9_]+) ?|⁻¹|. ?", command, template)
