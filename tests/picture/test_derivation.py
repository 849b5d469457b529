"""A derivation reads as a calculation by hand, and every form of it says the same."""

import re
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import printed
import pytest
import traces
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

import nbgrad as ng
from nbgrad.picture.derivations import Equation, latex_of, text_of
from nbgrad.picture.derivations.derivation import Derivation
from nbgrad.trace.formulas import bar

GRAPHS = [
    (traces.textbook, "x"),
    (lambda: traces.textbook(x=-1.5, y=1e-9), "y"),
    (lambda: traces.textbook(stop="a"), "x"),
    (traces.two_outputs, "x"),
    (traces.matrices, "W"),
    (traces.matrices, "b"),
    (traces.states, "x"),
    (traces.states, "z"),
    (traces.states, "k"),
    (traces.network, "u1"),
    (traces.large, "x"),
    (traces.chain, "w"),
    (lambda: high_matrices(), "W"),
]


def high_matrices():
    """Matrices of more rows and columns than are written out."""
    with ng.Graph().as_default():
        x, w = ng.constant(np.ones((8, 3)), name="X"), ng.Variable(np.ones((3, 7)), name="W")
        return ng.trace(ng.reduce_mean(ng.tanh(ng.matmul(x, w)), name="L"), w)


@pytest.fixture(params=GRAPHS, ids=lambda pair: pair[1])
def derivation(request):
    graph, x = request.param
    return Derivation(graph(), x)


def textbook(x="x", **question):
    """f = x²y + y + 2 at (3, 4), with the book's names."""
    with ng.Graph().as_default():
        xs = {"x": ng.Variable(3.0, name="x"), "y": ng.Variable(4.0, name="y")}
        n4 = ng.multiply(xs["x"], xs["x"], name="n4")
        n5 = ng.multiply(n4, xs["y"], name="n5")
        n6 = ng.add(xs["y"], 2.0, name="n6")
        stops = [n4] if question.pop("stopped", False) else None
        return ng.explain(ng.add(n5, n6, name="f"), xs[x], stop_gradients=stops, **question)


def equations(derivation):
    for section in derivation.sections:
        for line in section.lines:
            if isinstance(line, Equation):
                yield line


def test_the_textbook_example_reads_as_in_the_textbook():
    lines = [line.strip() for line in textbook("x").text.splitlines()]
    assert "df/dn5 = df/df · ∂f/∂n5 = 1 · 1 = 1" in lines
    assert "df/dn4 = df/dn5 · ∂n5/∂n4 = df/dn5 · y = 1 · 4 = 4" in lines
    assert lines[-1] == "df/dx = 24"
    assert textbook("y").text.endswith("df/dy = 10")


def test_two_operands_of_one_operation_are_two_terms():
    assert "df/dn4 · ∂₁n4/∂x + df/dn4 · ∂₂n4/∂x" in textbook("x").text


def test_the_arriving_1_is_not_written_as_a_factor():
    with ng.Graph().as_default():
        x = ng.constant(3.0, name="x")
        text = ng.explain(ng.sqrt(x, name="h"), x).text
    assert "= dh/dh · 1 / (2 · h) = 1 · 1 / (2 · 1.732) = 1 · 0.2887 = 0.2887" in text


def test_each_path_is_a_term_and_their_sum_the_answer():
    text = textbook("y").text
    assert "y → n5 → f: ∂f/∂n5 · ∂n5/∂y = 1 · 9 = 9" in text
    assert "y → n6 → f: ∂f/∂n6 · ∂n6/∂y = 1 · 1 = 1" in text
    assert "df/dy = 9 + 1 = 10" in text


def test_none_is_explained_like_a_number():
    derivation = textbook("x", stopped=True)
    assert "df/dn4 = df/dn5 · ∂n5/∂n4 = df/dn5 · y = 1 · 4 = 4" in derivation.text
    assert "x → n4 → n5 → f: cut: n4 is stopped" in derivation.text
    assert "df/dx is None: every path from x to f goes through n4" in derivation.text
    assert "<s>x → n4 → n5 → f</s>" in derivation.html


def test_no_path_at_all_is_said_too():
    with ng.Graph().as_default():
        x, y = ng.constant(3.0, name="x"), ng.constant(4.0, name="y")
        text = ng.explain(ng.square(y, name="f"), x).text
    assert "No path leads from x to f." in text


def test_many_paths_are_counted():
    with ng.Graph().as_default():
        x = h = ng.constant(1.0, name="x")
        for _ in range(12):
            h = h + h
        text = ng.explain(h, x).text
    assert "4,096 paths lead from x to" in text
    assert "needed only 24 products" in " ".join(text.split())


