"""Whatever a learner can ask `help()` about, outside the operations, has an answer."""

import inspect
import re
from enum import Enum

import pytest

import nbgrad as tf

NAMESPACES = {"tf": tf, "tf.train": tf.train, "tf.test": tf.test, "tf.errors": tf.errors}

#: These have nothing to show: what they do is nothing, and one sentence says so.
ACCEPTED_AND_IGNORED = "nbgrad.accepted"

#: An example would say no more than the sentence does, or cannot be one.
WITHOUT_EXAMPLE = {
    "tf.AggregationMethod": "its names are accepted, and one way is used",
    "tf.Operation": "made by functions such as tf.matmul, never by hand; Graph shows some",
}


def offered():
    """Every function and class outside nbgrad.ops, once, under the name it is known by."""
    seen = set()
    for where, namespace in NAMESPACES.items():
        for name in getattr(namespace, "__all__", None) or dir(namespace):
            each = getattr(namespace, name)
            if name.startswith("_") or not (inspect.isclass(each) or inspect.isfunction(each)):
                continue
            ours = each.__module__.startswith("nbgrad") and not is_operation(each)
            if ours and each not in seen:
                seen.add(each)
                yield f"{where}.{name}", each


def is_operation(each):
    return each.__module__.startswith("nbgrad.ops")


def methods():
    """The public methods of the classes offered, and their properties, as each class has them."""
    for name, each in OFFERED.items():
        for key in dir(each) if inspect.isclass(each) else ():
            owner = next((c for c in each.__mro__ if key in vars(c)), object)
            home, member = owner.__module__, vars(owner).get(key)
            ours = home.startswith("nbgrad") and home != ACCEPTED_AND_IGNORED
            if key.startswith("_") or not ours or is_operation(owner):
                continue
            member = getattr(member, "__func__", member)
            if isinstance(member, property) or inspect.isfunction(member):
                yield f"{name}.{key}", member


OFFERED = dict(offered())
METHODS = dict(methods())
SETTINGS = [name for name, each in OFFERED.items() if each.__module__ == ACCEPTED_AND_IGNORED]
ERRORS = [
    name for name, each in OFFERED.items() if inspect.isclass(each) and issubclass(each, Exception)
]
FULL = {name: each for name, each in OFFERED.items() if name not in SETTINGS + ERRORS}


def section(each, *titles):
    """The lines under the first of some titles, None if there is none of them."""
    text = inspect.getdoc(each) or ""
    for title in titles:
        found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n---|\Z)", text, re.M | re.S)
        if found:
            return found[1]
    return None


def documented(each):
    """The names that the sections for parameters and attributes speak of."""
    lines = "\n".join(filter(None, [section(each, "Parameters"), section(each, "Attributes")]))
    heads = [line for line in lines.splitlines() if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(":")[0].split(",")}


def parameters(each):
    """The names of what a function, a method or the making of a class takes."""
    if inspect.isclass(each) and issubclass(each, Enum):
        return []
    names = inspect.signature(each).parameters.items()
    return [name for name, one in names if name != "self" and not name.startswith("_")]


def returns_something(function):
    return inspect.signature(function).return_annotation not in (None, "None", "NoReturn")


@pytest.mark.parametrize("name", [*OFFERED, *METHODS])
def test_it_begins_with_one_sentence_of_words(name):
    each = OFFERED.get(name) or METHODS[name]
    text = (each.__doc__ if inspect.isclass(each) else inspect.getdoc(each)) or ""
    summary = inspect.cleandoc(text).split("\n\n")[0]
    assert re.fullmatch(r"[A-Za-z0-9`⟨].*[.?]", summary), "no sentence on the first line"
    assert "\n" not in summary, "longer than a line"
    assert not re.search(r"[.?] [A-Z]", summary), "more than a sentence"


@pytest.mark.parametrize("name", [*FULL, *METHODS])
def test_each_parameter_is_spoken_of(name):
    each = FULL.get(name) or METHODS[name]
    if not isinstance(each, property):
        assert set(parameters(each)) - documented(each) == set()


@pytest.mark.parametrize("name", [*FULL, *METHODS])
def test_no_parameter_is_spoken_of_that_does_not_exist(name):
    each = FULL.get(name) or METHODS[name]
    if not isinstance(each, property) and section(each, "Parameters") is not None:
        text = section(each, "Parameters")
        heads = [line for line in text.splitlines() if line and not line.startswith(" ")]
        named = {word.strip().lstrip("*") for head in heads for word in head.split(",")}
        assert named <= {*inspect.signature(each).parameters}


@pytest.mark.parametrize("name", [n for n, each in FULL.items() if inspect.isfunction(each)])
def test_what_a_function_returns_is_told(name):
    function = FULL[name]
    assert section(function, "Returns", "Yields") or not returns_something(function)


@pytest.mark.parametrize("name", [n for n in FULL if n not in WITHOUT_EXAMPLE])
def test_it_comes_with_an_example(name):
    assert ">>>" in (section(FULL[name], "Examples") or "")


def test_no_exception_is_kept_that_is_not_needed():
    assert WITHOUT_EXAMPLE.keys() <= FULL.keys()
    assert not [n for n in WITHOUT_EXAMPLE if section(FULL[n], "Examples")]
