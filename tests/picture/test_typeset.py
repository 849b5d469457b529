"""LaTeX becomes MathML: every notation, every label, and what is no LaTeX at all."""

import itertools
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

import nbgrad as ng
from nbgrad.core import registry
from nbgrad.picture.derivations.typeset import mathml
from nbgrad.trace.formulas import latex_name, of_name, of_operation

# Where the notation depends on attributes: every way to write it.
TRANSPOSED = itertools.product([False, True], repeat=2)
INDEXED = [{"index": index} for index in [(0,), (slice(1, 3), ..., None), (slice(None), -1)]]
ATTRIBUTES = {
    "MatMul": [{"transpose_a": a, "transpose_b": b} for a, b in TRANSPOSED],
    "StridedSlice": INDEXED,
    "StridedSliceGrad": INDEXED,
}
NOTATIONS = [
    pytest.param(definition, attributes, id=f"{op_type}-{i}")
    for op_type, definition in sorted(registry._operations.items())
    for i, attributes in enumerate(ATTRIBUTES.get(op_type, [{}]))
]


def leaves(latex):
    """The texts of all elements without children; fails where the MathML is not well-formed."""
    root = ET.fromstring(f"<math>{mathml(latex)}</math>")
    return [element.text or "" for element in root.iter() if not len(element)]


def words(text):
    return set(re.findall(r"[A-Za-z]{2,}", text))


@pytest.mark.parametrize(("definition", "attributes"), NOTATIONS)
def test_every_notation_is_set_without_the_name_of_a_command(definition, attributes):
    operands = [of_name(label) for label in "xyzuvwabcd"[: len(definition.operands)]]
    if definition.operands and definition.operands[-1].startswith("*"):
        operands = [of_name("x"), of_name("y")]
    op = SimpleNamespace(definition=definition, name="result", attributes=attributes)
    formula = of_operation(op, operands)
    found = leaves(formula.latex)
    assert not any("\\" in leaf or "{" in leaf for leaf in found), found
    # No name of a command, and no name of a function as letters that look like a product.
    assert words(" ".join(found)) <= words(formula.text) | {"arcsin", "arccos", "arctan"}
    assert words(formula.text) <= words(" ".join(found)) | {"asin", "acos", "atan", "exp", "conj"}


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        (r"\sqrt{m}", "<msqrt><mrow><mi>m</mi></mrow></msqrt>"),
        (r"n_{4}^2", "<msubsup><mi>n</mi><mrow><mn>4</mn></mrow><mn>2</mn></msubsup>"),
        (r"\mathrm{loss\_1}", "<mi>loss_1</mi>"),
        (r"\operatorname{relu}", "<mi>relu</mi>"),
        (r"\text{min 0, max 1}", "<mi>min\xa00,\xa0max\xa01</mi>"),
        (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\text{a < b & c}", "<mi>a\xa0&lt;\xa0b\xa0&amp;\xa0c</mi>"),
        (r"x \land y", "<mi>x</mi><mo>∧</mo><mi>y</mi>"),
        (r"-1.5 \cdot 10^{-7}", '<mo form="prefix">−</mo><mn>1.5</mn><mo>·</mo>'),
    ],
)
def test_latex_becomes_mathml(latex, expected):
    assert expected in mathml(latex)


def test_a_matrix_becomes_a_table():
    latex = r"\begin{bmatrix}1 & -2 \\ 3 & 4\end{bmatrix}"
    root = ET.fromstring(mathml(latex))
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("mtr")]
    assert rows == [["1", "−2"], ["3", "4"]]


def test_brackets_are_as_high_as_what_they_hold():
    assert 'stretchy="false"' in mathml(r"\left(-1\right)")
    assert 'stretchy="false"' not in mathml(r"\left(\frac{1}{2}\right)")


@pytest.mark.parametrize(
    "label", ["x", "x₁", "W12", "loss", "y_", "layer/W", "a-b", "split[1]", "x̄", "<i>", "−0.5"]
)
def test_every_label_is_set(label):
    shown = "".join(leaves(latex_name(label)))
    plain = str.maketrans("₁", "1", "\u0304\u00af")
    assert shown.translate(plain).replace("−", "-") == label.translate(plain).replace("−", "-")


@pytest.mark.parametrize(
    "latex", ["", "{", "}", "\\frac", "x^", "_", r"\begin{bmatrix}", "\\", "}{"]
)
def test_unfinished_latex_is_no_error(latex):
    ET.fromstring(f"<math>{mathml(latex)}</math>")


def test_a_derivation_of_odd_labels_shows_itself():
    with ng.Graph().as_default():
        y_, x_1 = ng.Variable(0.5, name="y_"), ng.Variable(2.0, name="x_1")
        loss = ng.square(ng.subtract(y_, x_1, name="the-error"), name="total_loss")
        derivation = ng.explain(loss, y_)
    root = ET.fromstring(re.sub(r"<style>.*?</style>", "", derivation.html, flags=re.DOTALL))
    assert "total_loss" in "".join(root.itertext())
    assert "\\" not in "".join(root.itertext())
