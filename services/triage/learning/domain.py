"""The models that were learned, in versions; one of them classifies (P2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, NotFound, Value
from shared.events import Event

CATEGORY = "category"  # what is learned
MOST_VERSIONS = 10
FEWEST_TEXTS = 200  # confirmed tickets, below which a model only suggests
FEWEST_TO_LEARN = 30


class ModelVersion(Value):
    """`accuracy` and `accepted` are shares of tickets that it had not seen; `file` is where its arrays are."""

    number: int
    at: AwareDatetime
    texts: int
    labels: list[str]
    accuracy: float
    accepted: float
    size: int
    file: str


class Learning(Aggregate):
    """`active`: the number of the version that classifies, 0 for none. `held`: a person chose it, so that newer ones
    are kept and not used until the newest is chosen."""

    versions: list[ModelVersion] = Field(default_factory=list)
    active: int = 0
    held: bool = False

    @property
    def current(self) -> ModelVersion | None:
        return next((one for one in self.versions if one.number == self.active), None)

    @property
    def next_number(self) -> int:
        return max((one.number for one in self.versions), default=0) + 1

    def add(self, version: ModelVersion) -> list[Event]:
        """The oldest that does not classify makes room."""
        self.versions.append(version.model_copy(update={"number": self.next_number}))
        if not self.held:
            self.active = self.versions[-1].number
        spare = [one for one in self.versions if one.number != self.active]
        for one in spare[: max(len(self.versions) - MOST_VERSIONS, 0)]:
            self.versions.remove(one)
        return []

    def activate(self, number: int) -> list[Event]:
        """Raises NotFound."""
        if all(one.number != number for one in self.versions):
            raise NotFound.of(str(number))
        self.active, self.held = number, number != self.versions[-1].number
        return []


@dataclass(frozen=True)
class Learned:
    """What a model says of one text."""

    number: int
    texts: int
    chances: Mapping[str, float]
    accept: Mapping[str, float]

    @property
    def decides(self) -> bool:
        return self.texts >= FEWEST_TEXTS

    @property
    def likeliest(self) -> str:
        return max(self.chances, key=lambda one: self.chances[one])

    @property
    def is_sure(self) -> bool:
        return self.decides and self.chances[self.likeliest] >= self.accept.get(self.likeliest, 2.0)
