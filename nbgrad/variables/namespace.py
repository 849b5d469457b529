"""The initializers under their short names, `tf.initializers.…`."""

from nbgrad.variables.initialization import global_variables_initializer as global_variables
from nbgrad.variables.initialization import local_variables_initializer as local_variables
from nbgrad.variables.initialization import variables_initializer as variables
from nbgrad.variables.initializers import constant_initializer as constant
from nbgrad.variables.initializers import identity_initializer as identity
from nbgrad.variables.initializers import ones_initializer as ones
from nbgrad.variables.initializers import zeros_initializer as zeros
from nbgrad.variables.random_initializers import random_normal_initializer as random_normal
from nbgrad.variables.random_initializers import random_uniform_initializer as random_uniform
from nbgrad.variables.random_initializers import truncated_normal_initializer as truncated_normal
from nbgrad.variables.variance_scaling import glorot_normal_initializer as glorot_normal
from nbgrad.variables.variance_scaling import glorot_uniform_initializer as glorot_uniform
from nbgrad.variables.variance_scaling import he_normal, he_uniform, lecun_normal, lecun_uniform
from nbgrad.variables.variance_scaling import variance_scaling_initializer as variance_scaling
