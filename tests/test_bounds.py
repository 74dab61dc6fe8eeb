"""How low and how high `because` could be: closed forms, and all vertices of what fits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rivals
from conftest import BUDGET
from generate import seeded
from rivals.errors import QuestionError
from test_agreement import asked

CLOSE = 1e-9
SEEDS = 60 if BUDGET == "full" else 20


def write(folder: Path, variables: str) -> rivals.Case:
    folder.mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text(
        "title: T\nquestion: Q?\neffects: {end: e=yes}\n"
        "hypotheses: {first: c=yes, other: o=yes}\nsources: {}\nvariables:\n" + variables
    )
    return rivals.read(folder)


def row(bounds: Any, name: str = "first") -> tuple[float, float, float, str]:
    found = bounds.loc[("end", name)]
    return found["lowest"], found["because"], found["highest"], found["how"]


@pytest.mark.parametrize(
    ("cause", "with_it", "without"), [(0.3, 0.9, 0.2), (0.5, 0.4, 0.7), (0.8, 0.55, 0.5)]
)
def test_one_table_has_the_bounds_of_tian_and_pearl(
    tmp_path: Path, cause: float, with_it: float, without: float
) -> None:
    case = write(
        tmp_path,
        f"  c: {{ask: C?, prior: {{yes: {cause}}}}}\n  o: {{ask: O?, prior: {{yes: 0.5}}}}\n"
        "  e:\n    ask: E?\n    table:\n"
        f"      - {{when: {{c: yes}}, then: {{yes: {with_it}}}}}\n"
        f"      - {{then: {{yes: {without}}}}}\n",
    )

    lowest, now, highest, how = row(case.cause_bounds())

    assert lowest == pytest.approx(cause * max(0.0, with_it - without), abs=CLOSE)
    assert highest == pytest.approx(cause * min(with_it, 1 - without), abs=CLOSE)
    assert now == pytest.approx(cause * max(0.0, with_it - without), abs=CLOSE)
    assert how == "exact"


def test_a_noisy_gate_leaves_nothing_open(tmp_path: Path) -> None:
    case = write(
        tmp_path,
        "  c: {ask: C?, prior: {yes: 0.3}}\n  o: {ask: O?, prior: {yes: 0.5}}\n"
        "  e: {ask: E?, noisy_or: {causes: {c: 0.6, o: 0.2}}}\n",
    )

    lowest, now, highest, how = row(case.cause_bounds())

    assert lowest == now == highest > 0
    assert how == "settled"


def test_configurations_of_one_stated_row_are_one_mechanism(tmp_path: Path) -> None:
    case = write(
        tmp_path,
        "  c: {ask: C?, prior: {yes: 0.3}}\n  o: {ask: O?, prior: {yes: 0.5}}\n"
        "  e: {ask: E?, table: [{when: {c: [no, yes], o: [no, yes]}, then: {yes: 0.5}}]}\n",
    )

    assert row(case.cause_bounds()) == (0.0, 0.0, 0.0, "settled")


# --- every vertex of what fits the tables ---


def vertices(rows: np.ndarray) -> Iterator[np.ndarray]:
    """The vertices of the distributions over response functions that have these rows as margins.

    By every basis: (functions, ) with the functions in the order of itertools.product.
    """
    functions = list(product(range(rows.shape[1]), repeat=len(rows)))
    sides = [(i, y) for i in range(len(rows)) for y in range(rows.shape[1] - 1)]
    lines = np.array([[1.0] * len(functions)] + [[f[i] == y for f in functions] for i, y in sides])
    wanted = np.array([1.0, *(rows[side] for side in sides)])
    seen = set()
    for basis in combinations(range(len(functions)), len(wanted)):
        part = lines[:, basis]
        if abs(np.linalg.det(part)) < 1e-9:
            continue
        weights = np.zeros(len(functions))
        weights[list(basis)] = np.linalg.solve(part, wanted)
        key = tuple(weights.round(9))
        if weights.min() >= -1e-12 and key not in seen:
            seen.add(key)
            yield weights.clip(0)


def made(generator: np.random.Generator, *, chain: bool) -> dict[str, Any]:
    """The numbers of a cause, another one, a link between and an effect."""
    return {
        "c": generator.uniform(0.2, 0.8),
        "o": generator.uniform(0.2, 0.8),
        "m": generator.uniform(0.05, 0.95, 2),
        "e": generator.uniform(0.05, 0.95, (2, 2) if chain else 2),
    }


def text_of(numbers: dict[str, Any], *, chain: bool) -> str:
    """c -> m -> e <- o, the effect a table of m and, in a chain with more, of o."""
    link = "".join(
        f"      - {{when: {{c: {state}}}, then: {{yes: {p}}}}}\n"
        for state, p in zip(("no", "yes"), numbers["m"], strict=True)
    )
    parents = ("m", "o") if chain else ("m",)
    ends = "".join(
        "      - {when: {"
        + ", ".join(f"{p}: {s}" for p, s in zip(parents, states, strict=True))
        + f"}}, then: {{yes: {numbers['e'][tuple(int(s == 'yes') for s in states)]}}}}}\n"
        for states in product(("no", "yes"), repeat=len(parents))
    )
    return (
        f"  c: {{ask: C?, prior: {{yes: {numbers['c']}}}}}\n"
        f"  o: {{ask: O?, prior: {{yes: {numbers['o']}}}}}\n"
        f"  m:\n    ask: M?\n    table:\n{link}  e:\n    ask: E?\n    table:\n{ends}"
    )


def because_of(
    numbers: dict[str, Any], link: np.ndarray, end: np.ndarray, seen: dict[str, int]
) -> float:
    """P(c, e, and not e without c | what was seen), by listing everything."""
    shape = numbers["e"].shape
    links = list(product((0, 1), repeat=2))
    ends = list(product((0, 1), repeat=int(np.prod(shape))))
    held = total = 0.0
    for c, o in product((0, 1), repeat=2):
        chance = (numbers["c"] if c else 1 - numbers["c"]) * (
            numbers["o"] if o else 1 - numbers["o"]
        )
        for (f, p), (g, q) in product(zip(links, link, strict=True), zip(ends, end, strict=True)):
            table = np.reshape(g, shape)
            m, other = f[c], f[0]
            e = table[m, o] if table.ndim == 2 else table[m]
            without = table[other, o] if table.ndim == 2 else table[other]
            state = {"c": c, "o": o, "m": m, "e": e}
            if any(state[name] != at for name, at in seen.items()):
                continue
            total += chance * p * q
            held += chance * p * q * (c and e and not without)
    return held / total


@pytest.mark.parametrize("seen", [{}, {"e": 1}, {"e": 1, "m": 1}])
@pytest.mark.parametrize("chain", [False, True])
def test_no_vertex_goes_beyond_the_ends_and_some_reach_them(
    tmp_path: Path, record_property: Any, seen: dict[str, int], *, chain: bool
) -> None:
    generator = np.random.default_rng(len(seen) + 10 * chain)
    worst = 0.0
    for i in range(3 if chain else 6):
        numbers = made(generator, chain=chain)
        case = write(tmp_path / str(i), text_of(numbers, chain=chain))
        known = case.given(**{name: ("no", "yes")[at] for name, at in seen.items()})
        rows = numbers["e"].ravel()
        pairs = product(
            vertices(np.stack([1 - numbers["m"], numbers["m"]], 1)),
            vertices(np.stack([1 - rows, rows], 1)),
        )
        reached = [because_of(numbers, link, end, seen) for link, end in pairs]

        lowest, now, highest, how = row(known.cause_bounds())

        worst = max(worst, abs(lowest - min(reached)), abs(highest - max(reached)))
        assert lowest - CLOSE <= now <= highest + CLOSE
        assert how == "exact"
    assert worst < CLOSE
    record_property("largest distance from the farthest vertices", worst)


def test_the_ends_hold_the_stated_number_in_every_scenario(tmp_path: Path) -> None:
    kinds = set()
    for seed in range(SEEDS):
        case = asked(seeded(seed, explained=True, cells=4000), tmp_path / str(seed))
        if case is None:
            continue
        table, causes = case.cause_bounds(), case.causes(draws=0)

        assert list(table.index) == list(causes.index)
        assert table["because"].to_list() == pytest.approx(causes["because"].to_list(), abs=CLOSE)
        assert (table["lowest"] <= table["because"]).all()
        assert (table["because"] <= table["highest"]).all()
        assert (table["lowest"] >= -1e-12).all()
        assert (table["highest"] <= 1 + 1e-12).all()
        kinds |= set(table["how"])

    assert {"settled", "exact"} <= kinds


def test_a_case_without_effects_has_no_bounds() -> None:
    with pytest.raises(QuestionError, match="causes need `effects`"):
        rivals.read("tests/published/asia").cause_bounds()
