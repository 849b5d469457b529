"""Python's operators on every pair of dtypes: the dtype of the result, or what is said of it.

Measured in TensorFlow 2 and, where that says another sentence, read off 1.15's. A table has the
left operand in its rows and the right one in its columns: tensors, then values of Python's and
NumPy's. In its lower part a value stands on the left and a tensor on the right.

TensorFlow cuts a fraction of NumPy's off in silence to multiply it with integers, 2.5 to 2; here it
is refused as a fraction of Python's is.
"""

import operator
import re

import numpy as np
import pytest

import nbgrad as tf

OPERATORS = {
    "+": (operator.add, "AddV2"),
    "-": (operator.sub, "Sub"),
    "*": (operator.mul, "Mul"),
    "**": (operator.pow, "Pow"),
    "/": (operator.truediv, "RealDiv"),
    "//": (operator.floordiv, "FloorDiv"),
    "%": (operator.mod, "FloorMod"),
    "<": (operator.lt, "Less"),
    "<=": (operator.le, "LessEqual"),
    ">": (operator.gt, "Greater"),
    ">=": (operator.ge, "GreaterEqual"),
    "&": (operator.and_, "LogicalAnd"),
    "|": (operator.or_, "LogicalOr"),
    "^": (operator.xor, "LogicalXor"),
}
VALUES = {
    "1": 1,
    "2.5": 2.5,
    "True": True,
    "1j": 1j,
    "None": None,
    "f64(2.5)": np.float64(2.5),
    "[1]": np.array([1]),
    "[True]": np.array([True]),
}
DTYPES = {
    **{"f32": "float32", "f64": "float64", "i32": "int32", "i64": "int64", "u8": "uint8"},
    **{"bool": "bool", "c64": "complex64"},
}
#: What the signs in the tables stand for.
SENTENCES = {
    "≠": "Input 'y' of '{op}' Op has type {right} that does not match type {left} of argument 'x'.",
    "≠≠": "x and y must have the same dtype, got tf.{left} != tf.{right}",
    "!": " has DataType {refused} not in list of allowed values: ",
    "&": " of '{op}' Op has type {refused} that does not match expected type of bool.",
    "got": "Expected {tensor}, got ",
    "None": "None values not supported.",
}
TABLES = {
    "+ - * **": """
             f32  f64  i32  i64  u8   bool c64  1    2.5  True 1j   None f64(2.5) [1]  [True]
    f32      f32  ≠    ≠    ≠    ≠    ≠    ≠    f32  f32  f32  ≠    None f32      f32  f32
    f64      ≠    f64  ≠    ≠    ≠    ≠    ≠    f64  f64  f64  ≠    None f64      f64  f64
    i32      ≠    ≠    i32  ≠    ≠    ≠    ≠    i32  ≠    i32  ≠    None ≠        i32  i32
    i64      ≠    ≠    ≠    i64  ≠    ≠    ≠    i64  ≠    i64  ≠    None ≠        i64  i64
    u8       ≠    ≠    ≠    ≠    u8   ≠    ≠    u8   ≠    u8   ≠    None ≠        u8   u8
    bool     !    !    !    !    !    !    !    !    !    !    !    None !        !    !
    c64      ≠    ≠    ≠    ≠    ≠    ≠    c64  c64  c64  c64  c64  None c64      c64  c64
    1        f32  f64  i32  i64  u8   !    c64
    2.5      f32  f64  got  got  got  !    c64
    True     f32  f64  i32  i64  u8   !    c64
    1j       got  got  got  got  got  !    c64
    None     None None None None None !    None
    f64(2.5) f32  f64  got  got  got  !    c64
    [1]      f32  f64  i32  i64  u8   !    c64
    [True]   f32  f64  i32  i64  u8   !    c64
    """,
    "/": """
             f32  f64  i32  i64  u8   bool c64  1    2.5  True 1j   None f64(2.5) [1]  [True]
    f32      f32  ≠≠   ≠≠   ≠≠   ≠≠   ≠≠   ≠≠   f32  f32  f32  ≠≠   None f32      f32  f32
    f64      ≠≠   f64  ≠≠   ≠≠   ≠≠   ≠≠   ≠≠   f64  f64  f64  ≠≠   None f64      f64  f64
    i32      ≠≠   ≠≠   f64  ≠≠   ≠≠   ≠≠   ≠≠   f64  ≠≠   f64  ≠≠   None ≠≠       f64  f64
    i64      ≠≠   ≠≠   ≠≠   f64  ≠≠   ≠≠   ≠≠   f64  ≠≠   f64  ≠≠   None ≠≠       f64  f64
    u8       ≠≠   ≠≠   ≠≠   ≠≠   f32  ≠≠   ≠≠   f32  ≠≠   f32  ≠≠   None ≠≠       f32  f32
    bool     ≠≠   ≠≠   ≠≠   ≠≠   ≠≠   !    ≠≠   ≠≠   ≠≠   !    ≠≠   None ≠≠       ≠≠   !
    c64      ≠≠   ≠≠   ≠≠   ≠≠   ≠≠   ≠≠   c64  c64  c64  c64  c64  None c64      c64  c64
    1        f32  f64  f64  f64  f32  got  c64
    2.5      f32  f64  got  got  got  got  c64
    True     f32  f64  f64  f64  f32  !    c64
    1j       got  got  got  got  got  got  c64
    None     None None None None None None None
    f64(2.5) f32  f64  got  got  got  got  c64
    [1]      f32  f64  f64  f64  f32  got  c64
    [True]   f32  f64  f64  f64  f32  !    c64
    """,
    "// %": """
             f32  f64  i32  i64  u8   bool c64  1    2.5  True 1j   None f64(2.5) [1]  [True]
    f32      f32  ≠    ≠    ≠    ≠    ≠    ≠    f32  f32  f32  ≠    None f32      f32  f32
    f64      ≠    f64  ≠    ≠    ≠    ≠    ≠    f64  f64  f64  ≠    None f64      f64  f64
    i32      ≠    ≠    i32  ≠    ≠    ≠    ≠    i32  ≠    i32  ≠    None ≠        i32  i32
    i64      ≠    ≠    ≠    i64  ≠    ≠    ≠    i64  ≠    i64  ≠    None ≠        i64  i64
    u8       ≠    ≠    ≠    ≠    u8   ≠    ≠    u8   ≠    u8   ≠    None ≠        u8   u8
    bool     !    !    !    !    !    !    !    !    !    !    !    None !        !    !
    c64      !    !    !    !    !    !    !    !    !    !    !    None !        !    !
    1        f32  f64  i32  i64  u8   !    !
    2.5      f32  f64  got  got  got  !    !
    True     f32  f64  i32  i64  u8   !    !
    1j       got  got  got  got  got  !    !
    None     None None None None None !    !
    f64(2.5) f32  f64  got  got  got  !    !
    [1]      f32  f64  i32  i64  u8   !    !
    [True]   f32  f64  i32  i64  u8   !    !
    """,
    "< <= > >=": """
             f32  f64  i32  i64  u8   bool c64  1    2.5  True 1j   None f64(2.5) [1]  [True]
    f32      bool ≠    ≠    ≠    ≠    ≠    ≠    bool bool bool got  None bool     bool bool
    f64      ≠    bool ≠    ≠    ≠    ≠    ≠    bool bool bool got  None bool     bool bool
    i32      ≠    ≠    bool ≠    ≠    ≠    ≠    bool got  bool got  None got      bool bool
    i64      ≠    ≠    ≠    bool ≠    ≠    ≠    bool got  bool got  None got      bool bool
    u8       ≠    ≠    ≠    ≠    bool ≠    ≠    bool got  bool got  None got      bool bool
    bool     !    !    !    !    !    !    !    !    !    !    !    !    !        !    !
    c64      !    !    !    !    !    !    !    !    !    !    !    !    !        !    !
    1        bool bool bool bool bool !    !
    2.5      bool bool got  got  got  !    !
    True     bool bool bool bool bool !    !
    1j       got  got  got  got  got  !    !
    None     None None None None None !    !
    f64(2.5) bool bool got  got  got  !    !
    [1]      bool bool bool bool bool !    !
    [True]   bool bool bool bool bool !    !
    """,
    "& | ^": """
             f32  f64  i32  i64  u8   bool c64  1    2.5  True 1j   None f64(2.5) [1]  [True]
    f32      &    &    &    &    &    &    &    &    &    &    &    None &        &    &
    f64      &    &    &    &    &    &    &    &    &    &    &    None &        &    &
    i32      &    &    &    &    &    &    &    &    &    &    &    None &        &    &
    i64      &    &    &    &    &    &    &    &    &    &    &    None &        &    &
    u8       &    &    &    &    &    &    &    &    &    &    &    None &        &    &
    bool     &    &    &    &    &    bool &    &    &    bool &    None &        &    bool
    c64      &    &    &    &    &    &    &    &    &    &    &    None &        &    &
    1        &    &    &    &    &    got  &
    2.5      &    &    &    &    &    got  &
    True     &    &    &    &    &    bool &
    1j       &    &    &    &    &    got  &
    None     &    &    &    &    &    None &
    f64(2.5) &    &    &    &    &    got  &
    [1]      &    &    &    &    &    got  &
    [True]   &    &    &    &    &    bool &
    """,
}


