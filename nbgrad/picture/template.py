"""Templates: a scene, and the rules by which any trace of its graph gives it its styles.

A layout makes one. Adjoints may be left out, with an empty field for each, to be predicted: they
are taken out of the trace itself, so that whatever reads it has nothing to give away. The page does
the same, with fields to type in (`static/withhold.js`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from nbgrad.picture.cards import maps as maps  # adds its forms
from nbgrad.picture.cards import roads as roads  # adds its forms
from nbgrad.picture.forms import FORMS, Facts
from nbgrad.picture.scene import NEVER, OFF, Rule, Scene, Style, StyledScene, Styles
from nbgrad.picture.words import equation, headline
from nbgrad.trace.folding import Folds, folded
from nbgrad.trace.model import Adjoint, Node, Trace


@dataclass(frozen=True, eq=False)
class Template:
    """A scene, and how its styles are found."""

    scene: Scene
    rules: tuple[Rule, ...] = ()  # for each element that depends on numbers, what it shows
    folds: Folds = ()  # operations that are shown together as one card
    overview: str = ""  # of an overview, what it shows and leaves out, in a sentence or two

    def styled(self, trace: Trace) -> StyledScene:
        seen, clock = folded(trace, self.folds)
        facts = Facts(seen, self.rules)
        styles = {key: FORMS[form](facts, of, **options) for key, form, of, options in self.rules}
        if seen is not trace:
            styles = {
                key: style._replace(
                    since=time_of_step(style.since, clock), until=time_of_step(style.until, clock)
                )
                for key, style in styles.items()
            }
        return StyledScene(self.scene, styles, len(trace.steps), headline(trace))


def time_of_step(k: int, clock: tuple[int, ...]) -> int:
    """The step of the whole trace at which a step of its folded trace has happened."""
    return clock[k] if k < len(clock) else clock[-1] + 1 if k == len(clock) else k


MOST_ASKED = 36  # an array of more elements, which differ, is given
NOT_FOUND = Adjoint("not run")
FIELD = 40.0  # the least room to write a number in

# What the forms do with what is hidden: where a number was there is a field, or room on a road
# that is drawn; dots wait for nothing; a local derivative or a name gives nothing away.
FIELDS = ("adjoint", "product", "path product", "path sum")
LANES = ("reverse", "flow")
LEFT_OUT = ("inbox", "waiting", "inbox waiting")
OPEN = ("factor", "factors", "path numbers", "ribbon", "label", "total")


def asked_nodes(trace: Trace) -> list[str]:
    return [node.id for node in trace.nodes if is_asked(trace, node)]


def is_asked(trace: Trace, node: Node) -> bool:
    """Whether an adjoint is a question: not what nothing but its seed reaches, nor a large one."""
    adjoint = node.adjoint
    sends = any(e.source == node.id and e.contribution is not None for e in trace.edges)
    if adjoint.state == "not run" or (node.seed is not None and not sends):
        return False
    if adjoint.value is None:
        return True
    array = adjoint.value.array
    return array.size > 0 and (array.size <= MOST_ASKED or bool((array == array.flat[0]).all()))


def hidden_trace(trace: Trace, hidden: Collection[str]) -> Trace:
    """The trace without the adjoints of some nodes, and without what makes them up."""
    nodes = tuple(
        replace(node, adjoint=NOT_FOUND) if node.id in hidden else node for node in trace.nodes
    )
    edges = list(trace.edges)
    for n, edge in enumerate(edges):
        if edge.source in hidden:  # nor why it brings nothing; a stop is no secret
            cause = edge.cause if trace.node(edge.target).stopped else ""
            edges[n] = replace(edge, contribution=None, cause=cause)
    return replace(trace, nodes=nodes, edges=tuple(edges))


def with_fields(template: Template, trace: Trace, hidden: Collection[str]) -> StyledScene:
    """A picture of a trace in which adjoints of some nodes are empty fields."""
    everything = template.styled(trace)
    found = template.styled(hidden_trace(trace, hidden))
    seen, _ = folded(trace, template.folds)
    sources = {edge.id: edge.source for edge in seen.edges}
    styles: Styles = dict(found.styles)
    for rule in template.rules:
        is_hidden = sources.get(rule.of, rule.of) in hidden
        styles[rule.id] = asked_style(rule, is_hidden, found.styles, everything.styles)
    return replace(found, styles=styles, title=question(trace, hidden))


def asked_style(
    rule: Rule, is_hidden: bool, found: Mapping[str, Style], everything: Mapping[str, Style]
) -> Style:
    """The style of an element in a picture with questions."""
    style, whole = found.get(rule.id, OFF), everything.get(rule.id, OFF)
    if rule.form in OPEN:
        return without_cut(whole)
    if not is_hidden:
        return style
    if rule.form in LANES:
        since = 0 if whole.since == NEVER or whole is OFF else whole.since
        return style._replace(classes=f"road {rule.form}", since=since)
    if rule.form in LEFT_OUT:
        return OFF
    if rule.form in FIELDS:
        width = round(max(FIELD, whole.width))
        is_off = "off" in whole.classes.split()
        return OFF if is_off else Style(" ", "chip number adjoint asked", width=width)
    return style._replace(title=style.title.replace("not run", "?"))


def without_cut(style: Style) -> Style:
    """A style that does not say that nothing passes, which is to be found."""
    classes = style.classes.split()
    text = "" if "cut-text" in classes else style.text
    kept = " ".join(name for name in classes if name != "cut")
    return style._replace(text=text, classes=kept, title="")


def question(trace: Trace, hidden: Collection[str]) -> str:
    """The picture in words, without what is to be found: `f = x · x = 9. To find: df/dx.`"""
    ys = ", ".join(equation(trace.node(y)) for y in trace.ys)
    nodes = [node for node in reversed(trace.nodes) if node.id in hidden]
    return f"{ys}. To find: {', '.join(map(trace.total, nodes))}."
