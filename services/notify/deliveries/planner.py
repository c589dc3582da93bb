"""Which deliveries an event leads to, and what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.notify.audiences.domain import Audience, Person
from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Delivery, Destination
from services.notify.deliveries.named import Named, named
from services.notify.deliveries.occasions import occasion_of
from services.notify.deliveries.rules import NAMED, ROLES, Recipient, Rule, actors_of, rules_for
from services.notify.deliveries.telephoned import WITHOUT_ADDRESS, by_telephone
from services.notify.preferences.domain import PreferenceDetails
from services.notify.templates.domain import ChannelKind
from services.notify.templates.renderer import LANGUAGES, Renderer
from shared.events import (
    Event,
    IncidentOpened,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanOverdue,
    TicketQuestionsAsked,
)
from shared.events.sla_reviews import SlaImprovementDue, SlaImprovementRaised
from shared.links import Link, Links

MESSENGERS = (DeliveryChannel.WECOM, DeliveryChannel.DINGTALK, DeliveryChannel.FEISHU)
OWNED = (SlaImprovementRaised, SlaImprovementDue)
DEFAULTS = PreferenceDetails()
QUIET = "quiet"  # a warning that people find when they look
LINK_LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class Planner:
    renderer: Renderer
    links: Links
    has_email: bool
    reaches: Callable[[str], bool]  # who has this address in a messenger
    is_suspended: Callable[[str], bool] = lambda _: False  # an address of mail that does not exist

    def plan(
        self, event: Event, audience: Audience | None, now: datetime, preferences: Mapping[str, PreferenceDetails]
    ) -> list[Delivery]:
        """`preferences` by `sub`. Raises TooEarly when it is not known yet who had the ticket when that happened."""
        planned = (self._deliveries(rule, event, audience, now, preferences) for rule in rules_for(event))
        return [delivery for deliveries in planned for delivery in deliveries]

    def _deliveries(
        self,
        rule: Rule,
        event: Event,
        audience: Audience | None,
        now: datetime,
        preferences: Mapping[str, PreferenceDetails],
    ) -> list[Delivery]:
        values = {"event": event} | ({"ticket": audience.id, "audience": audience} if audience else {})
        if rule.to in ROLES:
            contents = {
                language: self.renderer.render(rule.template, language, _no_link, values, kind=ChannelKind.ONLINE)
                for language in LANGUAGES
            }
            recipient = event.owner if isinstance(event, OWNED) else rule.to
            if not rule.include_actor and recipient in actors_of(event):
                return []
            occasion = occasion_of(event, audience.incidents if audience else (), rule.to)
            return [Delivery.to_role(event, rule.template, recipient, contents, now, occasion)]
        if isinstance(event, IncidentOpened):
            found = (
                self._to(one, rule, event, None, values, now, preferences.get(one.sub, DEFAULTS))
                for one in _on_call(event)
            )
            return [delivery for delivery in found if delivery]
        assert audience
        if rule.to in NAMED:
            found = (self._to_named(one, rule, event, audience, values, now) for one in named(rule.to, event))
            return [delivery for delivery in found if delivery]
        planned = (
            self._to(one, rule, event, audience, values, now, preferences.get(one.sub, DEFAULTS))
            for one in _people(rule, event, audience)
        )
        return [delivery for delivery in planned if delivery]

    def _to(
        self,
        person: Person,
        rule: Rule,
        event: Event,
        audience: Audience | None,
        values: Mapping[str, object],
        now: datetime,
        wanted: PreferenceDetails,
    ) -> Delivery | None:
        if not rule.include_actor and person.id in actors_of(event):
            return None
        way = self._way(person, event, audience)
        if way and wanted.messenger and rule.to is not Recipient.CUSTOMER and self.reaches(wanted.messenger):
            mail = way.address if way.channel is DeliveryChannel.EMAIL else way.mail
            way = Destination(
                channel=DeliveryChannel(wanted.messenger.partition(":")[0]), address=wanted.messenger, mail=mail
            )
        told_by_telephone = way is None and (not person.sub or self.is_suspended(person.address))
        if told_by_telephone and not (rule.to is Recipient.CUSTOMER and rule.template in WITHOUT_ADDRESS):
            if not person.sub:
                return None
            told_by_telephone = False
        if wanted.language:
            person = person.model_copy(update={"language": wanted.language})
        link = partial(self._link, event=event, person=person, now=now)
        content = self.renderer.render(rule.template, person.language, link, values, wanted.zone, _kind(way))
        occasion = occasion_of(event, audience.incidents if audience else ())
        delivery = Delivery.to_person(event, rule.template, person, content, way, now, occasion)
        delivery.to_acknowledge = rule.acknowledged and bool(person.sub)
        if told_by_telephone:
            return by_telephone(delivery, person.phone)
        if isinstance(event, TicketOpened | TicketQuestionsAsked) and rule.to is Recipient.CUSTOMER:
            delivery.asked = [question.field for question in event.questions]
        if delivery.due_at and person.sub:
            is_urgent = rule.at_once or (audience is not None and audience.is_urgent)
            self._as_wanted(delivery, wanted, is_urgent, person.id in actors_of(event), now)
        return delivery

    def _to_named(
        self, one: Named, rule: Rule, event: Event, audience: Audience, values: Mapping[str, object], now: datetime
    ) -> Delivery | None:
        """By mail, in no thread; None where it cannot be sent."""
        person = one.person
        if not (person.address and self.has_email):
            return None

        def link(action: str) -> str:
            about = Link(
                event.subject, action, person.id, person.name, person.language, event.id, 0, one.when, one.about
            )
            return self.links.url(about, now, LINK_LIFETIME)

        known = {**values, "theirs": one.theirs, "when": one.when}
        content = self.renderer.render(rule.template, person.language, link, known)
        way = Destination(channel=DeliveryChannel.EMAIL, address=person.address)
        occasion = f"{event.id}/{getattr(one.theirs, 'id', '')}"  # who owns two action items is told of both
        delivery = Delivery.to_person(event, rule.template, person, content, way, now, occasion)
        delivery.threaded, delivery.calendar = False, one.calendar
        return delivery

    def _as_wanted(
        self, delivery: Delivery, wanted: PreferenceDetails, is_urgent: bool, is_own: bool, now: datetime
    ) -> None:
        """What is urgent is sent at once by any channel, and what they did themselves is answered at once. Its id stays
        what it was: what comes again after they have changed their mind is the same delivery."""
        allowed = wanted.channels.get(delivery.event)
        if not is_urgent and allowed is not None:
            if DeliveryChannel.EMAIL not in allowed:
                delivery.mail = ""
            if delivery.fallback.partition(":")[0] not in allowed:
                delivery.fallback = ""
            if delivery.channel not in allowed and not delivery.other_way():
                delivery.only_online()
                return
        until = None if is_urgent or is_own else wanted.held_until(now)
        if until:
            delivery.hold(until)

    def _way(self, person: Person, event: Event, audience: Audience | None) -> Destination | None:
        """By the messenger that they wrote by last, or where there is no other way to reach them; else by mail. Who can
        be reached in no way at all is seen to have been told nothing: that delivery fails."""
        if getattr(event, "urgency", "") == QUIET:
            return None
        mail = person.address if self.has_email and not self.is_suspended(person.address) else ""
        if audience is None:
            return Destination(channel=DeliveryChannel.EMAIL, address=mail) if mail else None
        wrote_by = event.channel if isinstance(event, TicketMessagePosted) else audience.wrote_by
        messenger, channel = person.messenger, person.messenger.partition(":")[0]
        reached = channel in MESSENGERS and self.reaches(messenger)
        if channel in MESSENGERS and ((reached and channel == wrote_by) or not (mail or person.sub)):
            by = DeliveryChannel(channel)
            return Destination(channel=by, address=messenger, reply_to=audience.reply_to, mail=mail)
        if not mail:
            return None
        fallback = messenger if reached else ""
        return Destination(channel=DeliveryChannel.EMAIL, address=mail, reply_to=audience.reply_to, fallback=fallback)

    def _link(self, action: str, event: Event, person: Person, now: datetime) -> str:
        round = getattr(event, "round", 0)
        about = (getattr(event, "tool", ""), getattr(event, "purpose", "")) if action == "give_consent" else ()
        link = Link(event.subject, action, person.id, person.name, person.language, event.id, round, *about)
        return self.links.url(link, now, LINK_LIFETIME)


def subjects_of(event: Event, audience: Audience | None) -> set[str]:
    """The people whom it may concern, by their `sub`; raises as `plan`."""
    rules = [rule for rule in rules_for(event) if rule.to not in (*ROLES, *NAMED)]
    return {person.sub for rule in rules for person in _people(rule, event, audience)} - {""}


def _people(rule: Rule, event: Event, audience: Audience | None) -> Sequence[Person]:
    """Who watches, and is told anyway as customer or engineer, is not told twice."""
    if isinstance(event, IncidentOpened):
        return _on_call(event)
    assert audience
    if rule.to is Recipient.CUSTOMER:
        return [audience.customer]
    if rule.to is Recipient.ASSIGNEE:
        assignee = audience.assignee_of(event)
        return [assignee] if assignee else []
    if rule.to is Recipient.PLAN_OWNER and isinstance(event, TicketPlanOverdue):
        return [audience.people.get(event.owner) or Person(name=event.owner, sub=event.owner)]
    if rule.to is Recipient.STAFF_WATCHERS:
        return [one for one in audience.watchers if one.by_staff]
    told = {audience.customer.id, audience.assignee.id if audience.assignee else ""}
    return [one for one in audience.watchers if one.id not in told]


def _on_call(event: IncidentOpened) -> list[Person]:
    return [Person(name=one.name, sub=one.sub, email=one.email, language=one.language) for one in event.on_call]


def _kind(way: Destination | None) -> ChannelKind:
    if way is None:
        return ChannelKind.ONLINE
    return ChannelKind.EMAIL if way.channel is DeliveryChannel.EMAIL else ChannelKind.MESSENGER


def _no_link(action: str) -> str:
    raise RuntimeError(f"a role has no link for {action}: links are for one person")
