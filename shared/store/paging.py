"""One page of a list, in an `Order`. Between pages nothing is lost and nothing comes twice, also where several elements
have the same key; what is moved meanwhile shows where its new key is behind the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from shared.cursor import seal, unseal
from shared.store.order import Order

Row = dict[str, Any]
Span = tuple[Any, Any]  # the key behind which a list begins, and the one with which it ends; None: where all of it does


@dataclass(frozen=True)
class List:
    """`fields` are those that its rows have. `leading` are fields of a query with which an index begins that ends in
    the order's field: of those that are all asked for the most pick the index, the first of equally many. One more
    equality would make the embedded server read the whole collection, so the others are compared here."""

    docs: Any
    name: str
    order: Order
    leading: Sequence[tuple[str, ...]]
    fields: Sequence[str]

    async def page(
        self, query: Mapping[str, Any], after: str | None, limit: int, span: Span = (None, None)
    ) -> tuple[list[Row], str | None]:
        """Rows in this span that have these values, or one of them where a value is a list, and the cursor of the next
        page; None on the last. Raises Invalid for a cursor that this list did not give."""
        order, asked = self.order, repr(sorted(query.items()))
        start = self._position(after) if after is not None else None
        first, width = order.guess(asked)
        key, edge, is_inside = (start[0], start[0], True) if start else (first, order.first, True)
        begin, last = span
        if begin is not None and (start is None or self._is_behind_key(begin, key)):
            key, edge, is_inside = begin, begin, False
        found: dict[str, Row] = {}
        while True:
            end = order.end(key, width)
            is_last = end is None or (last is not None and not self._is_behind_key(last, end))
            end = last if is_last else end
            rows = await self._window(query, edge, is_inside, end)
            found |= {row["id"]: row for row in rows if start is None or self._is_behind(row, start)}
            if not query:
                order.saw_all([row[order.field] for row in rows], edge, end)
            if len(found) > limit or is_last:
                break
            edge, is_inside, width = end, False, width + 1
        keys = [row[order.field] for row in found.values()]
        is_from_first = start is None and begin is None
        order.remember(asked, keys[0] if keys and is_from_first else None, width, keys, limit)
        page = list(found.values())[:limit]
        return page, self._cursor(page[-1]) if len(found) > limit else None

    async def _window(self, query: Mapping[str, Any], edge: Any, is_inside: bool, end: Any | None) -> list[Row]:
        """From `edge`, which is in it or not, to `end`, which is; in order."""
        order = self.order
        near, far = ("$lt", "$gte") if order.is_descending else ("$gt", "$lte")
        bounds = {f"{near}e" if is_inside else near: edge, **({} if end is None else {far: end})}
        leading = max((names for names in self.leading if query.keys() >= set(names)), key=len, default=())
        others = {name: values_of(value) for name, value in query.items() if name not in leading}
        projection = dict.fromkeys((*self.fields, order.field, *others), 1)
        rows: list[Row] = []
        for values in product(*(values_of(query[name]) for name in leading)):
            equal = dict(zip(leading, values, strict=True))
            found = self.docs.find({**equal, order.field: bounds}, projection)
            rows += [{"id": doc.pop("_id"), **doc} async for doc in found]
        fitting = [row for row in rows if all(value_at(row, name) in values for name, values in others.items())]
        return sorted(fitting, key=self._place, reverse=order.is_descending)

    def _place(self, row: Row) -> tuple[Any, str]:
        return row[self.order.field], row["id"]

    def _is_behind_key(self, one: Any, other: Any) -> bool:
        return bool(one < other) if self.order.is_descending else bool(one > other)

    def _is_behind(self, row: Row, position: tuple[Any, str]) -> bool:
        return self._place(row) < position if self.order.is_descending else self._place(row) > position

    @property
    def _of(self) -> str:
        return f"{self.name} by {'-' if self.order.is_descending else ''}{self.order.field}"

    def _cursor(self, row: Row) -> str:
        return seal(self._of, self.order.dump(row[self.order.field]), row["id"])

    def _position(self, cursor: str) -> tuple[Any, str]:
        key, id = unseal(self._of, cursor)
        return self.order.load(key), id


def values_of(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def value_at(row: Mapping[str, Any], path: str) -> Any:
    """What stands at `customer.sub`."""
    found: Any = row
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
