"""The lints by their codes: what each tells, why that matters, and how to answer it.

A lint is not an error: the files are well formed, and the lint may be right all the same. It is
mended, or silenced in scenario.yaml with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from rivals.errors import quote, suggest


@dataclass(frozen=True)
class Code:
    """One kind of lint; `at` is a path such as it is told at, for the example of a silence."""

    code: str
    name: str
    means: str
    matters: str
    mend: str
    at: str


CODES = (
    Code(
        "R101",
        "no-why",
        "A number stands without a reason: a variable, source or likelihood has numbers and "
        "no `why`. Or a report is taken back or put right, and the entry does not say why.",
        "Nobody can tell a base rate from a guess, argue with it, or know when it is out of "
        "date; the briefing prints the reason beside each assumption. A log is put right in the "
        "open, so that its readers can judge the correction too.",
        "Write where the number comes from, also when that is a guess; write what was wrong with "
        "the report.",
        "variables.arson",
    ),
    Code(
        "R102",
        "too-strong",
        "One stated judgement can lend more than 20 dB, a factor of 100, to a claim. Reckoned "
        "is the largest ratio between two states of one thing, all else the same: of a "
        "likelihood, its largest entry to its smallest; of a prior, a state to all others; of "
        "a gate, what learning a state of the variable says for one state of a parent against "
        "another, cells of exactly 0 left out, since they mostly say what words mean; of a "
        "source, what one of its claims says for one state against another.",
        "Such a number outweighs a dozen good reports. Chances that small or large are seldom "
        "known, and a leak of 0.001 says that nothing else can bring the thing about.",
        "Ask whether the small number is known to be that small; raise it to what you would "
        "bet on.",
        "variables.decree",
    ),
    Code(
        "R201",
        "cannot-matter",
        "A counted report cannot move any hypothesis, nor any `because`: it is d-separated "
        "from the hypotheses' variables and from all that leads to an effect, given all other "
        "evidence.",
        "It costs reading and coding and changes nothing; or a link is missing between what "
        "it speaks of and the rivals.",
        "Add the missing link if there is one; silence it if the report serves an outcome.",
        "reports.harbour-camera",
    ),
    Code(
        "R202",
        "unreported",
        "A variable on which no report counts, that nobody is set to find out (`observable`), "
        "for which no report is `expected`, and that is no outcome.",
        "What is believed of it follows from stated numbers alone; a report on it could be missed.",
        "Say how it could be found out, or leave it out if nothing could ever bear on it.",
        "variables.ignition",
    ),
    Code(
        "R203",
        "unused-source",
        "A source is graded and no claim of it counts: nobody quotes it, or only copies and "
        "echoes do.",
        "Its grade changes nothing; the work went into it, or the reports of it are missing.",
        "Log what it said, or take it out.",
        "sources.insurer",
    ),
    Code(
        "R204",
        "not-told-apart",
        "No item of evidence, alone or with all others, moves the odds between two hypotheses "
        "by 0.1 dB: the evidence treats them as one.",
        "Their order in the answer is that of their priors; no report so far is to the point.",
        "Look for a trace that one would leave and the other would not, and model it.",
        "hypotheses.arson",
    ),
    Code(
        "R205",
        "one-sided",
        "Every claim that counts says that something is there, none that anything is not, and "
        "the model holds it for less than 5% likely, before any claim, that all of these are "
        "there at once.",
        "Where only what happened gets reported, what is missing from the log is evidence too: "
        "in `make study` that costs more than any other fault of a log, and the answer is no "
        "better than the priors.",
        "Log what is known to be absent, and what was asked for and not found; say under "
        "`expected` which reports should have come by now.",
        "sources",
    ),
    Code(
        "R301",
        "unmarked-echo",
        "Two reports that count apart look like one story: alike in words, days, claims, "
        "source or link, with a score of 0.65 or more (`rivals.lints.likeness` says how it is "
        "reckoned).",
        "What goes back to one origin counts once; an echo that counts again is evidence from "
        "nothing.",
        "Read both; give them one `origin`, or mark one as `copy_of` the other.",
        "reports.gazette-petrol",
    ),
    Code(
        "R302",
        "drift",
        "An echo or copy contradicts what it repeats.",
        "One of the two was miscoded, or the story changed on the way; or it is no "
        "repetition, and ought to count.",
        "Read both; amend the coding, or give it an origin of its own if it has one.",
        "reports.gazette-petrol",
    ),
    Code(
        "R303",
        "addition",
        "An echo or copy goes beyond what it repeats. What it adds weighs nothing.",
        "If the addition is the outlet's own reporting, evidence is lost; if it is colour, "
        "nothing is.",
        "Log own reporting as a report of its own, with its own source and origin.",
        "reports.gazette-petrol",
    ),
    Code(
        "R304",
        "dates",
        "Dates stand in an order that they cannot have: logged before published or before the "
        "entry above it, taken back or put right before it was had, an outcome known before "
        "the log begins.",
        "The trail, `--as-of` and the scores follow these dates.",
        "Put `published` right by an amendment; `logged` stays as it was: say why it is so.",
        "reports.harbour-camera",
    ),
    Code(
        "R305",
        "overruled",
        "An analyst codes a report otherwise in a field that an amendment of the log sets.",
        "Amendments come after an analyst's coding: from then on the analyst believes what "
        "everybody does.",
        "Take it out of the analyst's file; what an amendment sets is the same for all.",
        "reports.owner-wiring.claims",
    ),
    Code(
        "R401",
        "unused-silence",
        "A silence silences nothing.",
        "It would hide the next lint of its kind, with a reason that was meant for another.",
        "Take it out, or put its `at` right.",
        "silenced[0]",
    ),
)
"""In the order in which they are told."""


def find_code(text: str) -> Code:
    """A lint by its code or its name; raises ValueError for one that is not known."""
    known = {word: one for one in CODES for word in (one.code, one.name)}
    if text not in known:
        raise ValueError(
            f"a lint is named by its code or its name, got {quote(text)}{suggest(text, known)}"
        )
    return known[text]
