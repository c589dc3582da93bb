"""Which tickets a policy is for, and in which order policies are asked."""

from collections.abc import Mapping
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, Field

from shared.domain import Value
from shared.terms import Text

FIELDS: Mapping[str, Text] = {
    "company": Text("company", "企业"),
    "product": Text("product", "产品"),
    "team": Text("team", "团队"),
    "tier": Text("customer tier", "客户等级"),
}
WEIGHTS = {"company": 8, "product": 4, "team": 2, "tier": 1}


class Subject(BaseModel):
    """What is known of a ticket: `policy` is the one that was agreed with its company, by id; `team` the queue that it
    was first given to."""

    model_config = ConfigDict(frozen=True)

    company: str = ""
    tier: str = ""
    product: str = ""
    team: str = ""
    policy: str = ""


class Match(Value):
    """What a ticket must have; empty is whatever it has."""

    company: str = Field(default="", max_length=200)
    tier: str = Field(default="", max_length=200)
    product: str = Field(default="", max_length=200)
    team: str = Field(default="", max_length=200)

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    @property
    def weight(self) -> int:
        """Of two with the same order the narrower one comes first: company, then product, team and tier."""
        return sum(WEIGHTS[name] for name in self.asked)

    @property
    def key(self) -> str:
        return "\n".join(f"{name}={_spelt(value)}" for name, value in self.asked.items()) or "everybody"

    def lacks(self, subject: Subject) -> list[str]:
        """Names of what the ticket does not have."""
        return [name for name, value in self.asked.items() if _spelt(getattr(subject, name)) != _spelt(value)]

    @property
    def words(self) -> Text:
        if not self.asked:
            return Text("all tickets", "所有工单")
        parts = self.asked.items()
        return Text(
            " and ".join(f"{FIELDS[name].en} {value}" for name, value in parts),
            "、".join(f"{FIELDS[name].zh}“{value}”" for name, value in parts),
        )


def _spelt(value: str) -> str:
    return " ".join(normalize("NFKC", value).casefold().split())
