"""The contracts of the five services, generated from the code: `python -m deploy.contracts [--release]`.

docs/asyncapi.json: every event and who sends and receives it. docs/openapi.json: every route, as the gateway shows it.
docs/events.released.json: the events that somebody may rely on; `--release` adds to it and refuses to break it.
"""
