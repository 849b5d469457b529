"""Arrays on cards: which cells they have, and what these show."""

import json
import math
from dataclasses import replace

import named
import numpy as np
import pytest

import nbgrad as ng
from nbgrad.picture.cards.faces import array_face, faces_of, grid_of
from nbgrad.picture.cards.maps import block_means, face_elements, laid_out, tints
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.scene import OFF, Box, Group, Map, Rules, Scene, Text
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, text_width

SHAPES = {
    "a row": ((5,), {}),
    "a long row": ((100,), {}),
    "a column": ((40,), {"upright": True}),
    "a matrix": ((8, 5), {}),
    "a wide matrix": ((7, 16), {}),
    "a large matrix": ((33, 17), {}),
    "a very tall matrix": ((1000, 3), {}),
    "a very wide matrix": ((3, 1000), {}),
    "a small stack": ((2, 4, 4), {}),
    "a stack": ((7, 6, 5), {}),
    "a very deep stack": ((500, 2, 3), {}),
    "images": ((3, 9, 8, 2), {"images": "images"}),
    "one image": ((1, 28, 28, 1), {"images": "images"}),
    "filters": ((3, 3, 1, 8), {"images": "filters"}),
    "five axes": ((2, 3, 2, 3, 2), {}),
}
of_every_shape = pytest.mark.parametrize(("shape", "how"), SHAPES.values(), ids=SHAPES)


def traced(build, **options):
    with ng.Graph().as_default():
        y, xs = build()
        return ng.trace(y, xs, **options)


def looked_at(trace, label):
    """A face, its elements, and their styles, by what follows the node's id."""
    node = trace.node(label)
    face = faces_of(trace)[node.id]
    rules = Rules()
    placed = face_elements(rules, node.id, face, 0, 22)
    template = Template(Scene(1, 1, Group("all", tuple(placed))), tuple(rules))
    styles = template.styled(trace).styles
    return face, {key.partition(".")[2]: style for key, style in styles.items()}


def squares(array, **options):
    """The sum of the squares of a variable v."""
    v = ng.Variable(np.asarray(array), name="v", **options)
    return ng.reduce_sum(v * v, name="f"), [v]


# Cells and sizes


