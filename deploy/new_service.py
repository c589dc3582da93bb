"""`python -m deploy.new_service NAME`: adds a service, made of the template.

It copies deploy/template to services/NAME, and enters the service into the one list (deploy/services.py), from which
launcher, gateway and contracts learn of it. Run it in the checkout.
"""

import argparse
import re
import sys
from pathlib import Path

from deploy.services import SERVICES

HERE = Path(__file__).resolve().parent
NAME = re.compile(r"[a-z][a-z0-9]{1,19}")
NOUN = "records"


def add(name: str, root: Path) -> list[Path]:
    """Writes the files and returns those that were written. Raises ValueError for a name that cannot be one."""
    if not NAME.fullmatch(name):
        raise ValueError(
            "a name has 2 to 20 small letters and digits and begins with a letter · "
            "名称须为 2 至 20 个小写字母或数字，并以字母开头"
        )
    folder = root / "services" / name
    if name in (*SERVICES, "template") or folder.exists():
        raise ValueError(f"there is a service {name} already · 已有名为 {name} 的服务")
    written = [_copy(path, folder, name) for path in sorted((root / "deploy" / "template").rglob("*.py"))]
    for path, old, new in (
        (root / "deploy" / "services.py", '"notify"', f'"notify", "{name}"'),
        (root / "pyproject.toml", _CONTAINERS, f'{_CONTAINERS}\n    "services.{name}.{NOUN}",'),
    ):
        text = path.read_text("utf-8")
        if old not in text:
            raise ValueError(f"{path.relative_to(root)} has no {old!r} any more · 找不到插入位置")
        path.write_text(text.replace(old, new, 1), "utf-8")
        written.append(path)
    return written


_CONTAINERS = 'name = "inside a noun, imports point down"\ntype = "layers"\ncontainers = ['


def _copy(source: Path, folder: Path, name: str) -> Path:
    text = source.read_text("utf-8")
    text = text.replace("deploy.template", f"services.{name}").replace("template_record", f"{name}_record")
    text = text.replace("template-records", f"{name}-records").replace('"template"', f'"{name}"')
    text = text.replace("the template service", f"the {name} service")
    if source.name == "__init__.py" and source.parent.name == "template":
        text = f'"""What the {name} service is for, in one line."""\n'
    target = folder / source.relative_to(HERE / "template")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return target


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make new-service NAME=…", description="Add a service made of the template · 由模板新增一个服务"
    )
    parser.add_argument("name")
    root = Path.cwd()
    try:
        written = add(parser.parse_args().name, root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(root))
    print("Next: make contracts, make check · 下一步：make contracts，make check")
    return 0


if __name__ == "__main__":
    sys.exit(main())
