"""What `up` tells: what is used, where everything is, and who one can be."""

from pathlib import Path

from deploy.local.people import PEOPLE
from deploy.local.stack import Stack
from deploy.local.started import Started
from deploy.local.words import tr

NAME_WIDTH = 10


def line_of(started: Started) -> str:
    return f"  {started.part:{NAME_WIDTH}} {started.seconds:5.1f} s  {started.what}"


def write_tokens(stack: Stack) -> Path:
    """A token of each person in a file of its own, readable by this user only."""
    folder = stack.site.folder("token")
    folder.chmod(0o700)
    for person in PEOPLE:
        (folder / person.sub).write_text(stack.token(person), "ascii")
    return folder


def welcome(stack: Stack, tokens: Path) -> str:
    folder = _short(tokens)
    number = tr("<number>", "<工单号>")
    lines = [
        tr("\nBihuan is ready.\n", "\n闭环已就绪。\n"),
        tr("  gateway    ", "  网关       ") + f"{stack.url}/v1/",
        tr("  console    ", "  客服工作台 ") + f"{stack.url}/console",
        tr("  customers  ", "  客户页面   ") + f"{stack.url}/portal",
        tr("  traces     ", "  链路       ") + f"{stack.collector_url}/",
        tr("  a ticket   ", "  单个工单   ") + f"{stack.collector_url}/tickets/{number}",
        tr("  mails      ", "  邮件       ") + f"{stack.collector_url}/mail",
    ]
    lines += [f"  {name:9}  {stack.service_url(name)}/docs" for name in stack.options.services]
    lines += [
        "",
        tr(
            f"  people (a token of each, good for a day, is in {folder}/)",
            f"  人员（每人的令牌在 {folder}/，有效期一天）",
        ),
    ]
    for person in PEOPLE:
        roles = ", ".join((*person.roles, person.post) if person.post else person.roles)
        lines.append(f"    {person.sub:7} {roles:18} {person.name}{' · ' + person.company if person.company else ''}")
    lines += ["", tr("  a token for each role", "  各角色的令牌")]
    for role in dict.fromkeys(role for person in PEOPLE for role in person.roles):
        lines.append(f"    {role:15} {stack.token(role)}")
    lines += [
        "",
        f'  curl -H "Authorization: Bearer $(cat {folder}/a-lin)" {stack.url}/v1/tickets',
        "",
        tr("Ctrl-C ends all.", "按 Ctrl-C 结束全部服务。"),
    ]
    return "\n".join(lines)


def _short(path: Path) -> str:
    """Relative where that can be typed as it stands."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
