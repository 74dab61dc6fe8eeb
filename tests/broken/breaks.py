"""All kinds of broken input."""

from __future__ import annotations

from broken.change import Break
from broken.expected import EXPECTED
from broken.logs import LOG
from broken.models import MODEL
from broken.outcomes import OUTCOMES
from broken.scenarios import NUMBERS, SHAPE

BREAKS: list[Break] = [*NUMBERS, *SHAPE, *MODEL, *OUTCOMES, *EXPECTED, *LOG]
