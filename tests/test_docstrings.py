"""What `help()` promises: a sentence and an example for everything public, all of it for verbs."""

import inspect
import re
from pathlib import Path

import pytest

import nbgrad as tf

NAMESPACES = {
    "tf": tf,
    "tf.errors": tf.errors,
    "tf.debugging": tf.debugging,
    "tf.metrics": tf.metrics,
    "tf.contrib.layers": tf.contrib.layers,
    "tf.contrib.rnn": tf.contrib.rnn,
    "tf.initializers": tf.initializers,
    "tf.layers": tf.layers,
    "tf.linalg": tf.linalg,
    "tf.losses": tf.losses,
    "tf.math": tf.math,
    "tf.nn": tf.nn,
    "tf.nn.rnn_cell": tf.nn.rnn_cell,
    "tf.random": tf.random,
    "tf.summary": tf.summary,
    "tf.test": tf.test,
    "tf.train": tf.train,
}

#: The verbs, and the classes that learners make: these explain every parameter.
# fmt: off
FULL = [
    "tf.check_gradient", "tf.compare", "tf.draw", "tf.explain", "tf.explore", "tf.gradients",
    "tf.plot_classes", "tf.plot_contours", "tf.plot_curve", "tf.plot_losses", "tf.trace",
    "tf.why_none", "tf.InteractiveSession", "tf.Session", "tf.Variable",
    "tf.train.AdadeltaOptimizer", "tf.train.AdagradOptimizer", "tf.train.AdamOptimizer",
    "tf.train.ExponentialMovingAverage", "tf.train.GradientDescentOptimizer",
    "tf.train.MomentumOptimizer", "tf.train.Optimizer", "tf.train.RMSPropOptimizer",
    "tf.train.Saver",
]
# fmt: on

NO_EFFECT = "it has no effect, and the sentence says so"
#: Why there is no example.
WITHOUT_EXAMPLE = {
    "tf.AggregationMethod": NO_EFFECT,
    "tf.Operation": "made by functions such as tf.matmul, never by hand; Graph shows some",
    "tf.colocate_with": NO_EFFECT,
    "tf.device": NO_EFFECT,
    "tf.disable_eager_execution": NO_EFFECT,
    "tf.disable_v2_behavior": NO_EFFECT,
    "tf.enable_eager_execution": "it is refused, and the error says what to do",
    "tf.executing_eagerly": "it is always False",
    "tf.logging": NO_EFFECT,
}


def public():
    """Every public function and class, once, under the first name that it has."""
    seen = set()
    for where, namespace in NAMESPACES.items():
        for name in getattr(namespace, "__all__", None) or dir(namespace):
            each = getattr(namespace, name)
            ours = getattr(each, "__module__", "").startswith("nbgrad")
            if name.startswith("_") or not ours or each in seen:
                continue
            if inspect.isclass(each) or (inspect.isfunction(each) and namespace is not tf.errors):
                seen.add(each)
                yield f"{where}.{name}", each


def methods():
    """The public methods and properties of these classes, where they have a docstring."""
    for name, each in PUBLIC.items():
        for key, member in vars(each).items() if inspect.isclass(each) else ():
            member = getattr(member, "__func__", member)
            method = isinstance(member, property) or inspect.isfunction(member)
            if method and member.__doc__ and not key.startswith("_"):
                yield f"{name}.{key}", member


PUBLIC = dict(public())
METHODS = dict(methods())
ERRORS = [name for name, each in PUBLIC.items() if each.__module__ == tf.errors.__name__]


def docstring(each):
    """A docstring of its own: that of a base class does not count."""
    return inspect.cleandoc(each.__doc__ or "")


def section(each, title):
    """The lines under a title, "" if there is no such section."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n---|\Z)", docstring(each), re.M | re.S)
    return found[1] if found else ""


def explained(each, *titles):
    """The names that the sections for parameters (and attributes) explain."""
    lines = "\n".join(section(each, title) for title in titles).splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(":")[0].split(",")}


def parameters(each):
    return {name for name in inspect.signature(each).parameters if name != "self"}


@pytest.mark.parametrize("name", [*PUBLIC, *METHODS])
def test_it_begins_with_one_sentence_of_words(name):
    summary = docstring(PUBLIC.get(name) or METHODS[name]).split("\n\n")[0]
    assert re.fullmatch(r"[A-Za-z0-9`⟨].*[.?…]", summary), "no sentence on the first line"
    assert "\n" not in summary, "longer than a line"
    assert not re.search(r"[.?] [A-Z]", summary), "more than a sentence"


@pytest.mark.parametrize("name", [n for n in PUBLIC if n not in [*WITHOUT_EXAMPLE, *ERRORS]])
def test_it_comes_with_an_example(name):
    assert ">>> " in docstring(PUBLIC[name])


@pytest.mark.parametrize("name", FULL)
def test_a_verb_explains_each_of_its_parameters_and_what_it_returns(name):
    each = PUBLIC[name]
    assert parameters(each) <= explained(each, "Parameters", "Attributes")
    if inspect.isfunction(each):
        assert section(each, "Returns") or section(each, "Yields")


@pytest.mark.parametrize("name", [*PUBLIC, *METHODS])
def test_no_parameter_is_explained_that_does_not_exist(name):
    each = PUBLIC.get(name) or METHODS[name]
    if not isinstance(each, property) and section(each, "Parameters"):
        assert explained(each, "Parameters") <= parameters(each)


def test_no_reason_is_kept_that_is_not_needed():
    assert WITHOUT_EXAMPLE.keys() <= PUBLIC.keys()
    assert not [name for name in WITHOUT_EXAMPLE if ">>> " in docstring(PUBLIC[name])]


def test_optimizers_and_initializers_are_spelt_as_tensorflow_spells_them():
    root = Path(__file__).parent.parent
    folders = ["nbgrad", "course", "docs", "notebooks", "tests"]
    files = [*root.glob("*.md"), *(path for each in folders for path in (root / each).rglob("*"))]
    texts = (path for path in files if path.suffix in {".py", ".md", ".js", ".ipynb"})
    otherwise = re.compile("(optim|initial)is(e|i|a)", re.I)
    assert [path for path in texts if otherwise.search(path.read_text("utf-8"))] == []
