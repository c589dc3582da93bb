"""Events that a service could not handle, of all services: people see why, and replay them."""
