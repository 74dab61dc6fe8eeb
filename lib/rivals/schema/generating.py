"""The nouns -> JSON Schema (draft 2020-12), with what their docstrings say of every key."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from rivals.entries import Amendment, Report, Retraction
from rivals.fields import Noun
from rivals.logrules import FIXED
from rivals.scenario import Scenario
from rivals.schema.conditions import CONDITIONS, SHORT_FORMS
from rivals.schema.kinds import KINDS, JsonSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
File = Literal["scenario", "reports"]
FILES: tuple[File, ...] = ("scenario", "reports")


def schema_of(file: File) -> JsonSchema:
    """The schema of scenario.yaml or of reports.yaml."""
    return _scenario_schema() if file == "scenario" else _reports_schema()


def schema_text(file: File) -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema_of(file), indent=2, ensure_ascii=False) + "\n"


def _scenario_schema() -> JsonSchema:
    defs = _definitions(Scenario)
    defs["Scenario"]["properties"]["hypotheses"]["minProperties"] = 2
    defs["Variable"]["properties"]["states"]["uniqueItems"] = True
    named = defs["Scenario"]["properties"]["expected"]
    listed = {"type": "array", "items": _ref("Expected")}
    either = [{**named, "propertyNames": {"kind": "Key"}}, listed]
    defs["Scenario"]["properties"]["expected"] = {
        "description": named.pop("description"),
        "anyOf": [{k: v for k, v in one.items() if k != "description"} for one in either],
    }
    return _whole("scenario.yaml of rivals", {"$ref": "#/$defs/Scenario"}, defs)


def _reports_schema() -> JsonSchema:
    defs = _definitions(Report, Retraction, Amendment)
    defs["Amendment"]["properties"]["set"] |= _changes(defs["Report"])
    entry = _choose("retracts", "Retraction", _choose("amends", "Amendment", _ref("Report")))
    log = {"type": ["array", "null"], "items": entry}
    return _whole("reports.yaml of rivals", log, defs)


def _choose(key: str, name: str, otherwise: JsonSchema) -> JsonSchema:
    """The entries that have the key are of one noun, all others of another."""
    return {"if": {"required": [key]}, "then": _ref(name), "else": otherwise}


def _changes(report: JsonSchema) -> JsonSchema:
    """What an amendment may set: fields of a report, nothing to take one away."""
    fields = {key: value for key, value in report["properties"].items() if key not in FIXED}
    return {
        "minProperties": 1,
        "properties": {key: {"anyOf": [value, _NOTHING]} for key, value in fields.items()},
        "additionalProperties": False,
    }


_NOTHING: JsonSchema = {"enum": ["", None]}


def _ref(name: str) -> JsonSchema:
    return {"$ref": f"#/$defs/{name}"}


def _whole(title: str, root: JsonSchema, defs: JsonSchema) -> JsonSchema:
    used = {name: kind for name, kind in KINDS.items() if name not in defs}
    named = json.loads(json.dumps({**root, "$defs": {**defs, **used}}), object_hook=_by_name)
    kept = _reached(named)
    named["$defs"] = {name: value for name, value in named["$defs"].items() if name in kept}
    return {"$schema": DIALECT, "title": title, **named}


def _by_name(value: JsonSchema) -> JsonSchema:
    """A mark for a kind of value becomes a reference to its definition."""
    if "kind" not in value or not isinstance(value["kind"], str):
        return value
    rest = {key: one for key, one in value.items() if key not in ("kind", "title")}
    return {**_ref(value["kind"]), **rest}


def _reached(schema: JsonSchema) -> set[str]:
    """The definitions that are referred to, from the root on."""
    found: set[str] = set()
    waiting: list[Any] = [{key: value for key, value in schema.items() if key != "$defs"}]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            name = str(here.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(schema["$defs"][name])
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return found


def _definitions(*roots: type[BaseModel]) -> JsonSchema:
    """The schemas of nouns and of all nouns inside them, by name."""
    defs: JsonSchema = {}
    for noun in roots:
        whole = noun.model_json_schema(schema_generator=_FromNouns)
        defs |= {**whole.pop("$defs", {}), noun.__name__: whole}
    defs.pop("Claim", None)  # written as text, whatever it becomes
    nouns = {noun.__name__: noun for noun in _descend(Noun)}
    for name, made in defs.items():
        _describe(made, nouns[name])
        made.update(CONDITIONS.get(name, {}))
        made.pop("title", None)
    short = {name: _or_claim(defs[name]) for name in SHORT_FORMS if name in defs}
    return {**defs, **short}


def _descend(noun: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A noun and all that are made from it."""
    yield noun
    for narrower in noun.__subclasses__():
        yield from _descend(narrower)


def _or_claim(schema: JsonSchema) -> JsonSchema:
    return {"description": schema["description"], "anyOf": [_ref("Claim"), schema]}


def _describe(schema: JsonSchema, noun: type[BaseModel]) -> None:
    """Give every key of a noun's schema the sentence that stands under it in the source."""
    told = sentences(noun)
    for name, field in noun.model_fields.items():
        key = schema["properties"][field.alias or name]
        key.pop("title", None)
        if name in told:
            key["description"] = told[name]


def sentences(noun: type[BaseModel]) -> dict[str, str]:
    """What the source says of each field of a noun."""
    return {key: text for base in reversed(noun.__mro__) for key, text in _docstrings(base)}


def _docstrings(noun: type) -> Iterator[tuple[str, str]]:
    """The fields of a noun, each with the docstring that follows it."""
    if not issubclass(noun, Noun):
        return
    [body] = ast.parse(textwrap.dedent(inspect.getsource(noun))).body
    assert isinstance(body, ast.ClassDef)
    for line, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(line, ast.AnnAssign) and isinstance(after, ast.Expr):
            yield ast.unparse(line.target), inspect.cleandoc(ast.literal_eval(after.value))


class _FromNouns(GenerateJsonSchema):
    """Pydantic's generator, told how values stand in a file: text is any scalar, none is null."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchema:
        """Text; YAML may take it for a number."""
        return {"kind": "Text"}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchema:
        """What may be left out; a key that is there has a value."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        """Defaults, but for the empty ones."""
        found = super().default_schema(schema)
        return {k: v for k, v in found.items() if k != "default" or v not in (None, "", {}, [])}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchema:
        """A mapping: of known keys, or of names."""
        keys = self.generate_inner(schema["keys_schema"])
        values = self.generate_inner(schema["values_schema"])
        least = {"minProperties": schema["min_length"]} if "min_length" in schema else {}
        if "enum" in keys:
            known = dict.fromkeys(keys["enum"], values)
            return {"type": "object", "properties": known, "additionalProperties": False}
        named = {} if keys == {"kind": "Text"} else {"propertyNames": keys}
        return {"type": "object", **named, "additionalProperties": values or True, **least}
