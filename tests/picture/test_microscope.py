"""The cell microscope: a cell as a table of its products, and as a strip."""

import numpy as np
import pytest
from traces import in_its_own_graph

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.microscope import CellPicture, CellTable, aligned_texts
from nbgrad.picture.scene import Text
from nbgrad.picture.theme import NAME, NUMBER, SMALL, text_width

WIDTHS = (878.0, 640.0, 360.0)


@in_its_own_graph
def layer(rows=8):
    rng = np.random.default_rng(2)
    x = ng.constant(rng.normal(size=(rows, 3)).round(2), name="X")
    w = ng.Variable(rng.normal(size=(3, 5)).round(2), name="W")
    b = ng.Variable(rng.normal(size=5).round(2), name="b")
    z = ng.add(ng.matmul(x, w, name="a"), b, name="z")
    h = ng.nn.relu(z, name="h")
    k = ng.reduce_sum(ng.divide(h, 1 + h * h, name="q"), 1, name="k")
    return ng.trace(ng.reduce_mean(k, name="loss"), [w, b])


@in_its_own_graph
def read_twice():
    v = ng.Variable([2.0, -3.0], name="v")
    m = ng.Variable(np.array([[1.0, 2.0], [3.0, 4.0]], "float32"), name="M")
    p = ng.subtract(ng.multiply(v, v, name="p"), v, name="d")
    return ng.trace(ng.reduce_sum(p) + ng.reduce_sum(ng.matmul(m, m, name="s")), [v, m])


def table(trace, *cell):
    return CellTable(trace, trace.cell(*cell))


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        (("W", (1, 2), "adjoint"), "dloss/dW[1, 2] = Σₙ X[n, 1] · dloss/da[n, 2]"),
        (("b", 3, "adjoint"), "dloss/db[3] = Σₙ ∂z/∂b · dloss/dz[n, 3]"),
        (("a", (4, 0)), "a[4, 0] = Σₖ X[4, k] · W[k, 0]"),
        (("z", (4, 0)), "z[4, 0] = a[4, 0] + b[0]"),
        (("z", (4, 0), "adjoint"), "dloss/dz[4, 0] = ∂h/∂z · dloss/dh[4, 0]"),
        (("loss", ()), "loss = Σₙ 1/8 · k[n]"),
        (("loss", (), "adjoint"), "dloss/dloss = seed"),
        (("h", (4, 0)), "h[4, 0] = 1.193, a cell of relu(z)"),
        (("X", (0, 1)), "X[0, 1] = −0.52, as given"),
    ],
)
def test_the_title_is_the_formula_of_the_cell(cell, title):
    assert table(layer(), *cell).title == title


def test_products_of_several_forms_have_no_letters():
    trace = read_twice()
    assert table(trace, "v", 0, "adjoint").heads == ["p[0]", "p[0]", "d[0]"]
    several = table(trace, "M", (0, 1), "adjoint")  # of M·M: no letter counts both sums
    assert several.letters == {}
    assert several.heads == ["s[0, 0]", "s[0, 1]", "s[0, 1]", "s[1, 1]"]


def test_every_column_multiplies_to_its_product_and_all_add_up_to_the_cell():
    trace = layer()
    found = table(trace, "W", (1, 2), "adjoint")
    local, arriving, product = found.rows
    assert (local.role, arriving.role, product.role) == ("local", "adjoint", "adjoint")
    for row in zip(local.texts, arriving.texts, product.texts, strict=True):
        a, b, c = (float(text.replace("−", "-")) for text in row)
        assert a * b == pytest.approx(c, abs=1e-3)
    total = sum(float(text.replace("−", "-")) for text in product.texts)
    assert total == pytest.approx(found.cell.this.value, abs=1e-3)


def test_of_many_products_the_largest_have_a_column_and_the_rest_a_sum():
    found = table(layer(rows=32), "W", (1, 2), "adjoint")
    sizes = [abs(term.product) for term in found.cell.terms]
    assert len(found.shown) == 8
    left = [size for n, size in enumerate(sizes) if n not in found.shown]
    assert min(sizes[n] for n in found.shown) >= max(left)
    count, total = found.rest
    assert count == 24
    shown = sum(found.cell.terms[n].product for n in found.shown)
    assert total + shown == pytest.approx(found.cell.this.value)


def test_the_words_say_what_the_strip_shows():
    trace = layer(rows=32)
    words = CellPicture(trace, trace.cell("W", (1, 2), "adjoint")).description.splitlines()
    assert words[0].startswith("dloss/dW[1, 2] = Σₙ X[n, 1] · dloss/da[n, 2] = ")
    assert len(words) == 1 + 8 + 1
    assert words[-1].startswith("24 more: ")
    lines = table(layer(), "z", (4, 0)).words.splitlines()
    assert lines == ["z[4, 0] = a[4, 0] + b[0] = 1.193", "a[4, 0]: 1.613", "b[0]: −0.420"]


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ([0.3, -0.45, 0.0], ["0.30", "−0.45", "0"]),
        ([0.12345, -0.001, 1e-9], ["0.1235", "−0.0010", "1e−9"]),
        ([123456.0, 1.0], ["1.235e5", "1"]),
        ([float("nan"), -float("inf"), 2.5], ["NaN", "−∞", "2.5"]),
        ([2e-5, -3e-7], ["2e−5", "−3e−7"]),
    ],
)
def test_the_points_of_a_row_stand_below_each_other(numbers, texts):
    assert aligned_texts(numbers) == texts


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "cell",
    [
        ("W", (1, 2), "adjoint"),
        ("a", (4, 0)),
        ("z", (4, 0)),
        ("loss", ()),
        ("h", (4, 0)),
        ("b", 3, "adjoint"),
    ],
)
@pytest.mark.parametrize("rows", [8, 32])
def test_nothing_in_a_strip_overlaps_and_all_is_inside(width, cell, rows):
    trace = layer(rows)
    scene = CellPicture(trace, trace.cell(*cell), width=width).styled.scene
    assert scene.width == width
    texts = [e for e in scene.elements() if isinstance(e, Text)]
    boxes = [extent(text) for text in texts]
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= scene.height
        for others in boxes[:n]:
            apart = (
                left >= others[2] or others[0] >= right or top >= others[3] or others[1] >= bottom
            )
            assert apart, texts[n]


def extent(text):
    bold = "name" in text.classes or "sum" in text.classes
    size = NUMBER if "sum" in text.classes else NAME if bold else SMALL
    width = text_width(text.text, size, bold=bold)
    left = text.x - {"start": 0, "middle": width / 2, "end": width}[text.anchor]
    return left, text.y - 0.75 * size, left + width, text.y + 0.2 * size


def test_a_strip_of_eight_products_is_as_high_as_planned():
    trace = layer()
    scene = CellPicture(trace, trace.cell("W", (1, 2), "adjoint")).styled.scene
    assert (scene.width, scene.height) == (878, 112)


def test_a_drawing_has_the_strip_of_a_cell_in_its_width_and_theme(tmp_path):
    drawing = Drawing.of(layer(), width=640.0, theme="dark")
    strip = drawing.cell("W", (1, 2), "adjoint")
    assert (strip.width, strip.theme) == (640.0, "dark")
    assert strip.save(tmp_path / "cell.svg").read_text("utf-8").count("<svg") == 1
    assert strip.save(tmp_path / "cell.tex").stat().st_size > 500
