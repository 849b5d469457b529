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
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Any

from nbgrad.core.attributes import attribute
from nbgrad.core.graph import graph_of
from nbgrad.core.operands import binder, operand_list
from nbgrad.core.registry import (
    REQUIRED,
    Kernel,
    NotDifferentiable,
    OpDef,
    RegisterGradient,
    register,
)
from nbgrad.core.shapes import broadcast, same_as_first
from nbgrad.core.traits import Binds, Notation, Template, parse_signature

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
        notation = Notation(sign, template, latex, binds, neutral or {})
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
            attributes[name] = default if default is REQUIRED else attribute(name, default)
    return tuple(operands), attributes


def builder(definition: OpDef) -> Builder:
    """The function that builds operations of this type, from operands, attributes and a name."""
    kernel, attributes = definition.kernel, definition.attributes
    names = [operand.lstrip("*") for operand in definition.operands]
    variadic = names != list(definition.operands)
    defaults = {**dict.fromkeys(names, REQUIRED), **attributes, "name": None}
    kind = Parameter.POSITIONAL_OR_KEYWORD
    signature = Signature([Parameter(key, kind, default=each) for key, each in defaults.items()])
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
