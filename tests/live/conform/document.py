"""The merged OpenAPI with real ids in it, so that what is asked gets further than "there is no such ticket"."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from services.sla.calendars.public_holidays import public_holidays
from tests.live.conform.scene import Scene

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
ANY_VERSION = "*"
STREAM = "/v1/events"  # does not end by itself
# For people: a cookie instead of a token, and forms; for OAuth clients: errors as RFC 6749 has them. With own tests.
PAGES = ("/portal", "/oauth2/")
# Which ticket an operation finds first: the one on which it can be done, by the end of its path.
FIRST = {
    "/answers": "asked",
    "/classification": "new",
    "/reopening": "archived",
    "/closure": "closed",
    "/merge": "double",
    "/unmerge": "merged",
    "/v1/tickets/{ticket}/case": "archived",
    "/feedback": "accepted",
    "/completion": "accepted",
    "/call-back": "dissatisfied",
    "/second-plan": "called",
    "/second-plan/result": "planned",
    "/links": "verified",
    "/phone-verifications": "verified",
    "/confirmation": "phoned",
    "/verification": "verified",
    "/verifications": "proposed",
    "/solutions": "searched",
    "/deep-analyses": "searched",
    "/knowledge-searches": "searched",
    "/release": "held",
    "/transfer": "claimed",
    "/escalation": "claimed",
    "/acknowledgement": "claimed",
    "/remote-sessions": "consented",
    "/end": "session",
    "/third-parties/answer": "third",
    "/consultation/conclusion": "consultation",
    "/consultation/cancellation": "session",
    "/consultation/request": "claimed",
    "/actions/{action}/completion": "session",
    "/consultation": "claimed",
    "/removal": "grouped",
}
# What is done with every ticket would end their turn: only the operation that finds them first is given them.
# What these are for ends them, so nothing else is done with them.
ALONE = {"closed", "double", "merged", "grouped"}
KEPT = {"held", "consented", "session", "searched", "proposed", "archived", "asked", *ALONE}
# Under another name in the path than among the ids: by what stands before it.
NAMED = {
    "third-parties": "third_party",
    "articles": "article",
    "policies": "policy",
    "calendars": "calendar",
    "training-sessions": "training",
}
# Of files that show something.
LOOKED_INTO = {"thumbnail": "a.png", "entries": "a.zip"}
BODIES = {
    ("NewAssignment", "engineer"): "engineer",
    ("Claim", "ticket"): "ticket",
    ("Transfer", "engineer"): "engineer",
    ("Escalation", "team"): "team",
    ("Deactivation", "to"): "engineer",
    ("NewSolution", "article"): "article",
    ("AddedTicket", "ticket"): "ticket",
    ("NewLogAnalysis", "attachment"): "attachment",
    ("NewSession", "tool"): "approved",
    ("NewThirdParty", "third_party"): "third_party",
    ("Alias", "customer"): "alias",
    ("NewMerge", "into"): "open",
    ("NewRelation", "ticket"): "ticket",
    ("NewPartyMerge", "into"): "party",
    ("NewContact", "company"): "company",
    ("NewForm", "product"): "product",
    ("ArticleMerge", "into"): "article",
    ("AgendaEntry", "ticket"): "ticket",
}
# Without which a body that no schema refuses is refused.
NEEDED = {"MacroAmendment": "name_zh", "NewConsent": "words"}
# Who has set nothing has what is usual.
ALWAYS_THERE = {"/v1/notification-preferences/{subject}"}
# What has no versions takes `If-Match` and does not look at it.
UNVERSIONED = "/presence"
# What one operation takes away from the others: it has the last of them for itself.
TAKEN = ("macro", "view")
# By the end of a path: those of the incidents that it can be done with.
INCIDENTS = {
    "/confirmation": slice(0, 1),
    "/dismissal": slice(1, 2),
    "/resolution": slice(3, 4),
    "/updates": slice(4, 5),
    "/tickets": slice(4, 5),
    "/removal": slice(5, 6),
}
YEAR = [
    {"date": str(day), "isOffDay": True, "name": name}
    for day, name in public_holidays("CN", 2027, 2027).certain.items()
    if day.year == 2027
]
# Of bodies that are valid in ways that no schema can say.
EXAMPLES: dict[tuple[str, str], list[Any]] = {
    ("Answers", "answers"): [{"product_version": "V3.2"}, {"module": "报表中心"}],
    ("NewTicket", "custom_fields"): [{}],
    ("Amendment", "custom_fields"): [{}],
    ("NewProduct", "name_zh"): ["示例产品"],
    ("NewProduct", "modules"): [[{"key": "reports", "name_zh": "报表中心"}]],
    ("NewProduct", "versions"): [[{"name": "V3.2"}]],
    ("ProductAmendment", "modules"): [[{"key": "reports", "name_zh": "报表中心"}]],
    ("ProductAmendment", "versions"): [[{"name": "V3.2"}]],
    ("ProductAmendment", "aliases"): [[]],
    ("NewForm", "fields"): [[{"key": "module"}, {"key": "site", "name_zh": "站点"}]],
    ("FormAmendment", "fields"): [[{"key": "module"}]],
    ("NewView", "name_zh"): ["待处理工单"],
    ("NewMacro", "name_zh"): ["索取日志"],
    ("NewMacro", "text_zh"): ["请上传日志。"],
    ("NewMacro", "text_en"): ["Please upload the logs."],
    ("NewMacro", "changes"): [[{"action": "note", "body": {"text": "已索取日志"}}]],
    ("MacroAmendment", "name_zh"): ["索取日志"],
    ("MacroAmendment", "text_zh"): ["请上传日志。"],
    ("MacroAmendment", "text_en"): ["Please upload the logs."],
    ("MacroAmendment", "changes"): [[]],
    ("NewConsent", "message"): [""],
    ("NewConsent", "words"): ["同意远程协助"],
    ("NewConsent", "given_by"): ["王芳"],
    ("NewConsent", "expires_at"): ["2199-01-01T00:00:00Z"],
    ("SecondPlan", "due_at"): ["2199-01-01T00:00:00Z"],
    ("NewImprovement", "dimension"): ["category"],
    ("NewImprovement", "value"): ["function"],
    ("NewImprovement", "due_on"): ["2199-01-01"],
    ("NewReview", "since"): ["2026-01-01"],
    ("NewReview", "until"): ["2026-02-01"],
    ("WhatIfBody", "since"): ["2026-01-01"],
    ("WhatIfBody", "until"): ["2026-02-01"],
    ("WhatIfBody", "calendar"): ["cn"],
    ("WhatIfBody", "policy"): ["default"],
    ("WhatIfBody", "targets"): [{}],
    ("NewChanges", "change"): [{"action": "note", "body": {"text": "见公告"}}],
    ("EngineerProfile", "zone"): ["Asia/Shanghai"],
    ("EngineerAmendment", "zone"): ["Asia/Shanghai"],
    ("EngineerAmendment", "capacity"): [20],
    ("EngineerRow", "zone"): ["Asia/Shanghai"],
    ("EngineerImport", "csv"): ["id,name\ne-import,Import\n"],
    ("NewSplit", "messages"): [["m1"]],
    ("NewSplit", "attachments"): [[]],
    ("NewLogAnalysis", "attachments"): [[]],
    ("Description", "workaround"): [{"zh": "请走备用通道"}],
    ("NewUpdate", "text"): [{"zh": "已定位原因"}],
    ("NewResolution", "solution"): [{"zh": "请重新下单"}],
    ("WeekBody", "zone"): ["Asia/Shanghai"],
    ("NewImport", "zone"): ["Asia/Shanghai"],
    ("PartBody", "text"): ["工单编号,标题,状态,提交时间\n7,导出失败,completed,2024-05-06 09:00\n"],
    ("PartBody", "tables"): [{}],
    ("ImportStart", "parts"): [1],
    ("NewErasure", "contact"): [""],
    ("NewErasure", "emails"): [["gone@sample.example"]],
    ("WeekBody", "weekly"): [[[{"start": "09:00", "end": "18:00"}]] * 5 + [[], []]],
    ("WeekBody", "country"): ["CN"],
    ("WeekBody", "overrides"): [{"2026-05-01": "off"}],
    ("WeekBody", "hours"): [{"2026-02-13": [{"start": "09:00", "end": "12:00"}]}],
    ("ArticleRollback", "revision"): [1],
    ("ArticleUpkeep", "owner"): ["k-he"],
    ("TrainingPlan", "agenda"): [[]],
    ("YearBody", "year"): [2027],
    ("YearBody", "days"): [YEAR],
}


def prepared(openapi: Json, scene: Scene) -> Json:
    """A copy: what names a thing that must be there is one of those that are (an `enum`), what may name a new one
    (PUT, fields of bodies, `after`) has them as examples. Any other `If-Match` would end most requests at once."""
    document = deepcopy(openapi)
    document["paths"].pop(STREAM)
    document["paths"] = {path: known for path, known in document["paths"].items() if not path.startswith(PAGES)}
    for path, operations in document["paths"].items():
        if "/dead-letters/{sequence}" in path:  # what is replayed leaves the list: the last of them stays
            for method, operation in operations.items():
                number = operation["parameters"][0]["schema"]
                number["enum"] = scene.letters[-1:] if method == "get" else scene.letters[:-1]
        if path.endswith("/versions/{number}"):
            next(one for one in operations["get"]["parameters"] if one["name"] == "number")["schema"]["enum"] = [1]
        if path.endswith("/parts/{part}"):
            for operation in operations.values():
                next(one for one in operation["parameters"] if one["name"] == "part")["schema"]["enum"] = [1]
        for method in METHODS:
            if path.endswith(UNVERSIONED) and method in operations:
                own = operations[method]["parameters"]
                operations[method]["parameters"] = [one for one in own if one["name"] != "If-Match"]
            closed = "{" in path and method != "put" and path not in ALWAYS_THERE
            for parameter in operations.get(method, {}).get("parameters", ()):
                if parameter["name"] == "year":
                    parameter["schema"]["examples"] = [int(year) for year in scene.ids["year"]]
                elif known := _known(scene, method, path, parameter):
                    _feed(parameter["schema"], known, closed and parameter["in"] != "query")
    schemas = document["components"]["schemas"]
    for (name, field), kind in BODIES.items():
        _feed(schemas[name]["properties"][field], _all(scene, kind), closed=False)
    for (name, field), examples in EXAMPLES.items():
        schemas[name]["properties"][field]["examples"] = examples
        for whole in schemas[name].get("examples", ()):
            whole[field] = examples[0]
    for name, field in NEEDED.items():
        schemas[name].setdefault("required", []).append(field)
    # Of a ticket that there is not, the others would be told for nothing.
    _feed(schemas["NewReuse"]["properties"]["ticket"], _all(scene, "ticket"), closed=True)
    return document


def _known(scene: Scene, method: str, path: str, parameter: Json) -> list[str]:
    name = parameter["name"]
    if name in ("after", "external_id"):
        return scene.ids[name]
    if name == "If-Match":
        return [ANY_VERSION]
    if parameter["in"] != "path":
        return []
    before = path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
    kind = NAMED.get(before, str(name))
    if kind == "ticket":
        first = next((FIRST[end] for end in sorted(FIRST, key=len, reverse=True) if path.endswith(end)), "open")
        if "{session}" in path or first in ALONE:  # which is of this ticket alone, or ends it
            return [scene.tickets[first]]
        others = [number for name, number in scene.tickets.items() if name not in KEPT]
        return list(dict.fromkeys((scene.tickets[first], *others)))
    if kind == "incident":
        mine = next((part for end, part in INCIDENTS.items() if path.endswith(end)), slice(2, 3))
        return scene.ids[kind][mine]
    if kind in TAKEN:
        return scene.ids[kind][-1:] if method == "delete" else scene.ids[kind][:-1]
    if kind == "file":  # what is released cannot be removed
        half = len(scene.ids[kind]) // 2
        return scene.ids[kind][:half] if path.endswith("/release") else scene.ids[kind][half:]
    return _all(scene, LOOKED_INTO.get(path.rpartition("/")[2], kind))


def _all(scene: Scene, kind: str) -> list[str]:
    return list(scene.tickets.values()) if kind == "ticket" else scene.ids[kind]


def _feed(schema: Json, known: list[str], closed: bool) -> None:
    for one in _strings(schema):
        if closed:
            one["enum"] = known
        else:
            one["examples"] = known


def _strings(schema: Json) -> Iterator[Json]:
    if schema.get("type") == "string":
        yield schema
    for choice in schema.get("anyOf", ()):
        yield from _strings(choice)
