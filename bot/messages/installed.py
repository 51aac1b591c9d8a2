"""What whoever installs Baton reads when Slack has sent them back."""

from bot.messages.words import sentence


def words(outcome: str, locale: str) -> tuple[str, str]:
    """Give the title and the text of the page."""
    title, _, text = sentence(locale, "installed", outcome).partition("\n")
    return title, text
