"""A ticket of another desk, however that desk writes it down."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from services.intake.conversation.texts import PART_CHARACTERS, language_of, parts_of
from services.intake.relations.domain import BY_HAND, MAX_RELATIONS
from services.intake.tickets.imported import Imported
from services.intake.tickets.values import External, Message
from shared.domain import Invalid, Value
from shared.events import Contact, Problem, RelationKind
from shared.phones import e164
from shared.terms import Channel, Known, Moment, Outcome, Priority, Text
from shared.texts import is_email_address, on_one_line, without_controls

MAX_MESSAGES = 1_900
MAX_TAGS = 50
TITLE_CHARACTERS = 200
NO_TEXT = "（未填写文字 · no text）"


def _storable(text: object) -> object:
    return text.encode("utf-8", "ignore").decode() if isinstance(text, str) else text


def _one_line(text: object) -> object:
    return _storable(on_one_line(text))


def _cut(text: str) -> str:
    return text if len(text) <= TITLE_CHARACTERS else f"{text[: TITLE_CHARACTERS - 1]}…"


Name = Annotated[str, BeforeValidator(_one_line), StringConstraints(strip_whitespace=True), AfterValidator(_cut)]
Words = Annotated[str, BeforeValidator(_storable), BeforeValidator(without_controls)]
ExternalId = Annotated[
    str, BeforeValidator(_one_line), StringConstraints(strip_whitespace=True, min_length=1, max_length=80)
]


def _by_hand(kind: RelationKind) -> RelationKind:
    if kind not in BY_HAND:
        raise ValueError("no relation that people state")
    return kind


ByHand = Annotated[Known[RelationKind], AfterValidator(_by_hand)]


class ImportedMessage(Value):
    """What somebody said on it; `author` is an address where one is known."""

    author: Name = ""
    name: Name = ""
    by_staff: bool = False
    internal: bool = False
    at: Moment
    text: Words


class ImportedLink(Value):
    """To which other ticket of that desk, and how. `words` are what that desk calls it."""

    external_id: ExternalId
    kind: ByHand = RelationKind.RELATED
    words: Name = ""


class ImportedTicket(BaseModel):
    """`state` is the other desk's word, `is_open` what it means; `files` is how many it has."""

    model_config = ConfigDict(extra="forbid")

    external_id: ExternalId
    number: Name = ""
    title: Name = ""
    description: Words = ""
    state: Name = ""
    is_open: bool = False
    outcome: Known[Outcome] = Outcome.SOLVED
    priority: Known[Priority] | None = None
    product: Name = ""
    product_version: Name = ""
    module: Name = ""
    company: Name = ""
    contact_name: Name = ""
    contact_email: Name = ""
    contact_phone: Name = ""
    channel: Known[Channel] = Channel.ONLINE
    assignee_name: Name = ""
    opened_at: Moment
    closed_at: Moment | None = None
    messages: list[ImportedMessage] = Field(default_factory=list, max_length=MAX_MESSAGES)
    files: int = Field(0, ge=0)
    tags: list[Name] = Field(default_factory=list, max_length=MAX_TAGS)
    links: list[ImportedLink] = Field(default_factory=list, max_length=MAX_RELATIONS)

    @property
    def digest(self) -> str:
        """Without tags and links where there are none: as before those were read."""
        unread = {name for name in ("tags", "links") if not getattr(self, name)}
        return hashlib.sha256(self.model_dump_json(exclude=unread).encode()).hexdigest()[:32]

    @property
    def contact(self) -> Contact:
        """An address that cannot be one is no address; who has no name is called by it."""
        email = self.contact_email if is_email_address(self.contact_email) else ""
        phone = e164(self.contact_phone) or self.contact_phone
        name = self.contact_name or self.contact_email or phone or "-"
        language = language_of(f"{self.title}{self.description}"[:PART_CHARACTERS])
        return Contact(name=name, email=email, phone=phone, language=language)

    @property
    def entries(self) -> int:
        """How many messages it has here."""
        whole = self.description or (self.messages[0].text if self.messages else "")
        said = self.messages if self.description else self.messages[1:]
        return len(parts_of(whole)) - 1 + sum(len(parts_of(one.text)) for one in said)

    def imported(self, source: str, run: str, now: datetime) -> Imported:
        """The first words are the description, as long as that may be; all others are messages in their order."""
        opening, *more = parts_of(self.description or (self.messages[0].text if self.messages else ""))
        said = self.messages if self.description else self.messages[1:]
        contact = self.contact
        first = [
            ImportedMessage(author=contact.email, name=contact.name, at=self.opened_at, text=part) for part in more
        ]
        messages = [
            _message(number, part, one, self.channel)
            for number, (one, part) in enumerate(
                ((one, part) for one in (*first, *said) for part in parts_of(one.text or NO_TEXT)), start=1
            )
        ]
        title = self.title or opening.strip().partition("\n")[0] or self.number or self.external_id
        return Imported(
            external=External(
                source=source,
                id=self.external_id,
                number=self.number or self.external_id,
                state=self.state,
                digest=self.digest,
                run=run,
                files=self.files,
                tags=list(dict.fromkeys(tag for tag in self.tags if tag)),
                is_history=not self.is_open,
                imported_at=now,
            ),
            problem=Problem(
                title=_cut(title),
                description=opening.strip() or title,
                product=self.product,
                product_version=self.product_version,
                module=self.module,
            ),
            company=self.company,
            contact=contact,
            channel=self.channel,
            opened_at=self.opened_at,
            completed_at=None if self.is_open else self.closed_at or self._last,
            outcome=self.outcome,
            priority=self.priority,
            assignee_name=self.assignee_name,
            messages=tuple(messages),
        )

    @property
    def _last(self) -> datetime:
        return max([self.opened_at, *(one.at for one in self.messages)])


class BadRow(Value):
    """One that cannot be taken over, and why."""

    external_id: str = ""
    en: str
    zh: str

    @classmethod
    def of(cls, external_id: object, error: ValidationError | Invalid) -> "BadRow":
        """Says what is wrong with which field, never what it says."""
        said = str(external_id)[:80]
        if isinstance(error, Invalid):
            return cls(external_id=said, en=error.detail.en, zh=error.detail.zh)
        places = [".".join(map(str, one["loc"])) for one in error.errors(include_input=False, include_url=False)]
        named = ", ".join(dict.fromkeys(places[:5]))
        return cls(external_id=said, en=f"Not valid: {named}", zh=f"内容无效：{named}")


Read = list[ImportedTicket | BadRow]
BAD = "bad"
TWICE = Text("The same ticket comes twice in this part", "该工单在本批次中重复出现")
STILL_OPEN = Text("The ticket is still open there", "该工单在原系统中尚未关闭")


def _message(number: int, text: str, one: ImportedMessage, channel: Channel) -> Message:
    address = one.author if is_email_address(one.author) else ""
    return Message(
        id=f"m{number}",
        author=f"mailto:{address}" if address else f"channel:import:{one.name or one.author or '-'}"[:255],
        name=one.name or one.author or "-",
        by_staff=one.by_staff,
        internal=one.internal and one.by_staff,
        channel=channel,
        at=one.at,
        text=text,
    )


def dumped(row: ImportedTicket | BadRow) -> dict[str, Any]:
    """As it is kept until it is taken."""
    return {BAD: row.model_dump()} if isinstance(row, BadRow) else row.model_dump(mode="json", exclude_defaults=True)


def loaded(row: Mapping[str, Any]) -> ImportedTicket | BadRow:
    return BadRow.model_validate(row[BAD]) if BAD in row else ImportedTicket.model_validate(row)
