"""Who asks for what, and how much: bounded, and yet every operation is gone through by somebody who may do it."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tests.live.conform.document import METHODS
from tests.live.conform.scene import Scene

Json = dict[str, Any]
Operation = tuple[str, str]  # method and path
NOBODY = "nobody"
ROLES = ("requester", "company_viewer", "agent", "engineer", "lead", "kb_editor", "auditor", "admin")


def operations(document: Json) -> list[Operation]:
    paths = document["paths"].items()
    return [(method, path) for path, known in paths for method in METHODS if method in known]


async def theirs(scene: Scene, document: Json, who: str | None) -> set[Operation]:
    """What they may do at all: permission is decided before anything else, so nothing comes of asking like this."""

    async def may(operation: Operation) -> bool:
        method, path = operation
        for parameter in document["paths"][path][method].get("parameters", ()):
            if parameter["in"] == "path":
                schema = parameter["schema"]
                known = schema.get("enum") or schema.get("examples") or ["1"]
                path = path.replace(f"{{{parameter['name']}}}", quote(str(known[0]), safe=""))
        body = None if method == "get" else {"nothing": "of this"}
        answer = await scene.desk.ask(
            who, method.upper(), path.removeprefix("/").removeprefix("api/"), body, {"If-Match": '"999999"'}
        )
        return answer.status_code not in (401, 403)

    asked = operations(document)
    return {one for one, allowed in zip(asked, await asyncio.gather(*map(may, asked)), strict=True) if allowed}


def shared_out(may: Mapping[str, set[Operation]], times: int) -> dict[str, set[Operation]]:
    """Which operations each of them covers: each operation so many of them, and all of them about as many."""
    covers: dict[str, set[Operation]] = {who: set() for who in may}
    for operation in sorted(set().union(*may.values()), key=lambda one: (sum(one in own for own in may.values()), one)):
        able = sorted((who for who in may if operation in may[who]), key=lambda who: len(covers[who]))
        for who in able[:times]:
            covers[who].add(operation)
    return covers
