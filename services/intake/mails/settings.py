"""Settings of inbound mail; environment variables begin with `BIHUAN_MAIL_`."""

import json
import os
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ImapAccount(BaseModel):
    """A mailbox that is read by IMAP: the address that it is of, `imaps://host:port`, and who reads it. A mail that was
    taken is marked as seen, or moved to `archive`. Without encryption (`imap://`) only on the desk's own network."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)
    url: str = Field(pattern=r"^imaps?://[A-Za-z0-9.\[\]:-]+$", max_length=300)
    user: str = Field(min_length=1, max_length=320)
    secret: SecretStr
    folder: str = Field("INBOX", min_length=1, max_length=200)
    archive: str = Field("", max_length=200)

    @property
    def password(self) -> str:
        return self.secret.get_secret_value()


class MailSettings(BaseSettings):
    """`mailboxes` are the addresses that customers write to, `listen` where the relay hands their mails over
    (`host:port`; empty: nowhere), `relays` the networks that it may do so from, `imap` those that are read by IMAP.
    These hold secrets, so the list may come from a file: `BIHUAN_MAIL_IMAP_FILE`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_MAIL_", extra="ignore", hide_input_in_errors=True)

    mailboxes: list[str] = Field(default_factory=list)
    listen: str = Field("", pattern=r"^$|^[\w.\[\]:-]{1,200}:[0-9]{1,5}$")
    relays: list[IPv4Network | IPv6Network] = Field(default_factory=lambda: [ip_network("127.0.0.0/8")])
    max_mb: int = Field(25, ge=1, le=100)
    imap: list[ImapAccount] = Field(default_factory=list)
    tickets_per_hour: int = Field(20, ge=1, le=10_000)  # that one address opens
    checked_by: str = Field("", pattern=r"^[\w.:-]{0,200}$")  # the authserv-id of the mail server in front

    @model_validator(mode="before")
    @classmethod
    def from_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        if path := os.environ.get("BIHUAN_MAIL_IMAP_FILE"):
            values["imap"] = json.loads(Path(path).read_text("utf-8"))
        return values

    @property
    def accounts(self) -> dict[str, ImapAccount]:
        """By address. Raises ValueError when two have the same."""
        found = {one.address.lower(): one for one in self.imap}
        if len(found) < len(self.imap):
            raise ValueError("BIHUAN_MAIL_IMAP has two accounts with the same address")
        return found

    @property
    def max_bytes(self) -> int:
        return self.max_mb * 1024 * 1024

    def is_ours(self, address: str) -> bool:
        """A mailbox, or one of its addresses to answer to (`support+…@`)."""
        local, _, domain = address.lower().rpartition("@")
        ours = {*(one.lower() for one in self.mailboxes), *(one.address.lower() for one in self.imap)}
        return f"{local.partition('+')[0]}@{domain}" in ours

    def is_relay(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.relays)
