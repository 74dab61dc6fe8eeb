"""Times the engine of rivals against pgmpy and pyAgrum: `make bench`, a few minutes.

Prints medians, and after each peer its median over ours; where ours is slower, the line says so.
Writes results.json beside this file: a list of {"network", "work", "engine", "median_s", "ratio"}.
Every answer is first checked to be the same within 1e-9. numpy and pyAgrum use one thread.

How the engines are used is told in peers.py. What is compared:

- *structure new*: ours searches an order and compiles it, peers are new engines; *structure known*:
  ours builds its tables from the judgements and runs a tape it has. Peers' tables are made before
  the clock starts, so of the two they do less.
- *engine reused*: one report is taken back and put in again; whatever an engine can keep, it keeps.
- *draws*: ours does 10,000, peers some, scaled to 10,000. In *inference alone* all tables are made
  beforehand. With *drawing, tables and weights* ours starts from the judgements and also finds each
  draw's weight, P(evidence | draw); peers are lent our draws and tables (the time for them is
  added), put them in and find no weights.
- *sensitivity*: ours is one reverse pass that gives the derivative by every cell; peers move some
  cells and ask again, scaled to all cells of the variables' tables and the reliabilities.
- *growth*: ours alone, on one made model. A network whose answer would need too large a table is
  refused, and the row has no time.
"""

from __future__ import annotations

import os

# before numpy is imported, and with it the number of its threads settled
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

from pathlib import Path
from time import perf_counter

from bench import Bench
from drawn import time_draws, time_sensitivities
from growth import time_growth
from made import Size, make_case
from peers import PGMPY, PYAGRUM
from posteriors import time_posteriors
from shipped import NAMES, time_shipped
from timing import Row, note, show, write

import rivals

HERE = Path(__file__).resolve().parent
SCENARIO = HERE.parents[1] / "scenarios" / "cuba-venezuela"


def main() -> None:
    start = perf_counter()
    note(f"rivals, {PGMPY} VariableElimination, {PYAGRUM} LazyPropagation")
    rows: list[Row] = []
    on, off = Size(), Size(beat=12, stray=0.15)
    benches = (
        Bench("cuba-venezuela", rivals.read(SCENARIO)),
        _made(on, "sources on their beats"),
        _made(off, "15% of the reports off beat"),
    )
    for bench in benches:
        for part in (time_posteriors, time_draws, time_sensitivities):
            part(bench)
        rows += bench.rows
    for name in NAMES:
        rows += time_shipped(name)
    rows += time_growth()
    show(rows)
    print(f"\nOn {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end, "
          f"in {perf_counter() - start:.0f} s.")  # fmt: skip
    write(rows, HERE / "results.json")


def _made(size: Size, how: str) -> Bench:
    case = make_case(size)
    bench = Bench("made", case)
    cells = sum(factor.table.size for factor in bench.batch().tables.values())
    bench.name = (
        f"made ({size.variables} variables, {cells} table entries, {size.reports} reports, "
        f"{size.sources} sources, {how})"
    )
    return bench


main()
