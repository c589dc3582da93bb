"""How the code is laid out: what import-linter cannot say."""

from pathlib import Path
from statistics import median

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
# Modules that talk to the world; every other module of a service is pure: the same answer for the same arguments.
IO = {"app", "handlers", "store", "settings", "views"}
IO_PREFIXES = ("api",)
# Modules that talk to the world under a name of their own.
NAMED = {
    "services.intake.attachments.zipped",
    "services.intake.attachments.archives",
    "services.intake.attachments.download",
    "services.intake.attachments.guard",
    "services.intake.attachments.log_files",
    "services.intake.attachments.multipart",
    "services.intake.attachments.thumbnails",
    "services.intake.changes.parts",
    "services.intake.channels.accounts",
    "services.intake.channels.fetching",
    "services.intake.channels.media",
    "services.intake.channels.platforms",
    "services.intake.channels.stream",
    "services.intake.mails.imap",
    "services.intake.routes",
    "services.intake.directory.imports",
    "services.intake.mails.smtp",
    "services.intake.links.forms",
    "services.intake.links.pages",
    "services.intake.pages.answers",
    "services.intake.pages.forms",
    "services.intake.portal.bodies",
    "services.intake.portal.provider",
    "services.intake.portal.route",
    "services.intake.portal.session",
    "services.intake.portal.shown",
    "services.intake.third_parties.pages",
    "services.intake.tickets.access",
    "services.intake.tickets.filters",
    "services.intake.tickets.listed",
    "services.intake.tickets.numbers",
    "services.intake.tickets.search",
    "services.intake.tickets.part_views",
    "services.intake.transfer.exports",
    "services.intake.transfer.files",
    "services.intake.transfer.linking",
    "services.kb.articles.access",
    "services.kb.articles.article_text",
    "services.kb.articles.files",
    "services.kb.articles.revision_views",
    "services.kb.articles.tickets",
    "services.kb.search.catalog",
    "services.kb.search.replicas",
    "services.kb.search.result_views",
    "services.kb.search.sequence",
    "services.notify.channels.messenger_accounts",
    "services.notify.channels.messengers",
    "services.notify.channels.robots",
    "services.notify.deliveries.bounces",
    "services.notify.deliveries.digests",
    "services.notify.deliveries.dispatcher",
    "services.notify.deliveries.escalations",
    "services.notify.deliveries.unreached",
    "services.notify.stream.feed",
    "services.notify.stream.response",
    "services.notify.webhooks.batches",
    "services.notify.webhooks.dispatcher",
    "services.notify.webhooks.endpoint",
    "services.notify.webhooks.sender",
    "services.sla.improvements.shown",
    "services.triage.diagnosis.attached_logs",
    "services.triage.diagnosis.views_logs",
    "services.triage.work.views_logs",
    "services.triage.work.files",
    "services.triage.work.views_investigation",
    "services.triage.work.views_meetings",
    "services.triage.consultations.bodies",
    "services.triage.diagnosis.knowledge",
    "services.triage.incidents.spreading",
    "services.triage.incidents.watch",
    "services.triage.rebuild",
    "services.triage.routing.claims",
    "services.triage.routing.dispatch",
    "services.triage.routing.engineers",
    "services.triage.routing.imports",
    "services.triage.routing.periodic_jobs",
    "services.triage.routing.urgent",
    "services.triage.routing.workload",
    "services.triage.work.access",
}
WORLD = {
    "fastapi",
    "faststream",
    "httpx2",
    "motor",
    "nats",
    "opentelemetry",
    "pymongo",
    "shared.bus",
    "shared.http",
    "shared.mongo",
    "shared.service",
    "shared.store",
    "shared.telemetry",
}
# Of these nothing is for other nouns of the service: they use its domain and its handlers.
PRIVATE = {"views", "store"}
LONGEST, MEDIAN = 300, 120  # lines


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("services", "shared", "deploy", include_external_packages=True, cache_dir=None)


def modules(graph: grimp.ImportGraph) -> list[str]:
    return sorted(one for one in graph.modules if one.startswith("services.") and not graph.is_module_squashed(one))


def does_io(module: str) -> bool:
    name = module.rpartition(".")[2]
    return name in IO or name.startswith(IO_PREFIXES) or module in NAMED


def noun(module: str) -> str:
    """`services.intake.tickets` of all that is in it; empty for what stands beside the nouns."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) > 3 else ""


def test_what_does_no_io_is_pure(graph: grimp.ImportGraph) -> None:
    found = [
        f"{module} reaches {', '.join(sorted(reached))}"
        for module in modules(graph)
        if not does_io(module) and (reached := {one for one in graph.find_upstream_modules(module) if is_world(one)})
    ]
    assert not found, "\n".join(found)


def is_world(module: str) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in WORLD)


def test_what_is_named_as_doing_io_is_there_and_does(graph: grimp.ImportGraph) -> None:
    assert set(modules(graph)) >= NAMED
    assert [one for one in sorted(NAMED) if not any(map(is_world, graph.find_upstream_modules(one)))] == []


def test_a_noun_uses_anothers_domain_and_handlers_alone(graph: grimp.ImportGraph) -> None:
    found = []
    for module in modules(graph):
        for used in graph.find_modules_directly_imported_by(module):
            name = used.rpartition(".")[2]
            foreign = noun(used) and noun(module) and noun(used) != noun(module)
            if foreign and (name in PRIVATE or name.startswith(IO_PREFIXES)):
                found.append(f"{module} uses {used}")
    assert not found, "\n".join(found)


def test_files_can_be_read_at_a_sitting() -> None:
    lines = {
        path.relative_to(ROOT): len(path.read_text("utf-8").splitlines())
        for folder in ("services", "shared", "deploy", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert len(lines) > 300
    assert {str(path): count for path, count in lines.items() if count > LONGEST} == {}
    assert median(count for path, count in lines.items() if path.parts[0] != "tests" and count > 1) <= MEDIAN
