"""How people reach Baton: one file for each word people type, with all its surfaces."""
