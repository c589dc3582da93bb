"""Ticket forms as administrators declare them."""

from collections.abc import Sequence
from typing import Any

from services.intake.forms.catalog import Forms
from services.intake.forms.domain import TicketForm
from services.intake.forms.fields import FormField
from services.intake.products.catalog import Products
from shared.testing import ADMIN, NOON, World
from tests.intake.directory.scene import ask
from tests.intake.products.scene import products

DATABASE: dict[str, Any] = {
    "key": "database",
    "kind": "dropdown",
    "name_zh": "数据库",
    "name_en": "Database",
    "question_zh": "使用哪种数据库？",
    "question_en": "Which database do you use?",
    "options": [{"value": "oracle", "name_en": "Oracle"}, {"value": "dm8", "name_zh": "达梦 8"}],
}
SERIAL: dict[str, Any] = {"key": "serial", "name_zh": "序列号", "name_en": "Serial number", "pattern": "SN-[0-9]{4}"}
CHARSET: dict[str, Any] = {
    "key": "charset",
    "name_zh": "字符集",
    "only_if": {"field": "database", "values": ["oracle"]},
}
FIELDS = [{"key": "module"}, DATABASE, SERIAL, CHARSET]


def a_form(fields: Sequence[dict[str, Any]], product: str = "", category: str = "") -> TicketForm:
    form = TicketForm(id=f"TF-{product}-{category}", product=product, category=category)
    form.declare([FormField.model_validate(one) for one in fields], None, "admin", NOON)
    return form


def forms(*known: TicketForm, of: Products | None = None) -> Forms:
    return Forms(of or products(), known)


async def declared(world: World, fields: Sequence[dict[str, Any]], **scope: Any) -> dict[str, Any]:
    return await ask(world, "POST", "/v1/ticket-forms", {"fields": list(fields), **scope}, 201, who=ADMIN)
