"""Which deliveries an event leads to, and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.notify.audiences.domain import Audience, Person
from services.notify.deliveries.domain import Delivery
from services.notify.deliveries.rules import Recipient, Rule, actors_of, rules_for
from services.notify.templates.renderer import LANGUAGES, Renderer
from shared.events import Event
from shared.links import Link, Links

LINK_LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class Planner:
    renderer: Renderer
    links: Links
    has_email: bool

    def plan(self, event: Event, audience: Audience | None, now: datetime) -> list[Delivery]:
        """Raises TooEarly when it is not known yet who had the ticket when that happened."""
        return [delivery for rule in rules_for(event) for delivery in self._deliveries(rule, event, audience, now)]

    def _deliveries(self, rule: Rule, event: Event, audience: Audience | None, now: datetime) -> list[Delivery]:
        values = {"event": event} | ({"ticket": audience.id, "audience": audience} if audience else {})
        if rule.to in (Recipient.LEADS, Recipient.EDITORS):
            contents = {
                language: self.renderer.render(rule.template, language, _no_link, values) for language in LANGUAGES
            }
            return [Delivery.to_role(event, rule.template, rule.to, contents, now)]
        assert audience
        planned = (self._to(one, rule, event, values, now) for one in _people(rule, event, audience))
        return [delivery for delivery in planned if delivery]

    def _to(
        self, person: Person, rule: Rule, event: Event, values: Mapping[str, object], now: datetime
    ) -> Delivery | None:
        if not rule.include_actor and person.id in actors_of(event):
            return None
        by_email = self.has_email and bool(person.address)
        if not (person.sub or by_email):
            return None
        link = partial(self._link, event=event, person=person, now=now)
        content = self.renderer.render(rule.template, person.language, link, values)
        return Delivery.to_person(event, rule.template, person, content, by_email, now)

    def _link(self, action: str, event: Event, person: Person, now: datetime) -> str:
        round = getattr(event, "round", 0)
        about = (getattr(event, "tool", ""), getattr(event, "purpose", "")) if action == "give_consent" else ()
        link = Link(event.subject, action, person.id, person.name, person.language, event.id, round, *about)
        return self.links.url(link, now, LINK_LIFETIME)


def _people(rule: Rule, event: Event, audience: Audience) -> Sequence[Person]:
    """Who watches, and is told anyway as customer or engineer, is not told twice."""
    if rule.to is Recipient.CUSTOMER:
        return [audience.customer]
    if rule.to is Recipient.ASSIGNEE:
        assignee = audience.assignee_of(event)
        return [assignee] if assignee else []
    if rule.to is Recipient.STAFF_WATCHERS:
        return [one for one in audience.watchers if one.by_staff]
    told = {audience.customer.id, audience.assignee.id if audience.assignee else ""}
    return [one for one in audience.watchers if one.id not in told]


def _no_link(action: str) -> str:
    raise RuntimeError(f"a role has no link for {action}: links are for one person")
