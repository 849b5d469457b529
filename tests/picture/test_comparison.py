"""Total and partial derivatives stand side by side, and the paths that make the difference."""

import nbgrad as ng


def test_total_partial_and_per_path_stand_side_by_side():
    with ng.Graph().as_default():
        a = ng.constant(0.0, name="a")
        b = ng.multiply(2.0, a, name="b")
        found = ng.compare(ng.add(a, b, name="f"), [a, b])
    assert [(each.total, each.partial) for each in found.derivatives] == [("3", "1"), ("1", "1")]
    assert [(each.path, each.total, each.cut_at) for each in found.derivatives[0].paths] == [
        ("a → b → f", "2", "b"),
        ("a → f", "1", ""),
    ]
    assert '<em class="cut">‖ cut at b</em>' in found.html
    assert "‖ cut at b" in found.text


def test_a_random_number_is_the_same_in_the_total_and_in_the_partial_derivative():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        y = ng.add(x * ng.random_normal([]), 0.0, name="y")
        found = ng.compare(y * x, [x, y])
    assert found.total.node("y").value == found.partial.node("y").value


def test_a_cut_path_shows_no_partial_product_and_the_rest_adds_up():
    with ng.Graph().as_default():
        x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
        n = ng.multiply(x, y, name="n")
        found = ng.compare(ng.add(n * x, y, name="f"), [x, n], grad_ys=2.0)
    for derivative in found.derivatives:
        open_paths = [path for path in derivative.paths if not path.cut_at]
        assert all(path.partial == path.total for path in open_paths)
        assert all(path.partial == "" for path in derivative.paths if path.cut_at)
        assert sum(float(path.total) for path in derivative.paths) == float(derivative.total)
        assert sum(float(path.partial) for path in open_paths) == float(derivative.partial)


def test_there_are_three_columns_where_three_ways_are_announced():
    with ng.Graph().as_default():
        x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
        found = ng.compare(ng.multiply(x, y, name="f"), [x, y])
    table = found.html.partition("</table>")[0]
    assert table.count('<th scope="col">') == 3
    assert found.text.splitlines()[1].split("  ")[0] == "path by path"


def test_a_derivative_that_is_none_comes_with_its_reason():
    with ng.Graph().as_default():
        x, b = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="b")
        a = ng.square(x, name="a")
        found = ng.compare(ng.multiply(a, 2.0, name="f"), [x, a, b])
    (of_x, _, of_b), text = found.derivatives, found.text
    assert of_b.reasons == ("df/db is None: no path leads from b to f.",)
    [reason] = of_x.reasons
    assert reason.startswith("With a and b held constant, df/dx is None: every path from x to f")
    assert all(reason in text and reason in found.html for reason in (*of_x.reasons, *of_b.reasons))


def test_the_total_derivative_stops_nowhere_and_a_stopped_path_is_shown_as_cut():
    with ng.Graph().as_default():
        a = ng.Variable(1.0, name="a")
        b = ng.multiply(2.0, a, name="b")
        y = ng.add(a, b, name="y")
        found = ng.compare(y, [a], stop_gradients=[b])
        [stopped], [asked, _] = found.derivatives, ng.compare(y, [a, b]).derivatives
    assert (stopped.total, stopped.partial, stopped.held) == ("3", "1", "b")
    assert stopped == asked
    assert '<s>2</s> <em class="cut">‖ cut at b</em>' in found.html


def test_a_matrix_that_is_total_and_partial_stands_there_once():
    with ng.Graph().as_default():
        x, w = ng.constant([[1.0, 2.0]], name="X"), ng.Variable([[3.0], [4.0]], name="W")
        k = ng.matmul(x, w, name="k")
        html = ng.compare(ng.reduce_sum(k), [w]).html
        both = ng.compare(ng.reduce_sum(k * ng.stop_gradient(k) + k), [w]).html
    assert html.count("<mtable") == 1
    assert both.count("total = partial = ") == 1
