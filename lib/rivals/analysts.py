"""The folder `analysts/` of a scenario -> each analyst's own dossier, or every problem at once.

A file NAME.yaml says what NAME puts otherwise, by name, over the scenario's own ("house")
judgements. It is applied to what the two files say, and these are read again in the ordinary way,
so that every rule holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rivals.dissent import ENDING, FOLDER, HOUSE, Analyst, Desk
from rivals.errors import Problem, QuestionError, ReadingError, quote, suggest
from rivals.reading import compose, place_all
from rivals.scenario import Dossier


def list_files(dossier: Dossier) -> list[Path]:
    """The files of the analysts by name: analysts/*.yaml, hidden ones left alone."""
    if not dossier.folder or dossier.files is None:
        return []
    place = Path(dossier.folder) / FOLDER
    try:
        found = sorted(place.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ReadingError([Problem(f"cannot be read: {error.strerror}", str(place))]) from None
    return [path for path in found if path.suffix == ENDING and not path.name.startswith(".")]


def name_analysts(dossier: Dossier) -> list[str]:
    """Who has a file, by the file's name."""
    return [path.name.removesuffix(ENDING) for path in list_files(dossier)]


def read_analysts(dossier: Dossier) -> dict[str, Analyst]:
    """Every analyst of a scenario by name; raises ReadingError with all problems of their files.

    Entries that a case tries out beside those of the file are in each analyst's log too.
    """
    return _read(list_files(dossier), dossier)


def check_analysts(dossier: Dossier) -> None:
    """Raise ReadingError with all problems of the analysts' files, before a page shows them.

    Where reports are withheld a page shows none of them, and none is read.
    """
    if not dossier.withheld:
        read_analysts(dossier)


def _read(files: Iterable[Path], dossier: Dossier) -> dict[str, Analyst]:
    found, problems = {}, list[Problem]()
    for path in files:
        desk = Desk(path, dossier)
        analyst = desk.read()
        problems += desk.problems()
        if analyst is not None:
            found[analyst.name] = analyst
    if problems:
        raise ReadingError(problems)
    return found


def house_of(dossier: Dossier) -> Dossier:
    """The dossier as the scenario's own files have it, with what is tried out beside them."""
    if not dossier.analyst or dossier.files is None:
        return dossier
    read = compose(dossier.files)
    assert read.scenario is not None  # it was read before
    log = (*read.log, *dossier.log[len(read.log) :])
    places = place_all(dossier.files)
    return replace(dossier, scenario=read.scenario, log=log, places=places, analyst="")


def seen_by(dossier: Dossier, name: str) -> Dossier:
    """The dossier under an analyst's judgements, whose file alone is read.

    Raises QuestionError for a name without a file, and ReadingError for what is wrong in it.
    """
    house = house_of(dossier)
    if name == HOUSE:
        return house
    files = {path.name.removesuffix(ENDING): path for path in list_files(house)}
    if name not in files:
        hint = suggest(name, [HOUSE, *files])
        raise QuestionError(f"an analyst has a file in {FOLDER}/, got {quote(name)}{hint}")
    return _read([files[name]], house)[name].dossier
