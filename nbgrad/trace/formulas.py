"""Formulas: a sub-graph, written as text and as LaTeX; and symbols: x̄, ∂a/∂x, n₁.

The derivative along an edge is not looked up anywhere: it is the gradient rule itself. The
rule builds a sub-graph; with the arriving gradient taken as 1 that sub-graph *is* the local
derivative, and written out, with `1 · y` as `y`, it is its formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbgrad.core.attributes import constant_value
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.traits import Binds
from nbgrad.trace.numbers import significant

SUBSCRIPTS, SUPERSCRIPTS = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
LOWERED = str.maketrans("0123456789", SUBSCRIPTS)
RAISED = str.maketrans("−.0123456789", f"⁻·{SUPERSCRIPTS}")
ON_THE_LINE = str.maketrans(f"{SUBSCRIPTS}⁻·{SUPERSCRIPTS}", "0123456789−.0123456789")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,}|[A-Za-z0-9]*_[A-Za-z0-9_]*")

# Symbols ----------------------------------------------------------------------------------------


def bar(label: str) -> str:
    """A label with a bar over its first letter, as adjoints are written: x̄."""
    return label[0] + "\u0304" + label[1:]


def subscript(number: int) -> str:
    """A number as an index below the line: ₁₂."""
    return str(number).translate(LOWERED)


def partial(target: str, source: str, operand: int = 0) -> str:
    """A local derivative, ∂a/∂x; with the number of the operand where x is several of them.

    Of a = x·x, "∂a/∂x = x" is false: it is the first operand's share, ∂₁a/∂x.
    """
    return f"∂{subscript(operand) if operand else ''}{target}/∂{source}"


def partial_in_latex(target: str, source: str, operand: int = 0) -> str:
    """The same in LaTeX."""
    sign = rf"\partial_{{{operand}}}" if operand else r"\partial "
    return rf"\frac{{{sign}{latex_name(target)}}}{{\partial {latex_name(source)}}}"


def operand_number(edge: Any, beside: Iterable[Any], first: int = 0) -> int:
    """The number of the operand that an edge leads to; 0 where its source is no other operand.

    `beside` are all edges into the same operation, and `first` is the position that counts as 1.
    """
    alike = sum(each.source == edge.source for each in beside)
    return edge.position - first + 1 if alike > 1 else 0


def latex_name(label: str) -> str:
    r"""A label in LaTeX: its index below, its bar as a command, whole words upright.

    >>> print(latex_name("x_1"), latex_name("n₄"), latex_name("loss₂"), latex_name("y_"))
    x_{1} n_{4} \mathrm{loss}_{2} \mathrm{y\_}
    >>> print(latex_name("n\u0304₄"), latex_name("l\u0304oss"))
    \bar{n}_{4} \overline{\mathrm{loss}}
    """
    barred = re.match(r"(.)\u0304(.*)", label)
    if barred and re.match(r"[^\W\d₀-₉]", barred[2]):
        return rf"\overline{{{latex_name(barred[1] + barred[2])}}}"
    if barred:
        return rf"\bar{{{barred[1]}}}{latex_name(barred[2]) if barred[2] else ''}"
    indexed = re.fullmatch(r"([A-Za-z])_?(\d+)", label)
    if indexed:
        return f"{indexed[1]}_{{{indexed[2]}}}"
    text = WORD.sub(lambda word: rf"\mathrm{{{escaped(word[0])}}}", label.replace("−", "-"))
    return re.sub(r"[₀-₉]+", lambda index: f"_{{{index[0].translate(ON_THE_LINE)}}}", text)


def escaped(word: str) -> str:
    """A Python name inside a command of LaTeX, where `_` would begin an index."""
    return word.replace("_", r"\_")


def latex_number(text: str) -> str:
    r"""A number's text in LaTeX: `1.2e−7` is 1.2 · 10 to the power −7."""
    text = text.replace("−", "-").replace("∞", r"\infty").replace("NaN", r"\mathrm{NaN}")
    return re.sub(r"e(-?\d+)$", r" \\cdot 10^{\1}", text)


# Formulas ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Formula:
    """An expression, written twice."""

    text: str
    latex: str
    binds: Binds = Binds.ATOM  # how tightly its outermost operation does
    number: float | None = None  # its value, where it is a plain number
    fraction: tuple[Formula, Formula] | None = None  # what is above and below its line
    minus: Formula | None = None  # what stands behind its minus


def of_number(value: float) -> Formula:
    """A number as a formula."""
    text = significant(value, 4)
    binds, minus = (Binds.SIGN, of_number(-value)) if value < 0 else (Binds.ATOM, None)
    return Formula(text, latex_number(text), binds, float(value), minus=minus)


def of_name(label: str) -> Formula:
    """A tensor's label as a formula."""
    return Formula(label, latex_name(label))


