"""Runs the study: `make study`, or `python -m study --worlds 200 --out FOLDER` in tests/.

Writes the tables to results/ beside this file, and what they say into README; the same seed and
number of worlds give the same.
"""

from __future__ import annotations

import os

# before numpy is imported, and with it the number of its threads settled
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

import json
from pathlib import Path
from time import perf_counter

import click
import numpy
import pandas as pd

from study.results import FOLDER
from study.running import progress, run
from study.saying import put_into
from study.setting import RANGED, RANGED_RIGHT, RATES
from study.tables import tabulate
from study.trial import DRAWS

README = Path(__file__).resolve().parents[2] / "README.md"


FEW = click.IntRange(min=len(RATES))  # one world of each echo rate


@click.command()
@click.option("--worlds", type=FEW, default=10_000, show_default=True, help="How many are weighed.")
@click.option(
    "--lessons", type=FEW, default=1_500, show_default=True, help="How many ACH learns on."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of it all.")
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--out", default=FOLDER, type=click.Path(path_type=Path), help="Where tables go.")
def main(worlds: int, lessons: int, seed: int, processes: int, out: Path) -> None:
    """Weigh made worlds by every method and write what came out."""
    start = perf_counter()
    with progress() as tell:
        sample = run(seed, worlds, lessons, processes, tell)
    tables = tabulate(sample)
    described = {
        "seed": seed, "worlds": worlds, "lessons": lessons, "rates": RATES,
        "forecasts": int((sample.truth >= 0).sum()), "pages": int(sample.pages.sum()),
        "ranged": f"one world in {RANGED}; with the right model one in {RANGED_RIGHT} as well",
        "draws": DRAWS, "numpy": numpy.__version__,
    }  # fmt: skip
    write(out, tables, described)
    if out == FOLDER:
        put_into(README)
    took = perf_counter() - start
    click.echo(f"{worlds:,} worlds in {took / 60:.1f} minutes: {out}", err=True)


def write(out: Path, tables: dict[str, pd.DataFrame], described: dict[str, object]) -> None:
    """The tables as CSV, and what they are of as JSON."""
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
    (out / "meta.json").write_text(json.dumps(described, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
