"""What must be there before anything starts. Parses on older Pythons, to be able to refuse them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig

from deploy.local.words import LaunchError

OLDEST = (3, 11)
FIRST_WITHOUT_SECANTUS = (3, 14)
PACKAGES = ("uvicorn", "uvloop", "httptools", "starlette", "pymongo", "jwt", "aiosmtpd", "opentelemetry.proto")


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    if version < OLDEST:
        raise LaunchError(
            f"Bihuan needs Python 3.11 or newer and this is {version[0]}.{version[1]}: "
            "make the virtual environment with Python 3.11, 3.12 or 3.13.",
            f"闭环需要 Python 3.11 或更高版本，当前为 {version[0]}.{version[1]}："
            "请用 Python 3.11、3.12 或 3.13 建立虚拟环境。",
        )


def check_secantus(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """The embedded MongoDB has wheels up to Python 3.13 only."""
    if version >= FIRST_WITHOUT_SECANTUS:
        raise LaunchError(
            f"The embedded MongoDB (SecantusDB) runs on Python 3.11 to 3.13 and this is {version[0]}.{version[1]}: "
            "set BIHUAN_MONGO_URL, put mongod on the PATH, or use Python 3.13.",
            f"内置 MongoDB（SecantusDB）只支持 Python 3.11 至 3.13，当前为 {version[0]}.{version[1]}："
            "请设置 BIHUAN_MONGO_URL，或把 mongod 放入 PATH，或改用 Python 3.13。",
        )


def check_packages(packages: tuple[str, ...] = PACKAGES) -> None:
    missing = [name for name in packages if not _there(name)]
    if missing:
        names = ", ".join(missing)
        raise LaunchError(
            f"Packages are missing ({names}): run `make install` and start Bihuan with the Python of its .venv.",
            f"缺少依赖（{names}）：请先运行 `make install`，再用其 .venv 中的 Python 启动闭环。",
        )


def program(name: str, package: str) -> str:
    """The full path of a program: beside this Python, else on the PATH."""
    for folder in (sysconfig.get_path("scripts"), None):
        found = shutil.which(name, path=folder)
        if found:
            return os.path.abspath(found)
    raise LaunchError(
        f"The program {name} is missing: run `make install` (it comes with the package {package}).",
        f"缺少程序 {name}：请运行 `make install`（它随 {package} 包安装）。",
    )


def _there(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False
