"""One thread for linear algebra, as in a slot: on a busy machine more only wait for each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np  # noqa: F401  its threads are there to be limited once it is loaded
import pytest
import scipy.linalg  # noqa: F401
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    with threadpool_limits(limits=1):
        yield
