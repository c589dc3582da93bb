from services.intake.keeping.handlers import KeptStore
from services.intake.macros.domain import Macro


class Macros(KeptStore[Macro]):
    kind = Macro
