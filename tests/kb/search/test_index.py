"""Small sets in both languages: what must be found, in which order, and what must not."""

import pytest

from services.kb.search.domain import TextField
from services.kb.search.index import Index
from services.kb.search.tokenizer import terms

ARTICLES = {
    "crash": ("V3.2 crashes on Win11 when exporting Excel", "The application closes as soon as export is clicked."),
    "闪退": ("V3.2 在 Win11 导出 Excel 时闪退", "点击导出按钮后程序直接退出，没有任何提示。"),
    "login": ("Cannot log in after the password was changed", "The sign-in page says the account is locked."),
    "打印": ("批量打印发票卡死", "一次选择一百张以上发票打印时界面无响应。"),
    "同步": ("门店库存同步失败", "夜间同步任务报错，门店库存数量与总部不一致。"),
    "order": ("Trading system cannot take orders", "Orders are rejected with a gateway timeout since the morning."),
    "report": ("Monthly report shows wrong totals", "Totals in the sales report differ from the sum of the rows."),
}


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index()
    for id, (title, problem) in ARTICLES.items():
        index.put(id, (TextField(title, 3.0, short=True), TextField(problem)))
    return index


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Excel export crash", {"crash", "闪退"}),
        ("导出Excel就崩溃", {"闪退", "crash"}),
        ("发票打印没反应", {"打印"}),
        ("库存数据没有同步", {"同步"}),
        ("stock is not synchronised", {"同步"}),
        ("printing many invoices hangs", {"打印"}),
        ("交易系统下不了单，下单超时", {"order"}),
        ("密码改了以后登录不了", {"login"}),
        ("报表合计不对", {"report"}),
        ("signing in is impossible", {"login"}),
    ],
)
def test_a_question_finds_its_article_in_either_language(index: Index, question: str, best: set[str]) -> None:
    [(found, score), *_] = index.search(question, 3)
    assert found in best
    assert score >= 0.25


@pytest.mark.parametrize(
    "question",
    [
        "How do I order a new chair for the office kitchen?",
        "食堂中午有什么菜",
        "where is the parking garage",
        "",
        "的了吗？！",
    ],
)
def test_what_nobody_wrote_about_is_not_found(index: Index, question: str) -> None:
    assert [id for id, score in index.search(question, 5) if score >= 0.3] == []


def test_the_text_of_an_article_scores_high_and_never_as_high_as_identity(index: Index) -> None:
    title, problem = ARTICLES["打印"]
    [(best, score), *others] = index.search(f"{title}\n{problem}", 3)
    assert best == "打印"
    assert 0.6 < score < 1.0
    assert all(other < score / 2 for _, other in others)


def test_one_article_alone_is_found_as_well_as_among_many() -> None:
    index = Index()
    index.put("A", (TextField("导出 Excel 闪退", 3.0, short=True),))
    assert index.search("Win11 导出 Excel 闪退", 5)[0][1] > 0.4
    assert [score for _, score in index.search("如何修改公司名称", 5) if score > 0.1] == []


def test_a_fingerprint_is_found_whatever_the_text_says(index: Index) -> None:
    index.put("trace", (TextField("Something else", 3.0),), ("f00d", "beef"))
    assert index.with_fingerprints(["cafe", "beef"]) == ["trace"]
    index.remove("trace")
    assert index.with_fingerprints(["beef"]) == []


def test_a_replaced_entry_is_found_by_its_new_words_only() -> None:
    index = Index()
    index.put("A", (TextField("printer offline"),), ("1",))
    index.put("A", (TextField("database deadlock"),), ("2",))
    assert index.search("printer offline", 5) == []
    assert [id for id, _ in index.search("deadlock in the database", 5)] == ["A"]
    assert (index.with_fingerprints(["1"]), index.with_fingerprints(["2"])) == ([], ["A"])
    assert len(index) == 1


def test_removing_what_is_not_there_changes_nothing() -> None:
    index = Index()
    index.remove("A")
    assert len(index) == 0


def test_an_index_that_was_emptied_finds_nothing() -> None:
    index = Index()
    for number in range(50):
        index.put(str(number), (TextField(f"error {number} in module {number}"),))
    for number in range(50):
        index.remove(str(number))
    assert index.search("error in module 7", 5) == []
    assert "7" not in index


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Win11", "Windows 11"),
        ("Ｗｉｎ１１", "windows11"),
        ("v3.2", "3.2"),
        ("V3.2.1", "3.2"),
        ("NullPointerException", "null pointer exception"),
        ("com.acme.ExportService", "ExportService"),
        ("user_name", "name"),
        ("exporting reports", "export report"),
        ("log in", "登录"),
        ("times out", "超时"),
        ("crashed", "闪退"),
        ("synchronization", "同步"),
        ("ORA-00942", "ora-00942"),
    ],
)
def test_two_spellings_of_one_thing_share_a_term(one: str, other: str) -> None:
    assert set(terms(one)) & set(terms(other))


def test_titles_give_single_characters_and_bodies_pairs() -> None:
    assert {"订", "单"} <= set(terms("订单", short=True))
    assert {"订", "单"}.isdisjoint(terms("订单"))
    assert "订单" in terms("订单")


@pytest.mark.parametrize("rubbish", ["\x00\ufffd", "a" * 5000, "🙂" * 300, "." * 20_000, "啊" * 20_000, "\n\n\n"])
def test_rubbish_is_read_without_an_internal_error(index: Index, rubbish: str) -> None:
    assert all(0 <= score < 1 for _, score in index.search(rubbish, 5))


def test_of_a_thousand_articles_the_right_one_comes_first() -> None:
    index = Index()
    for number in range(1000):
        index.put(
            str(number),
            (TextField(f"打印机 {number} 无法打印 发票 model{number}", 3.0, short=True), TextField("打印 " * 40)),
        )
    for number in range(100):
        assert index.search(f"打印机 model{number} 无法打印", 5)[0][0] == str(number)
