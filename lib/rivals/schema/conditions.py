"""What the nouns check beyond the shape of each key, as JSON Schema: what goes with what."""

from __future__ import annotations

from rivals.schema.kinds import JsonSchema
from rivals.variables import GATES


def _exactly_one(*keys: str) -> JsonSchema:
    return {"oneOf": [{"required": [key]} for key in keys]}


CONDITIONS: dict[str, JsonSchema] = {
    "Variable": _exactly_one(*GATES),
    "Source": _exactly_one("grade", "reliability"),
    "Outcome": {
        "dependentRequired": {
            "resolved": ["resolved_on"],
            "resolved_on": ["resolved"],
            "link": ["resolved"],
        }
    },
    "Report": {
        "if": {"properties": {"claims": {"minProperties": 1}}, "required": ["claims"]},
        "then": {"required": ["source"]},
    },
}
"""By noun: what is added to the schema of its mapping."""

SHORT_FORMS = ("Effect", "Hypothesis", "Outcome")
"""Nouns that may be written as a bare claim."""
