"""Layers: a product with a parameter, and the bias, activation, pooling, … that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from nbgrad.trace.folding.fold import FOLD, Fold
from nbgrad.trace.folding.structure import (
    SHAPING,
    Structure,
    closed_form,
    common_scope,
    scoped_name,
    scopes_above,
)
from nbgrad.trace.model import Node
from nbgrad.trace.records import grouped

#: Products, and what a layer that begins with one is called.
PRODUCTS = {
    **dict.fromkeys(["MatMul", "BatchMatMul"], "dense"),
    **dict.fromkeys(["Conv2D", "Conv1D", "DepthwiseConv2dNative"], "conv"),
    "Conv2DBackpropInput": "deconv",
}

ACTIVATIONS = {
    **{"Relu": "relu", "Relu6": "relu6", "LeakyRelu": "leaky relu", "Elu": "elu", "Selu": "selu"},
    **{"Tanh": "tanh", "Sigmoid": "σ", "Softplus": "softplus", "Softmax": "softmax"},
    **{"LogSoftmax": "log softmax", "Softsign": "softsign"},
}

POOLINGS = ("MaxPool", "AvgPool")

SUMS = ("Add", "AddV2", "BiasAdd")

#: What an activation by hand is made of, such as z · σ(z).
SMOOTH = {"Mul", "Sigmoid", "Tanh", "Exp", "Neg", "Add", "AddV2", "RealDiv", "Maximum", "Softplus"}

#: The characters that a card has room for, as long as something can be left out.
ROOM = 24

#: What may stand before a product in its layer: changes of shape, looking up, a state of zeros.
BEFORE = {
    *SHAPING,
    *("ConcatV2", "Unpack", "Split", "StridedSlice", "Slice", "GatherV2", "OneHot"),
    *("Shape", "Pack", "Fill", "ZerosLike", "OnesLike"),
}

#: A normalisation by hand, or an activation of several operations, has at most so many.
REGION = 14

#: A layer as a fold, and the ids of its kernels.
Found = tuple[Fold, tuple[str, ...]]

#: So many layers with one kernel that stand side by side are one layer that is applied again.
APPLIED = 3


@dataclass
class GrownLayer:
    """A layer that is found operation by operation."""

    products: list[Node]
    kernels: list[Node]
    members: dict[str, Node]
    exit: Node
    words: list[str] = field(default_factory=list)
    active: bool = False  # whether it has its activation

    def add(self, nodes: Sequence[Node], word: str = "", *, active: bool = False) -> bool:
        """Add these, of which the last is read by others; say so."""
        self.members |= {node.id: node for node in nodes}
        self.exit, self.active = nodes[-1], self.active or active
        if word and word not in self.words:
            self.words.append(word)
        return True


def layer_folds(graph: Structure) -> Iterator[Found]:
    """Every layer as a fold, with the ids of its kernels; a product alone is one, too."""
    taken: set[str] = set()
    for node in graph.trace.nodes:
        layer = layer_at(graph, node, taken)
        if layer and not taken & layer.members.keys():
            operations = graph.in_order(layer.members)
            scopes = [scopes_above(node) for node in operations if not graph.is_leaf(node)]
            for fold in graph.fold(operations, description(layer), "/".join(common_scope(scopes))):
                taken |= fold.members
                yield fold, tuple(kernel.id for kernel in layer.kernels)


def layers_in_turn(graph: Structure, found: Sequence[Found]) -> tuple[list[Fold], set[str]]:
    """The layers, steps of a loop with their numbers; and the exits of those side by side.

    Layers with the same kernel are steps where one leads to the next, and else one layer that
    is applied to several things.
    """
    alike = grouped(found, lambda each: (each[1], each[0].form))
    groups = [[fold for fold, _ in each] for each in alike.values() if len(each) > 1]
    bit = {fold.exit: 1 << k for k, folds in enumerate(groups) for fold in folds}
    behind: dict[str, int] = {}  # for each node, the bits of the groups that lead to it
    chained = 0
    for node in graph.trace.nodes:
        bits = 0
        for edge in graph.trace.incoming(node):
            bits |= behind[edge.source]
        chained |= bits & bit.get(node.id, 0)
        behind[node.id] = bits | bit.get(node.id, 0)
    steps = [folds for folds in groups if bit[folds[0].exit] & chained]
    number = {fold.exit: k for folds in steps for k, fold in enumerate(folds, start=1)}
    beside = {f.exit for fs in groups if len(fs) >= APPLIED and fs not in steps for f in fs}
    layers = []
    for fold, _ in found:
        words = f"step {number.get(fold.exit)}: {fold.form.removeprefix('dense ')}"
        layers.append(replace(fold, form=words) if fold.exit in number else fold)
    return layers, beside


# One layer ------------------------------------------------------------------------------------


def layer_at(graph: Structure, product: Node, taken: Collection[str]) -> GrownLayer | None:
    """The layer that begins with a product, if it is one with a parameter."""
    layer = begun(graph, product, taken)
    while layer and layer.exit.id not in graph.ends and grown(graph, layer):
        pass
    return layer


def begun(graph: Structure, product: Node, taken: Collection[str] = ()) -> GrownLayer | None:
    """A product with its kernel, and the change of shape of what it reads."""
    if product.op_type not in PRODUCTS or product.id in taken:
        return None
    operands = [graph.trace.node(edge.source) for edge in graph.trace.incoming(product)]
    kernel = kernel_among(graph, product, operands)
    if kernel is None:
        return None
    members = {product.id: product}
    waiting = {each.id for each in operands}
    while waiting:  # from the last to the first: all that read a node are known before it is
        before = graph.trace.node(max(waiting, key=graph.place.__getitem__))
        waiting.remove(before.id)
        inner = before.id not in taken and graph.is_inner(before, members)
        if inner and before.op_type in BEFORE:
            members[before.id] = before
            waiting |= {each.id for each in graph.operands(before)}
    return GrownLayer([product], [kernel], members, product)


def kernel_among(graph: Structure, product: Node, operands: Sequence[Node]) -> Node | None:
    """The kernel of a product: a parameter, or the window of a convolution, whatever that is."""
    leaves = [kernel_of(graph, each) for each in operands]
    if PRODUCTS[product.op_type] == "conv":
        kernel = leaves[1]
        return kernel if kernel.role == "constant" or is_parameter(graph, kernel) else None
    return next((leaf for leaf in reversed(leaves) if is_parameter(graph, leaf)), None)


def kernel_of(graph: Structure, operand: Node) -> Node:
    """The leaf that an operand is, or that it transposes."""
    while operand.op_type in SHAPING and len(graph.operands(operand)) == 1:
        operand = graph.operands(operand)[0]
    return operand


def is_parameter(graph: Structure, node: Node) -> bool:
    """Whether a node is a parameter of a network, and not its data."""
    is_leaf = graph.is_leaf(node) and node.dtype.startswith("float")
    return is_leaf and (node.role == "variable" or (node.requested and node.role != "input"))


def grown(graph: Structure, layer: GrownLayer) -> bool:
    """Whether the operation that reads a layer belongs to it; then it has been added."""
    readers = graph.readers(layer.exit)
    if len(readers) > 1:
        return with_region(graph, layer)
    rules = (with_bias, with_product, with_activation, with_change, with_hand_made)
    alone = bool(readers) and not readers[0].requested
    return alone and any(rule(graph, layer, readers[0]) for rule in rules)


def with_bias(graph: Structure, layer: GrownLayer, reader: Node) -> bool:
    """The bias, and what a normalisation scales and shifts by."""
    others = [node for node in graph.operands(reader) if node.id != layer.exit.id]
    scaled = reader.op_type == "Mul" and "norm" in " ".join(layer.words)
    if layer.active or (reader.op_type not in SUMS and not scaled) or len(others) != 1:
        return False
    if not is_parameter(graph, kernel_of(graph, others[0])):
        return False
    shaping: list[Node] = []
    while graph.trace.incoming(others[0]) and graph.is_inner(others[0], {reader.id}):
        shaping, others = [others[0], *shaping], graph.operands(others[0])
    return layer.add([*shaping, reader])


def with_product(graph: Structure, layer: GrownLayer, reader: Node) -> bool:
    """A second product that is added, as in `x U + h V + b`."""
    if layer.active or reader.op_type not in SUMS:
        return False
    others = [node for node in graph.operands(reader) if node.id != layer.exit.id]
    second = others[0] if len(others) == 1 else reader
    if graph.readers(second) != [reader] or second.id in graph.ends:
        return False
    found = begun(graph, second)
    if found is None:
        return False
    layer.products += found.products
    layer.kernels += found.kernels
    return layer.add([*found.members.values(), reader])


def with_activation(_graph: Structure, layer: GrownLayer, reader: Node) -> bool:
    word = "" if layer.active else ACTIVATIONS.get(reader.op_type, "")
    return bool(word) and layer.add([reader], word, active=True)


def with_change(graph: Structure, layer: GrownLayer, reader: Node) -> bool:
    """Pooling, a change of shape, or a composite that was found: dropout, batch norm."""
    word = ""
    if reader.op_type in POOLINGS:
        word = "pool"
    elif reader.op_type == "Merge" and "dropout" in scoped_name(reader):
        word = "dropout"  # if it is training
    elif reader.op_type == FOLD and reader.expression in ("dropout", "batch norm"):
        word = reader.expression
    shapes = reader.op_type in SHAPING and reader.op_type != "StopGradient"
    return bool(word or shapes) and layer.add([reader], word)


def with_hand_made(graph: Structure, layer: GrownLayer, reader: Node) -> bool:
    """An activation that is made of operations on one operand: 1 / (1 + exp(−z))."""
    run = [reader]
    while not layer.active and len(run) <= REGION and len(graph.operands(run[-1])) == 1:
        form = closed_form(run, layer.exit.label)
        function = form.removesuffix(f"({layer.exit.label})")
        if function in ("σ", "tanh", "softplus"):
            return layer.add(run, function, active=True)
        following = graph.readers(run[-1])
        if len(following) != 1 or run[-1].id in graph.ends:
            return False
        run.append(following[0])
    return False


def with_region(graph: Structure, layer: GrownLayer) -> bool:
    """A normalisation or an activation by hand, of which several operations read the layer."""
    region = graph.closing(layer.exit, REGION)
    inside = {node.id for node in region} | {layer.exit.id}
    types = {node.op_type for node in region}
    if not region or any(node.requested for node in region) or types & PRODUCTS.keys():
        return False
    read = [each for node in region for each in graph.operands(node) if each.id not in inside]
    if not all(is_parameter(graph, node) or node.role == "constant" for node in read):
        return False
    normal = any(node.expression == "batch norm" for node in region)
    if normal or ("Mean" in types and types & {"Sqrt", "Rsqrt", "Pow"}):
        return layer.add(region, "batch norm")
    if layer.active or read or len(region) > 4 or not types <= SMOOTH:
        return False
    return layer.add(region, "activation", active=True)


def description(layer: GrownLayer) -> str:
    """A layer in words: `dense 784→256, relu`, `conv 5×5 1→32, relu, pool`."""
    sizes = dict.fromkeys(map(kernel_sizes, layer.products, layer.kernels))
    kind = PRODUCTS[layer.products[0].op_type]
    words = ", ".join([f"{kind} {' + '.join(sizes)}", *layer.words])
    return words.removeprefix("dense ") if len(words) > ROOM else words


def kernel_sizes(product: Node, kernel: Node) -> str:
    """The sizes of a kernel: `784→10`, `5×5 1→32`."""
    if len(kernel.shape) < 2:
        return "×".join(map(str, kernel.shape))
    *window, width, outputs = kernel.shape
    if product.shape and product.shape[-1] != outputs:  # the kernel is transposed
        width, outputs = outputs, width
    return f"{'×'.join(map(str, window))} {width}→{outputs}".lstrip()
