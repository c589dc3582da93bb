"""The channels that customers write through besides the web (P1.1): one adapter each, in front of one intake."""
