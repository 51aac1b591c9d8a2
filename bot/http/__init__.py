"""The way by HTTP: what Slack sends, and what whoever runs Baton asks."""
