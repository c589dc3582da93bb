"""SLA policies: the targets that apply to a company's tickets, in versions."""
