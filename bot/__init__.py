"""Baton: keeps Marketing and Sales to the agreement both signed, in Slack."""

__version__ = "0.1.0"
