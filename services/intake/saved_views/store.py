from services.intake.keeping.handlers import KeptStore
from services.intake.saved_views.domain import SavedView


class SavedViews(KeptStore[SavedView]):
    kind = SavedView
