"""`bihuan`: what operators do to an installation that runs, with the settings of its services."""
