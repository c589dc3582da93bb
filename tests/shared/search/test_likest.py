"""What is most like a question: small sets in both languages, what must be found, in which order, and what must not."""

from collections.abc import Iterator

import pytest

from shared.search import Entry, Fields, Folder, Index, Question, Wanted

FIELDS = Fields((), ("kind",), ("at",), titles=("title",), bodies=("body",), facets=("kind",))
ARTICLES = {
    "crash": ("V3.2 crashes on Win11 when exporting Excel", "The application closes as soon as export is clicked."),
    "闪退": ("V3.2 在 Win11 导出 Excel 时闪退", "点击导出按钮后程序直接退出，没有任何提示。"),
    "login": ("Cannot log in after the password was changed", "The sign-in page says the account is locked."),
    "打印": ("批量打印发票卡死", "一次选择一百张以上发票打印时界面无响应。"),
    "同步": ("门店库存同步失败", "夜间同步任务报错，门店库存数量与总部不一致。"),
    "order": ("Trading system cannot take orders", "Orders are rejected with a gateway timeout since the morning."),
    "report": ("Monthly report shows wrong totals", "Totals in the sales report differ from the sum of the rows."),
}


def filled(entries: dict[str, tuple[str, str]]) -> Index:
    index = Index(FIELDS, Folder(None))
    index.open("")
    put(index, entries)
    return index


def put(index: Index, entries: dict[str, tuple[str, str]]) -> None:
    index.replace(
        Entry(id, 1, {"title": title, "body": f"{title}\n{body}"}, {"kind": [id[:1]]}, {"at": len(id)})
        for id, (title, body) in entries.items()
    )
    index.commit()


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    index = filled(ARTICLES)
    yield index
    index.close()


@pytest.fixture
def empty() -> Iterator[Index]:
    index = filled({})
    yield index
    index.close()


def found(index: Index, question: str, limit: int = 5) -> list[tuple[str, float]]:
    return [(one.id, one.score) for one in index.likest(Question.of(question, 20_000), Wanted(), limit)]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Excel export crash", "crash"),
        ("导出Excel就崩溃", "闪退"),
        ("发票打印没反应", "打印"),
        ("库存数据没有同步", "同步"),
        ("stock is not synchronised", "同步"),
        ("printing many invoices hangs", "打印"),
        ("orders are not taken, timed out", "order"),
        ("signing in is impossible", "login"),
        ("totals of the monthly reports", "report"),
        ("Win11系统Excel导出失败V3.2", "闪退"),
    ],
)
def test_a_question_finds_its_article(index: Index, question: str, best: str) -> None:
    [(id, score), *_] = found(index, question)
    assert id == best
    assert score >= 0.4


@pytest.mark.parametrize(
    "question",
    ["食堂中午有什么菜", "where is the garage", "", "的了吗？！"],
)
def test_what_nobody_wrote_about_is_not_found(index: Index, question: str) -> None:
    assert [id for id, score in found(index, question) if score >= 0.4] == []


def test_the_text_of_an_article_scores_high_and_never_as_high_as_identity(index: Index) -> None:
    title, problem = ARTICLES["打印"]
    [(best, score), *others] = found(index, f"{title}\n{problem}")
    assert best == "打印"
    assert 0.7 < score < 1.0
    assert all(other < score / 2 for _, other in others)


@pytest.mark.parametrize("question", ["Excel exprot", "Trading systme", "passwrd"])
def test_a_word_with_one_letter_wrong_is_found(index: Index, question: str) -> None:
    assert found(index, question)


@pytest.mark.parametrize("question", ["exqqrt", "打引"])
def test_other_words_are_other_words(index: Index, question: str) -> None:
    assert [id for id, score in found(index, question) if score >= 0.4] == []


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("3.2", ["v3.2", "v3.2.1"]),
        ("V3.2.1", ["v3.2.1", "v3.2"]),
        ("C++", ["c++"]),
        ("C#", ["c#"]),
        ("C", ["c"]),
        ("nodejs", ["node"]),
        ("dotnet", ["net"]),
        ("windows 11", ["win11"]),
        ("NoSuchBeanDefinitionException", ["bean"]),
        ("org.springframework.beans.factory.support.NoSuchBeanDefinitionException", ["bean"]),
        ("ORA-00942", ["ora"]),
        ("0x80070005", ["hex"]),
        ("远处", ["far"]),
    ],
)
def test_names_versions_and_codes_are_words(empty: Index, question: str, order: list[str]) -> None:
    put(
        empty,
        {
            "v3.2": ("升级到 V3.2", ""),
            "v3.2.1": ("升级到 V3.2.1", ""),
            "c++": ("C++ 编译", ""),
            "c#": ("C# 编译", ""),
            "c": ("C 编译", ""),
            "node": ("Node.js 编译", ""),
            "net": (".NET 编译", ""),
            "win11": ("Win11 蓝屏", ""),
            "bean": ("启动", "org.springframework.beans.factory.support.NoSuchBeanDefinitionException: no bean"),
            "ora": ("查询", "ORA-00942: table or view does not exist"),
            "hex": ("拒绝访问", "错误 0x80070005"),
            "far": ("日志", "x" * 100 + " 正常" * 15_000 + " 远处"),
        },
    )
    assert [id for id, _ in found(empty, question)][: len(order)] == order


def test_filters_and_facets(index: Index) -> None:
    only = Wanted(keywords={"kind": ["闪", "c"]}, numbers={"at": (3, None)})
    assert [one.id for one in index.likest(Question.of("V3.2 Win11 Excel", 99), only, 5)] == ["crash"]
    assert index.facets(Wanted(), ["kind"], 10)["kind"] == dict.fromkeys("clor打闪同", 1)
    assert index.facets(only, ["kind"], 10)["kind"] == {"c": 1}


def test_every_version_of_a_rubbish_is_read(index: Index) -> None:
    for rubbish in ("\x00\ufffd", "a" * 5000, "🙂" * 300, "." * 20_000, "啊" * 20_000, "C++" * 6000, "\n\n\n"):
        assert all(0 <= score < 1 for _, score in found(index, rubbish))


def test_of_a_thousand_articles_the_right_one_comes_first(empty: Index) -> None:
    put(empty, {str(n): (f"打印机 {n} 无法打印 发票 model{n}", "打印 " * 40) for n in range(1000)})
    for number in range(0, 1000, 10):
        assert found(empty, f"打印机 model{number} 无法打印")[0][0] == str(number)
