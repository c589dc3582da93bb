"""The message bus as a deployment sets it up: who may do what on it, its streams and each service's place."""
