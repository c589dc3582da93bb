"""The names of files: as browsers, mail programs and .NET write them, and as nobody should be able to."""

import base64

import pytest

from shared.uploads.file_names import MAX_LENGTH, clean, file_name

LOG = "日志.log"
RAW = LOG.encode().decode("latin-1")  # how the header's bytes are read
BASE64 = base64.b64encode(LOG.encode()).decode()


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="file"; filename="a.log"', "a.log"),
        ("form-data; name=file; filename=a.log", "a.log"),
        (f'form-data; name="file"; filename="{RAW}"', LOG),
        ('form-data; name="file"; filename="caf\xe9.log"', "café.log"),
        # only the extended form, and both: .NET, some HTTP clients
        ("form-data; name=file; filename*=utf-8''%E6%97%A5%E5%BF%97.log", LOG),
        ("form-data; name=file; filename*=UTF-8'zh'%E6%97%A5%E5%BF%97.log", LOG),
        ("form-data; name=file; filename*=\"utf-8''%E6%97%A5%E5%BF%97.log\"", LOG),
        ("form-data; name=file; filename*=iso-8859-1''caf%E9.log", "café.log"),
        (f"form-data; name=file; filename=\"=?utf-8?B?{BASE64}?=\"; filename*=utf-8''b.log", "b.log"),
        # what is no extended form leaves the plain one
        ('form-data; name=file; filename="a.log"; filename*=b.log', "a.log"),
        ("form-data; name=file; filename=\"a.log\"; filename*=utf-7''+2AA-", "a.log"),
        ("form-data; name=file; filename=\"a.log\"; filename*=utf-8''%ff", "a.log"),
        # encoded words
        (f'form-data; name="file"; filename="=?utf-8?B?{BASE64}?="', LOG),
        (f'form-data; name="file"; filename="=?UTF-8?b?{BASE64.rstrip("=")}?="', LOG),
        ('form-data; name="file"; filename="=?utf-8?Q?=E6=97=A5=E5=BF=97?= =?utf-8?Q?.log?="', LOG),
        ('form-data; name="file"; filename="=?utf-8?Q?my_long=2Elog?="', "my long.log"),
        ('form-data; name="file"; filename="=?gb2312?B?yNXWvg==?=.log"', LOG),
        ('form-data; name="file"; filename="=?punycode?B?YQ==?="', "=?punycode?B?YQ==?="),
        ('form-data; name="file"; filename="=?utf-8?B?A?="', "=?utf-8?B?A?="),
        # paths, quotes, and what ends a parameter
        ('form-data; name="file"; filename="C:\\fakepath\\a.log"', "a.log"),
        ('form-data; name="file"; filename="\\\\server\\share\\a.log"', "a.log"),
        ('form-data; name="file"; filename="../../etc/passwd"', ".._.._etc_passwd"),
        ("form-data; name=file; filename*=utf-8''..%2Fetc%2Fpasswd", ".._etc_passwd"),
        ('form-data; name="file"; filename="a; filename=b.log"', "a; filename=b.log"),
        ('form-data; name="file"; filename="say \\"hi\\".log"', 'say "hi".log'),
        ('form-data; name="file"; filename="a.log"; filename="b.log"', "a.log"),
        # nothing to go by
        ('form-data; name="file"; filename=""', "file"),
        ('form-data; name="file"', "file"),
        ("", "file"),
    ],
)
def test_the_name_in_a_header(disposition: str, name: str) -> None:
    assert file_name(disposition) == name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("report\u202egpj.exe", "reportgpj.exe"),  # U+202E shows it as reportexe.jpg
        ("\u2066a\u2069\u200b\ufeff.log", "a.log"),
        ("a\x00b\r\nc\x7f\u2028.log", "a_b__c__.log"),
        ("a\ud800b.log", "ab.log"),
        ("a.exe. . ", "a.exe"),
        ("  a.log", "a.log"),
        (". .", "file"),
        ("..", "file"),
        ("///", "file"),
        ("\u202e\u200b", "file"),
        ("报表 2026（终稿）.xlsx", "报表 2026（终稿）.xlsx"),
    ],
)
def test_a_name_is_made_harmless(sent: str, name: str) -> None:
    assert clean(sent) == name


def test_a_long_name_keeps_its_end() -> None:
    name = clean("长" * 5000 + ".log")
    assert (len(name), name[-5:]) == (MAX_LENGTH, "长.log")
