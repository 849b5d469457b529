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

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from nbgrad.ops.calling import Builder, attribute, builder
from nbgrad.ops.shape_rules import broadcast_operands
from nbgrad.ops.subscripts import broadcast as elementwise_cells
from nbgrad.registry import (
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
from nbgrad.shapes import same_as_first


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
        Its shape rule (see `nbgrad.registry.OpDef`).
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
        See `nbgrad.registry.OpDef`.

    Returns
    -------
    callable
        A decorator, which returns the function that builds the operation.
    """

    def decorate(kernel: Kernel) -> Builder:
        operands, attributes = parameters(kernel)
        written = symbol or kernel.__name__
        arguments = ", ".join("{" + operand.lstrip("*") + "}" for operand in operands)
        notation = Notation(
            written,
            text or f"{written}({arguments})",
            latex or text or rf"\operatorname{{{{{written}}}}}\left({arguments}\right)",
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


def elementwise(op_type: str, *, dtypes: str = "", **options: Any) -> Callable[[Kernel], Builder]:
    """Register an operation that works element by element, with NumPy's broadcasting."""

    def decorate(kernel: Kernel) -> Builder:
        count = len(parameters(kernel)[0])
        signature = dtypes or ",".join("N" * count) + "->N"
        options.setdefault("shape", broadcast_operands)
        options.setdefault("subscripts", elementwise_cells)
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
