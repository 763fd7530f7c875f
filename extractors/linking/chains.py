"""Neighbours that hang together: runs of items, and what stands between two figures of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from extractors.linking.scene import Scene

_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]|[()\[\]%]")
T = TypeVar("T")


def chains(items: Iterable[T], joined: Callable[[T, T], object]) -> Iterator[list[T]]:
    """Yield the items, in order, in the longest runs of which each is `joined` to the next; some are of one item."""
    chain: list[T] = []
    for item in items:
        if chain and not joined(chain[-1], item):
            yield chain
            chain = []
        chain.append(item)
    if chain:
        yield chain


def between(scene: Scene, start: int, end: int) -> str:
    """Return the levelled text from `start` to `end`, what is in brackets left out."""
    return _BRACKET.sub(" ", scene.levelled[start:end])
