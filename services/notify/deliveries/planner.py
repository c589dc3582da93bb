"""Which deliveries an event leads to, and what they say."""

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
        planned = (self._delivery(rule, event, audience, now) for rule in rules_for(event))
        return [delivery for delivery in planned if delivery]

    def _delivery(self, rule: Rule, event: Event, audience: Audience | None, now: datetime) -> Delivery | None:
        values = {"event": event} | ({"ticket": audience.id, "audience": audience} if audience else {})
        if rule.to in (Recipient.LEADS, Recipient.EDITORS):
            contents = {
                language: self.renderer.render(rule.template, language, _no_link, values) for language in LANGUAGES
            }
            return Delivery.to_role(event, rule.template, rule.to, contents, now)
        assert audience
        person = audience.customer if rule.to is Recipient.CUSTOMER else audience.assignee_of(event)
        if not person or (not rule.include_actor and person.sub in actors_of(event)):
            return None
        by_email = self.has_email and bool(person.address)
        if not (person.sub or by_email):
            return None
        link = partial(self._link, event=event, person=person, now=now)
        content = self.renderer.render(rule.template, person.language, link, values)
        return Delivery.to_person(event, rule.template, person, content, by_email, now)

    def _link(self, action: str, event: Event, person: Person, now: datetime) -> str:
        round = getattr(event, "round", 0)
        link = Link(event.subject, action, person.id, person.name, person.language, event.id, round)
        return self.links.url(link, now, LINK_LIFETIME)


def _no_link(action: str) -> str:
    raise RuntimeError(f"a role has no link for {action}: links are for one person")
