"""What a template that people write may have in it. Everything else is refused: what it takes to render one is bounded,
and it says nothing that its readers are not to know."""

from collections.abc import Iterator
from typing import TypeVar

from jinja2 import Environment, TemplateSyntaxError, nodes

from services.notify.templates.domain import MessageTemplate
from shared.domain import Invalid

FUNCTIONS = ("link", "label", "translated", "local_time")
FILTERS = ("join", "length", "upper", "lower", "trim", "default", "first", "last")
OBJECTS = ("event", "audience", "theirs")
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Tuple,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.For,
    nodes.Call,
    nodes.Filter,
    nodes.Add,
)
SYNTAX = Environment(autoescape=False)  # noqa: S701 - it parses, and renders nothing
Attribute = tuple[str, str]
N = TypeVar("N", bound=nodes.Node)


def check(said: MessageTemplate, built_in: MessageTemplate, is_for_customers: bool) -> None:
    """Raises Invalid. A link is one of those that the built-in one has; and what customers read says of an event only
    what that says."""
    known = [_parsed(part, "body") for part in built_in]
    links = {action for tree in known for action in _links(tree)}
    attributes = {one for tree in known for one in _attributes(tree)}
    for field, part in zip(("body.title", "body.text"), said, strict=True):
        tree = _parsed(part, field)
        _check_nodes(tree, field)
        if more := sorted(set(_links(tree)) - links):
            raise _refused(f"there is no link {more[0]!r} here", f"此处没有链接“{more[0]}”", field)
        if is_for_customers and (more_of := sorted(set(_attributes(tree)) - attributes)):
            name = ".".join(more_of[0])
            raise _refused(f"customers are not told {name}", f"{name} 不能告知客户", field)


def _parsed(source: str, field: str) -> nodes.Template:
    try:
        return SYNTAX.parse(source)
    except (TemplateSyntaxError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise _refused(f"line {line}: {error}", f"第 {line} 行：{error}", field) from error


def _check_nodes(tree: nodes.Template, field: str) -> None:
    for node in _all(tree):
        if not isinstance(node, ALLOWED):
            raise _not_here(type(node).__name__, node, field)
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise _not_here(f"| {node.name}", node, field)
        if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS):
            raise _not_here("()", node, field)
        if isinstance(node, nodes.For):
            is_list = isinstance(node.iter, nodes.Getattr) and isinstance(node.iter.node, nodes.Name)
            if node.recursive or not is_list or any(True for _ in _inside(node)):
                raise _not_here("for … in …", node, field)
    whole = {id(node.node) for node in _of(tree, nodes.Getattr)}
    for name in _of(tree, nodes.Name):
        if name.name in OBJECTS and id(name) not in whole:
            raise _not_here(name.name, name, field)


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    """However deep it goes."""
    left = [tree]
    while left:
        yield (node := left.pop())
        left += node.iter_child_nodes()


def _of(tree: nodes.Node, kind: type[N]) -> list[N]:
    return [node for node in _all(tree) if isinstance(node, kind)]


def _inside(loop: nodes.For) -> Iterator[nodes.For]:
    for part in (*loop.body, *loop.else_):
        yield from _of(part, nodes.For)


def _links(tree: nodes.Template) -> list[str]:
    """Their actions; what is no text by itself is no action that there is."""
    calls = (node for node in _of(tree, nodes.Call) if isinstance(node.node, nodes.Name))
    named = (node.args[:1] for node in calls if isinstance(node.node, nodes.Name) and node.node.name == "link")
    return [args[0].value if args and isinstance(args[0], nodes.Const) else "?" for args in named]


def _attributes(tree: nodes.Template) -> list[Attribute]:
    """Of what happened and whom it concerns: `event.text`."""
    found = _of(tree, nodes.Getattr)
    return [(one.node.name, one.attr) for one in found if isinstance(one.node, nodes.Name) and one.node.name in OBJECTS]


def _not_here(what: str, node: nodes.Node, field: str) -> Invalid:
    return _refused(
        f"line {node.lineno}: `{what}` cannot be used like this in a template",
        f"第 {node.lineno} 行：模板中不能这样使用 `{what}`",
        field,
    )


def _refused(en: str, zh: str, field: str) -> Invalid:
    return Invalid(en, zh, field)
