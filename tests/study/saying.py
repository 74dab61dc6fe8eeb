"""What came out in plain words, for README and for the end of the notebook; no number by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

import pandas as pd

from rivals.phrases import say_percent
from study.coding import HEARD_OF
from study.results import CLEAR, FOLDER, by_kind, by_method, describe, leading, others_ahead, read
from study.sample import (
    ACH,
    ACH_TOLD,
    NAIVE,
    NAIVE_ALL,
    NAIVE_ALL_CAPPED,
    NAIVE_CAPPED,
    PRIOR,
    RIVALS,
    RIVALS_CAPPED,
)
from study.setting import RATES
from study.tables import ALL
from study.views import (
    AWAITED,
    DECEIT,
    GRADES_OFF,
    KINDS,
    LINKS_OFF,
    LINTED,
    ORIGIN,
    RIGHT,
    SILENCE,
    UNMARKED,
)

BEGIN, END = "<!-- written by `make study`: -->", "<!-- end -->"
LINE = 104
COLUMNS = {
    RIVALS: "`rivals`",
    NAIVE: "naive Bayes, marked copies dropped",
    NAIVE_CAPPED: "the same, kept to 1-99%",
    NAIVE_ALL: "naive Bayes, every page",
    ACH: "ACH",
    PRIOR: "prior alone",
}


def say_all(folder: Path = FOLDER) -> str:
    """README's part: how large, the table, when to trust it and when not."""
    words = (_say_size, say_certainty, *ANSWERS)
    size, *rest = (_fold(say(folder)) for say in words)
    return "\n\n".join((size, _tabulate(folder), *rest))


def _fold(text: str) -> str:
    """Paragraphs in lines; tables as they are."""
    parts = text.split("\n\n")
    folded = (p if p.startswith("|") else fill(p, LINE, break_on_hyphens=False) for p in parts)
    return "\n\n".join(folded)


def say_answer(folder: Path = FOLDER) -> str:
    """The notebook's answer: the same without the table."""
    return "\n\n".join(say(folder) for say in ANSWERS)


def _say_size(folder: Path) -> str:
    found = describe(folder)
    return (
        f"`make study` draws {found['worlds']:,} worlds with {found['pages']:,} pages of reports, "
        f"in which the truth is known, and has {found['forecasts']:,} hypotheses weighed by each "
        "method, all told the same, save that only `rivals` can be told what is awaited. Below is "
        "the mean log score in bits: 0 is perfect, 1 is what tossing a coin earns, lower is "
        "better; in bold the best and what is within two standard errors of it. "
        "`notebooks/does_it_help.ipynb` shows more."
    )


