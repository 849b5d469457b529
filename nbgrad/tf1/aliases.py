"""TensorFlow's names that are also Python's, and its older names for one thing.

The function behind `tf.range` is `range_`, since its module uses Python's `range`; in this module,
where nothing else stands, each has TensorFlow's name.
"""

from nbgrad.core.dtypes import bool_
from nbgrad.ops.arithmetic import divide
from nbgrad.ops.complex_numbers import complex_
from nbgrad.ops.constants import linspace, range_
from nbgrad.ops.shaping import reverse
from nbgrad.tf1.arrays import slice_
from nbgrad.tf1.control import tuple_
from nbgrad.tf1.signatures import argmax, argmin

bool = bool_
complex = complex_
range = range_
slice = slice_
tuple = tuple_

arg_max = argmax
arg_min = argmin
lin_space = linspace
realdiv = divide
reverse_v2 = reverse
