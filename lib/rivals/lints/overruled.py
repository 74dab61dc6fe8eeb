"""What an analyst says of a report and an amendment of the log says otherwise afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from rivals.analysts import house_of, read_analysts
from rivals.codes import find_code
from rivals.entries import Amendment
from rivals.errors import ReadingError
from rivals.lints.finding import Finding
from rivals.overriding import find_overruling
from rivals.premises import Premises

OVERRULED = find_code("overruled")


def find_overruled(premises: Premises) -> Iterator[Finding]:
    """Codings in the files of the analysts that are not heard from an amendment on.

    None where a file has problems, which stop nobody else, or where reports are withheld.
    """
    if premises.dossier.withheld:
        return
    house = house_of(premises.dossier)
    if not any(isinstance(entry, Amendment) for entry in house.log):
        return
    try:
        analysts = read_analysts(house)
    except ReadingError:
        return
    for analyst in analysts.values():
        for one in analyst.overrides:
            found = find_overruling(one, house)
            if found is not None:
                where = house.places.get(f"reports[{found[0]}]", "an amendment that is tried out")
                text = (
                    f"{analyst.name} codes {one.loc[2]} otherwise, which is not heard from "
                    f"{found[1].logged} on: {where} sets it"
                )
                yield Finding(OVERRULED, one.path, text, one.place)
