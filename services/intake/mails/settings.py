"""Settings of inbound mail; environment variables begin with `BIHUAN_MAIL_`."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class MailSettings(BaseSettings):
    """`mailboxes` are the addresses that customers write to, `listen` where the relay hands their mails over
    (`host:port`; empty: nowhere), `relays` the networks that it may do so from."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_MAIL_", extra="ignore")

    mailboxes: list[str] = Field(default_factory=list)
    listen: str = Field("", pattern=r"^$|^[\w.\[\]:-]{1,200}:[0-9]{1,5}$")
    relays: list[IPv4Network | IPv6Network] = Field(default_factory=lambda: [ip_network("127.0.0.0/8")])
    max_mb: int = Field(25, ge=1, le=100)
    tickets_per_hour: int = Field(20, ge=1, le=10_000)  # that one address opens

    @property
    def max_bytes(self) -> int:
        return self.max_mb * 1024 * 1024

    def is_ours(self, address: str) -> bool:
        """A mailbox, or one of its addresses to answer to (`support+…@`)."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" in {one.lower() for one in self.mailboxes}

    def is_relay(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.relays)
