"""Baton: keeps Marketing and Sales to the agreement both signed, in Slack."""
