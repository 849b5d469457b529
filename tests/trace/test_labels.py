"""What a person calls each tensor."""

import sys

import pytest

import nbgrad as ng


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


def labels(z):
    return [node.label for node in ng.trace(z, []).nodes]


def test_the_python_variable_is_the_label():
    width = ng.Variable(3.0)
    area = width * width
    assert labels(area) == ["width", "area"]


def test_a_name_that_was_given_wins():
    w = ng.Variable(3.0, name="weight")
    assert labels(w * w)[0] == "weight"


def test_what_has_no_name_gets_a_letter_that_is_free():
    a = ng.constant(3.0)
    result = ng.sin(ng.exp(a))
    assert labels(result) == ["a", "b", "result"]


def test_only_the_last_operation_of_a_line_has_the_line_s_name():
    x = ng.constant(3.0)
    f = x * x * x
    assert labels(f) == ["x", "a", "f"]


def test_a_statement_over_several_lines_is_one_statement():
    x = ng.constant(3.0)
    total = ng.add(
        ng.sin(x),
        ng.cos(x),
    )
    assert labels(total) == ["x", "a", "b", "total"]


def test_each_round_of_a_loop_makes_its_own():
    h = ng.constant(0.5)
    for _ in range(3):
        h = ng.tanh(h * 2.0)
    assert labels(h) == ["h₁", "2", "a", "h₂", "2", "b", "h₃", "2", "c", "h₄"]


def test_a_number_is_called_by_its_value():
    x = ng.constant(3.0)
    y = x + 2.5
    assert labels(y) == ["x", "2.5", "y"]


