"""The one list of services: launcher, gateway, contracts, rebuild, scale and tests read it."""

SERVICES = ("intake", "triage", "sla", "kb", "notify")
