"""Models in scenario.yaml that hang together badly."""

from __future__ import annotations

from broken.change import scenario

ARSON = "prior: {yes: 0.2}"
NOISY_OR = "noisy_or: {leak: 0.01, causes: {arson: 0.9, wiring_fault: 0.3}}"
RANKED = "ranked: {weights: {damage: 2, spread: 1}, sd: 0.25}"
ROW = "{when: {ignition: no}, then: {none: 1}}"
REST = "{then: {none: 0.1, hall: 0.7, site: 0.2}}"

MODEL = [
    scenario(
        "a cycle",
        ARSON,
        "table: [{when: {worry: calm}, then: {yes: 0.2}}, {then: {yes: 0.3}}]",
        "cycle",
        "arson",
        "worry",
        at=(
            "table: [{when: {worry",
            "  arson:\n    ask",
            NOISY_OR,
            RANKED,
            "table:\n",
            "  worry:",
            "  ignition:",
            "  spread:",
            "  damage:",
            "noisy_max:",
            ROW,
            "        spread:",
        ),
    ),
    scenario(
        "its own parent",
        "causes: {arson: 0.9",
        "causes: {ignition: 0.9",
        "ignition",
        at=(NOISY_OR.replace("{arson", "{ignition"), "  ignition:"),
    ),
    scenario(
        "an unreachable row",
        REST,
        REST + "\n      - {then: {none: 1}}",
        "reach|table[2]",
        at="- {then: {none: 1}}",
    ),
    scenario(
        "a row that earlier rows cover",
        REST,
        "{when: {ignition: yes}, then: {none: 1}}\n      - {when: {ignition: no}, then: {hall: 1}}",
        "reach|table[2]",
        at="then: {hall: 1}",
    ),
    scenario(
        "an uncovered combination",
        "      - " + REST + "\n",
        "",
        "ignition",
        "yes",
        at=("table:\n", "  spread:\n    ask", ROW),
    ),
    scenario(
        "a table without parents",
        "      - " + ROW + "\n",
        "",
        "parent",
        at=("table:\n", "  spread:\n    ask", REST),
    ),
    scenario(
        "an unknown parent in a row",
        "when: {ignition: no}",
        "when: {ignitoin: no}",
        "ignitoin",
        "did you mean",
        "ignition",
    ),
    scenario(
        "an unknown state in a row", "when: {ignition: no}", "when: {ignition: on}", "on", "no"
    ),
    scenario(
        "two gates",
        ARSON,
        ARSON + "\n    noisy_or: {causes: {wiring_fault: 0.3}}",
        "prior",
        "noisy_or",
        at=("noisy_or: {causes: {wiring", ARSON, "  arson:\n    ask"),
    ),
    scenario(
        "no gate",
        "    " + ARSON + "\n",
        "",
        "arson|one of|exactly one|prior",
        at=("  arson:\n    ask", "ask: Was it set"),
    ),
    scenario(
        "noisy_or on 3 states",
        "    " + NOISY_OR,
        "    states: [no, yes, very]\n    " + NOISY_OR,
        "noisy_or",
        "two",
        at=(NOISY_OR, "states: [no, yes, very]", "  ignition:"),
    ),
    scenario("an unknown cause", "causes: {arson: 0.9", "causes: {arsen: 0.9", "arsen", "arson"),
    scenario(
        "a link of a three-state parent without states",
        "causes: {arson: 0.9",
        "causes: {spread: 0.9",
        "spread",
    ),
    scenario(
        "a state missing in noisy_max",
        "          site: {low: 0, mid: 0.4, high: 0.6}\n",
        "",
        "site",
        at=("        spread:", "          hall: {low", "      causes:\n"),
    ),
    scenario(
        "the first state in noisy_max",
        "          site: {low: 0",
        "          none: {low: 0.5, mid: 0.5, high: 0}\n          site: {low: 0",
        "none",
        at="none: {low: 0.5",
    ),
    scenario(
        "an unknown weight", "{damage: 2, spread: 1}", "{damage: 2, spred: 1}", "spred", "spread"
    ),
    scenario(
        "a link from the first state in noisy_or",
        "causes: {arson: 0.9",
        "causes: {arson: {no: 0.5, yes: 0.9}",
        "no|arson",
    ),
    scenario("a repeated state", "[calm, uneasy, afraid]", "[calm, calm, afraid]", "calm"),
    scenario("no states", "states: [calm, uneasy, afraid]", "states: []", "states"),
    scenario(
        "an unknown variable in a claim", "claim: arson=yes", "claim: arsn=yes", "arsn", "arson"
    ),
    scenario("an unknown state in a claim", "claim: arson=yes", "claim: arson=yep", "yep"),
    scenario("a claim without =", "claim: arson=yes", "claim: arson", "arson"),
    scenario(
        "a claim of all states without off",
        "claim: arson=yes",
        "claim: arson=yes|no",
        "arson",
        "state",
    ),
    scenario("an off that is unknown", "label: Arson}", "label: Arson, off: never}", "never"),
    scenario(
        "an effect of an unknown variable",
        "claim: spread=hall|site",
        "claim: spraed=hall",
        "spraed",
    ),
    scenario("an unknown grade", "grade: B", "grade: Z", "Z", "grade"),
    scenario(
        "both grade and reliability",
        "grade: B",
        "grade: B, reliability: 0.5",
        "grade",
        "reliability",
    ),
    scenario(
        "neither grade nor reliability", ", grade: B", "", "grade", "reliability", at="brigade: {"
    ),
    scenario(
        "an interest in an unknown variable",
        "interest: {arson: no}",
        "interest: {arsno: no}",
        "arsno",
    ),
    scenario(
        "an interest in an unknown state",
        "interest: {arson: no}",
        "interest: {arson: nope}",
        "nope",
    ),
    scenario("a bad timezone", "timezone: UTC", "timezone: Mars/Olympus", "Mars/Olympus"),
    scenario("a bad scale", "scale: icd203", "scale: nato", "nato", "icd203", "phia"),
    scenario(
        "an unknown directness in settings", "{direct: 0.98}", "{drect: 0.98}", "drect", "direct"
    ),
]