def test_no_two_tensors_share_a_label():
    with ng.name_scope("left"):
        p = ng.Variable(1.0, name="w")
    with ng.name_scope("right"):
        q = ng.Variable(2.0, name="w")
    assert labels(p * q)[:2] == ["w₁", "w₂"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python knows columns since 3.11")
def test_two_statements_in_one_line_keep_their_names():
    x = ng.Variable(3.0); y = ng.Variable(4.0)  # fmt: skip  # noqa: E702
    a = x * x; b = a * y  # fmt: skip  # noqa: E702
    assert labels(b) == ["x", "y", "a", "b"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python knows columns since 3.11")
def test_a_pair_of_names_is_told_apart():
    x = ng.constant(3.0)
    p, q = x * x, x + x
    assert labels(p + q)[:3] == ["x", "p", "q"]


def test_several_results_of_one_call_have_their_names():
    left, right = ng.split(ng.placeholder(ng.float32, [4], name="whole"), 2)
    trace = ng.trace(left * right, [], feed_dict={"whole:0": [1.0, 2.0, 3.0, 4.0]})
    assert [node.label for node in trace.nodes][:3] == ["whole", "left", "right"]


def test_an_attribute_gives_its_name():
    class Model:
        pass

    model = Model()
    model.w = ng.Variable(3.0)
    assert labels(model.w * 2.0)[0] == "w"


def test_no_letter_is_given_that_the_program_uses_for_something_else():
    g = ng.constant(3.0)
    h = ng.constant(2.0)
    assert g is not h
    result = ng.sin(ng.exp(g))
    assert "h" not in labels(result)


def label_of(*tensors):
    nodes = ng.trace(sum(ng.reduce_sum(t) for t in tensors), []).nodes
    return [next(n.label for n in nodes if n.name == tensor.name) for tensor in tensors]


needs_columns = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="Python knows columns since 3.11"
)


def test_what_a_comprehension_makes_is_called_by_its_place():
    x = ng.constant([3.0, 4.0])
    fs = [ng.reduce_mean(x * w, axis=0) for w in (2.0, 3.0, 4.0)]
    gs = [x + f for f in ng.unstack(ng.stack(fs))]
    assert label_of(*fs) == ["fs[0]", "fs[1]", "fs[2]"]
    assert label_of(*gs) == ["gs[0]", "gs[1]", "gs[2]"]
    ws = [ng.Variable(start) for start in (1.0, 2.0)]
    assert labels(ws[0] * ws[1])[:2] == ["ws[0]", "ws[1]"]


def test_a_list_that_is_made_again_and_again_has_the_newest_places():
    start = hs = ng.unstack(ng.constant([1.0, 2.0]))
    for _ in range(3):
        hs = [ng.tanh(h) for h in hs]
    assert label_of(*hs) == ["hs[0]", "hs[1]"]
    assert [label for label in labels(hs[0]) if label.startswith("hs")] == ["hs[0]"]
    assert label_of(*start) == ["start[0]", "start[1]"]


def test_where_the_places_in_a_list_are_not_known_there_are_letters():
    def doubled(x):
        return x + x

    x = ng.constant(3.0)
    hs = [ng.tanh(doubled(w * x)) for w in (2.0, 3.0)]
    pairs = [(x * w, x + w) for w in (2.0, 3.0)]
    both = [x * w if w < 2.5 else x - w for w in (2.0, 3.0)]
    flat = [each for pair in pairs for each in pair]
    assert all(len(label) == 1 for label in label_of(*hs, *flat, *both))


@needs_columns
def test_the_elements_of_a_list_are_called_by_their_places():
    x = ng.constant(3.0)
    fs = [x * x, ng.sin(x), x]
    assert label_of(*fs) == ["fs[0]", "fs[1]", "x"]


def test_what_a_lambda_makes_has_neither_its_name_nor_that_of_its_list():
    x = ng.constant(3.0)
    f = lambda u: u * u  # noqa: E731
    fs = [lambda u: u + u, lambda u: ng.sin(u)]
    table = {"square": f, "root": lambda u: ng.sqrt(u)}
    made = [each(x) for each in (f, *fs, table["root"])]
    assert not {*label_of(*made)} & {"f", "fs", "fs[0]", "fs[1]", "table"}


def test_a_sum_over_a_comprehension_has_its_name_once():
    x = ng.constant(3.0)
    total = sum(x * w for w in (2.0, 3.0, 4.0))
    assert [label for label in labels(total) if "total" in label] == ["total"]


CELL = """
A = ng.placeholder(ng.float64, [], name="A")
b = ng.Variable(2.0, dtype=ng.float64, name="b")
with ng.name_scope("layer"):
    c = ng.multiply(A, b, name="c")
f = c + c
"""


def test_a_cell_that_is_run_again_shows_the_same_names():
    shown = []
    for _ in range(3):
        cell = {"ng": ng}
        exec(CELL, cell)
        trace = ng.trace(cell["f"], [cell["A"]], feed_dict={cell["A"]: 1.0})
        shown.append([node.label for node in trace.nodes])
    assert shown[0][:3] == ["A", "b", "c"]
    assert shown[1] == shown[2] == shown[0]


def test_a_number_at_the_end_of_a_name_that_was_given_stays():
    x = ng.Variable(1.0, name="x")
    x_1 = ng.Variable(2.0, name="x_1")
    assert labels(x * x_1)[:2] == ["x", "x_1"]


def test_a_quotient_is_called_as_it_is_assigned():
    x = ng.Variable(2.0, name="x")
    half = x / 2.0
    rest = half % 3.0
    assert [node.label for node in ng.trace(rest, [x]).nodes if node.expression] == ["half", "rest"]


def test_what_a_function_is_called_with_is_not_what_it_returns():
    def squared(u):
        return u * u

    x = ng.Variable(2.0, name="x")
    y = squared(x + 1.0)
    labels = {node.expression: node.label for node in ng.trace(y, [x]).nodes}
    if sys.version_info >= (3, 11):  # which knows the columns of an expression
        assert labels["x + 1"] != "y"


@needs_columns
def test_what_a_function_returns_is_called_as_it_is_assigned():
    def weight_variable(*shape):
        return ng.Variable(ng.zeros(shape))

    def squared(u):
        return u * u

    x = ng.Variable([[2.0]], name="x")
    hidden, bias = weight_variable(1, 3), weight_variable(3)
    for _ in range(2):
        area = squared(ng.matmul(x, hidden) + bias)
    found = labels(ng.reduce_sum(area))
    assert found[:3] == ["x", "hidden", "bias"]
    assert "area" in found
    assert labels(squared(x) + 1.0)[1] == "a"  # it is not assigned by itself


def test_each_turn_of_a_loop_names_what_a_function_returns():
    def step(h):
        return ng.tanh(h * 2.0)

    state = ng.constant(0.5, name="start")
    for _ in range(3):
        state = step(state)
    assert [label for label in labels(state) if "state" in label] == ["state₁", "state₂", "state₃"]


def test_what_a_dictionary_holds_is_called_by_its_key():
    weights = {
        "h1": ng.Variable([[1.0]]),
        "out": ng.Variable([[2.0]]),
    }
    biases = {
        "b1": ng.Variable([3.0]),
        "out": ng.Variable([4.0]),
    }
    h = ng.matmul([[1.0]], weights["h1"]) + biases["b1"]
    y = ng.matmul(h, weights["out"]) + biases["out"]
    found = labels(y)
    assert {"h1", "b1", "weights['out']", "biases['out']"} <= {*found}


@needs_columns
def test_several_things_that_a_function_returns_have_the_names_of_its_caller():
    def build(x):
        w = ng.Variable(3.0)
        return ng.square(x * w), [w]

    x = ng.Variable(2.0, name="x")
    cost, variables = build(x)
    assert labels(cost) == ["x", "w", "a", "cost"]
    assert len(variables) == 1
