"""The five posts that this project began from: their calls and numbers print what they must.

A program stands beside what it prints. That of post 002 needs integers that carry gradients, as
they did in the TensorFlow of its time.
"""

from pathlib import Path

import pytest

import nbgrad as tf

HERE = Path(__file__).parent
POSTS = [path.stem for path in sorted(HERE.glob("post_*.py"))]


def run(post):
    with tf.Graph().as_default():
        exec(compile((HERE / f"{post}.py").read_text("utf-8"), f"{post}.py", "exec"), {})


@pytest.fixture
def integers_carry_gradients():
    tf.config(integer_gradients=True)
    yield
    tf.config(integer_gradients=False)


@pytest.mark.usefixtures("integers_carry_gradients")
@pytest.mark.parametrize("post", POSTS)
def test_a_post_prints_what_it_must(post, capsys):
    run(post)
    assert capsys.readouterr().out == (HERE / f"{post}.txt").read_text("utf-8")


@pytest.mark.parametrize("post", [post for post in POSTS if "integer" not in post])
def test_all_but_one_run_without_gradients_of_integers(post, capsys):
    run(post)
    assert capsys.readouterr().out == (HERE / f"{post}.txt").read_text("utf-8")


def test_integers_have_no_gradient_unless_it_is_asked_for():
    w = tf.Variable([[1, 2]])
    assert tf.gradients(tf.matmul(w, [[2], [1]]), w) == [None]


@pytest.mark.usefixtures("integers_carry_gradients")
class TestIntegers:
    """Every verb answers as `gradients` does."""

    @pytest.fixture
    def y_and_x(self):
        x = tf.Variable(3, name="x")
        return tf.add(x * x, 2 * x, name="y"), x

    def test_a_trace_holds_adjoints_of_their_dtype(self, y_and_x):
        adjoint = tf.trace(*y_and_x).node("x").adjoint.value.array
        assert (adjoint, adjoint.dtype) == (8, "int32")

    def test_a_card_and_the_words_say_so(self, y_and_x, tmp_path):
        drawing = tf.draw(*y_and_x)
        drawing.save(tmp_path / "y.svg")
        assert "int32" in (tmp_path / "y.svg").read_text("utf-8")
        assert "Integers carry gradients here, as in TensorFlow up to 1.8." in str(drawing)

    def test_an_explorer_moves_them(self, y_and_x):
        y, x = y_and_x
        explorer = tf.explore(y, x)
        explorer.value[x] = 4
        assert explorer.trace.node("x").adjoint.value.array == 10
        explorer.close()

    def test_functions_of_real_numbers_still_take_no_integers(self):
        with pytest.raises(TypeError, match="int32 not in list of allowed values"):
            tf.exp(tf.constant(1))
