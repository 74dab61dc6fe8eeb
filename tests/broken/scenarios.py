"""Numbers and shapes of scenario.yaml that are wrong."""

from __future__ import annotations

from broken.change import scenario

ARSON = "prior: {yes: 0.2}"
WIRING = "prior: {no: 0.7, yes: 0.3}"
BRIGADE = "{name: Fire brigade, grade: B}"
SETTINGS = "settings: {scale: icd203, timezone: UTC, fidelity: {direct: 0.98}}"

NUMBERS = [
    scenario("sum 0.9", WIRING, "prior: {no: 0.7, yes: 0.2}", "0.9", "sum"),
    scenario("sum over 1 with a rest", ARSON, "prior: {yes: 1.2}", "1.2"),
    scenario("negative", ARSON, "prior: {yes: -0.2}", "-0.2"),
    scenario("130 per cent", ARSON, "prior: {yes: 130%}", "130%"),
    scenario("1/0", ARSON, "prior: {yes: 1/0}", "1/0"),
    scenario("nan", ARSON, "prior: {yes: nan}", "nan"),
    scenario("too large a number", ARSON, "prior: {yes: 1e999}", "1e999"),
    scenario("inf", ARSON, "prior: {yes: .inf}", "inf"),
    scenario("unknown word", ARSON, "prior: {yes: perhaps}", "perhaps"),
    scenario(
        "a word like one",
        ARSON,
        "prior: {yes: kinda likely}",
        "'kinda likely'; words of estimative probability (icd203): almost no chance, very unlikely",
    ),
    scenario(
        "a bare number for a prior", ARSON, "prior: 5%", "'5%'", "mapping", "such as {yes: 5%}"
    ),
    scenario(
        "a word of the other scale",
        ARSON,
        "prior: {yes: realistic possibility}",
        "realistic possibility",
        "icd203",
    ),
    scenario(
        "nearly a word", ARSON, "prior: {yes: unlikly}", "unlikly", "did you mean", "unlikely"
    ),
    scenario("a list for a number", ARSON, "prior: {yes: [0.2]}"),
    scenario("an empty value", ARSON, "prior: {yes: }", "yes"),
    scenario(
        "two states left out", "{none: 0.1, hall: 0.7, site: 0.2}", "{none: 0.1}", "left out", "0.1"
    ),
    scenario("unknown state", ARSON, "prior: {maybe: 0.2}", "maybe", "no", "yes"),
    scenario("a link over 1", "causes: {arson: 0.9,", "causes: {arson: 1.9,", "1.9"),
    scenario("a bad leak", "leak: 0.01", "leak: much", "much"),
    scenario("chatter over 1", "chatter: {yes: 0.1}", "chatter: {yes: 0.8, no: 0.7}", "1.5"),
    scenario(
        "chatter of an unknown state",
        "chatter: {yes: 0.1}",
        "chatter: {yess: 0.1}",
        "did you mean 'yes'",
    ),
    scenario("bad firmness", "firmness: low", "firmness: soft", "soft", "firmness"),
    scenario("firmness 0", "firmness: low", "firmness: 0", "0", "firmness"),
    scenario("weights all 0", "{damage: 2, spread: 1}", "{damage: 0, spread: 0}", "weight", "0"),
    scenario("sd 0", "sd: 0.25", "sd: 0", "sd", "0"),
    scenario("sd below 0", "sd: 0.25", "sd: -1", "sd", "-1"),
    scenario("accuracy over 1", SETTINGS, "settings: {accuracy: 1.5}", "accuracy", "1.5"),
    scenario("a bad cost", "cost: 2", "cost: dear", "dear"),
]

SHAPE = [
    scenario("wrong key", "question:", "questoin:", "questoin", "did you mean", "question"),
    scenario(
        "wrong key in a variable", "    firmness: low", "    firmnes: low", "firmnes", "firmness"
    ),
    scenario("wrong key in a source", BRIGADE, "{name: Fire brigade, grad: B}", "grad", "grade"),
    scenario("wrong key in settings", "timezone: UTC", "timezon: UTC", "timezon", "timezone"),
    scenario(
        "repeated key",
        "title: Why did the warehouse burn?",
        "title: One\ntitle: Two",
        "title",
        at="title: Two",
    ),
    scenario(
        "repeated variable",
        "  worry:\n",
        "  arson:\n",
        "arson",
        at="  arson:\n    ask: How worried",
    ),
    scenario("repeated key in flow", ARSON, "prior: {yes: 0.2, yes: 0.3}", "yes"),
    scenario("not YAML", "states: [low, mid, high]", "states: [low, mid, high", at="*"),
    scenario("an open quotation", "title: Why", 'title: "Why', at="*"),
    scenario("an unknown anchor", "states: [low, mid, high]", "states: *levels", "levels"),
    scenario("a tag", "title: Why", "title: !!python/name:os.system Why", at="title"),
    scenario("tabs", "  arson:\n    ask", "\tarson:\n    ask"),
    scenario("a list for a mapping", ARSON, "prior: [0.2, 0.8]", "prior"),
    scenario("text for a mapping", ARSON, "prior: 0.2", "prior"),
    scenario("text for a list", "states: [none, hall, site]", "states: none", "states"),
    scenario(
        "text for a claim mapping", "{claim: arson=yes, label: Arson}", "[arson=yes]", "arson"
    ),
    scenario(
        "no question",
        "question: What set off the fire?\n",
        "",
        "question",
        at=("title", "# A scenario"),
    ),
    scenario(
        "variables missing",
        "variables:\n",
        "vars:\n",
        "variables",
        at=("vars:", "title", "# A scenario"),
    ),
    scenario(
        "one hypothesis only",
        "  wiring: {claim: wiring_fault=yes, label: Faulty wiring}\n",
        "",
        "two",
        at=("hypotheses:", "  arson: {claim"),
    ),
    scenario("a control character in a name", "  wiring: {", '  "wir\\x07ing": {'),
    scenario("a bidi character in a name", "  wiring: {", '  "wir\\u202Eing": {'),
    scenario(
        "a bidi character in a state", "[calm, uneasy, afraid]", '[calm, "un\\u202Eeasy", afraid]'
    ),
]
