"""The command that writes the JSON Schemas by which editors check the two files."""

from __future__ import annotations

from pathlib import Path

import click

from rivals.cli.options import plain_errors
from rivals.cli.show import write
from rivals.errors import Problem, WritingError
from rivals.replacing import replace_file
from rivals.schema import FILES, File, schema_text


@click.command(short_help="JSON Schema of the two files, for editors.")
@click.argument("file", type=click.Choice(FILES), default="scenario", metavar="[scenario|reports]")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write both, scenario.schema.json and reports.schema.json, to this folder.",
)
@plain_errors
def schema(file: File, out: Path | None) -> None:
    """Print the JSON Schema (draft 2020-12) of scenario.yaml or reports.yaml.

    With --out both are written to a folder, and their paths printed. An editor finds them by a
    file's first line: # yaml-language-server: $schema=../../schemas/scenario.schema.json
    """
    if out is None:
        write(schema_text(file))
        return
    for name in FILES:
        path = out / f"{name}.schema.json"
        try:
            out.mkdir(parents=True, exist_ok=True)
            replace_file(path, schema_text(name).encode())
        except OSError as error:
            told = Problem(f"cannot be written: {error.strerror}", str(path))
            raise WritingError([told]) from None
        write(f"{path}\n")
