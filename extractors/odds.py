"""Probabilities as log-odds, in which opinions add up and scores are calibrated, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]
_SUREST = 1e-4


def log_odds(p: Any) -> Shares:
    """Return the log-odds of probabilities (any shape), none taken as surer than one in ten thousand."""
    held = np.clip(np.asarray(p, dtype=np.float64), _SUREST, 1 - _SUREST)
    return np.asarray(np.log(held / (1 - held)))


def probability(margin: Any) -> Shares:
    """Return the probabilities of log-odds (any shape)."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(margin, dtype=np.float64))))