def express(tensor: Tensor, known: Mapping[Tensor, Formula]) -> Formula:
    """A tensor as an expression in the tensors of `known`.

    Numbers are computed, and operands that change nothing are left out.
    """
    if tensor in known:
        return known[tensor]
    value = constant_value(tensor)
    # All elements may be one number, as those of `zeros_like` are.
    is_number = value is not None and value.size and value.dtype.kind in "biuf"
    if is_number and (value == value.flat[0]).all():
        return of_number(value.flat[0].item())
    return of_operation(tensor.op, [express(each, known) for each in operands(tensor.op)])


def constant_number(tensor: Tensor) -> float | None:
    """The value of a constant that is a single number, else None."""
    value = constant_value(tensor)
    is_number = value is not None and np.ndim(value) == 0 and value.dtype.kind != "O"
    return value.item() if is_number else None


def operands(op: Operation) -> tuple[Tensor, ...]:
    """The operands of an operation, without the tensors given for its attributes."""
    return op.inputs[: op.operand_count]


def of_operation(op: Operation, arguments: Sequence[Formula]) -> Formula:
    """An operation on expressions as one expression."""
    if not arguments:
        return Formula(op.name, latex_name(op.name))
    notation = op.definition.notation
    names = [op.definition.operand_name(i) for i in range(len(arguments))]
    values = [argument.number for argument in arguments]
    if None not in values and not op.attributes:
        with np.errstate(all="ignore"):
            return of_number(float(op.definition.kernel(*map(np.float64, values))))
    if len(arguments) == 2:
        for i, other in ((0, 1), (1, 0)):
            if values[i] is not None and notation.neutral.get(names[i]) == values[i]:
                return arguments[other]
    if notation.text == "{" + names[0] + "}":
        return arguments[0]  # a copy, a cast, a repetition: written as what it is made of
    if op.definition.operands[-1].startswith("*"):
        if notation.binds is Binds.SUM:
            return Formula(*in_a_row(" + ", arguments), Binds.SUM)
        # What passes through a custom gradient is a function's results, and then its arguments.
        return call(function_name(op) or notation.symbol, arguments[result_count(op) :])
    return from_template(op, names, arguments)


def fraction_of(above: Formula, below: Formula) -> Formula:
    """A fraction that holds no other: −1/m², not (−1/m)/m; its minus stands before it."""
    if above.minus or below.minus:
        even = fraction_of(above.minus or above, below.minus or below)
        return even if above.minus and below.minus else negated(even)
    if above.fraction:
        return fraction_of(above.fraction[0], times(above.fraction[1], below))
    if below.fraction:
        return fraction_of(times(above, below.fraction[1]), below.fraction[0])
    return Formula(
        f"{in_place(above, Binds.PRODUCT).text} / {in_place(below, Binds.SIGN).text}",
        rf"\frac{{{above.latex}}}{{{below.latex}}}",
        Binds.PRODUCT,
        fraction=(above, below),
    )


def times(x: Formula, y: Formula) -> Formula:
    """A product under or above the line of a fraction; of one thing with itself, its square."""
    if 1 in (x.number, y.number):
        return y if x.number == 1 else x
    if x.text == y.text:
        return power_of(x, of_number(2))
    x, y = in_place(x, Binds.PRODUCT), in_place(y, Binds.PRODUCT)
    return Formula(f"{x.text} · {y.text}", rf"{x.latex} \cdot {y.latex}", Binds.PRODUCT)


def power_of(x: Formula, y: Formula) -> Formula:
    """A power: x², x⁻¹, x⁰·⁵; but x^n, where a number is to be put for n."""
    base, raised = in_place(x, Binds.ATOM), f"^{in_place(y, Binds.ATOM).text}"
    if re.fullmatch(r"−?\d+(\.\d+)?", y.text):
        raised = y.text.translate(RAISED)
    return Formula(f"{base.text}{raised}", f"{{{base.latex}}}^{{{y.latex}}}", Binds.POWER)


def negated(x: Formula) -> Formula:
    """A formula with a minus before it."""
    if x.minus:
        return x.minus
    behind = in_place(x, Binds.PRODUCT)
    return Formula(f"−{behind.text}", f"-{behind.latex}", Binds.SIGN, minus=x)


def in_place(x: Formula, tight: Binds) -> Formula:
    """A formula where something binds this tightly, in parentheses if it needs them."""
    return x if x.binds >= tight else Formula(f"({x.text})", rf"\left({x.latex}\right)")


def on_card(op: Operation, arguments: Sequence[Formula]) -> Formula:
    """An operation by itself: as in a formula, but that a change of dtype is shown."""
    if op.type != "Cast":
        return of_operation(op, arguments)
    return call(op.outputs[0].dtype.name, arguments)


