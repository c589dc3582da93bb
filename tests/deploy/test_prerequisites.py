import ast
import socket
from pathlib import Path

import pytest

from deploy.local import people, ports, prerequisites
from deploy.local.options import CHECKOUT, Options
from deploy.local.words import LaunchError


def test_an_old_python_is_refused() -> None:
    with pytest.raises(LaunchError, match=r"needs Python 3\.11 or newer and this is 3\.10"):
        prerequisites.check_python((3, 10))
    prerequisites.check_python((3, 11))


def test_a_python_too_new_for_the_embedded_mongo_is_refused() -> None:
    with pytest.raises(LaunchError, match="BIHUAN_MONGO_URL"):
        prerequisites.check_secantus((3, 14))
    prerequisites.check_secantus((3, 13))


@pytest.mark.parametrize("name", ["__init__", "__main__", "prerequisites", "words"])
def test_the_refusing_modules_can_be_read_by_an_old_python(name: str) -> None:
    source = (CHECKOUT / "deploy" / "local" / f"{name}.py").read_text("utf-8")
    assert ast.parse(source, feature_version=(3, 8))


def test_missing_packages_are_named() -> None:
    with pytest.raises(LaunchError, match=r"\(no_such_package, no\.such\)"):
        prerequisites.check_packages(("uvicorn", "no_such_package", "no.such"))


def test_a_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(LaunchError, match=r"no-such-program is missing.*some-package"):
        prerequisites.program("no-such-program", "some-package")


def test_trouble_is_told_in_the_terminals_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LANG", "zh_CN.UTF-8")
    with pytest.raises(LaunchError, match="闭环需要"):
        prerequisites.check_python((3, 10))


def test_a_wrong_driver_is_named(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="motor or pymongo"):
        Options(data_dir=tmp_path, mongo_driver="mongoengine")


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(LaunchError, match=f"Port {taken}, wanted for gateway, is in use"):
            ports.choose(["gateway"], {"gateway": taken})


def test_free_ports_differ() -> None:
    chosen = ports.choose([f"p{number}" for number in range(50)], None)
    assert len(set(chosen.values())) == 50


def test_people_are_found_by_name_post_and_role() -> None:
    assert people.find("e-gao").name == "高翔"
    assert people.find("senior").sub == "e-liu"
    assert people.find("auditor").sub == "r-xu"
    with pytest.raises(LaunchError, match="nobody called 'boss'"):
        people.find("boss")
