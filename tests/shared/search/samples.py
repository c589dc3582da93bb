import numpy as np
import pytest

from shared.search.embedder import is_installed
from shared.search.embedding import DIMENSIONS
from shared.search.vectors import Floats

needs_model = pytest.mark.skipif(not is_installed(), reason="the extra `meaning` is not installed")
ANY = np.random.default_rng(1)


def vector() -> Floats:
    found = ANY.standard_normal(DIMENSIONS).astype(np.float32)
    unit: Floats = found / np.linalg.norm(found)
    return unit
