"""A scenario to begin from: complete, commented, and written whole or not at all."""

from rivals.starter.writing import start

__all__ = ["start"]
