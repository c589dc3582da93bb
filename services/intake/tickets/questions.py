"""Guided questions (P1.3): what a description leaves open, and what it says already between the lines."""

import re
from collections.abc import Sequence

from services.intake.forms.catalog import Forms
from services.intake.forms.domain import DEFAULT, AppliedForm
from services.intake.forms.fields import value_of
from services.intake.information.domain import extract
from services.intake.information.records import named_in
from services.intake.products.catalog import NO_PRODUCTS, Products
from shared.events import Problem, Question

ERROR = re.compile(
    r"(?:Exception|Error|Fault)\b\s*+[:：(]|错误代码|错误码|报错(?:信息|内容)?[:：]|error code|0x[0-9a-fA-F]{4,}"
    r"|ORA-\d{4,5}|HTTP\s?[45]\d\d|Traceback",
    re.IGNORECASE,
)
STEPS = re.compile(
    r"步骤|依次|先.{1,40}(?:再|然后)|(?:^|\n)[^\S\n]*+(?:1[.、)]|①)|steps? to|first.{1,60}then",
    re.IGNORECASE | re.DOTALL,
)
TOLD = {"error_text": ERROR, "steps": STEPS}  # what a text may tell without its being found
FOUND = ("product_version", "environment", "error_text", "users_affected")
RECORDED = ("product", "module", "product_version")


def infer_facts(problem: Problem, products: Products = NO_PRODUCTS) -> Problem:
    """Facts that the title or description names already, so that nobody is asked what they have said; what was given is
    left as it is. Secrets and numbers of persons are masked; products, modules and versions are called as their records
    call them."""
    return problem.model_copy(update=facts_in(problem.title, problem.description, problem, products))


def facts_in(title: str, text: str, problem: Problem, products: Products = NO_PRODUCTS) -> dict[str, object]:
    """What a text says of the fields of this problem that are empty, by their names."""
    information = extract(title, text)
    version = problem.product_version or information.product_version
    recorded = named_in(title, text, products, problem.product, version)
    told = {name: getattr(information, name) for name in FOUND}
    told |= {name: known for name in RECORDED if (known := getattr(recorded, name))}
    return {name: value for name, value in told.items() if value and getattr(problem, name) in ("", None)}


def fingerprints_in(problem: Problem) -> list[str]:
    return sorted(extract(problem.title, problem.description).fingerprints)


def found_in(problem: Problem, given: Problem) -> list[str]:
    """The names of the fields in which they differ."""
    return [name for name, value in problem if value != getattr(given, name)]


def understood(given: Problem, forms: Forms) -> tuple[Problem, AppliedForm]:
    """What is given and told between the lines, and the form that a new ticket about it is asked by. What is told and
    does not look as the form wants it is asked for."""
    problem = infer_facts(given, forms.products)
    form = forms.applied(problem.product)
    wrong = [name for name in found_in(problem, given) if not form.taken(name, str(getattr(problem, name)))]
    return problem.model_copy(update={name: getattr(given, name) for name in wrong}), form


def checked(given: Problem, forms: Forms, place: str) -> Problem:
    """With its custom fields as they are kept. Raises Invalid, which names the field behind `place`."""
    return understood(given, forms)[1].read(given, place)


def still_open(questions: Sequence[Question], problem: Problem, form: AppliedForm) -> list[Question]:
    """Those that are not answered; of what the form does not ask any more, those without a value."""
    missing = missing_fields(problem, form)
    return [
        one
        for one in questions
        if one.field in missing or (form.field(one.field) is None and not value_of(problem, one.field))
    ]


def missing_fields(problem: Problem, form: AppliedForm = DEFAULT) -> list[str]:
    """The fields that have to be asked for, most telling first."""
    text = f"{problem.title}\n{problem.description}"
    told = [name for name, pattern in TOLD.items() if pattern.search(text)]
    return form.missing(problem, extract(problem.title, problem.description).malfunction, told)
