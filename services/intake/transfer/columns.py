"""The columns of tickets in a spreadsheet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.terms import Stage, Text

# What each column is called, and where in a ticket's document it stands.
COLUMNS: Mapping[str, tuple[str, Text]] = {
    "ticket": ("id", Text("Ticket", "工单编号")),
    "external_source": ("external.source", Text("Source", "来源系统")),
    "external_id": ("external.id", Text("Number there", "原编号")),
    "title": ("problem.title", Text("Title", "标题")),
    "description": ("problem.description", Text("Description", "问题描述")),
    "status": ("status", Text("Status", "状态")),
    "stage": ("stage", Text("Stage", "阶段")),
    "waiting_for": ("waiting_for", Text("Waits for", "等待")),
    "category": ("category", Text("Category", "类别")),
    "priority": ("priority", Text("Priority", "优先级")),
    "outcome": ("outcome", Text("Outcome", "结果")),
    "satisfaction": ("satisfaction", Text("Satisfaction", "满意度")),
    "product": ("problem.product", Text("Product", "产品")),
    "product_version": ("problem.product_version", Text("Version", "版本")),
    "module": ("problem.module", Text("Module", "模块")),
    "company": ("company", Text("Company", "企业")),
    "contact_name": ("contact.name", Text("Contact", "联系人")),
    "contact_email": ("contact.email", Text("Email", "邮箱")),
    "contact_phone": ("contact.phone", Text("Phone", "电话")),
    "channel": ("channel", Text("Channel", "渠道")),
    "assignee": ("assignee", Text("Assignee", "处理人账号")),
    "assignee_name": ("assignee_name", Text("Assignee's name", "处理人")),
    "opened_at": ("opened_at", Text("Opened", "提交时间")),
    "resolved_at": ("resolved_at", Text("Resolved", "解决时间")),
    "completed_at": ("completed_at", Text("Completed", "完成时间")),
}
FIELDS = tuple(dict.fromkeys(path for path, _ in COLUMNS.values() if path not in ("id", "status")))


def heads(language: str) -> list[str]:
    """`Ticket`, or `工单编号`."""
    return [label.in_(language) for _, label in COLUMNS.values()]


def values(row: Mapping[str, Any], zone: ZoneInfo) -> Sequence[object]:
    """Of a document with `FIELDS`; moments by the clocks of this zone, with their offset (ISO 8601)."""
    known = {**row, "status": Stage.of(row["stage"]).status.value}
    return [_shown(_at(known, path), zone) for path, _ in COLUMNS.values()]


def _at(row: Mapping[str, Any], path: str) -> object:
    first, _, rest = path.partition(".")
    value = row.get(first)
    return _at(value, rest) if rest and isinstance(value, Mapping) else None if rest else value


def _shown(value: object, zone: ZoneInfo) -> object:
    return value.astimezone(zone).isoformat(timespec="seconds") if isinstance(value, datetime) else value
