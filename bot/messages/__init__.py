"""What Baton says: values in, a message out; one file for each template of the same name."""
