"""Extraction on a Dask cluster: blocks of documents go out, what is made of them comes back in their order.

The workers need this version of Cartograph and nothing else: no folder is shared. A block whose worker is lost goes to
another; a document that takes worker after worker down with it fails alone.
"""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from functools import cache
from typing import Any

from extractors.document import Document
from kg.engines import Engine, Future, LostError
from kg.iris import Names
from kg.work import ExtractorLike, Factory, Made, outcome
from ontology.errors import ClusterError
from ontology.vocabulary import load as load_vocabulary

_IN_FLIGHT = 3  # blocks for each thread of the cluster
_CONNECT_SECONDS = 15
_WORKER_SECONDS = 600
_lock = threading.Lock()
_extractor = cache(lambda factory: factory())


def extract_block(factory: Factory, names: Names, versions: tuple[str, str], documents: list[Document]) -> list[Made]:
    """Return what is made of each document, on a worker; raises ClusterError where it has other versions."""
    with _lock:  # one document at a time in a process, whatever threads it has
        extractor: ExtractorLike = _extractor(factory)
        own = (extractor.version, load_vocabulary().version)
        if own != versions:
            raise ClusterError(
                f"a worker has extractor {own[0]}, vocabulary {own[1]}; here it is {' and '.join(versions)}"
            )
        return [outcome(extractor, document, names) for document in documents]


class Cluster(Engine):
    """A connection to a scheduler; with the same results as `kg.workers.Pool`, to the byte."""

    block = 25  # documents: seconds of work

    def __init__(self, factory: Factory, names: Names, versions: tuple[str, str], address: str) -> None:
        """Connect to the scheduler at `address`; raises ClusterError where there's none, or no worker comes."""
        self._arguments = (factory, names, versions)
        self._address = address
        self._client = _connect(address)
        super().__init__(_IN_FLIGHT * max(1, sum(self._client.nthreads().values())))

    def submit(self, documents: list[Document]) -> Future:
        """See `Engine`."""
        return self._client.submit(extract_block, *self._arguments, documents, pure=False)

    def wait(self, documents: list[Document], future: Future) -> list[Made]:
        """See `Engine`; raises ClusterError where the scheduler is lost."""
        from distributed import KilledWorker

        try:
            made: list[Made] = future.result()
        except KilledWorker as error:
            raise LostError(str(error)) from error
        except (OSError, TimeoutError, RuntimeError, CancelledError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise ClusterError(f"{self._address}: the cluster was lost: {reason}") from error
        return made

    def close(self) -> None:
        """Leave the cluster, and what it still does for us with it."""
        self._client.close()


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("the cluster needs more packages: pip install 'cartograph-kg[cluster]'") from error
    connect: Any = Client
    try:
        client: Any = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"{address}: no Dask scheduler answers: {' '.join(str(error).split())}") from error
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except TimeoutError as error:
        client.close()
        raise ClusterError(f"{address}: the scheduler has no workers") from error
    return client
