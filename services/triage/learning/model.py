"""What was learned, as arrays: it classifies with numpy alone, and is kept as bytes that hold no code."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.triage.learning.features import Counts, Keys, features_of, prepared, weighted

Floats = npt.NDArray[np.float32]
NEVER = 2.0  # a probability that is never reached


class NotAModel(ValueError):
    """These bytes are no model."""


@dataclass(frozen=True)
class Model:
    """Of each feature its hash (in order), how rare it is, and a row of weights. `accept` is the probability from which
    on each label needs no person; NEVER for one that always does."""

    labels: Sequence[str]
    bias: Floats
    temperature: float
    accept: Mapping[str, float]
    keys: Keys
    idf: Counts
    weights: npt.NDArray[np.float16]

    def probabilities(self, text: str) -> dict[str, float]:
        """Of each label, from 0 to 1."""
        places, values = weighted(*features_of(prepared(text)), self.keys, self.idf)
        scores = self.bias + values @ self.weights[places].astype(np.float32)
        powers = np.exp((scores - scores.max()) / self.temperature)
        return dict(zip(self.labels, (powers / powers.sum()).tolist(), strict=True))

    def to_bytes(self) -> bytes:
        head = {"labels": list(self.labels), "temperature": self.temperature, "accept": dict(self.accept)}
        content = io.BytesIO()
        np.savez_compressed(
            content,
            head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
            bias=self.bias,
            keys=self.keys,
            idf=self.idf,
            weights=self.weights,
        )
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Model":
        """Raises NotAModel. Nothing in it can be run: arrays of objects are refused."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                head = json.loads(arrays["head"].tobytes())
                learned = (arrays[name] for name in ("keys", "idf", "weights"))
                return cls(head["labels"], arrays["bias"], head["temperature"], head["accept"], *learned)
        except Exception as error:  # zip, JSON, keys, shapes: numpy names no class for what it refuses
            raise NotAModel(f"{type(error).__name__}") from error
