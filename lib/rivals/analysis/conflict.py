"""Whether the evidence hangs together: log(prod P(e_i) / P(e)), in nats.

The measure of Jensen, Chamberlain, Nordahl and Jensen 1991.
"""

from __future__ import annotations

import numpy as np

from rivals.batch import Batch


def measure_conflict(stated: Batch) -> float:
    """Above 0 the items of evidence agree less than independent ones would; 0 without any."""
    network = stated.network
    if not network.items:
        return 0.0
    masks = network.masks(*([item] for item in network.items), None)
    log_chance = stated.over(masks).log_evidence[:, 0]
    return float(np.sum(log_chance[:-1]) - log_chance[-1])
