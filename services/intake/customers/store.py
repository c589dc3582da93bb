from services.intake.customers.domain import Customer
from services.intake.customers.history import KnownError
from shared.store import Store


class Customers(Store[Customer]):
    kind = Customer
    projection = True


class KnownErrors(Store[KnownError]):
    kind = KnownError
    projection = True
    has_outbox = False
