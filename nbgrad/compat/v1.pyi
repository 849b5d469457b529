# For type checkers; at run time it is nbgrad itself.
from nbgrad import *  # noqa: F403