def cases():
    """The operator, the names of both operands, and what the table says."""
    for signs, table in TABLES.items():
        head, *rows = (line.split() for line in table.strip().splitlines())
        for left, *cells in rows:
            for right, said in zip(head, cells, strict=False):
                for sign in signs.split():
                    yield sign, left, right, said


def operand(name):
    """A tensor of a dtype, or a value, and the dtype of either."""
    if name in DTYPES:
        return tf.constant(np.ones(1, DTYPES[name])), DTYPES[name]
    value = VALUES[name]
    return value, None if value is None else tf.constant(value).dtype.name


@pytest.mark.parametrize("sign", OPERATORS)
def test_an_operator_gives_or_says_what_the_table_has(sign):
    function, op_type = OPERATORS[sign]
    for _sign, left, right, said in (case for case in cases() if case[0] == sign):
        with tf.Graph().as_default():
            (x, dtype_x), (y, dtype_y) = operand(left), operand(right)
            if said in DTYPES:
                assert function(x, y).dtype.name == DTYPES[said], (left, sign, right)
                continue
            with pytest.raises((TypeError, ValueError)) as caught:
                function(x, y)
        names = {"op": op_type, "left": dtype_x, "right": dtype_y}
        names["tensor"] = dtype_x if left in DTYPES else dtype_y
        message = str(caught.value)
        for refused in {dtype_x, dtype_y} if "refused" in SENTENCES[said] else {None}:
            if SENTENCES[said].format(**names, refused=refused) in message:
                break
        else:
            raise AssertionError((left, sign, right, said, message))


def test_an_integer_and_a_fraction_get_the_advice_to_cast():
    for product in (lambda x: x * 2.0, lambda x: x * tf.constant(2.0), lambda x: x / 2.5):
        with pytest.raises(TypeError, match=re.escape("tf.cast(tensor, tf.float32)")):
            product(tf.constant(1))


def test_a_truth_value_becomes_a_number_but_no_number_a_truth_value():
    with tf.Session() as session:
        masked = tf.constant([1.0, 2.0]) * (np.array([3, -3]) > 0)
        assert session.run([masked, tf.constant(True, tf.float32)])[0].tolist() == [1.0, 0.0]
    with pytest.raises(TypeError, match="Expected bool, got 1 of type 'int' instead"):
        tf.constant(1, tf.bool)
