"""The clocks: what was promised by when, what is paused, what is late, and how it went."""
