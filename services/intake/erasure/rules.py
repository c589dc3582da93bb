"""What becomes of each document of intake when a person is forgotten. A ticket of theirs keeps where it stood, when,
and how it was rated, and no word of anybody; others lose what the person said on them."""

from collections.abc import Callable, Mapping
from typing import Any

from services.intake.erasure.domain import Identities
from shared.erasing import ERASED, Needles, blanked

Doc = dict[str, Any]
Rule = Callable[[Doc], Doc | None]
# Texts of a ticket that are no words of a person: terms, numbers and ids.
_TICKET = """
    stage waiting_for category priority outcome satisfaction channel customer company company_id assignee assignee_name
    taken_by product product_version module asked field id author via split_to kind relation ticket reasons by into
    undone_by verified_by recorded_by confirmed_by article fingerprints linked followed_by merged_into merged
    split_from duplicate_of told_unfit listed_cause
"""
TICKET = frozenset(_TICKET.split())
RELATION = frozenset({"ticket", "relation", "other", "by"})
NEVER = frozenset({"counter", "lease", "fs.chunks", "erasure", "erasure_handled"})  # nothing of anybody is in them
NOBODY = {"name": ERASED, "sub": "", "email": "", "phone": "", "address": "", "language": "zh"}


class Rules:
    def __init__(self, who: Identities, tickets: frozenset[str]) -> None:
        self._who, self._tickets = who, tickets
        self.needles = Needles(who.known_by)
        self.names = Needles([name for name in who.names if len(name) > 1])
        self._emails = {one.lower() for one in who.emails}
        self._authors = {*who.subs, *(f"mailto:{one}" for one in who.emails), *(f"channel:{a}" for a in who.addresses)}
        self._authors |= {one.lower() for one in self._authors}
        self._named: Mapping[str, Rule] = {
            "ticket": self._ticket,
            "timeline": self._timeline,
            "relation": self._relation,
            "draft": self._draft,
            "customer": self._customer,
            "party": self._party,
            "inboundmail": self._mail,
            "channelthread": self._thread,
            "channelfile": self._file,
            "call": self._call,
            "importpart": self._part,
            "sent": self._event,
        }

    def owns(self, contact: Mapping[str, Any], contact_id: str) -> bool:
        """Whether a ticket with this contact is theirs."""
        return (
            (contact_id or "") in self._who.records
            or (contact.get("sub") or "") in self._who.subs
            or (contact.get("email") or "").lower() in self._emails
            or (contact.get("address") or "") in self._who.addresses
        )

    def of(self, collection: str) -> Rule:
        if collection.endswith("_handled"):  # keys of what nobody can come with again
            return self._event
        return self._named.get(collection, self._any)

    def is_theirs(self, author: str) -> bool:
        return author in self._authors or author.lower() in self._authors

    def files_of(self, ticket: Doc) -> list[str]:
        """Of a ticket of theirs all, of another those that they added."""
        files = ticket.get("attachments") or ()
        return [one["id"] for one in files if ticket["_id"] in self._tickets or self.is_theirs(one.get("added_by", ""))]

    def mail_is_theirs(self, doc: Doc) -> bool:
        people = [doc.get("sender", ""), *doc.get("recipients", ())]
        return doc.get("ticket", "") in self._tickets or any(one.lower() in self._emails for one in people)

    def _any(self, doc: Doc) -> Doc | None:
        found: Doc = {**self.needles.scrubbed(doc), "_id": doc["_id"]}
        return found

    def _ticket(self, doc: Doc) -> Doc | None:
        if doc["_id"] in self._tickets:
            contact = {**NOBODY, "language": doc["contact"].get("language") or "zh"}
            said = blanked(doc, TICKET)
            bare = {
                "contact": contact,
                "contact_id": "",
                "attachments": [],
                "watchers": [],
                "consents": [],
                "found": [],
            }
            name = doc["company"] or ERASED
            doc = {**said, **bare, "customer_name": name, "_id": doc["_id"], "said_bytes": 0}
            return {**self.names.scrubbed(self.needles.scrubbed(doc)), "_id": doc["_id"]}
        said = [self._message(one) for one in doc.get("messages") or ()]
        files = [one for one in doc.get("attachments") or () if not self.is_theirs(one.get("added_by", ""))]
        watchers = [one for one in doc.get("watchers") or () if not self.is_theirs(one.get("id", ""))]
        return self._any({**doc, "messages": said, "attachments": files, "watchers": watchers})

    def _message(self, one: Doc) -> Doc:
        return {**one, "text": ERASED, "name": ERASED} if self.is_theirs(one.get("author", "")) else one

    def _timeline(self, doc: Doc) -> Doc | None:
        is_theirs = doc.get("ticket") in self._tickets or self.is_theirs(doc.get("actor", ""))
        if not is_theirs:
            return self._any(doc)
        bare: Doc = {"details": {}, "changes": [], "reason": None}
        return self._any({**doc, **{name: nothing for name, nothing in bare.items() if name in doc}})

    def _draft(self, doc: Doc) -> Doc | None:
        return None if doc.get("ticket") in self._tickets else self._any(doc)

    def _relation(self, doc: Doc) -> Doc | None:
        if {doc.get("ticket"), doc.get("other")} & self._tickets:
            doc = {**blanked(doc, RELATION), "_id": doc["_id"]}
        return self._any(doc)

    def _customer(self, doc: Doc) -> Doc | None:
        people = [one for one in doc.get("people") or () if not self._is_person(one)]
        tickets = [
            {**one, "who": [], "phone": ""} if one["number"] in self._tickets else one
            for one in doc.get("tickets") or ()
        ]
        return self._any({**doc, "people": people, "tickets": tickets})

    def _is_person(self, one: Doc) -> bool:
        return self.owns(one, "") or one.get("ticket") in self._tickets

    def _party(self, doc: Doc) -> Doc | None:
        return None if doc["_id"] in self._who.records else self._any(doc)

    def _mail(self, doc: Doc) -> Doc | None:
        return None if self.mail_is_theirs(doc) else self._any(doc)

    def _thread(self, doc: Doc) -> Doc | None:
        address = f"{doc['channel']}:{doc['account']}:{doc['sender']['id']}"
        is_theirs = address in self._who.addresses or doc.get("ticket", "") in self._tickets
        return None if is_theirs or doc["sender"]["id"] in self._who.numbers else self._any(doc)

    def _file(self, doc: Doc) -> Doc | None:
        """One that is still to be fetched."""
        address = f"{doc['channel']}:{doc['account']}:{doc['sender']}"
        return None if address in self._who.addresses or doc["ticket"] in self._tickets else self._any(doc)

    def _call(self, doc: Doc) -> Doc | None:
        if doc.get("ticket", "") in self._tickets or doc.get("number", "") in self._who.numbers:
            doc = {**doc, "number": ERASED, "notes": ERASED, "recording_url": ""}
        return self._any(doc)

    def _part(self, doc: Doc) -> Doc | None:
        """Of an import that is not done: the row is refused."""
        gone = {"bad": {"external_id": "", "en": "The person was erased", "zh": "该联系人已被删除"}}
        return {**doc, "rows": [gone if self.needles.are_in(one) else one for one in doc.get("rows") or ()]}

    def _event(self, doc: Doc) -> Doc | None:
        """What was published in the last day, kept in case the bus loses it: all services have it by now."""
        is_theirs = doc.get("out", {}).get("subject", "") in self._tickets
        return None if is_theirs or self.needles.are_in(doc) else doc
