"""Takes out of what people wrote what a case must not keep: names, addresses, numbers, secrets. Marks stand in their
place, in both languages. Every pattern is linear: its repetitions are bounded and begin at a border.

Patterns find what looks like a name or a number; what is known of the customer is found as it is written. No pattern
finds everything, so an editor looks before a case's words are shown to customers."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from shared.events import TicketCompleted

P = TypeVar("P", bound=BaseModel)
Replacement = str | Callable[[re.Match[str]], str]

NAME, COMPANY, EMAIL, PHONE = "[姓名 name]", "[公司 company]", "[邮箱 email]", "[电话 phone]"
ID_NUMBER, CARD, ADDRESS, HOST = "[证件号 ID]", "[卡号 card]", "[地址 address]", "[主机 host]"
SECRET, CONFIDENTIAL, ACCOUNT = "[密钥 secret]", "[内部信息 confidential]", "[账号 account]"
SHORTEST_NAME = 2  # characters; a single one stands in other words
LEGAL_FORMS = re.compile(
    r"(?:股份)?有限(?:责任)?公司$|集团$|公司$|,?\s(?:Co\.?,? Ltd|Ltd|Inc|LLC|GmbH|Corp|Limited)\.?$", re.I
)
VERSION = re.compile(r"[vV]?\d{1,9}(?:\.\d{1,9}){1,4}(?:[-+ ]\w{1,20})?", re.ASCII)  # all of a field
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NAME_ZH = rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_NAME_EN = r"[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2}"
_LINE_ENDS = r"(?=[ \t]{0,3}[,.，。]?[ \t]{0,3}(?:\n|$))"
_TITLES = "先生|女士|小姐|经理|主任|老师|师傅|总监|总"
_NO_WORD_BEFORE, _NO_WORD_AFTER = r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])"


def _alone(pattern: str) -> str:
    return f"{_NO_WORD_BEFORE}(?:{pattern}){_NO_WORD_AFTER}"


def _pattern(pattern: str, ignore_case: bool = False) -> re.Pattern[str]:
    """Of ASCII's letters and digits: Chinese stands beside numbers without a blank."""
    return re.compile(pattern, re.ASCII | re.I if ignore_case else re.ASCII)


def _card(found: re.Match[str]) -> str:
    """Luhn's check digit (ISO/IEC 7812-1) tells cards from other numbers."""
    digits = [int(one) for one in found[0] if one.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return CARD if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else found[0]


def _iban(found: re.Match[str]) -> str:
    """The remainder of 97 tells account numbers (ISO 13616) from other words."""
    number = found[0].replace(" ", "")
    digits = "".join(str(int(one, 36)) for one in number[4:] + number[:4])
    return ACCOUNT if int(digits) % 97 == 1 else found[0]


def _host(found: re.Match[str]) -> str:
    try:
        ipaddress.ip_address(found[0])
    except ValueError:
        return found[0]
    return HOST


def is_private_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text.strip().removeprefix("v").removeprefix("V")).is_private
    except ValueError:
        return False


