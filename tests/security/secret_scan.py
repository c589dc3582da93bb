"""Whether a file of the project holds a secret: `python -m tests.security.secret_scan`.

detect-secrets looks for them. What it takes for one and is none (samples, made-up passwords of tests) stands in
secrets.json, by file and hash; `--accept` writes that anew, and whoever runs it has looked at each."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

ROOT = Path(__file__).parents[2]
KNOWN = Path(__file__).with_name("secrets.json")
# Made by programs of what is scanned elsewhere, lists of hashes, weights and recorded events.
SKIPPED = (
    *("requirements.lock", "routes.yaml", "measured.json", ".released.json", "asyncapi.json", "openapi.json"),
    *("package-lock.json", "weights.json", ".jsonl", KNOWN.name),
)
Found = dict[str, dict[str, str]]  # by file: the hashes, and what each looks like


def files() -> list[str]:
    """Those that are kept with the project, or would be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in listed if name and not name.endswith(SKIPPED) and (ROOT / name).is_file()]


def scan(root: Path, names: Iterable[str]) -> tuple[Found, dict[str, int]]:
    """What looks like a secret, and the line of each hash."""
    found: Found = {}
    lines: dict[str, int] = {}
    with default_settings():
        for name in names:
            for one in scan_file(str(root / name)):
                found.setdefault(name, {})[one.secret_hash] = one.type
                lines[one.secret_hash] = one.line_number
    return found, lines


def unknown(found: Found, known: Found) -> Found:
    left = {
        name: {key: kind for key, kind in ones.items() if key not in known.get(name, {})}
        for name, ones in found.items()
    }
    return {name: ones for name, ones in left.items() if ones}


def main(argv: list[str]) -> int:
    names = files()
    found, lines = scan(ROOT, names)
    if argv == ["--accept"]:
        KNOWN.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    new = unknown(found, json.loads(KNOWN.read_text("utf-8")))
    for name, ones in new.items():
        for key, kind in ones.items():
            print(f"{name}:{lines[key]}: {kind}")
    if new:
        print("A secret does not belong here. Is it a sample? Then python -m tests.security.secret_scan --accept")
        return 1
    print(f"No secrets in {len(names)} files.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
