"""HTML that cannot be written unescaped: only `Html` passes as it is."""

from collections.abc import Iterable
from html import escape

VOID = ("meta", "link", "br")


class Html(str):
    """Markup that is ready."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """`class_` stands for class, and `data_x` for data-x."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Iterable[object]) -> Html:
    return Html("".join(_one(child) for child in children))


def _one(child: object) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, (list, tuple)):
        return join(child)
    return escape(str(child))