PATTERNS: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (_pattern(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s:,-]{0,8000}+"), SECRET),
    (_pattern(r"(?<![\w-])eyJ[\w-]{8,4000}+(?:\.[\w-]{0,4000}+){1,2}"), SECRET),
    (
        _pattern(
            _alone(
                r"gh[oprsu]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,100}|sk-[\w-]{20,200}|xox[abprs]-[\w-]{10,200}|"
                r"AKIA[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,30}|AKID[0-9A-Za-z]{13,40}|AIza[\w-]{35}"
            )
        ),
        SECRET,
    ),
    (_pattern(r"\b(Bearer|Basic)\s{1,3}[\w.~+/=-]{8,4000}", ignore_case=True), rf"\1 {SECRET}"),
    (_pattern(r"(?<=://)[^\s/:@]{1,100}:[^\s/@]{1,200}@"), f"{SECRET}@"),
    (
        _pattern(
            r"((?:password|passwd|pwd|passphrase|密码|口令)[\"']?\s{0,3}(?:[:=：]|is|是|为)\s{0,3})[\"']?[!-~]{3,200}",
            ignore_case=True,
        ),
        rf"\1{SECRET}",
    ),
    (
        _pattern(
            r"((?:secret|token|api[_-]?key|access[_-]?key|密钥|令牌)[\"']?\s{0,3}[:=：]\s{0,3})[\"']?"
            r"(?=[!-~]{0,60}\d)[!-~]{8,400}",
            ignore_case=True,
        ),
        rf"\1{SECRET}",
    ),
    (
        _pattern(r"((?:secret|token|api[_-]?key|access[_-]?key)=)[\w.~+/-]{10,400}", ignore_case=True),
        rf"\1{SECRET}",
    ),
    (
        _pattern(
            r"((?:验证码|校验码|动态码|verification code|one-time code|(?<![A-Za-z])(?:OTP|PIN)(?:码|(?=\s?[:：=])))"
            r"\s{0,2}(?:[:：=]|是|为|is)?\s{0,2})\d{4,8}(?!\d)",
            ignore_case=True,
        ),
        rf"\1{SECRET}",
    ),
    (
        _pattern(
            r"((?:user[ _-]?name|用户名|登录名|账号|帐号)\s{0,2}[:：=]\s{0,2})[A-Za-z0-9][\w.@+-]{2,80}",
            ignore_case=True,
        ),
        rf"\1{ACCOUNT}",
    ),
    (
        _pattern(r"(?<![\w-])((?:set-)?cookie\s{0,3}[:=]\s{0,3})(?=[\w.-]{1,60}=)[ -Z\]-~]{3,4000}", ignore_case=True),
        rf"\1{SECRET}",
    ),
    (
        _pattern(
            r"((?:j?session[_-]?id|phpsessid)[\"']?\s{0,3}[:=]\s{0,3})[\"']?(?=[!-~]{0,60}\d)[!-~]{8,400}",
            ignore_case=True,
        ),
        rf"\1{SECRET}",
    ),
    (
        _pattern(
            r"(?<![A-Za-z0-9_])((?:微信|wechat|weixin|QQ|skype|telegram)(?:号码|号|\s?id)?\s{0,2}(?:[:：]|是|为|is)\s{0,2})"
            r"@?[A-Za-z0-9][\w.-]{4,39}",
            ignore_case=True,
        ),
        rf"\1{ACCOUNT}",
    ),
    (_pattern(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), EMAIL),
    (_pattern(_alone(r"[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?")), _iban),
    (
        _pattern(
            r"((?:护照|passport)(?:号码|号|\s?no\.?|\s?number)?\s{0,2}[:：]?\s{0,2})[A-Z]{1,2}\d{6,8}(?!\w)", True
        ),
        rf"\1{ID_NUMBER}",
    ),
    (_pattern(rf"[{PROVINCES}][A-HJ-NP-Z][·•]?(?=[A-Z]{{0,5}}\d)[A-HJ-NP-Z0-9]{{5,6}}(?!\w)"), ID_NUMBER),
    (_pattern(r"(?<![\w])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\w])"), ID_NUMBER),
    (_pattern(r"(?<![\w-])\d{3}-\d\d-\d{4}(?![\w-])"), ID_NUMBER),
    (_pattern(r"(?<![\w.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\w.]?\d)"), PHONE),
    (_pattern(r"(?<![\w.-])0\d{2,3}[- ]\d{7,8}(?:[-转]\d{1,5})?(?![\w.-]?\d)"), PHONE),
    (_pattern(r"(?<![\w.])\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5}(?![\w.]?\d)"), PHONE),
    (_pattern(r"(?<![\w.-])\(\d{3}\) ?\d{3}-\d{4}(?!\d)"), PHONE),
    (_pattern(r"(?<![\w.-])[48]00-\d{3}-\d{4}(?![\w.-]?\d)"), PHONE),
    (
        _pattern(
            r"((?<![A-Za-z])(?:tel|phone|mobile|fax|电话|手机|座机|传真)(?:号码|号|\s?no\.?)?\s{0,2}[:：是]?\s{0,2})"
            r"(?!(?:19|20)\d\d[-/]\d)\d[\d ()-]{5,18}\d(?![\w.]?\d)",
            ignore_case=True,
        ),
        rf"\1{PHONE}",
    ),
    (_pattern(r"(?<![\w.])\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?![\w.]?\d)"), _card),
    (_pattern(r"(?<![\w.])(?<![Vv版本][ .])(?<!sion )(?:\d{1,3}\.){3}\d{1,3}(?![\w.]?\d)"), _host),
    (_pattern(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){3,7}(?![\w:])"), _host),
    (_pattern(_alone(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")), HOST),
    (_pattern(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:local|lan|internal|corp|intranet)(?![\w-])"), HOST),
    (_pattern(r"(?<=[Uu]sers[\\/])[^\s\\/:*?\"<>|]{1,64}(?=[\\/])|(?<=/home/)[^\s/]{1,64}(?=/)"), NAME),
    (
        _pattern(
            r"[\u4e00-\u9fff]{2,9}(?:省|市|区|县)[\u4e00-\u9fff0-9]{0,20}?(?:路|街|大道|巷|弄)[甲乙丙丁]?\d{1,5}号"
            r"(?:[\u4e00-\u9fff\dA-Za-z-]{0,16}(?:室|楼|层|单元|栋|座))?"
        ),
        ADDRESS,
    ),
    (
        _pattern(
            r"(?<!\w)\d{1,5}[A-Z]? (?:[A-Z][a-z]{1,20} ){1,3}"
            r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd)\b\.?"
        ),
        ADDRESS,
    ),
    (
        _pattern(
            rf"[{SURNAMES}](?:[\u4e00-\u9fff]{{1,2}})?(?=(?:{_TITLES})(?![\u4e00-\u9fff]?[台页])(?:[^结计共是额数]|$))"
        ),
        NAME,
    ),
    (_pattern(r"((?:联系人|姓名|经办人|收件人|署名|我叫)\s{0,2}[:：]?\s{0,2})[\u4e00-\u9fff]{2,4}"), rf"\1{NAME}"),
    (_pattern(r"\b((?:Mr|Mrs|Ms|Dr)\.? )[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20})?"), rf"\1{NAME}"),
    (_pattern(rf"((?:我是|我叫)\s{{0,2}}){_NAME_ZH}(?=[,，.。!！;；、\s]|$)"), rf"\1{NAME}"),
    (_pattern(rf"((?:此致|敬礼|祝好|谢谢|顺颂商祺)[!！。，,]?\s{{1,4}}){_NAME_ZH}{_LINE_ENDS}"), rf"\1{NAME}"),
    (_pattern(rf"(?<![\u4e00-\u9fff]){_NAME_ZH}(?=\s?[(（]?\s?\[(?:电话|邮箱) )"), NAME),
    (
        _pattern(
            r"\b((?i:(?:many )?thanks|thank you|best|best regards|best wishes|kind regards|regards|cheers|sincerely)"
            rf"[,.!]?[ \t]{{0,3}}\n\s{{0,3}}){_NAME_EN}{_LINE_ENDS}"
        ),
        rf"\1{NAME}",
    ),
    (
        _pattern(
            r"\b((?:Hi|Hello|Dear) )(?!(?:Team|All|There|Support|Everyone|Everybody|Sir|Madam|Folks|Colleagues)\b)"
            rf"{_NAME_EN}(?=\s?[,!:])"
        ),
        rf"\1{NAME}",
    ),
    (
        _pattern(
            r"\b((?i:my name is|contact(?: person)?:|name:|(?:best|kind) regards,?|regards,|sincerely,)\s{1,3})"
            r"[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2}"
        ),
        rf"\1{NAME}",
    ),
)


@dataclass(frozen=True)
class Mask:
    """What is taken out of the texts of one ticket. `names` and `companies` are those of its customer. `confidential`
    are the desk's own words that nobody else should read; a `*` stands for up to 40 letters, digits and hyphens."""

    names: Sequence[str] = ()
    companies: Sequence[str] = ()
    confidential: Sequence[str] = ()

    def text(self, text: str) -> str:
        for pattern, mark in self._known():
            text = pattern.sub(mark, text)
        for pattern, replacement in PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def part(self, part: P) -> P:
        """The same with all of its own texts masked."""
        return part.model_copy(update={name: self.text(value) for name, value in part if type(value) is str and value})

    def _known(self) -> Iterable[tuple[re.Pattern[str], str]]:
        companies = {one for full in self.companies for one in (full.strip(), LEGAL_FORMS.sub("", full.strip()))}
        for words, mark in ((companies, COMPANY), (self.names, NAME), (self.confidential, CONFIDENTIAL)):
            found = sorted(
                {one.strip() for one in words if len(one.strip()) >= SHORTEST_NAME}, key=lambda one: (-len(one), one)
            )
            if found:
                yield re.compile("|".join(map(_as_pattern, found)), re.I), mark


def _as_pattern(word: str) -> str:
    """Latin words stand alone; Chinese has no borders between words."""
    begin = _NO_WORD_BEFORE if word[0].isascii() and word[0].isalnum() else ""
    end = _NO_WORD_AFTER if word[-1].isascii() and word[-1].isalnum() else ""
    return begin + re.escape(word).replace(r"\*", r"[\w-]{0,40}") + end


def length_of(event: TicketCompleted) -> int:
    """Of its longest texts together, about."""
    return (
        len(event.problem.description) + len(event.problem.error_text) + sum(len(one.solution) for one in event.rounds)
    )


def masked(event: TicketCompleted, confidential: Sequence[str]) -> TicketCompleted:
    """The same without personal data of the customer and without secrets; who worked on it at the desk stays."""
    mask = Mask([event.customer_name], [event.company], confidential)
    kept = {"verified_by", "recorded_by", "confirmed_by", "article"}
    rounds = [
        one.model_copy(update={k: mask.text(v) for k, v in one if type(v) is str and k not in kept})
        for one in event.rounds
    ]
    problem = mask.part(event.problem)
    version = event.problem.product_version.strip()
    if VERSION.fullmatch(version) and not is_private_address(version):  # four numbers would look like a host's
        problem = problem.model_copy(update={"product_version": version})
    fields = {key: mask.text(value) for key, value in problem.custom_fields.items()}
    texts = ("feedback_comment", "cause_of_dissatisfaction", "second_plan", "reason")
    said = {name: mask.text(getattr(event, name)) for name in texts}
    problem = problem.model_copy(update={"custom_fields": fields})
    return event.model_copy(update={"problem": problem, "rounds": rounds, **said})
