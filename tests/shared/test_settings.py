"""What the environment says; secrets may come from files."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import SECRETS, Settings


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file_and_is_never_shown(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text("from://a-file\n")
    monkeypatch.setenv(f"BIHUAN_{name.upper()}", "from://the-environment")
    assert getattr(Settings(), name).get_secret_value() == "from://the-environment"
    monkeypatch.setenv(f"BIHUAN_{name.upper()}_FILE", str(file))
    settings = Settings()
    assert getattr(settings, name).get_secret_value() == "from://a-file"
    assert "a-file" not in repr(settings)


@pytest.mark.parametrize("secret", [None, "", "x" * 31])
def test_links_are_not_signed_with_a_weak_secret(secret: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIHUAN_LINK_SECRET", raising=False)
    if secret is not None:
        monkeypatch.setenv("BIHUAN_LINK_SECRET", secret)
    with pytest.raises(ValueError, match="BIHUAN_LINK_SECRET"):
        Settings().secret_for_links()


def test_a_strong_secret_signs_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_LINK_SECRET", "x" * 32)
    assert Settings().secret_for_links() == "x" * 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFIX", "no dots.here"),
        ("PREFIX", "Capital"),
        ("TRACE_RATIO", "1.5"),
        ("MONGO_DRIVER", "another"),
        ("START_TIMEOUT", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BIHUAN_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


GOOD = {
    "BIHUAN_ISSUER": "https://login.sample.example/realms/desk",
    "BIHUAN_JWKS": "https://login.sample.example/realms/desk/certs",
    "BIHUAN_PUBLIC_URL": "https://desk.sample.example",
    "BIHUAN_LINK_SECRET": "Zk3vXo9bN2sT7qLw1yRc5uHd8eMf4gJa",
    "BIHUAN_MONGO_URL": "mongodb://intake:wV7nKq2xR9tB4mZs@mongo-0,mongo-1/?replicaSet=rs0",
    "BIHUAN_NATS_URL": "nats://intake:wV7nKq2xR9tB4mZs@nats-0:4222,nats://intake:wV7nKq2xR9tB4mZs@nats-1:4222",
}


def test_what_is_good_enough_for_production_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    Settings().check_production()
    monkeypatch.setenv("BIHUAN_MONGO_URL", "mongodb://mongo-0/?tls=true&authMechanism=MONGODB-X509")
    Settings().check_production()
    assert Settings().mongo_url.get_secret_value().endswith("X509")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIHUAN_ISSUER", "https://id.bihuan.local/"),
        ("BIHUAN_JWKS", "http://127.0.0.1:4318/jwks.json"),
        ("BIHUAN_PUBLIC_URL", "http://desk.sample.example"),
        ("BIHUAN_LINK_SECRET", "Zk3vXo9bN2sT7qLw1yRc5uHd8eMf4gJ"),
        ("BIHUAN_LINK_SECRET", "change-me-change-me-change-me-change-me"),
        ("BIHUAN_MONGO_URL", "mongodb://mongo-0/"),
        ("BIHUAN_PUBLIC_URL", "https://"),
        ("BIHUAN_MONGO_URL", "mongodb://intake:bihuan@mongo-0/"),
        ("BIHUAN_MONGO_URL", "mongodb://intake:passpasspasspass@mongo-0/"),
        ("BIHUAN_MONGO_URL", "mongodb://intake:%62%69%68%75%61%6e@mongo-0/"),  # six characters
        ("BIHUAN_MONGO_URL", "mongodb://mongo-0/?appName=authMechanism=MONGODB-X509"),
        ("BIHUAN_MONGO_URL", "mongodb://mongo-0/?authMechanism=MONGODB-X509"),  # of a certificate that nobody is shown
        ("BIHUAN_NATS_URL", "nats://nats-0:4222"),
        ("BIHUAN_NATS_URL", "nats://intake:wV7nKq2xR9tB4mZs@nats-0:4222,nats://nats-1:4222"),
        ("BIHUAN_NATS_URL", " nats://intake:wV7nKq2xR9tB4mZs@nats-0:4222,nats://nats-1:4222"),
        ("BIHUAN_NATS_URL", "wss://intake:wV7nKq2xR9tB4mZs@nats-0,wss://nats-1"),
        ("BIHUAN_NATS_URL", "nats://intake:1111111111111111@nats-0:4222"),
        ("BIHUAN_NATS_URL", ","),
    ],
)
def test_production_refuses_what_is_for_trials_and_says_no_secret(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, good in (GOOD | {name: value}).items():
        monkeypatch.setenv(each, good)
    with pytest.raises(ValueError, match=f"BIHUAN_ENV is production, and {name}") as refused:
        Settings().check_production()
    assert "wV7nKq2xR9tB4mZs" not in str(refused.value)
    assert "change-me" not in str(refused.value)


NATS_TLS = "tls://kb:wV7nKq2xR9tB4mZs@nats-0:4222?tlsCAFile=/tls/ca.crt,tls://kb:wV7nKq2xR9tB4mZs@nats-1:4222"


@pytest.mark.parametrize(
    ("nats", "mongo", "is_refused"),
    [
        (NATS_TLS, "mongodb://kb:secret@m/?tls=true&tlsCAFile=/tls/ca.crt", ""),
        (NATS_TLS, "mongodb+srv://kb:secret@m/", ""),
        (NATS_TLS, "mongodb://kb:secret@m/?ssl=true", ""),
        (NATS_TLS, "mongodb://kb:secret@m/", "BIHUAN_MONGO_URL"),
        (NATS_TLS, "mongodb+srv://kb:secret@m/?tls=false", "BIHUAN_MONGO_URL"),
        (NATS_TLS, "mongodb://kb:secret@m/?tls=true&tlsAllowInvalidCertificates=true", "BIHUAN_MONGO_URL"),
        (NATS_TLS, "mongodb://kb:secret@m/?tls=true&tlsInsecure=true", "BIHUAN_MONGO_URL"),
        (f"{NATS_TLS},nats://nats-2:4222", "mongodb://kb:secret@m/?tls=true", "BIHUAN_NATS_URL"),
        ("nats://nats-2:4222", "mongodb://kb:secret@m/", "BIHUAN_NATS_URL and BIHUAN_MONGO_URL"),
    ],
)
def test_where_tls_is_required_an_address_without_it_is_refused(
    nats: str, mongo: str, is_refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIHUAN_NATS_URL", nats)
    monkeypatch.setenv("BIHUAN_MONGO_URL", mongo)
    Settings()
    monkeypatch.setenv("BIHUAN_REQUIRE_TLS", "true")
    if not is_refused:
        Settings()
        return
    with pytest.raises(ValueError, match=f"and {is_refused} would be asked without TLS") as refused:
        Settings()
    assert "secret" not in str(refused.value)
    assert "wV7nKq" not in str(refused.value)
