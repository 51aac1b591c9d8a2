"""What Baton does: one act, one function, one transaction; no Slack, no words."""
