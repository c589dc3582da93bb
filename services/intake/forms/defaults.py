"""What is asked for where nothing is declared (P1.3): a mere question is asked less than a malfunction."""

from services.intake.forms.fields import FieldKind, FormField, Requirement

DEFAULT_FIELDS = (
    FormField(key="error_text", kind=FieldKind.TEXTAREA, required=Requirement.MALFUNCTION),
    FormField(key="module"),
    FormField(key="product_version"),
    FormField(key="steps", kind=FieldKind.TEXTAREA, required=Requirement.MALFUNCTION),
    FormField(key="environment", required=Requirement.MALFUNCTION),
)