def call(function: str, arguments: Sequence[Formula]) -> Formula:
    """The call of a function."""
    text, latex = in_a_row(", ", arguments)
    command = rf"\operatorname{{{escaped(function)}}}"
    return Formula(f"{function}({text})", rf"{command}\left({latex}\right)")


def in_a_row(between: str, arguments: Sequence[Formula]) -> tuple[str, str]:
    """Formulas in a row, as text and as LaTeX."""
    return between.join(x.text for x in arguments), between.join(x.latex for x in arguments)


def from_template(op: Operation, names: Sequence[str], arguments: Sequence[Formula]) -> Formula:
    """A notation with its operands in place, in parentheses where they need them."""
    notation = op.definition.notation
    if notation.text in ("{x} / {y}", "1/{x}"):
        return fraction_of(*([of_number(1)] * (len(arguments) == 1)), *arguments)
    if notation.text == "−{x}":
        return negated(arguments[0])
    if notation.text == "{x}^{y}":
        return power_of(*arguments)
    if notation.text == "{x}²":
        return power_of(arguments[0], of_number(2))

    text, latex = (
        template(op.attributes) if callable(template) else template
        for template in (notation.text, notation.latex)
    )

    def filled(template: str, writing: str, parentheses: str) -> str:
        parts = {}
        for i, (key, argument) in enumerate(zip(names, arguments, strict=True)):
            needs = needs_parentheses(argument, notation.binds, i, template, key)
            part = getattr(argument, writing)
            parts[key] = parentheses.format(part) if needs else part
        return template.format(**parts)

    latex = filled(latex or in_latex(text), "latex", r"\left({}\right)")
    return Formula(filled(text, "text", "({})"), latex, notation.binds)


def needs_parentheses(
    argument: Formula, tight: Binds, position: int, template: str, key: str
) -> bool:
    """Whether an operand binds too loosely to stand in its place as it is.

    It never does inside something that encloses it: a function's parentheses, or the braces
    of a fraction, a root or an exponent.
    """
    before, _, after = template.partition("{" + key + "}")
    closing = (")", "]", "}}", ",", r"\right")
    enclosed = before.endswith(("(", "[", "{{", ", ")) and after.startswith(closing)
    if enclosed or tight is argument.binds is Binds.ATOM:
        return False
    # a − (b − c) and a / (b · c), but a + b + c: what stands on the right binds as tightly.
    may_be_regrouped = any(sign in template for sign in (" + ", " · ", r" \cdot "))
    strict = position > 0 and not may_be_regrouped
    return argument.binds < tight or (strict and argument.binds == tight != Binds.ATOM)


def function_name(op: Operation) -> str:
    """The name of the function that an operation stands for; "" for an ordinary one."""
    name, _ = op.attributes.get("stands_for") or ("", 0)
    return str(name)


def result_count(op: Operation) -> int:
    """The number of results of the function that an operation stands for; 0 for an ordinary one."""
    _, results = op.attributes.get("stands_for") or ("", 0)
    return int(results)


# Notations in LaTeX ---------------------------------------------------------------------------

SIGNS = {
    **{"(": r"\left(", ")": r"\right)", "²": "^2", "⁻¹": "^{{-1}}", "ᵀ": r"^{{\top}}", "−": "-"},
    **{"·": r"\cdot ", "∗": r"\ast ", "÷": r"\div ", "½": r"\tfrac{{1}}{{2}} "},
    **{"Σ": r"\sum ", "∏": r"\prod ", "‖": r"\Vert ", "∃": r"\exists ", "∀": r"\forall "},
    **{"≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "∧": r"\land ", "∨": r"\lor "},
    **{"∞": r"\infty ", "←": r"\leftarrow ", "…": r"\dots ", "¬": r"\lnot ", "− ": "- "},
    **{"⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil "},
}


def in_latex(template: str) -> str:
    r"""The LaTeX of a notation: words upright, signs as commands, operands where they were.

    >>> from nbgrad.trace.formulas import in_latex
    >>> print(in_latex("½ Σ {t}²"), in_latex("log softmax({x})"))
    \tfrac{{1}}{{2}} \sum {t}^2 \operatorname{{log}}\,\operatorname{{softmax}}\left({x}\right)
    """

    def command(found: re.Match[str]) -> str:
        if not found["word"]:
            return SIGNS.get(found[0]) or SIGNS.get(found[0].strip(), found[0])
        word = r"\operatorname{{" + found["word"].replace("_", r"\_") + "}}"
        return found[0].replace(found["word"], word).replace(" ", r"\,")

    return re.sub(r"\{\w+\}| ?(?P<word>[A-Za-z][A-Za-z0-9_]+) ?|⁻¹|. ?", command, template)
