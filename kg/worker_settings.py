"""What foreign queries may use, where the operator doesn't say otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What foreign queries may use: seconds, rows and bytes of an answer, bytes of memory; how many run and wait.

    `patience` is how long one that found no free worker waits for one, in seconds.
    """

    seconds: float = 10.0
    rows: int = 100_000
    size: int = 32 * 1024 * 1024
    memory: int = 1024 * 1024 * 1024
    workers: int = 4
    waiting: int = 16
    patience: float = 5.0
