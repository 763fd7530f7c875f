"""Every error Cartograph raises on purpose.

    CartographError                what the command line turns into one clear line
    ├── SourceError                a file that can't be read at all (missing, binary, cut short, refused)
    │   └── RecordError            one record of a file that can't be read; the rest of the file goes on
    ├── FetchError                 a download that can't be done or gone on with
    ├── ClusterError               a cluster that can't be reached, or doesn't fit
    ├── EvidenceError              a record that doesn't fit the evidence schema; names the field
    ├── ModelError                 a model file of the package that is missing or damaged
    ├── VocabularyError            a concept, label or IRI that the vocabulary doesn't hold
    ├── StoreError                 a store that can't be opened, read or written
    │   └── StoreLockedError       another process holds the store's write lock
    └── QueryError                 a query that can't be parsed, isn't allowed or was stopped
        ├── QuerySyntaxError       a query that isn't SPARQL; says where
        ├── QueryRefusedError      a query that the gate doesn't let through
        ├── QueryStoppedError      a query that needed more time or memory than it may have
        └── QueryBusyError         a query that found no free worker; try again

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


class FetchError(CartographError):
    """A download that failed: `subject` is the service or the file, `reason` a short clause."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject
        self.reason = reason


class ClusterError(CartographError):
    """A cluster that can't be reached, was lost, or runs other versions."""


class EvidenceError(CartographError):
    """Evidence that doesn't fit the schema: `path` is the field, as in `outcomes.3.value`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'record'}: {reason}")
        self.path = path
        self.reason = reason


class ModelError(CartographError):
    """A model file that is missing or damaged: `name` is the file's, `reason` a short clause."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the model file {name} {reason}; train the models or reinstall the package")
        self.name = name
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


class QuerySyntaxError(QueryError):
    """A query that can't be parsed: `reason` says why, `line` and `column` (from 1) where."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.reason = reason
        self.line = line
        self.column = column


class QueryRefusedError(QueryError):
    """A query that is well formed but not allowed."""


class QueryStoppedError(QueryError):
    """A query that was ended: `limit` is the `time` or `memory` that it needed more of, or `process` if that fell."""

    def __init__(self, reason: str, limit: str) -> None:
        super().__init__(reason)
        self.limit = limit


class QueryBusyError(QueryError):
    """As many queries are running as may at once; `retry_after` is when to try again, in seconds."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
