"""A small Slack on this machine: for the demo and for the tests."""
