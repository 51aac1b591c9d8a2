"""When Baton acts by itself: bodies of a few lines over the services."""
