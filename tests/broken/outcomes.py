"""Outcomes that say badly how they came out."""

from __future__ import annotations

from broken.change import scenario

EFFECT = "claim: spread=hall|site, label: It burnt"
HYPOTHESIS = "claim: wiring_fault=yes, label: Faulty wiring"

OUTCOMES = [
    scenario(
        "a resolution without a date", "resolved_on: 2026-06, ", "", "resolved_on", at="mended"
    ),
    scenario("a date of no resolution", "resolved: low, ", "", "resolved_on", at="mended"),
    scenario(
        "a link of no resolution",
        "resolved: low, resolved_on: 2026-06, ",
        "",
        "link",
        "resolved",
        at="mended",
    ),
    scenario(
        "a resolution to an unknown state", "resolved: low", "resolved: lo", "resolved", "lo", "low"
    ),
    scenario(
        "a resolution to two states", "resolved: low", "resolved: [low, mid]", "resolved", "text"
    ),
    scenario("a resolution to nothing", "resolved: low", "resolved: ", "resolved", "empty"),
    scenario(
        "a resolution of an unknown variable", "claim: damage=low", "claim: damge=low", "damge"
    ),
    scenario(
        "a resolution on no day", "resolved_on: 2026-06", "resolved_on: 2026-06-31", "2026-06-31"
    ),
    scenario("an outcome by no day", "by: 2026-12-31", "by: Christmas", "Christmas", "a date is"),
    scenario(
        "an outcome by a time without offset",
        "by: 2026-12-31",
        "by: 2026-12-31T12:00:00",
        "2026-12-31T12:00:00",
        "offset",
    ),
    scenario(
        "a resolution linked to javascript",
        "https://example.org/end",
        '"javascript:alert(1)"',
        "javascript",
        "http",
    ),
    scenario(
        "a wrong key in an outcome", "resolved_on:", "resolvd_on:", "resolvd_on", "did you mean"
    ),
    scenario("an effect by a day", EFFECT, f"{EFFECT}, by: 2026-12-31", "unknown key 'by'"),
    scenario(
        "a resolved effect", EFFECT, f"{EFFECT}, resolved: hall", "unknown key 'resolved'", "claim"
    ),
    scenario(
        "a hypothesis by a day", HYPOTHESIS, f"{HYPOTHESIS}, by: 2026-12-31", "unknown key 'by'"
    ),
    scenario(
        "a resolved hypothesis",
        HYPOTHESIS,
        f"{HYPOTHESIS}, resolved: yes",
        "unknown key 'resolved'",
    ),
    scenario(
        "a hypothesis with a link",
        HYPOTHESIS,
        f"{HYPOTHESIS}, link: https://example.org/end",
        "unknown key 'link'",
    ),
]
