"""What was corrected since a briefing was issued, in two sentences for the first screen."""

from __future__ import annotations

import math

from rivals.analysis.corrections import (
    JUDGED,
    PUT_OTHERWISE,
    TAKEN_OUT,
    WITHDRAWN,
    Corrections,
)
from rivals.phrases import count, list_all, quoted, say_percent
from rivals.prose.measures import say_decibels, say_signed

SLIGHT = 0.05
"""What moves by less, in points or decibels, has not moved."""

_KINDS = {
    WITHDRAWN: "retracted",
    PUT_OTHERWISE: "put right",
    TAKEN_OUT: "taken out of the log",
}


def say_corrections(found: Corrections, label: str, issued: str, led: str = "") -> str:
    """What was corrected since the briefing issued on a day, and what it did to the judgement.

    label: what the leader is called; issued: the day as it is said; led:
    what the leader then was called, where another one leads now.
    """
    what = [
        f"{count(number, 'report')} {'was' if number == 1 else 'were'} {said}"
        for kind, said in _KINDS.items()
        if (number := found.count[kind])
    ]
    if JUDGED in set(found.items["kind"]):
        number = found.count[JUDGED]
        was = "was" if number == 1 else "were"
        what.append(
            f"{count(number, 'stated number')} {was} changed" if number else "the model was changed"
        )
    return (
        f"Corrected since the briefing issued on {issued}: {list_all(what)}. "
        f"{_say_effect(found, label)}{f' Then {quoted(led)} led.' if led else ''}"
    )


def _say_effect(found: Corrections, label: str) -> str:
    before, after = say_percent(found.before), say_percent(found.after)
    kind = "was why" if found.explained else "holds"
    stood = f"That {quoted(label)} {kind} stood at {before} then and stands at {after} now"
    if math.isnan(found.moved):
        return f"{stood}; what of that the corrections did cannot be told apart."
    if abs(found.news) < SLIGHT <= abs(found.moved):
        return f"{stood}; all of that is what the corrections did."
    moved = _say_share(found.moved, found.explained)
    if moved.startswith("0"):
        did = "the corrections by themselves moved it by nothing to speak of"
    else:
        did = f"the corrections by themselves moved it by {moved}"
    news = _say_share(found.news, found.explained) if not math.isnan(found.news) else ""
    rest = f", what is new by {news}" if news and not news.startswith("0") else ""
    return f"{stood}; {did}{rest}."


def _say_share(share: float, explained: bool) -> str:
    if not explained:
        return say_decibels(share)
    points = say_signed(share, 0)
    return f"{points} {'point' if points.strip('+−') == '1' else 'points'}"
