"""The record of a company: its names, the domains that its people write from, and how it is served."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from services.intake.directory.domain import Party, digest, record_id
from services.intake.directory.names import core, normal
from shared.domain import Invalid

MAX_ALIASES = 30
MAX_DOMAINS = 30
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9]")
# Where anybody gets an address: they say nothing about a company.
_PUBLIC = """
    qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com
    189.cn 21cn.com tom.com gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp
    icloud.com me.com aol.com gmx.de gmx.net gmx.com web.de mail.ru yandex.ru proton.me protonmail.com naver.com
"""
PUBLIC = frozenset(_PUBLIC.split())
# Under which others have their domains.
_SUFFIXES = "com.cn net.cn org.cn gov.cn edu.cn ac.cn co.uk co.jp com.hk com.tw com.au co.kr com.sg"
SUFFIXES = frozenset(_SUFFIXES.split())


class Company(Party):
    """`tier`, `owner` (a subject) and `policy` (an SLA policy's id) are what the desk says of it."""

    prefix: ClassVar[str] = "CO-"

    kind: Literal["company"] = "company"
    aliases: list[str] = Field(default_factory=list)
    domains: list[str] = Field(default_factory=list)
    tier: str = ""
    owner: str = ""
    policy: str = ""

    @property
    def names(self) -> list[str]:
        return [self.name, *self.aliases]

    @property
    def keys(self) -> list[str]:
        found = [name_key(name) for name in self.names] + [f"domain:{domain}" for domain in self.domains]
        return list(dict.fromkeys([*super().keys, *found]))

    @property
    def hints(self) -> list[str]:
        found = [*super().hints]
        for name in self.names:
            known = core(name)
            found += [f"core:{known}", f"start:{known[:2]}", f"end:{known[-2:]}"]
        found += [f"label:{label}" for domain in self.domains if (label := label_of(domain))]
        return list(dict.fromkeys(found))

    @property
    def others(self) -> list[str]:
        return list(dict.fromkeys(customer_of_name(name) for name in self.names))

    def check(self) -> None:
        for domain in self.domains:
            if not DOMAIN.fullmatch(domain):
                raise Invalid(f"{domain} is no mail domain", f"{domain} 不是有效的邮箱域名", "body.domains")
            if domain in PUBLIC or domain in SUFFIXES:
                raise Invalid(
                    f"{domain} gives addresses to anybody", f"{domain} 是公共邮箱，不能代表一家企业", "body.domains"
                )
        if not normal(self.name):
            raise Invalid("The name has no letters", "名称无效", "body.name")


def new_company(facts: Mapping[str, object], by: str, now: datetime, attempt: int = 0) -> Company:
    """Raises Invalid."""
    id = record_id(Company.prefix, f"company {facts['name']}", attempt)
    company = Company.model_validate({**facts, "id": id, "added_at": now, "added_by": by})
    company.check()
    company.follow_soon(now)
    return company


def name_key(name: str) -> str:
    return f"company:{normal(name)}"


def customer_of_name(name: str) -> str:
    """Whose tickets those with this company are, while there is no record of it (customers/identity.py)."""
    return f"C-{digest(f'company {name}')}"


def domains_of(address: str) -> list[str]:
    """From an address of mail: its domain and those above, the nearest first; none of a public provider."""
    labels = address.rpartition("@")[2].lower().split(".")[-9:]
    found = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    return [] if PUBLIC & set(found) else [one for one in found if one not in SUFFIXES]


def label_of(domain: str) -> str:
    """`example` of `mail.example.com.cn`."""
    labels = domain.split(".")
    known: Sequence[str] = labels[:-2] if ".".join(labels[-2:]) in SUFFIXES else labels[:-1]
    return known[-1] if known else ""
