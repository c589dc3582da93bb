"""A mail as HTML: what it says is text, its links can be tapped, a phone shows it in its own width."""

from services.notify.channels.html import html_of


def test_what_a_customer_wrote_stays_text() -> None:
    page = html_of('<script>alert("x")</script> & <img src=x onerror=y>', "en")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;" in page


def test_links_can_be_tapped_and_break_out_of_nothing() -> None:
    page = html_of('请打开：http://desk.test/links/a.b-c?x=1&y="onclick=z 。\n见 https://desk.test/a，谢谢', "zh")
    assert '<a href="http://desk.test/links/a.b-c?x=1&amp;y=">http://desk.test/links/a.b-c?x=1&amp;y=</a>' in page
    assert '<a href="https://desk.test/a">https://desk.test/a</a>，谢谢' in page
    assert "javascript:" not in html_of("javascript:alert(1)", "zh").replace("javascript:alert(1)", "")


def test_a_phone_shows_it_in_its_own_width_and_in_its_language() -> None:
    page = html_of("第一行\n第二行", "zh")
    assert 'lang="zh-CN"' in page
    assert "width=device-width" in page
    assert "第一行\n第二行" in page  # kept by white-space: pre-wrap
