"""`rivals beliefs --format json` says what the oracle says, whatever options it is given."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generate import Made, seeded
from oracle.brute import Impossible, weigh
from rivals.cli import main

CLOSE = 1e-9


def options(made: Made) -> list[str]:
    """The what-if of a made scenario as options."""
    found = ["--as-of", made.as_of] if made.as_of else []
    for option, claims in ("--do", made.do), ("--given", made.given):
        found += [part for v, s in claims.items() for part in (option, f"{v}={s}")]
    return found + [part for name in made.without for part in ("--without", name)]


def asked(made: Made, folder: Path) -> Any:
    """What the command prints, from JSON."""
    made.write(folder)
    command = ["beliefs", str(folder), "--draws", "0", "--format", "json", *options(made)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("seed", range(1000, 1040))
def test_beliefs_in_json_agree_with_full_enumeration(seed: int, tmp_path: Path) -> None:
    made = seeded(seed)
    try:
        weigh(made.texts)  # the whole log; the command refuses one that can't have happened
        answer = weigh(made.texts, **made.what_if)
    except Impossible:
        pytest.skip("the evidence of this seed is impossible: tested in test_agreement.py")

    printed = asked(made, tmp_path / "made")

    statuses = Counter(answer.statuses.values())
    in_force = statuses["counted"] + statuses["echo"] + statuses["background"]
    assert printed["reports"] == {
        "in_force": in_force,
        "counted": statuses["counted"],
        "echoes": statuses["echo"],
    }
    assert printed["draws"] is None
    assert printed["log_evidence"] == pytest.approx(answer.log_evidence, rel=0, abs=CLOSE)
    assert printed["conflict"] == pytest.approx(answer.conflict, rel=0, abs=CLOSE)
    for v, states in answer.posteriors.items():
        assert printed["variables"][v] == pytest.approx(states, rel=0, abs=CLOSE)
    for source, topics in printed["sources"].items():
        for topic, found in topics.items():
            prior, posterior = answer.sources[source, topic]
            assert found["prior"] == pytest.approx(prior, rel=0, abs=CLOSE)
            assert found["posterior"] == pytest.approx(posterior, rel=0, abs=CLOSE)
    for row in printed["combinations"]:
        prior, posterior = answer.combinations[tuple(row["hypotheses"].values())]
        assert row["prior"] == pytest.approx(prior, rel=0, abs=CLOSE)
        assert row["posterior"] == pytest.approx(posterior, rel=0, abs=CLOSE)
