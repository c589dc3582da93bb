"""Customers: companies and persons, and which of them are one."""
