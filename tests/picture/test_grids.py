"""Tensors in the lanes of a card: numbers, cells and thumbnails; repeats and their sums."""

import numpy as np
import pytest
import traces

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.grids import BLOCKS, Grid, block_means, grid_of


def painted(trace):
    return Drawing.of(trace).styled


def drawn(build):
    with ng.Graph().as_default():
        return ng.draw(*build())


def texts(picture, part):
    return {key: style.text for key, style in picture.styles.items() if part in key and style.text}


def test_a_row_that_is_repeated_to_fit_has_pale_copies():
    copies = texts(painted(traces.matrices()), ".value.ghost.")
    assert copies == {"n2.value.ghost.1.0": "0.1", "n2.value.ghost.1.1": "−0.2"}


@pytest.mark.parametrize(("axis", "note"), [(0, "Σ of 3 rows"), (1, "Σ of 3 columns")])
def test_the_adjoint_of_what_is_repeated_stands_below_or_beside_its_parts(axis, note):
    parts = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    repeated = np.array([0.5, -1.0])
    if axis == 1:
        parts, repeated = parts.T, repeated[:, None]

    def product():
        b = ng.Variable(repeated, name="b")
        return ng.reduce_sum(ng.multiply(ng.constant(parts), b, name="p")), b

    drawing = drawn(product)
    styles, b = drawing.styled.styles, drawing.trace.node("b").id
    for (row, column), part in np.ndenumerate(parts):
        assert styles[f"{b}.adjoint.ghost.{row}.{column}"].text == f"{part:g}"
    sums = [styles[f"{b}.adjoint.{n}"].text for n in range(2)]
    assert sums == [f"{each:g}" for each in parts.sum(axis)]
    assert styles[f"{b}.adjoint.note"].text == note


def test_a_stop_takes_the_parts_away_but_not_their_room():
    def scene_and_styles(stops):
        with ng.Graph().as_default():
            x, b = ng.Variable(np.ones((3, 2)), name="x"), ng.Variable(np.ones(2), name="b")
            p = ng.multiply(x, b, name="p")
            drawing = ng.draw(ng.reduce_sum(p), b, stop_gradients=[p] if stops else [])
        return drawing.scene, texts(drawing.styled, ".adjoint.ghost.")

    (scene, parts), (same, none) = scene_and_styles(False), scene_and_styles(True)
    assert scene == same
    assert len(parts) == 6
    assert none == {}


def test_what_has_two_readers_is_not_said_to_be_one_sum():
    def read_twice():
        x, b = ng.Variable(np.ones((3, 2)), name="x"), ng.Variable(np.ones(2), name="b")
        return ng.reduce_sum(x * b) + ng.reduce_sum(b), b

    assert texts(drawn(read_twice).styled, ".adjoint.ghost.") == {}


def test_only_broadcasting_repeats():
    def joined():
        a, b = ng.Variable([[1.0, 2.0]], name="a"), ng.Variable([[3.0, 4.0]], name="b")
        return ng.concat([a, b], 0), [a, b]

    assert texts(drawn(joined).styled, ".ghost.") == {}


def test_the_frame_of_single_precision_is_dashed():
    def single():
        x = ng.Variable(np.ones(3, "float32"), name="x")
        return x * x, x

    styles = drawn(single).styled.styles
    assert styles["n0.value.frame"].classes == "frame single"
    assert painted(traces.matrices()).styles["n0.value.frame"].classes == "frame"


@pytest.mark.parametrize("shape", [(33,), (33, 1), (1000, 3), (7, 40), (4, 64, 64), (100_000, 2)])
def test_a_thumbnail_covers_every_element_in_few_cells(shape):
    grid = grid_of(shape)
    assert grid.kind == "thumbnail"
    assert 1 <= grid.rows <= BLOCKS
    assert 1 <= grid.columns <= BLOCKS
    array = np.arange(np.prod(shape), dtype=float).reshape(shape)
    means = block_means(array, grid)
    assert means.shape == (grid.rows, grid.columns)
    assert means[0, 0] >= 0
    assert means.max() <= array.max()


def test_a_block_at_the_edge_is_the_mean_of_what_it_has():
    array = np.array([[1.0, 3.0, 10.0], [5.0, 7.0, 20.0]])
    assert block_means(array, Grid("thumbnail", 1, 2, (2, 2))).tolist() == [[4.0, 15.0]]


def test_a_thumbnail_shows_sign_magnitude_and_what_is_not_finite():
    array = np.zeros((48, 48))
    array[:4, :4], array[:4, 4:8], array[4, 0] = 2.0, -1.0, np.nan
    styles = drawn(lambda: (ng.reduce_sum(w := ng.Variable(array, name="w")), w)).styled.styles
    first, second, below = (styles[f"n0.value.block.{n}"] for n in (0, 1, 12))
    assert (first.tint, first.classes) == (1.0, "cell value bare")
    assert (second.tint, second.classes) == (0.5, "cell value bare negative")
    assert (below.tint, below.classes) == (1.0, "cell value bare not-finite")
    assert styles["n0.value.0"].text == "NaN"
    assert "n0.adjoint.block.0" in styles


def test_a_thumbnail_says_of_what_its_cells_are_the_means():
    svg = Drawing.of(traces.large()).svg()
    assert "means of 5×4" in svg
    vector = drawn(lambda: (ng.reduce_sum(v := ng.Variable(np.ones(100), name="v")), v))
    assert "means of 9<" in vector.svg()


def test_an_empty_array_has_no_cells():
    def built():
        v = ng.Variable(np.zeros((0, 3)), name="v")
        return ng.reduce_sum(v), v

    drawing = drawn(built)
    assert "no elements" in drawing.svg()
    assert ".block." not in drawing.svg()


def test_a_large_picture_stays_small_enough_to_send():
    assert len(Drawing.of(traces.large()).svg()) < 400_000


def test_one_element_is_written_as_a_number():
    with ng.Graph().as_default():
        a, b = (ng.Variable([[v]], name=n) for v, n in ((3.0, "a"), (4.0, "b")))
        styles = ng.draw(ng.matmul(a, b, name="c"), [a, b]).styled.styles
    chips = [style.text for key, style in styles.items() if key.endswith(".contribution")]
    assert chips
    assert all("[1×1]" not in text and "=" in text for text in chips)
