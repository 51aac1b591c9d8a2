"""Baton in a small Slack on this machine, with three weeks of history: nothing outside it is needed."""
