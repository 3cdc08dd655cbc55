"""A bound file is sealed while it is written: its clear bytes touch no disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

from casework.papers.bind import Bound
from casework.vault.files import SealedStore, Stored


def sealed(store: SealedStore, write: Callable[[BinaryIO], Bound]) -> tuple[Stored, Bound]:
    """What ``write`` writes, sealed. When it fails nothing stays in the store; when the store
    fails, its error is raised."""
    reading, writing = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        put = pool.submit(_put, store, reading)
        try:
            with os.fdopen(writing, "wb") as target:
                bound = write(target)
        except BaseException:
            _drop(store, put)
            raise
        return put.result(), bound


def _put(store: SealedStore, reading: int) -> Stored:
    with os.fdopen(reading, "rb") as source:
        return store.put(source)


def _drop(store: SealedStore, put: Future[Stored]) -> None:
    store.delete(put.result().name)
