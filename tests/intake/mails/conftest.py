"""The IMAP server of these tests: mail-devel's, a real one that keeps its mails in memory."""

from collections.abc import Iterator

import pytest

from tests.intake.mails.mailbox import PASSWORD, USER, Folder
from tests.servers import SCRIPTS, free_port, process


@pytest.fixture(scope="package")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    command = [str(SCRIPTS / "mail_devel"), "--host", "127.0.0.1", "--user", USER, "--password", PASSWORD]
    command += ["--imap-port", str(port), "--smtp-port", str(free_port()), "--no-http"]
    log = tmp_path_factory.mktemp("imap") / "log"
    with process(command, port, log):
        yield port


@pytest.fixture
def folder(port: int) -> Iterator[Folder]:
    folder = Folder(port)
    yield folder
    folder.client.logout()
