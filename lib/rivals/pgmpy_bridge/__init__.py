"""To and from pgmpy models and files; the only room that imports pgmpy."""

from rivals.pgmpy_bridge.building import build_model
from rivals.pgmpy_bridge.exporting import export_model
from rivals.pgmpy_bridge.library import DiscreteBayesianNetwork
from rivals.pgmpy_bridge.plain import PlainNetwork, from_pgmpy

__all__ = ["DiscreteBayesianNetwork", "PlainNetwork", "build_model", "export_model", "from_pgmpy"]
