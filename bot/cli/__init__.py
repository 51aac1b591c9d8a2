"""The command line: one file for each command, over the same services that the bot uses."""