def place_in(grid, index, shape):
    """The row and the column of the cell that shows an element."""
    flat = 0
    for axis in grid.axes or range(len(shape)):
        flat = flat * shape[axis] + index[axis]
    count, inside = divmod(flat, grid.tile[0] * grid.tile[1])
    (down, across), (row, column) = divmod(count, grid.beside), divmod(inside, grid.tile[1])
    high, wide = (-(-n // b) for n, b in zip(grid.tile, grid.block, strict=True))
    return down * high + row // grid.block[0], across * wide + column // grid.block[1]


@of_every_shape
def test_every_element_is_in_one_cell_and_a_cell_is_the_mean_of_its_elements(shape, how):
    grid = grid_of(shape, **how)
    array = np.random.default_rng(0).normal(size=shape)
    sums, counts = np.zeros((grid.rows, grid.columns)), np.zeros((grid.rows, grid.columns))
    for index, element in np.ndenumerate(array):
        place = place_in(grid, index, shape)
        sums[place] += element
        counts[place] += 1
    means = block_means(laid_out(array, grid.tile, grid.axes, grid.beside), grid.tile, grid.block)
    np.testing.assert_allclose(means, sums / np.maximum(counts, 1), atol=1e-12)
    if grid.block == (1, 1):
        assert counts.max() == 1


@of_every_shape
def test_cells_of_means_are_as_large_as_fills_their_place(shape, how):
    grid = grid_of(shape, **how)
    if max(grid.rows, grid.columns) > 16 or grid.block != (1, 1):
        assert 24 <= grid.width <= 80.01
        assert 14 <= grid.height <= 64.01
        assert min(grid.cell) >= 3.99
    else:
        assert min(grid.cell) >= 5


@pytest.mark.parametrize(
    ("shape", "options", "cell", "size"),
    [
        ((3, 5), {"header": 40}, (14, 14), (162, 55)),
        ((5,), {"header": 40}, (14, 14), (162, 27)),
        ((8, 5), {"header": 90}, (8, 8), (102, 91)),
        ((8, 3), {"has_adjoint": False, "label": True}, (5, 5), (37, 67)),
        ((8,), {"header": 60, "upright": True}, (24, 8), (70, 91)),
    ],
)
def test_sizes_are_those_of_the_plan(shape, options, cell, size):
    face = array_face(shape, **options)
    assert face.grid.cell == cell
    assert (face.width, face.height) == pytest.approx(size, abs=6)


@of_every_shape
def test_everything_on_a_card_is_inside_of_it(shape, how):
    for header in (30, 70, 140):
        face = array_face(shape, **how, header=header, notes=("×8 rows", "Σ 8 rows"))
        for element in face_elements(Rules(), "n0", face, 0, 22, face.width + 20):
            match element:
                case Map() | Box():
                    left, right = element.x, element.x + element.width
                    top, bottom = element.y, element.y + element.height
                case Text(x=x, y=bottom, text=text):
                    wide = text_width(text, SMALL)
                    left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.anchor]
                    right, top = left + wide, bottom - 12
                case _:
                    continue
            assert 0 <= left <= right <= face.width + 20
            assert 0 <= top <= bottom <= 22 + face.height


def test_the_shape_stands_in_the_header_where_it_fits_and_else_below():
    inside, below = array_face((8, 5), header=40), array_face((8, 5), header=90)
    assert inside.in_header
    assert not below.in_header
    assert below.height > inside.height


@pytest.mark.parametrize("shape", [(2,), (2, 2), (3, 1), (4, 3), (0, 3), (8, 28, 28, 1)])
def test_rules_are_plain_data_about_elements_that_there_are(shape):
    face = array_face(shape)
    rules = Rules()
    ids = {element.id for element in face_elements(rules, "n0", face, 0, 0)}
    for rule in rules:
        assert rule.id in ids
        json.dumps(rule.options)


# Numbers, and the states of an adjoint


def test_an_image_in_one_color_and_its_filter_show_their_numbers_as_matrices_do():
    def convolved():
        x = ng.constant(np.arange(9.0).reshape(1, 3, 3, 1), ng.float32)
        k = ng.Variable(np.ones((2, 2, 1, 1), "float32"), name="k")
        return ng.nn.conv2d(x, k, [1, 1, 1, 1], "VALID", name="z"), [k]

    for label, numbers in (("k", ["1"] * 4), ("z", ["8", "12", "20", "24"])):
        _, styles = looked_at(traced(convolved), label)
        assert [styles[f"value.{n}"].text for n in range(4)] == numbers


def test_very_small_arrays_show_their_numbers():
    _, styles = looked_at(traced(lambda: squares([-4.0, -25.0])), "v")
    assert [styles[f"value.{n}"].text for n in range(2)] == ["−4", "−25"]
    assert [styles[f"adjoint.{n}"].text for n in range(2)] == ["−8", "−50"]
    # The numbers have their sign; the tint behind them is never too strong to read.
    assert styles["value.map"].cells == (12, 45)


def test_a_column_of_numbers_has_its_adjoint_beside_it():
    row, column = array_face((1, 3)), array_face((3, 1))
    assert row.stacked
    assert not column.stacked


def test_a_number_loses_digits_and_never_leaves_its_cell():
    numbers = [[-0.123456, 123456.789], [-1.2345e-7, -98765.4]]
    _, styles = looked_at(traced(lambda: squares(numbers)), "v")
    texts = [styles[f"value.{n}"].text for n in range(4)]
    assert texts == ["−0.123", "1.23e5", "−1e−7", "−1e5"]
    assert all(text_width(text, SMALL) <= 46 for text in texts)


def test_strength_is_magnitude_and_a_sign_is_a_sign():
    _, styles = looked_at(traced(lambda: squares([[2.0, -1.0, 0, 0]] * 4)), "v")
    assert styles["value.map"].cells[:4] == (92, -49, 0, 0)
    assert styles["value.map"].title.startswith("v: max |v| 2, min −1, mean 0.25\n4×4 float64")


def test_one_number_everywhere_is_said_once():
    _, styles = looked_at(traced(lambda: squares(np.full((4, 4), -1.5))), "v")
    assert styles["value.map"].text == "−1.5"
    assert styles["adjoint.map"].text == "−3"
    assert set(styles["value.map"].cells) == {22}


def test_an_adjoint_of_none_has_a_pill_with_its_sign():
    def unread():
        f, xs = squares(np.ones((4, 6)))
        return f, [*xs, ng.Variable(np.ones((4, 6)), name="u")]

    _, styles = looked_at(traced(unread), "u")
    assert styles["adjoint.map"] == OFF
    assert styles["adjoint.none"].text == "None ⌀"
    assert "no path leads from u to f" in styles["adjoint.none"].title


def test_an_adjoint_of_zero_has_one_0_and_its_cause():
    for array in (-np.ones((4, 4)), -np.ones(2)):

        def built(array=array):
            v = ng.Variable(array, name="v")
            return ng.reduce_sum(ng.nn.relu(v)), [v]

        _, styles = looked_at(traced(built), "v")
        assert styles["adjoint.map"].text == "0 off"
        assert set(styles["adjoint.map"].cells) == {0}
        assert all(styles[key] == OFF for key in styles if key.startswith("adjoint.0"))


def test_what_is_not_finite_is_seen_also_among_means():
    array = np.ones((64, 64))
    array[5, 5], array[60, 60], array[60, 5] = np.nan, np.inf, -np.inf
    face, styles = looked_at(traced(lambda: squares(array)), "v")
    cells = np.array(styles["value.map"].cells, object).reshape(face.grid.rows, -1)
    assert (cells[1, 1], cells[15, 15], cells[15, 1]) == (None, 1000, -1000)
    assert "1 of 4096 NaN, 2 of 4096 ±∞" in styles["value.map"].title


def test_among_numbers_it_has_a_badge():
    _, styles = looked_at(traced(lambda: squares([1.0, np.nan, -np.inf])), "v")
    assert [styles[f"value.{n}"].text for n in range(3)] == ["1", "NaN", "−∞"]
    assert "badge" in styles["value.1"].classes


def test_a_map_waits_for_its_step():
    trace = traced(lambda: squares(np.eye(4)))
    _, styles = looked_at(trace, "v")
    since = styles["adjoint.map"].since
    assert since > 0
    assert styles["adjoint.wait"].text == "·"
    assert styles["adjoint.wait"].until == since
    assert styles["value.wait"] == OFF


def test_what_never_has_a_gradient_has_no_place_for_one():
    def built():
        v, c = ng.Variable(np.eye(4), name="v"), ng.Variable(np.eye(4), name="c")
        return ng.reduce_sum(v * ng.tanh(c, name="t")), [v]

    trace = traced(built)
    faces = {node.label: faces_of(trace)[node.id] for node in trace.nodes if node.shape}
    assert [faces[label].has_adjoint for label in "vct"] == [True, False, False]


def test_means_of_huge_numbers_are_not_infinite():
    matrix = np.full((40, 40), 1e308)
    assert np.isfinite(block_means(matrix, (40, 40), (10, 10))).all()
    assert tints(np.array([5e-324, 1e-323]), 92) == (49, 92)


# What is no array of numbers


def test_empty_arrays_texts_truth_values_and_complex_numbers_say_what_they_are():
    def built():
        z = ng.placeholder(ng.complex128, [2], name="z")
        few, many = (
            ng.placeholder(ng.string, shape, name=n) for n, shape in (("few", [2]), ("many", [20]))
        )
        e, v = ng.Variable(np.zeros((0, 3)), name="e"), ng.Variable(np.array([1.0, -1.0]), name="v")
        positive = ng.greater(v, 0.0, name="positive")
        same = [ng.reduce_sum(ng.cast(ng.equal(each, "a"), ng.float64)) for each in (few, many)]
        f = ng.reduce_sum(e) + ng.reduce_sum(ng.where(positive, v, 2.0 * v))
        f += same[0] + same[1] + ng.cast(ng.reduce_sum(ng.abs(z)), ng.float64)
        return f, [v, e]

    words = np.array([b"gr\xc3\xb6\xc3\x9fer als die Zelle", b"a"], object)
    fed = {"z:0": [1 + 2j, -0.5j], "few:0": words, "many:0": np.full(20, b"a", object)}
    trace = traced(built, feed_dict=fed)
    shown = {}
    for node in trace.nodes:
        if node.shape:
            _, styles = looked_at(trace, node.label)
            shown[node.label] = [s.text for k, s in styles.items() if k.startswith("value")]
    assert shown["e"][0] == "empty"
    assert shown["few"][-2:] == ["größer als d…", "a"]
    assert shown["many"][0] == "texts"
    assert shown["positive"][-2:] == ["True", "False"]
    assert shown["z"][-2:] == ["1+2j", "0−0.5j"]


# What a trace tells about an array


def folded_away(trace, label):
    """A trace in which the reader of a node is one that a picture knows nothing about."""
    readers = {edge.target for edge in trace.outgoing(trace.node(label))}
    nodes = tuple(replace(n, op_type="Fold") if n.id in readers else n for n in trace.nodes)
    return replace(trace, nodes=nodes)


def layer():
    x = ng.constant(np.random.default_rng(0).normal(size=(8, 3)), name="x")
    w = ng.Variable(np.random.default_rng(1).normal(size=(3, 5)), name="w")
    b = ng.Variable(np.arange(5.0), name="b")
    z = ng.add(ng.matmul(x, w, name="a"), b, name="z")
    t = ng.constant(np.eye(5)[[0, 1, 2, 3, 4, 0, 1, 2]], name="t")
    k = ng.reduce_sum(ng.squared_difference(z, t, name="d"), 1, name="k")
    return ng.reduce_mean(k, name="loss"), [w, b]


def test_a_repeated_operand_says_how_often_and_that_its_adjoint_is_a_sum():
    trace = traced(layer)
    assert faces_of(trace)[trace.node("b").id].notes == ("×8 rows", "Σ 8 rows")
    _, styles = looked_at(trace, "b")
    assert styles["adjoint.note"].text == "Σ 8 rows"
    assert faces_of(trace)[trace.node("w").id].notes == ("", "")


@pytest.mark.parametrize("shape", [(1,), (2,), (3,), (5,), (8, 1), (3, 1)])
def test_two_notes_never_meet(shape):
    face = array_face(shape, notes=("×20 rows", "Σ 20 rows"))
    placed = {each.id: each for each in face_elements(Rules(), "n", face, 0, 22)}
    value, adjoint = placed["n.value.note"], placed["n.adjoint.note"]
    words = text_width(value.text, SMALL) + text_width(adjoint.text, SMALL)
    assert adjoint.x - value.x >= words + 4


def test_what_has_two_readers_is_not_said_to_be_one_sum():
    def read_twice():
        x, b = ng.Variable(np.ones((3, 2)), name="x"), ng.Variable(np.ones((3, 1)), name="b")
        return ng.reduce_sum(x * b) + ng.reduce_sum(b), [b]

    trace = traced(read_twice)
    assert faces_of(trace)[trace.node("b").id].notes == ("×2 columns", "")


def test_a_vector_with_a_number_for_each_row_is_a_column():
    trace = traced(layer)
    faces = faces_of(trace)
    grids = {node.label: faces[node.id].grid for node in trace.nodes if node.shape}
    assert (grids["k"].rows, grids["k"].columns) == (8, 1)
    assert (grids["b"].rows, grids["b"].columns) == (1, 5)


def test_what_a_prediction_is_held_against_has_small_cells():
    trace = traced(layer)
    faces = faces_of(trace)
    assert faces[trace.node("t").id].grid.cell == (5, 5)
    assert faces[trace.node("x").id].grid.cell == (8, 8)


def test_labels_that_a_stop_keeps_from_a_gradient_are_labels():
    def classified():
        x = ng.constant(np.random.default_rng(0).normal(size=(8, 3)), name="x")
        w = ng.Variable(np.random.default_rng(1).normal(size=(3, 4)), name="w")
        t = ng.constant(np.eye(4)[[0, 1, 2, 3, 0, 1, 2, 3]], name="t")
        s = ng.matmul(x, w, name="s")
        return ng.nn.softmax_cross_entropy_with_logits(labels=t, logits=s, name="k"), [w]

    trace = traced(classified)
    faces = faces_of(trace)
    small = [n.label for n in trace.nodes if n.shape and faces[n.id].grid.cell == (5, 5)]
    assert small == ["t", trace.node(next(iter(trace.outgoing(trace.node("t")))).target).label]


def test_the_channels_of_images_and_filters_are_told_apart():
    def convolved():
        x = ng.constant(np.random.default_rng(0).normal(size=(1, 8, 8, 1)), name="x")
        k = ng.Variable(np.random.default_rng(1).normal(size=(3, 3, 1, 4)), name="k")
        return ng.reduce_sum(ng.nn.conv2d(x, k, [1, 1, 1, 1], "SAME", name="maps")), [k]

    trace = traced(convolved)
    faces = faces_of(trace)
    filters, channels = faces[trace.node("k").id].grid, faces[trace.node("maps").id].grid
    assert (filters.tile, filters.block) == ((3, 3), (1, 1))
    assert channels.tile == (8, 8)
    assert math.prod((channels.rows, channels.columns)) == 16 * 16
    traced_alone = faces_of(folded_away(trace, "k"))[trace.node("k").id].grid
    assert traced_alone == filters
    placed = face_elements(Rules(), "n", faces[trace.node("k").id], 0, 0)
    gaps = [element.id for element in placed if "value.gap" in element.id]
    assert len(gaps) >= 2


def test_a_map_of_rounding_is_pale_and_says_so():
    styles = Drawing.of(named.traced(named.NAMED["batch norm by hand"])).styled.styles
    pale = [each for each in styles.values() if each.text in ("≈ 0", "≈0")]
    assert len(pale) == 2
    assert all(max(map(abs, each.cells)) <= 6 and "rounding" in each.title for each in pale)
