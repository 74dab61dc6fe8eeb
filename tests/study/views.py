"""How an analyst sees a made world: with the right model, or under one kind of error each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from study.coding import HEARD_OF, Page, code, miscode
from study.faults import deceive, hush, share_an_origin, shift_grades, shift_links
from study.model import Model, Numbers
from study.setting import Made
from study.suspecting import Suspicion, suspect

RIGHT, UNMARKED, LINTED = "right model", "unmarked copies", "unmarked, linted"
GRADES_OFF, LINKS_OFF = "grades off by one", "links off by 30%"
ORIGIN, DECEIT, SILENCE = "hidden common origin", "deceptive source", "only positives reported"
AWAITED = "only positives, awaited"
KINDS = (RIGHT, UNMARKED, LINTED, GRADES_OFF, LINKS_OFF, ORIGIN, DECEIT, SILENCE, AWAITED)
"""The right model, a fifth of the copies taken for the outlet's own word, and the wrong ones.

After two of them the same as an analyst would see it who acts upon what `rivals check` remarks.
"""


@dataclass(frozen=True)
class View:
    """A model and the pages as they are coded."""

    model: Model
    pages: tuple[Page, ...]
    awaits: bool = False
    """Whether a report is expected of everything that is there (`expected`)."""

    @property
    def numbers(self) -> Numbers:
        """All that the analyst states, by path."""
        names = self.model.variables if self.awaits else ()
        awaited = {f"expected.{name}.chance": np.array(HEARD_OF) for name in names}
        return self.model.as_stated() | awaited

    @property
    def counted(self) -> tuple[Page, ...]:
        """The pages that are not marked as copies."""
        return tuple(page for page in self.pages if page.copy_of is None)


def take_views(made: Made) -> dict[str, View]:
    """The view under every kind of error, but for the lint."""
    model, pages = made.model, code(made.told, made.model)
    views = {
        RIGHT: View(model, pages),
        UNMARKED: View(model, miscode(made.told, pages)),
        GRADES_OFF: View(shift_grades(made.setting.generator(4), model), pages),
        LINKS_OFF: View(shift_links(made.setting.generator(5), model), pages),
    }
    altered = {
        ORIGIN: share_an_origin(made.voices(6), made.told),
        DECEIT: deceive(made.voices(7), made.told),
        SILENCE: hush(made.told),
    }
    views |= {kind: View(model, code(told, model)) for kind, told in altered.items()}
    return views | {AWAITED: replace(views[SILENCE], awaits=True)}


def lint(views: dict[str, View], made: Made) -> tuple[dict[str, View], Suspicion]:
    """The views with one more, in which every suspicion of `rivals check` is acted upon."""
    unmarked = views[UNMARKED]
    pages, suspicion = suspect(unmarked.pages, made.model, made.setting.generator(8))
    return views | {LINTED: replace(unmarked, pages=pages)}, suspicion
