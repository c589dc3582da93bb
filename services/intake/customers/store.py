from services.intake.customers.domain import Customer
from shared.store import Store


class Customers(Store[Customer]):
    kind = Customer
    projection = True
