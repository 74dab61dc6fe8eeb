"""Logs that are wrong."""

from __future__ import annotations

from broken.change import reports

SECOND = "claims: {arson: no, damage: [low, mid]}"
LIKELIHOOD = "likelihood: {wiring_fault: {no: 1, yes: 3}}"
AMENDS = "{amends: second, logged: 2026-05-08, set: {outlet: Gazette}, why: Miscoded.}"
SIXTH = """- id: sixth
  published: 2026-05-08
  source: brigade
  observes: {ignition: no}"""
RETRACTS = "{retracts: third, logged: 2026-05-09, why: Withdrawn.}"

LOG = [
    reports("no id", "- id: second\n  published", "- published", "id", at="- published"),
    reports("no published", "  published: 2026-05-05\n", "", "published", at="- id: second"),
    reports("no source", "  source: owner\n  origin", "  origin", "source", at="- id: second"),
    reports(
        "a duplicate id",
        "- id: second",
        "- id: first",
        "first",
        at="- id: first\n  published: 2026-05-05",
    ),
    reports(
        "an unknown source", "source: owner\n  origin", "source: ownr\n  origin", "ownr", "owner"
    ),
    reports("an unknown key", "  origin: call", "  orign: call", "orign", "origin"),
    reports(
        "a repeated key",
        "  origin: call",
        "  origin: call\n  origin: wire",
        "origin",
        at="origin: wire",
    ),
    reports("an unknown variable", SECOND, "claims: {arsn: no}", "arsn", "arson"),
    reports("an unknown state", SECOND, "claims: {arson: nope}", "nope"),
    reports("an unknown state in a list", "[low, mid]", "[low, med]", "med"),
    reports("a repeated state in a claim", "[low, mid]", "[low, low]", "low"),
    reports("an empty list of states", "damage: [low, mid]", "damage: []", "damage"),
    reports(
        "an observed list",
        "observes: {ignition: yes}",
        "observes: {ignition: [no, yes]}",
        "ignition",
    ),
    reports(
        "an observed unknown state", "observes: {ignition: yes}", "observes: {ignition: 1}", "1"
    ),
    reports(
        "claims and observes of one variable",
        "  observes: {ignition: yes}",
        "  claims: {ignition: yes}\n  observes: {ignition: yes}",
        "ignition",
        at=("  claims: {ignition: yes}", "  observes: {ignition", "- id: fifth"),
    ),
    reports(
        "a likelihood of 0 throughout",
        LIKELIHOOD,
        "likelihood: {wiring_fault: {no: 0, yes: 0}}",
        "0",
    ),
    reports(
        "a likelihood below 0", LIKELIHOOD, "likelihood: {wiring_fault: {no: 1, yes: -3}}", "-3"
    ),
    reports(
        "a likelihood of nan", LIKELIHOOD, "likelihood: {wiring_fault: {no: 1, yes: nan}}", "nan"
    ),
    reports(
        "a likelihood of an unknown state",
        LIKELIHOOD,
        "likelihood: {wiring_fault: {no: 1, yess: 3}}",
        "yess",
    ),
    reports(
        "an unknown directness", "directness: direct", "directness: straight", "straight", "relayed"
    ),
    reports("an unknown status", "  origin: call", "  status: done", "done", "draft"),
    reports(
        "a link of javascript",
        "https://example.org/1",
        '"javascript:alert(1)"',
        "javascript",
        "http",
    ),
    reports(
        "a link without a scheme", "https://example.org/1", "example.org/1", "example.org/1", "http"
    ),
    reports("a link to no host", "https://example.org/1", "'http://[bad/x'", "[bad", "host"),
    reports("a link to no port", "https://example.org/1", "'http://x:99999/'", "99999", "port"),
    reports("a broken date", "published: 2026-05-05", "published: 2026-02-30", "2026-02-30"),
    reports("a date that is none", "published: 2026-05-05", "published: yesterday", "yesterday"),
    reports("a month that is none", "published: 2026-05-05", "published: 2026-13", "2026-13"),
    reports(
        "a time without offset",
        "2026-05-06T12:00:00+02:00",
        "2026-05-06T12:00:00",
        "2026-05-06T12:00:00",
        "offset",
    ),
    reports("a copy of an unknown report", "copy_of: first", "copy_of: frist", "frist", "first"),
    reports("a copy of itself", "copy_of: first", "copy_of: third", "third"),
    reports(
        "copies of one another",
        "  link: https://example.org/1",
        "  copy_of: third",
        "first",
        "third",
        at=("copy_of: third", "copy_of: first", "- id: first", "- id: third"),
    ),
    reports(
        "a retraction of an unknown report", "retracts: third", "retracts: thrid", "thrid", "third"
    ),
    reports(
        "a retraction without a date", RETRACTS, "{retracts: third, why: Withdrawn.}", "logged"
    ),
    reports(
        "an amendment of an unknown report", "amends: second", "amends: secnd", "secnd", "second"
    ),
    reports(
        "an amendment of a wrong key",
        "set: {outlet: Gazette}",
        "set: {outlt: Gazette}",
        "outlt",
        "outlet",
    ),
    reports("an amendment of the id", "set: {outlet: Gazette}", "set: {id: other}", "id"),
    reports(
        "an amendment to an unknown state",
        "set: {outlet: Gazette}",
        "set: {claims: {arson: nope}}",
        "nope",
    ),
    reports(
        "an amendment without set", "set: {outlet: Gazette}, ", "", "set", at="{amends: second"
    ),
    reports(
        "an amendment without a date", "logged: 2026-05-08, ", "", "logged", at="{amends: second"
    ),
    reports(
        "an impossible report",
        "observes: {ignition: yes}",
        "observes: {ignition: yes}\n" + SIXTH,
        "sixth",
        at=("- id: sixth", "observes: {ignition: no}"),
    ),
    reports(
        "a mapping for the log",
        "# A log with nothing wrong in it.\n- id: first",
        "first:\n- id: first",
    ),
    reports("text for an entry", AMENDS, "amends second", "mapping|entry|report"),
    reports(
        "tabs",
        "- id: second\n  published",
        "- id: second\n\tpublished",
        at=("\tpublished", "- id: second"),
    ),
    reports("a bidi character in an id", "- id: second", '- id: "sec\\u202Eond"'),
    reports("a control character in an origin", "origin: call", 'origin: "ca\\x07ll"'),
]