def _tabulate(folder: Path) -> str:
    scores = read("scores", folder)
    table, leads = by_kind(scores)[list(COLUMNS)], leading(scores)
    lines = ["| | " + " | ".join(COLUMNS.values()) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for kind, row in table.iterrows():
        cells = (f"**{x:.2f}**" if leads.loc[kind, name] else f"{x:.2f}" for name, x in row.items())
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def say_certainty(folder: Path = FOLDER) -> str:
    """What it is worth to go no further than "almost certain"."""
    scores = by_kind(read("scores", folder))
    every, least = scores.loc[RIGHT, NAIVE_ALL_CAPPED], scores.loc[UNMARKED, RIVALS_CAPPED]
    best = ", the best of all" if least == scores.loc[UNMARKED].min() else ""
    return (
        "Most of what *every page* loses it loses by being certain: kept to 1-99% it has "
        f"{every:.2f} with the right model. `rivals` kept to 1-99% has "
        f"{scores.loc[RIGHT, RIVALS_CAPPED]:.2f} there and {least:.2f} under unmarked copies{best}."
    )


def say_trust(folder: Path = FOLDER) -> str:
    """What holds when the model is right or nearly so."""
    scores, held = read("scores", folder), _at_all(read("ranges", folder))["held"]
    lost = by_method(read("losses", folder), RIVALS)["all worlds"]
    ours = scores[(scores["kind"] == RIGHT) & (scores["method"] == RIVALS)].set_index("echo")
    each = ours.drop(ALL)
    return (
        f"**When to trust it.** {_say_right(scores)} Its calibration error is "
        f"{ours.loc[ALL, 'calibration_error']:.3f}, at single echo rates up to "
        f"{each['calibration_error'].max():.3f}, where luck alone would make "
        f"{each['by_chance_alone'].max():.3f}; what it puts first holds in "
        f"{say_percent(ours.loc[ALL, 'top_one'])} of worlds; its 90% range holds what the true "
        f"numbers imply in {say_percent(held[RIGHT])}. Numbers somewhat wrong cost little: "
        f"grades off by one letter {_bits(lost[GRADES_OFF], 3)}, links off by 30% "
        f"{_bits(lost[LINKS_OFF], 3)}."
    )


def _bits(lost: float, digits: int = 2) -> str:
    return f"{lost:.{digits}f} bits".replace("-", "\N{MINUS SIGN}")


def _say_right(scores: pd.DataFrame) -> str:
    right = by_kind(scores).loc[RIGHT, list(COLUMNS)]
    echoes = [echo for echo in dict.fromkeys(scores["echo"]) if echo != ALL]
    best = {echo: by_kind(scores, echo=echo).loc[RIGHT].idxmin() for echo in echoes}
    beaten = [echo for echo in echoes if best[echo] not in (RIVALS, RIVALS_CAPPED)]
    but = f" but {' and '.join(beaten)} copies a report" if beaten else ""
    second = right.drop(RIVALS)
    return (
        "With copies marked and a model that is right, `rivals` scores better than every other "
        f"method at every echo rate{but}: {right[RIVALS]:.2f} bits in all, {second.min():.2f} for "
        f"the next best, {_plain(str(second.idxmin()))}."
    )


def _plain(method: str) -> str:
    return method.replace("Bayes, kept to", "Bayes without marked copies, kept to")


def say_distrust(folder: Path = FOLDER) -> str:
    """What the errors cost that no number in the model stands for, and who does better then."""
    lost = by_method(read("losses", folder), RIVALS)["all worlds"]
    held = _at_all(read("ranges", folder))["held"]
    costs = "; ".join(
        f"{kind} {_bits(lost[kind])} (its 90% range holds in {say_percent(held[kind])})"
        for kind in (ORIGIN, DECEIT, SILENCE, UNMARKED)
    )
    return (
        f"**When not to.** What the model does not know it cannot weigh, and the range does not "
        f"say so. The cost: {costs}. {say_who_is_ahead(folder)}"
    )


def say_who_is_ahead(folder: Path = FOLDER) -> str:
    """Under which error which other method does better, by more than two standard errors."""
    scores = {"log": "Log score", "brier": "Brier score"}
    told = {score: dict(_list_ahead(folder, score)) for score in scores}
    found = dict.fromkeys(key for cells in told.values() for key in cells)
    lines = [f"| under | ahead of `rivals` | {' | '.join(scores.values())} |", "|---|---|---|---|"]
    for kind, method in sorted(found, key=lambda key: list(KINDS).index(key[0])):
        cells = [told[score].get((kind, method), "") for score in scores]
        lines.append(f"| {kind} | {_plain(method)} | {' | '.join(cells)} |")
    return "\n\n".join(
        (
            "Others then do better. By how much, in all worlds together, and at how many copies a "
            "report, is below wherever it is more than two standard errors.",
            "\n".join(lines),
            f"*{ACH_TOLD}* has its logistic from worlds in which the same was wrong, which nobody "
            "in one of them could have.",
        )
    )


def _list_ahead(folder: Path, score: str) -> Iterator[tuple[tuple[str, str], str]]:
    """By kind of error and method, by how much and where."""
    ahead = others_ahead(read("compared", folder), score)
    for (kind, method), row in ahead.iterrows():
        clear = row.dropna()
        rates = [str(echo) for echo in clear.index if echo != "all worlds"]
        where = "all" if len(rates) == len(RATES) else ", ".join(rates)
        parts = [f"{clear['all worlds']:.2f}" if "all worlds" in clear else ""]
        parts += [f"(at {where})" if where else ""]
        yield (str(kind), str(method)), " ".join(filter(None, parts))


def say_lint(folder: Path = FOLDER) -> str:
    """What acting on every suspicion of `rivals check` saves."""
    lint = read("lint", folder).set_index("echo").loc[ALL]
    lost = by_method(read("losses", folder), RIVALS)["all worlds"]
    held = read("ranges", folder).query("kind == @LINTED").set_index("echo")["held"]
    return (
        "**Unmarked copies** can be helped. Where a fifth of all copies is taken for the outlets' "
        f"own word, acting on each suspicion of `rivals check` finds {say_percent(lint['recall'])} "
        f"of them, is right in {say_percent(lint['precision'])} of its marks, and leaves a loss "
        f"of {_bits(lost[LINTED])} instead of {_bits(lost[UNMARKED])}: "
        f"{say_percent(lint['recovered'])} is won back. The 90% range then holds in only "
        f"{say_percent(held[ALL])}, at {RATES[-1]} copies in {say_percent(held[str(RATES[-1])])}. "
        "How the copies are worded is made up, so expect less of real ones: in the real case here, "
        "whose summaries tell what is new in each report, words hardly tell echoes from the rest."
    )


def say_one_sided(folder: Path = FOLDER) -> str:
    """How often `rivals check` asks why nothing is denied, and what an answer saves."""
    found = read("one_sided", folder)
    share = found[found["echo"] == ALL].set_index("kind")["found"]
    scores, error = (
        by_kind(read("scores", folder), c)[RIVALS] for c in ("log", "calibration_error")
    )
    lost, left = (scores[kind] - scores[RIGHT] for kind in (SILENCE, AWAITED))
    held = _at_all(read("ranges", folder))["held"]
    return (
        "**Logs in which nothing is denied** are asked about by `rivals check`: "
        f"{say_percent(share[SILENCE])} of those to which only positives came, and "
        f"{say_percent(share[RIGHT])} of those with the right model. Saying under `expected` that "
        f"whatever is there would have been reported by then, at {say_percent(HEARD_OF)}, leaves a "
        f"loss of {_bits(left)} instead of {_bits(lost)}: {_say_beside_prior(folder)}, with a "
        f"calibration error of {error[AWAITED]:.2f} and a 90% range that holds in "
        f"{say_percent(held[AWAITED])}. What is said to be there by those who do not know stays "
        "unanswered."
    )


def _say_beside_prior(folder: Path) -> str:
    compared = _at_all(read("compared", folder).query("method == @PRIOR")).loc[AWAITED]
    if abs(compared["log"]) <= CLEAR * compared["log_se"]:
        return "no better and no worse than the prior alone"
    return f"{'better' if compared['log'] > 0 else 'worse'} than the prior alone"


def _at_all(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["echo"] == ALL].set_index("kind")


ANSWERS = (say_trust, say_distrust, say_lint, say_one_sided)
"""What README and the notebook's answer say, in this order."""


def put_into(readme: Path, folder: Path = FOLDER) -> None:
    """README with its part written anew, between its two marks."""
    text = readme.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{say_all(folder)}\n\n{END}{after}", "utf-8")