def test_a_trace_can_be_explained_later():
    trace = traces.textbook()
    assert ng.explain(trace, "x").text == Derivation(trace, "x").text


def test_a_rule_that_is_no_factor_is_printed_with_the_gradient_in_it():
    text = Derivation(traces.matrices(), "W").text
    assert "dL/dW = Xᵀ dL/du, 3×2" in text
    assert bar("u") not in text, "one notation, not two"


def test_a_fraction_holds_no_other_fraction():
    with ng.Graph().as_default():
        m, k = ng.Variable(2.0, name="m"), ng.Variable(3.0, name="k")
        derivation = ng.explain(ng.divide(k, 1.0 / (m / k), name="f"), m)
    assert "(−1 / a²) = 2 · " not in derivation.text
    for equation in equations(derivation):
        for part in (part for side in equation.sides for part in side):
            assert part.latex.count(r"\frac") <= 1, part.latex


def test_every_step_is_substituted():
    with ng.Graph().as_default():
        x = ng.constant(3.0, name="x")
        text = ng.explain(ng.reciprocal(ng.square(x, name="g"), name="f"), x).text
    assert "g = x² = 3² = 9" in text
    assert "df/dg · 2 · x = (−0.01235) · 2 · 3 = (−0.01235) · 6" in text
    assert "df/df · (−f²) = 1 · (−0.1111²) = 1 · (−0.01235)" in text


@pytest.mark.parametrize("graph", [lambda: traces.chain(300), traces.large, traces.network])
def test_no_line_of_a_text_is_longer_than_a_page_and_no_list_of_numbers_is_in_one(graph):
    trace = graph()
    for x in trace.xs:
        text = Derivation(trace, x).text
        assert max(map(len, text.splitlines())) <= 100
        assert "[[" not in text


def test_of_a_long_derivation_the_ends_are_read_and_the_middle_opens():
    derivation, longer = (Derivation(traces.chain(n), "w") for n in (100, 300))
    assert "more lines" in derivation.text
    assert "<details><summary>" in derivation.html
    assert len(longer.text.splitlines()) < 120
    assert "<p>… 276 more lines …</p>" in longer.html


def layers(depth):
    """A network of layers in scopes of their own."""
    h = ng.placeholder(ng.float32, [4, 3], name="X")
    fed, x = {h: np.ones((4, 3))}, None
    for i in range(depth):
        with ng.name_scope(f"layer{i}"):
            w = ng.Variable(np.eye(3, dtype=np.float32), name="w")
            h = ng.nn.relu(ng.matmul(h, w) + ng.Variable(np.zeros(3, np.float32), name="b"))
            x = w if x is None else x
    return ng.reduce_sum(ng.square(h)), x, fed


def test_many_operations_are_explained_by_their_folds_which_says_so():
    with ng.Graph().as_default():
        y, x, fed = layers(10)
        short = ng.explain(y, x, feed_dict=fed)
        long = ng.explain(y, x, feed_dict=fed, open="all")
    assert (
        "Of 32 operations, those that belong together are written as one, which leaves 12."
        in " ".join(short.text.split())
    )
    assert "operations, those" not in long.text
    assert len(short.text) < len(long.text)
    assert short.text.split("Answer")[1] == long.text.split("Answer")[1]


def fractions():
    """A derivation with a fraction, a square and a root in it."""
    with ng.Graph().as_default():
        x, y = ng.Variable(1.5, name="x"), ng.Variable(-0.75, name="y")
        g = ng.square(x + y, name="g")
        return ng.explain(ng.divide(x, g * y + 2.0, name="f"), x)


def test_every_side_of_an_equation_is_the_same_number():
    plain = str.maketrans({"−": "-", "·": "*"})
    weighed = Derivation(traces.two_outputs(), "x")
    for derivation in (textbook("x"), textbook("y"), weighed, fractions()):
        for equation in equations(derivation):
            sides = [text_of(side) for side in equation.sides]
            sides = [side.translate(plain).replace("²", "**2") for side in sides]
            values = [eval(side) for side in sides if re.fullmatch(r"[\d.\-*+/() ]+", side)]
            assert values
            assert np.allclose(values, values[:1] * len(values), rtol=1e-3)


def test_signs_of_local_and_of_total_derivatives_never_mix(derivation):
    for equation in equations(derivation):
        for part in (part for side in equation.sides for part in side):
            is_local, is_total = "∂" in part.text, re.match(r"d\w+/d\w", part.text)
            assert part.role == "local" or not is_local
            assert part.role == "adjoint" or not is_total


def test_latex_is_balanced_and_its_numbers_are_those_of_the_text(derivation):
    latex = derivation.latex
    assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")
    assert latex.count(r"\left(") == latex.count(r"\right)")
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}")


