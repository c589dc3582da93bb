"""The people of the development identity: at least one for each role."""

from dataclasses import dataclass

from deploy.local.words import LaunchError

HUADONG = "华东贸易有限公司"
BEIFANG = "北方证券有限公司"
NANFANG = "南方物流有限公司"


@dataclass(frozen=True)
class Person:
    """`post` is what they may be asked for by, beside their roles."""

    sub: str
    name: str
    roles: tuple[str, ...]
    company: str | None = None
    lang: str = "zh"
    post: str = ""

    @property
    def email(self) -> str:
        domain = {HUADONG: "huadong.example", BEIFANG: "beifang.example", NANFANG: "nanfang.example"}
        return f"{self.sub.partition('-')[2] or self.sub}@{domain.get(self.company or '', 'bihuan.example')}"


PEOPLE = (
    Person("u-wang", "王芳", ("requester",), HUADONG),
    Person("u-zhao", "赵磊", ("requester",), BEIFANG),
    Person("u-sun", "Sun Yan", ("requester",), NANFANG, lang="en"),
    Person("u-wen", "温静", ("company_viewer",), HUADONG),
    Person("a-lin", "林晓", ("agent",)),
    Person("e-chen", "陈刚", ("engineer",)),
    Person("e-zhou", "周敏", ("engineer",)),
    Person("e-liu", "刘洋", ("engineer",), post="senior"),
    Person("e-gao", "高翔", ("engineer",), post="senior"),
    Person("l-qian", "钱伟", ("lead",)),
    Person("k-he", "何雨", ("kb_editor",)),
    Person("r-xu", "徐宁", ("auditor",)),
    Person("admin", "管理员", ("admin",)),
)


def find(who: str) -> Person:
    """By subject, else the first with that post or role."""
    for person in PEOPLE:
        if who == person.sub:
            return person
    for person in PEOPLE:
        if who == person.post or who in person.roles:
            return person
    known = ", ".join(person.sub for person in PEOPLE)
    raise LaunchError(
        f"There is nobody called {who!r}: name one of {known}, or a role.",
        f"没有名为 {who!r} 的人：请用 {known} 之一，或某个角色名。",
    )
