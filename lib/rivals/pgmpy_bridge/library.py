"""What is used of pgmpy, imported without the warning that it gives of itself.

`pgmpy.inference`, which gives it, is not used here; whoever asks a model from here needs it next.
"""

import warnings

with warnings.catch_warnings():
    # pgmpy 1.1 warns that its own pgmpy.estimators is deprecated
    warnings.simplefilter("ignore", FutureWarning)
    # its progress bars, not used here, want ipywidgets in a notebook
    warnings.filterwarnings("ignore", message="IProgress not found")
    import pgmpy.inference  # noqa: F401  (imported quietly, once and for all)
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork
    from pgmpy.readwrite import BIFReader, BIFWriter, NETReader, XDSLReader

__all__ = [
    "BIFReader",
    "BIFWriter",
    "DiscreteBayesianNetwork",
    "NETReader",
    "TabularCPD",
    "XDSLReader",
]