def test_latex_is_understood_by_another_reader(derivation):
    parse, understood = MathTextParser("path").parse, 0
    for equation in equations(derivation):
        for side in equation.sides:
            latex = latex_of(side)
            if r"\begin" not in latex and r"\text" not in latex and latex.isascii():
                parse(f"${latex}$")
                understood += 1
    assert understood


def test_html_is_well_formed_and_needs_nothing_from_outside(derivation):
    html = derivation.html
    ET.fromstring(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    assert not re.search(r"<script|<link|src=|https?://(?!www\.w3\.org/1998)", html)


def test_html_says_aloud_what_the_text_says(derivation):
    root = ET.fromstring(re.sub(r"<style>.*?</style>", "", derivation.html, flags=re.DOTALL))
    spoken = [e.get("aria-label") for e in root.iter() if e.get("role") == "math"]
    for equation in equations(derivation):
        last = text_of(equation.sides[-1])
        assert any(label.endswith(last) for label in spoken)


def test_a_matrix_has_its_numbers_and_of_a_large_one_the_ends_and_the_shape():
    html = Derivation(traces.matrices(), "W").html
    assert html.count('class="matrix"') > 5
    assert "<mo>⋮</mo>" in Derivation(traces.large(), "x").html


@pytest.mark.parametrize("ending", ["tex", "txt", "html"])
def test_a_derivation_saves_itself(tmp_path, ending):
    path = textbook("x").save(tmp_path / f"derivation.{ending}")
    assert "24" in path.read_text("utf-8")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.tex \.txt \.html"):
        textbook("x").save(tmp_path / "derivation.doc")


@pytest.mark.parametrize(
    "derivation",
    [
        lambda: textbook("x", stopped=True),
        lambda: Derivation(traces.large(), "x"),
        lambda: Derivation(traces.matrices(1e-7), "W"),
        lambda: Derivation(traces.chain(60), "w"),
    ],
    ids=["stopped", "large", "matrices", "chain"],
)
def test_its_latex_compiles_and_no_line_is_wider_than_the_page(tmp_path, pdflatex, derivation):
    derivation().save(tmp_path / "derivation.tex")
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "derivation.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True)
    log = done.stdout.decode(errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "Overfull" not in log, log
    assert "Missing character" not in log, log


UNARY = (ng.sin, ng.tanh, ng.negative, ng.square, ng.sigmoid, ng.exp, ng.sqrt, ng.log, ng.nn.relu)
BINARY = (ng.add, ng.multiply, ng.subtract, ng.divide, ng.maximum)


@given(st.data())
def test_whatever_the_graph_products_are_true_lines_short_and_minus_signs_true(data):
    """Also where numbers are tiny, infinite or not numbers; sums lose digits where terms cancel."""
    number = st.sampled_from([0.75, -1.25, 2.0, 1e-7, 3e5, 0.0])
    with ng.Graph().as_default():
        made = [ng.constant(data.draw(number), ng.float64) for _ in range(2)]
        for _ in range(data.draw(st.integers(1, 9))):
            operands = [data.draw(st.sampled_from(made)) for _ in range(2)]
            is_unary = data.draw(st.booleans())
            function = data.draw(st.sampled_from(UNARY if is_unary else BINARY))
            made.append(function(*operands[: 1 if is_unary else 2]))
        with np.errstate(all="ignore"):
            trace = ng.trace(made[-1], made[:2])
    for x in trace.xs:
        text = Derivation(trace, x).text
        assert "-" not in text
        assert max(map(len, text.splitlines())) <= 100
        products = [e for e in printed.equations(text.replace("\n     ", "")) if " + " not in e[0]]
        assert [each for each in products if " - " not in each[0] and not printed.holds(each)] == []


CHILDREN = dict.fromkeys(("msub", "msup", "mfrac", "mover", "munder", "mroot"), 2) | {
    "msubsup": 3,
    "munderover": 3,
}


def test_every_script_and_fraction_has_as_many_parts_as_mathml_allows(derivation):
    page = re.sub(r"<style>.*?</style>", "", derivation.html, flags=re.DOTALL)
    for each in ET.fromstring(page).iter():
        if each.tag in CHILDREN:
            assert len(each) == CHILDREN[each.tag], ET.tostring(each, encoding="unicode")


def test_the_shape_of_a_high_matrix_stands_below_all_of_it():
    [first, *_] = ET.fromstring(
        re.sub(r"<style>.*?</style>", "", Derivation(high_matrices(), "W").html, flags=re.DOTALL)
    ).iter("msub")
    assert first[0].find("mtable") is not None
    assert "".join(first[1].itertext()) == "8×3"
