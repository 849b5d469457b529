"""A template: the scene of a graph in one layout, to be styled with the numbers of any trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nbgrad.picture.facts import Facts, facts_of
from nbgrad.picture.scene import Scene
from nbgrad.picture.style import Style, StyledScene, Styles
from nbgrad.picture.words import headline
from nbgrad.trace.folding import Folds, folded
from nbgrad.trace.model import Trace


@dataclass(frozen=True, eq=False)
class Template:
    """A scene, and how its styles are found.

    Attributes
    ----------
    styles
        What finds styles; those of elements that are not in the scene are left out.
    crowded
        Whether chips show for one edge at a time.
    folds
        Which operations are shown together as one card.
    """

    scene: Scene
    styles: tuple[Callable[[Facts], Styles], ...]
    crowded: bool = False
    folds: Folds = ()

    def styled(self, trace: Trace) -> StyledScene:
        """The scene with the numbers of a trace of its graph."""
        seen, clock = folded(trace, self.folds)
        facts = facts_of(seen, chips_once=self.crowded)
        ids = self.scene.ids
        styles: Styles = {}
        for find in self.styles:
            styles |= {key: style for key, style in find(facts).items() if key in ids}
        if seen is not trace:
            styles = {key: retimed(style, clock) for key, style in styles.items()}
        return StyledScene(self.scene, styles, len(trace.steps), headline(trace))


def retimed(style: Style, clock: tuple[int, ...]) -> Style:
    """A style of a folded trace, timed by the steps of the whole one."""
    return style._replace(since=tick(style.since, clock), until=tick(style.until, clock))


def tick(k: int, clock: tuple[int, ...]) -> int:
    """When a step of a folded trace has happened; what is never or afterwards stays so."""
    return clock[k] if k < len(clock) else clock[-1] + 1 if k == len(clock) else k
