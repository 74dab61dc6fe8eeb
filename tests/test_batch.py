"""A batch: evidence sets by draws, some of which may be impossible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml

import rivals
from generate import Made
from plain_yaml import QuotingDumper
from rivals.batch import Batch
from rivals.draws import draw_values
from rivals.network import Network

DRAWS = 5
FLAGS = {
    "a": {"ask": "A?", "prior": {"yes": "0.3"}},
    "b": {
        "ask": "B?",
        "table": [{"when": {"a": "yes"}, "then": {"yes": "1"}}, {"then": {"yes": "0.2"}}],
    },
}


@pytest.fixture
def batch(tmp_path: Any) -> Batch:
    """All evidence, which is impossible; nothing; and each report by itself, which is not."""
    scenario = {
        "title": "T",
        "question": "Q?",
        "hypotheses": {"first": "a=yes", "second": "b=yes"},
        "variables": FLAGS,
        "sources": {"s": {"reliability": "0.8"}},
    }
    log = [
        {"id": "seen", "published": "2026-02-01", "source": "s", "observes": {"a": "yes"}},
        {
            "id": "not",
            "published": "2026-02-02",
            "source": "s",
            "likelihood": {"b": {"no": "1", "yes": "0"}},
        },
        {"id": "said", "published": "2026-02-03", "source": "s", "claims": {"b": "no"}},
    ]
    parts = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (scenario, log))
    case = rivals.read(Made(*parts).write(tmp_path / "made"))
    network = Network(case.scenario, case.evidence, case.what_if)
    masks = network.masks(None, (), ["seen"], ["not"], ["said"])
    return Batch(network, masks, draw_values(case.scenario, DRAWS, seed=0))


def test_marginals_of_impossible_evidence_are_nan_and_others_are_not(batch: Batch) -> None:
    found = batch.marginals()

    assert set(found) == {"a", "b", *batch.network.reliabilities}
    for marginal in found.values():
        assert marginal.shape[1:] == (5, DRAWS)
        assert np.isnan(marginal[:, 0]).all()
        assert marginal[:, 1:].sum(axis=0) == pytest.approx(np.ones((4, DRAWS)))


@pytest.mark.parametrize("name", ["a", "b"])
def test_marginals_are_those_asked_one_by_one(name: str, batch: Batch) -> None:
    found = batch.marginals()[name]

    expected = batch.joint([name])
    assert found == pytest.approx(expected, nan_ok=True)
    alone = replace(batch, masks=batch.masks[:, 1:], _made={})
    assert found[:, 1:] == pytest.approx(alone.joint([name]))


def test_what_cannot_be_is_of_probability_0_in_every_draw(batch: Batch) -> None:
    assert np.isneginf(batch.log_evidence[0]).all()
    assert np.isfinite(batch.log_evidence[1:]).all()
