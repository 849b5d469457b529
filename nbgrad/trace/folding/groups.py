"""Groups of the nodes of a large graph: by name scopes, and inside of them by structure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nbgrad.trace.folding.choice import is_opened, structure_of
from nbgrad.trace.folding.regions import scoped_name
from nbgrad.trace.model import Node, Trace
from nbgrad.trace.records import grouped


@dataclass(frozen=True, eq=False)
class NodeGroup:
    """Some nodes, of which some are in groups of their own.

    Attributes
    ----------
    name
        Its scope, or what it is in words: `dense 784→256, relu`; "" of all that there is.
    nodes
        The ids of the nodes in none of the inner groups.
    """

    name: str
    nodes: tuple[str, ...]
    groups: tuple[NodeGroup, ...] = ()

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The ids of all nodes inside."""
        return (*self.nodes, *(key for group in self.groups for key in group.members))


def groups_of(trace: Trace, opened: Collection[str] = ()) -> NodeGroup:
    """All nodes of a trace in nested groups; those that are `opened` are no groups of their own."""
    found: dict[str, NodeGroup] = {}  # the outermost so far, by the id of their exit
    exits: dict[NodeGroup, str] = {}
    hidden: set[str] = set()
    for fold in (fold for stage in structure_of(trace) for fold in stage):
        parts = [found.pop(key) for key in fold.members if key in found]
        if is_opened(trace, fold, opened):
            found |= {exits[part]: part for part in parts}
            continue
        inside = {key for part in parts for key in part.members}
        own = (fold.members | own_leaves(trace, fold.members | inside)) - inside
        group = NodeGroup(fold.form or trace.node(fold.exit).label, in_order(own), tuple(parts))
        found[fold.exit], exits[group] = group, fold.exit
        hidden |= own
    homes = homes_of(trace, found, hidden)
    return scope_around("", [(homes[key], key) for key in homes], found)


def own_leaves(trace: Trace, inside: Collection[str]) -> set[str]:
    """The leaves that are read by these alone."""
    read = {edge.source for key in inside for edge in trace.incoming(trace.node(key))}
    leaves = [trace.node(key) for key in read - {*inside}]
    return {
        leaf.id
        for leaf in leaves
        if not trace.incoming(leaf) and all(e.target in inside for e in trace.outgoing(leaf))
    }


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(keys, key=lambda key: int(key[1:])))


def homes_of(
    trace: Trace, found: Mapping[str, NodeGroup], hidden: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The scopes of everything that is in no group by structure, and of these groups."""
    loose = [node for node in trace.nodes if node.id not in hidden or node.id in found]
    homes = {node.id: scopes_above(node) for node in loose}
    homes |= {key: scopes_above(trace.node(key)) for key in found}
    owner = {key: exit_ for exit_, group in found.items() for key in group.members}
    for node in loose:  # a parameter belongs to what alone reads it
        readers = {edge.target for edge in trace.outgoing(node)}
        if not trace.incoming(node) and not homes[node.id] and readers:
            homes[node.id] = shared([homes[owner.get(key, key)] for key in readers])
    return homes


def scopes_above(node: Node) -> tuple[str, ...]:
    return tuple(scoped_name(node).split("/")[:-1])


def shared(scopes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The innermost scope that all of these are in."""
    depth = 0
    while all(len(scope) > depth and scope[depth] == scopes[0][depth] for scope in scopes):
        depth += 1
    return scopes[0][:depth]


def scope_around(
    name: str, homes: Sequence[tuple[tuple[str, ...], str]], found: Mapping[str, NodeGroup]
) -> NodeGroup:
    """A scope with its groups and the scopes in it, for keys with what is left of their scopes."""
    direct = [key for scope, key in homes if not scope]
    inner = grouped((each for each in homes if each[0]), lambda each: each[0][0])
    scopes = [
        scope_around(own, [(scope[1:], key) for scope, key in inside], found)
        for own, inside in inner.items()
    ]
    lonely = {key for scope in scopes if len(scope.members) == 1 for key in scope.members}
    nodes = in_order({key for key in direct if key not in found} | lonely)
    scopes = [scope for scope in scopes if len(scope.members) > 1]
    parts = (*(found[key] for key in direct if key in found), *scopes)
    alone = parts[0] if len(parts) == 1 and not nodes and name else None
    return (
        NodeGroup(name, nodes, parts)
        if alone is None
        else NodeGroup(name, alone.nodes, alone.groups)
    )
