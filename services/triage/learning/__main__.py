"""`python -m services.triage.learning`: trains on (text, label) pairs, one as JSON in each line of the standard input,
and writes a line of JSON and the bytes of the model. A process of its own: the service goes on, and its memory
comes back."""

import json
import os
import sys

from services.triage.learning.training import learnable, train

NOTHING_TO_LEARN = 4


def main() -> int:
    os.nice(10)
    pairs = [json.loads(line) for line in sys.stdin.buffer]
    texts, truth = learnable([text for text, _ in pairs], [label for _, label in pairs])
    if len(set(truth)) < 2:
        return NOTHING_TO_LEARN
    trained = train(texts, truth)
    head = {
        "texts": trained.texts,
        "labels": list(trained.model.labels),
        "accuracy": trained.accuracy,
        "accepted": trained.accepted,
    }
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + trained.model.to_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
