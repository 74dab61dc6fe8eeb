"""How each kind of value may be written, as JSON Schema: the half of `fields` that an editor reads.

An editor reads YAML 1.2, in which `0.3` is a number and `yes`, `30%` and `2026-05-04` are text. No
pattern is stricter than the reader; what takes more than one value to see is left to the reader.
"""

from __future__ import annotations

from typing import Any

from rivals.codes import CODES
from rivals.words import FIRMNESS, HANDLING, SCALES, read_words

JsonSchema = dict[str, Any]

SCALARS = ["string", "number", "boolean", "null"]
"""What text may look like to YAML: a title can be 1984, a state null, a note left empty."""

_PLAIN = r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_BLANK = r"\s*"


def _any_case(words: list[str]) -> str:
    """A pattern for the words in capitals or not, with any space between their parts."""
    return "|".join(
        r"\s+".join("".join(f"[{c.upper()}{c}]" for c in part) for part in word.split())
        for word in words
    )


_WORDS = list(dict.fromkeys(word for scale in SCALES for word in read_words(scale)))

_UNSEEN = r"\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Characters that no name holds: those that move the cursor or turn the writing round."""


def _named_without(barred: str) -> str:
    """A name's pattern: no space at either end, and none of the characters within."""
    return f"^[^\\s{barred}](|[^{barred}]{{0,118}}[^\\s{barred}])$"


NAME, KEY = _named_without(f"=|:{_UNSEEN}"), _named_without(f"=|:.\\[{_UNSEEN}")
WHEN = (
    r"^\s*([0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"
    r"|[0-9][0-9W-]+[Tt ][0-9:.,]+([Zz]|[+-][0-9:.]+))\s*$"
)


def _matching(title: str, rule: str, pattern: str, types: object = "string") -> JsonSchema:
    """Text of a pattern; the rule is told for what the pattern refuses."""
    return {
        "title": title,
        "description": rule,
        "type": types,
        "pattern": pattern,
        "patternErrorMessage": rule,
    }


def _either(title: str, rule: str, *ways: JsonSchema) -> JsonSchema:
    return {"title": title, "description": rule, "anyOf": list(ways)}


def _written(rule: str, pattern: str) -> JsonSchema:
    return {
        "type": "string",
        "pattern": f"^{_BLANK}({pattern}){_BLANK}$",
        "patternErrorMessage": rule,
    }


def _quantity(title: str, rule: str, **bounds: float) -> JsonSchema:
    share = f"[+]?{_PLAIN}({_BLANK}%|{_BLANK}/{_BLANK}[+]?{_PLAIN})?"
    pattern = f"{share}|{_any_case(_WORDS)}"
    return _either(
        title, rule, {"type": "number", **bounds}, {"enum": _WORDS}, _written(rule, pattern)
    )


_FIRM = "low (5), medium (20), high (100), or a number above 0: the size of a sample."
_LABELS = "A label of the Traffic Light Protocol: CLEAR, GREEN, AMBER, AMBER+STRICT or RED."
KINDS: dict[str, JsonSchema] = {
    "Text": {"title": "Text", "type": SCALARS},
    "Name": _matching(
        "Name", "A name without '=', '|' and ':', 120 characters at most.", NAME, SCALARS
    ),
    "Key": _matching(
        "Key", "A name without '=', '|', ':', '.' and '[', 120 characters at most.", KEY, SCALARS
    ),
    "States": _either(
        "States",
        "One name, or a list of them in which none stands twice.",
        {"$ref": "#/$defs/Name"},
        {"type": "array", "items": {"$ref": "#/$defs/Name"}, "minItems": 1, "uniqueItems": True},
    ),
    "Probability": _quantity(
        "Probability",
        "A number from 0 to 1, a percentage, a fraction or a word such as `unlikely`.",
        minimum=0,
        maximum=1,
    ),
    "Weight": _quantity(
        "Weight", "A number of 0 or more, a percentage, a fraction or a word.", minimum=0
    ),
    "Amount": _either(
        "Amount", "A number.", {"type": "number"}, _written("A number.", f"[+-]?{_PLAIN}")
    ),
    "Positive": _either(
        "Amount",
        "A number above 0.",
        {"type": "number", "exclusiveMinimum": 0},
        _written("A number above 0.", f"[+]?{_PLAIN}"),
    ),
    "Firmness": _either(
        "Firmness",
        _FIRM,
        {"type": "number", "exclusiveMinimum": 0},
        {"enum": list(FIRMNESS)},
        _written(_FIRM, f"[+]?{_PLAIN}|{_any_case(list(FIRMNESS))}"),
    ),
    "Handling": _either(
        "Handling",
        _LABELS,
        {"enum": list(HANDLING)},
        _written(_LABELS, f"([Tt][Ll][Pp]:{_BLANK})?({_any_case([w.lower() for w in HANDLING])})"),
    ),
    "Link": _matching(
        "Link", "An address that begins with http:// or https://.", r"^[hH][tT][tT][pP][sS]?://\S*$"
    ),
    "Timezone": {"title": "Time zone", "type": "string"},
    "Paths": _either(
        "Paths",
        "A path in the files, such as variables.arson.prior, or a list of them.",
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
    ),
    "Reason": _matching("Reason", "A reason, not empty.", r"\S", ["string", "number", "boolean"]),
    "Lint": {
        "title": "Lint",
        "description": "; ".join(f"{one.code} is {one.name}" for one in CODES) + ".",
        "enum": [word for one in CODES for word in (one.code, one.name)],
    },
    "When": _matching(
        "When", "A day (2026-05-04), a month (2026-05), or a time with its offset.", WHEN
    ),
    "Claim": _matching(
        "Claim", "`variable=state`, or `variable=state|state` for a set.", "^[^=]+=[^=]+$"
    ),
}
"""By name, as the nouns' fields give it."""
