"""Templates: a scene, and the rules by which any trace of its graph gives it its styles.

A layout makes one. The rules are data (see `style.Rule`); `forms` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

from nbgrad.picture import term_forms as term_forms  # adds its forms
from nbgrad.picture.cards import map_forms as map_forms  # adds its forms
from nbgrad.picture.facts import facts_of
from nbgrad.picture.forms import FORMS
from nbgrad.picture.scene import Scene
from nbgrad.picture.style import Rule, Style, StyledScene
from nbgrad.picture.words import headline
from nbgrad.trace.folding import Folds, folded
from nbgrad.trace.model import Trace


@dataclass(frozen=True, eq=False)
class Template:
    """A scene, and how its styles are found.

    Attributes
    ----------
    rules
        For each element that depends on numbers, what it shows.
    folds
        Which operations are shown together as one card.
    overview
        Of an overview, what it shows and what it leaves out, in a sentence or two.
    """

    scene: Scene
    rules: tuple[Rule, ...] = ()
    folds: Folds = ()
    overview: str = ""

    def styled(self, trace: Trace) -> StyledScene:
        """The scene with the numbers of a trace of its graph."""
        seen, clock = folded(trace, self.folds)
        facts = facts_of(seen, self.rules)
        styles = {key: FORMS[form](facts, of, **options) for key, form, of, options in self.rules}
        if seen is not trace:
            styles = {key: retimed(style, clock) for key, style in styles.items()}
        return StyledScene(self.scene, styles, len(trace.steps), headline(trace))


def retimed(style: Style, clock: tuple[int, ...]) -> Style:
    """A style of a folded trace, timed by the steps of the whole one."""
    return style._replace(
        since=time_of_step(style.since, clock), until=time_of_step(style.until, clock)
    )


def time_of_step(k: int, clock: tuple[int, ...]) -> int:
    """The step of the whole trace at which a step of its folded trace has happened."""
    return clock[k] if k < len(clock) else clock[-1] + 1 if k == len(clock) else k
