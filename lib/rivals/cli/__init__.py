"""The command `rivals`: questions to a scenario's folder, answers on standard output."""

from rivals.cli.main import main

__all__ = ["main"]
