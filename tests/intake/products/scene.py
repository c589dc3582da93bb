"""Products as leads record them."""

from typing import Any

from services.intake.products.catalog import Products
from services.intake.products.domain import Product, new_product
from shared.testing import NOON, World
from tests.intake.directory.scene import ask

ERP: dict[str, Any] = {
    "key": "erp",
    "name_zh": "环通 ERP",
    "name_en": "Huantong ERP",
    "aliases": ["环通"],
    "modules": [
        {"key": "reports", "name_zh": "报表中心", "name_en": "Reports", "aliases": ["报表"]},
        {"key": "stock", "name_zh": "库存管理", "name_en": "Stock"},
    ],
    "versions": [{"name": "V3.2", "released": "2026-01-15"}, {"name": "2024 春季版", "status": "ended"}],
}
CRM: dict[str, Any] = {"key": "crm", "name_zh": "环通 CRM", "name_en": "Huantong CRM"}


def a_product(**facts: Any) -> Product:
    return new_product(f"PR-{facts['key']}", facts, "lead", NOON)


def products(*known: dict[str, Any]) -> Products:
    return Products([a_product(**one) for one in known or (ERP, CRM)])


async def product(world: World, **facts: Any) -> dict[str, Any]:
    return await ask(world, "POST", "/v1/products", {**ERP, **facts}, 201)
