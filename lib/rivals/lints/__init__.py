"""What is well formed and may still be wrong: lints, each with a code, a place and what to do."""

from rivals.lints.likeness import suspect_echoes
from rivals.lints.listing import lint

__all__ = ["lint", "suspect_echoes"]
