"""Programs that TensorFlow 1.15 was given, and what it answered.

A line of a `.jsonl` file holds a program, written for `tf`, `np` and an empty dictionary `feed`,
and its recorded outcome: what it left in `result`, or the exception it ended with.
"""

import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import nbgrad

PROGRAMS = [
    json.loads(line)
    for path in sorted(Path(__file__).parent.glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
by_name = pytest.mark.parametrize("case", PROGRAMS, ids=[each["id"] for each in PROGRAMS])


@by_name
def test_a_program_ends_as_it_did_in_tensorflow(case):
    # A list alone is the list of values that the program fetched.
    outcome = case["expect"]
    outcome = {"result": {"list": outcome}} if isinstance(outcome, list) else outcome
    if "error" in outcome:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is checked below
            result_of(case)
        assert outcome["error"] in [base.__name__ for base in type(caught.value).__mro__]
        if outcome["error"] != "AttributeError":  # Python's own words, which vary
            assert beginning(outcome["text"]) in str(caught.value)
    else:
        assert_same(result_of(case), outcome["result"])


def result_of(case):
    names = {"tf": nbgrad, "np": np, "feed": {}}
    with nbgrad.Graph().as_default(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some teach what one should not do
        exec(compile(case["program"], case["id"], "exec"), names)
    return names["result"]


def beginning(message):
    """What an error must say: the first line, up to where names and numbers begin."""
    first = message.partition("\n")[0]
    return re.split(r'[;"(]|\bTensor\b', first)[0].strip()[:45]


def assert_same(got, wanted):
    """Compare a result with its record, down to shape and dtype."""
    match wanted:
        case None:
            assert got is None
        case {"list": items} | {"tuple": items}:
            assert isinstance(got, tuple if "tuple" in wanted else list | tuple)
            for one, record in zip(got, items, strict=True):
                assert_same(one, record)
        case {"dict": items}:
            assert {str(key) for key in got} == items.keys()
            for key, one in got.items():
                assert_same(one, items[str(key)])
        case {"value": value, "dtype": dtype, "shape": shape}:
            array = np.asarray(got)
            assert list(array.shape) == shape
            assert dtype in ("int64", array.dtype.name)  # Python's integers were recorded as int64
            exact = dtype not in ("float16", "float32")
            close = {"rtol": 1e-6, "atol": 1e-9} if exact else {"rtol": 2e-5, "atol": 2e-6}
            np.testing.assert_allclose(array.astype(float), np.array(value, float), **close)
        case _:
            [text] = wanted.values()
            assert str(got) == str(text)
