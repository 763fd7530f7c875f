"""Time as the fetcher sees it: a clock that tests can replace, the pace of requests, and the waits between attempts."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

_MARGIN = 1.02
"""Requests are spaced a little wider than the rule says, since the network may push them together."""


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> float:
        """Return seconds since some moment; they never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Pace:
    """Keeps requests apart, so that no second sees more than `per_second` of them."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._gap = _MARGIN / per_second
        self._clock = clock
        self._free = clock.now()

    def wait(self) -> None:
        """Wait until the next request may go out."""
        now = self._clock.now()
        if now < self._free:
            self._clock.sleep(self._free - now)
        self._free = max(now, self._free) + self._gap


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often to try and how long to wait between: `first` seconds, doubled each time up to `longest`, less a jitter.

    `patience` is the longest wait that a service may ask for (Retry-After) before the fetch gives up instead.
    """

    attempts: int = 7
    first: float = 1.0
    longest: float = 60.0
    patience: float = 600.0

    def waits(self, jitter: random.Random) -> Iterator[float]:
        """Yield the wait after each attempt but the last: between half of the full time and all of it."""
        for attempt in range(self.attempts - 1):
            yield min(self.longest, self.first * 2**attempt) * (0.5 + jitter.random() / 2)
