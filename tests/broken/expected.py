"""Expected reports that say badly what would come, or when."""

from __future__ import annotations

from broken.change import scenario

SINCE, BY = "since: 2026-05-01", "by: 2026-05-31"

EXPECTED = [
    scenario(
        "an expected report of an unknown variable", "spread=site", "spred=site", "spred", "spread"
    ),
    scenario(
        "an expected report of an unknown state", "spread=site", "spread=yard", "yard", "hall"
    ),
    scenario(
        "an expected report of whatever happens",
        "spread=site",
        "spread=none|hall|site",
        "leaves a state out",
        "spread=none|hall|site",
    ),
    scenario("an expected report with no end", f", {BY}", "", "by", "missing", at="alarm"),
    scenario(
        "an expected report with no beginning", f"{SINCE}, ", "", "since", "missing", at="alarm"
    ),
    scenario(
        "an expected report by its first day",
        BY,
        "by: 2026-05-01",
        "later than since",
        "2026-05-01",
    ),
    scenario(
        "an expected report before it could come", BY, "by: 2026-04", "later than since", "2026-04"
    ),
    scenario("an expected report by no day", BY, "by: 2026-05-32", "2026-05-32", "a date is"),
    scenario(
        "an expected report with no chance", ", chance: 0.75", "", "chance", "missing", at="alarm"
    ),
    scenario("an expected report above certainty", "chance: 0.75", "chance: 1.2", "1.2", "1"),
    scenario("an expected report below impossibility", "chance: 0.75", "chance: -0.1", "-0.1"),
    scenario("an expected report of a word's chance", "chance: 0.75", "chance: maybe", "maybe"),
    scenario(
        "a wrong key in an expected report", "why: It would", "wy: It would", "wy", "did you mean"
    ),
    scenario(
        "an expected report as bare text",
        "{claim: spread=site, since: 2026-05-01, by: 2026-05-31, "
        "chance: 0.75, why: It would ring.}",
        "spread=site",
        "missing",
        at="alarm",
    ),
    scenario(
        "an expected report with a name that breaks its path",
        "  alarm:",
        "  a.larm:",
        "a.larm",
        "path",
    ),
    scenario("an expected report with a bracket for a name", "  alarm:", '  "[0]":', "[0]", "path"),
    scenario(
        "a list of expected reports with a wrong one",
        f"  alarm: {{claim: spread=site, {SINCE}, {BY}, chance: 0.75, why: It would ring.}}",
        "  - {claim: spread=site, since: 2026-05-01, by: 2026-05-31, chance: 0.75}\n"
        "  - {claim: spread=site, since: 2026-05-02, by: 2026-05-01, chance: 0.75}",
        "expected[1]",
        "later than since",
        at="2026-05-02",
    ),
]
