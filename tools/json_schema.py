"""Write the JSON Schema of the scenario format, by which editors check and complete scenarios.

    python tools/json_schema.py            write wfmodel/scenario/scenario.schema.json
    python tools/json_schema.py --check    say whether it is up to date (exit 1 if not)

An editor sees one file at a time: a part may get from the parent what it doesn't say itself, and
may be null to be removed. So the schema knows every key and value, and leaves it to
`wfmodel validate` to find what is missing.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from wfmodel.scenario.schema import Scenario

SCHEMA = Path(__file__).resolve().parent.parent / "wfmodel" / "scenario" / "scenario.schema.json"
IN_EVERY_FILE = ["schema", "name", "title"]
WITHOUT_PARENT = ["horizon", "workforce", "roles"]


def schema_text() -> str:
    """The JSON Schema as it is published."""
    schema = _lenient(Scenario.model_json_schema(by_alias=True))
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "wfmodel scenario",
        "required": IN_EVERY_FILE,
        "if": {"not": {"required": ["extends"]}},
        "then": {"required": WITHOUT_PARENT},
    }
    for key in IN_EVERY_FILE:
        schema["properties"][key] = _not_null(schema["properties"][key])
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _lenient(part: Any) -> Any:
    """The schema with nothing required, every value nullable, and kinds told apart loosely."""
    if isinstance(part, list):
        return [_lenient(item) for item in part]
    if not isinstance(part, dict):
        return part
    changed = {k: v for k, v in part.items() if k not in ("required", "discriminator", "title")}
    if changed.get("default", 0) is None:
        del changed["default"]
    if "patternProperties" in changed:
        changed["additionalProperties"] = False
    if "oneOf" in changed:
        changed["anyOf"] = changed.pop("oneOf")
    for key, value in changed.items():
        if key == "$defs":
            changed[key] = {name: _lenient(inner) for name, inner in value.items()}
        elif key in ("properties", "patternProperties"):
            changed[key] = {name: _nullable(_lenient(inner)) for name, inner in value.items()}
        elif key == "additionalProperties" and isinstance(value, dict):
            changed[key] = _nullable(_lenient(value))
        elif key not in ("default", "enum", "const"):
            changed[key] = _lenient(value)
    return changed


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if {"type": "null"} in schema.get("anyOf", []):
        return schema
    said: dict[str, Any] = {k: schema[k] for k in ("description", "default") if k in schema}
    rest = {k: v for k, v in schema.items() if k not in said}
    choices = rest["anyOf"] if rest.keys() == {"anyOf"} else [rest]
    return {**said, "anyOf": [*choices, {"type": "null"}]}


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "anyOf": [choice for choice in schema["anyOf"] if choice != {"type": "null"}]}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    asked = parser.parse_args(arguments)
    text = schema_text()
    if asked.check:
        written = SCHEMA.read_text(encoding="utf-8") if SCHEMA.exists() else ""
        if written != text:
            print(f"{SCHEMA.name} is out of date: run python tools/json_schema.py")
        return int(written != text)
    SCHEMA.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
