"""Settings of cases; environment variables begin with `BIHUAN_KB_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CaseSettings(BaseSettings):
    """`confidential`: words of the desk that no case keeps, separated by commas; `*` stands for up to 40 letters,
    digits and hyphens."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_KB_", extra="ignore", hide_input_in_errors=True)

    confidential: str = Field("", max_length=4000)

    @property
    def confidential_words(self) -> tuple[str, ...]:
        return tuple(word for one in self.confidential.replace("，", ",").split(",") if (word := one.strip()))
