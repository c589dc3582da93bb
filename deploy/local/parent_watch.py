"""Runs a program that ends when its parent ends, however that ended. A script of its own: forking hooks would not
be safe in a parent with threads."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, *argv = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):
            sys.exit("the launcher is gone")
    os.execv(argv[0], argv)  # noqa: S606 - what its caller was told to run


if __name__ == "__main__":
    main()
