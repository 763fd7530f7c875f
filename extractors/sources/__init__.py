"""Readers: a file, folder, archive or standard input to Documents, the format told by content first, then by suffix.

`read` yields an Item: a Document, a Deletion, or an error. RecordError stands for one record, any other SourceError
for one file of a folder or archive.
"""

from __future__ import annotations

from extractors.sources.formats import Format
from extractors.sources.reading import formats, read
from extractors.sources.records import Item

__all__ = ["Format", "Item", "formats", "read"]
