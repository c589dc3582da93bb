"""What is asked for where nothing is declared (P1.3): a mere question is asked less than a malfunction."""

from services.intake.forms.fields import FieldKind, FormField, Requirement

DEFAULT_FIELDS = (
    FormField(
        key="error_text",
        kind=FieldKind.TEXTAREA,
        question_en="What is the full text of the error message, or the error code? A log or a screenshot helps too.",
        question_zh="请提供完整的报错信息或错误代码，也可以上传日志或截图。",
        required=Requirement.MALFUNCTION,
    ),
    FormField(
        key="module",
        question_en="In which module or on which page does it happen?",
        question_zh="问题出现在哪个功能模块或页面？",
    ),
    FormField(
        key="product_version",
        question_en="Which version of the product do you use? (Help → About shows it)",
        question_zh="您使用的产品版本是多少？（可在“帮助 → 关于”中查看）",
    ),
    FormField(
        key="steps",
        kind=FieldKind.TEXTAREA,
        question_en="What did you do, step by step, before it happened? Does it happen every time?",
        question_zh="出现问题前的操作步骤是什么？是否每次都会出现？",
        required=Requirement.MALFUNCTION,
    ),
    FormField(
        key="environment",
        question_en="Which operating system do you use, and which other programs were running at that time?",
        question_zh="您的操作系统是什么？当时还有哪些程序在运行？",
        required=Requirement.MALFUNCTION,
    ),
)
QUESTIONS = {one.key: one.question for one in DEFAULT_FIELDS}
