"""Whether a dependency has a vulnerability that somebody has published: `python -m tests.security.audit [LOCK ...]`.

pip-audit asks the package index. Where that does not know or cannot be reached nothing was audited, which is said and
is no failure: without a network the checks have to run too. With STRICT=1 it is one, for a release."""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("deploy/image/requirements.lock", "requirements.lock")
WITHIN = 300  # seconds
UNKNOWN = 3  # exit status
UNAUDITED = """
*** DEPENDENCIES WERE NOT AUDITED: nothing here tells of published vulnerabilities.
*** Before a release run make audit STRICT=1 where the package index does; it fails where that does not.
"""


@dataclass(frozen=True)
class Audit:
    """How many were looked up, how many could not be, and what was found, a line each."""

    known: int
    unknown: int
    found: tuple[str, ...]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Audit":
        """What pip-audit answers as JSON."""
        ones = answer["dependencies"]
        known = [one for one in ones if "skip_reason" not in one]
        found = tuple(
            f"{one['name']} {one['version']}: {fault['id']}, mended in {' '.join(fault['fix_versions']) or 'none'}"
            for one in known
            for fault in one["vulns"]
        )
        return cls(len(known), len(ones) - len(known), found)

    def sentence(self, lock: str) -> str:
        if self.found:
            return "\n".join((f"{lock}: {len(self.found)} published vulnerabilities", *self.found))
        if not self.known:
            return (
                f"{lock}: not audited, because no index here tells of vulnerabilities; run make audit where one does."
            )
        unknown = f"; {self.unknown} are not known to the index" if self.unknown else ""
        return f"{lock}: {self.known} dependencies without a published vulnerability{unknown}."


def audit(lock: str) -> Audit:
    command = [str(Path(sysconfig.get_path("scripts")) / "pip-audit"), "--disable-pip", "--require-hashes"]
    command += ["--requirement", lock, "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WITHIN, check=False)
        return Audit.of(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError):  # no answer, or none that is one
        return Audit(0, 0, ())


def main(locks: list[str]) -> int:
    audits = {lock: audit(lock) for lock in locks or LOCKS}
    for lock, one in audits.items():
        print(one.sentence(lock))
    if any(one.found for one in audits.values()):
        return 1
    if not all(one.known for one in audits.values()):
        print(UNAUDITED, file=sys.stderr)
        return UNKNOWN if os.environ.get("STRICT") == "1" else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
