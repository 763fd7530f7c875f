"""Every error Cartograph raises on purpose.

    CartographError                what the command line turns into one clear line
    ├── SourceError                a file that can't be read at all (missing, binary, cut short, refused)
    │   └── RecordError            one record of a file that can't be read; the rest of the file goes on
    ├── EvidenceError              a record that doesn't fit the evidence schema; names the field
    ├── VocabularyError            a concept, label or IRI that the vocabulary doesn't hold
    ├── StoreError                 a store that can't be opened, read or written
    │   └── StoreLockedError       another process holds the store's write lock
    └── QueryError                 a query that can't be parsed, isn't allowed or was stopped
        └── QueryRefusedError      a query that the gate doesn't let through

Errors carry their data as attributes, so that callers don't parse messages.
"""

from __future__ import annotations


class CartographError(Exception):
    """Base of all errors that a user can be told about in one line."""


class SourceError(CartographError):
    """A source that can't be read: `source` is its path as given, `reason` a short clause."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class RecordError(SourceError):
    """One record that can't be read: `record` is its 1-based position in `source`."""

    def __init__(self, source: str, record: int, reason: str) -> None:
        super().__init__(f"{source}, record {record}", reason)
        self.source = source
        self.record = record


class EvidenceError(CartographError):
    """Evidence that doesn't fit the schema: `path` is the field, as in `outcomes.3.value`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'record'}: {reason}")
        self.path = path
        self.reason = reason


class VocabularyError(CartographError):
    """A name that the vocabulary doesn't hold: `name` as asked, `near` the closest known ones."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"not in the vocabulary: {name}{hint}")
        self.name = name
        self.near = near


class StoreError(CartographError):
    """A store that can't be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process is writing to the store."""


class QueryError(CartographError):
    """A query that can't be parsed or run."""


class QueryRefusedError(QueryError):
    """A query that is well formed but not allowed."""
