"""What is set from outside, read once at the start."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings by environment (`BATON_…`, and Slack's own names for Slack's tokens)."""

    model_config = SettingsConfigDict(
        env_prefix="BATON_", env_file=".env", extra="ignore", populate_by_name=True
    )

    database_url: str = "sqlite:///baton.db"
    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_app_id: str = Field(default="", validation_alias="SLACK_APP_ID")
    """Where it is set, what Slack sends over HTTP for another app is dropped."""
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")
    slack_hooks_host: str = Field(default="hooks.slack.com", validation_alias="SLACK_HOOKS_HOST")
    slack_client_id: str = Field(default="", validation_alias="SLACK_CLIENT_ID")
    """Of the app that workspaces install by OAuth; without it there is one workspace, by its token."""
    slack_client_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_CLIENT_SECRET")
    secret_keys: SecretStr = SecretStr("")
    """Seal tokens at rest: base64, comma between; the first seals, all open."""
    public_url: str = ""
    """Where people reach this process from outside: https://baton.example."""
    retention_days: int = Field(default=30, ge=0)
    """How long the rows of a workspace that left are kept."""
    mode: Literal["http", "socket"] | None = None
    """How Slack reaches us; when not set, by which of its secrets is there."""
    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=0, le=65_535)
    """Of the HTTP server; in Socket Mode it serves health and metrics alone, and only where this is set."""
    threads: int = Field(default=16, ge=1, le=500)
    """Inputs of Slack's that are worked on at the same time."""
    inputs_a_minute: int = Field(default=240, ge=1)
    """Of one person that are listened to."""
    deadman_url: SecretStr = SecretStr("")
    """Fetched every five minutes for as long as nothing is late; whoever watches it misses us otherwise."""
    log_level: str = "INFO"
    log_format: Literal["text", "json"] = "text"
    hash_key: SecretStr = SecretStr("")
    """Keys the hashes by which known leads are found again; made and kept in the store when not set."""

    @property
    def way(self) -> Literal["http", "socket"] | None:
        """How Slack reaches us: as said, else by the secret that is there, else not at all."""
        if self.mode or self.slack_app_token.get_secret_value():
            return self.mode or "socket"
        return "http" if self.slack_signing_secret.get_secret_value() else None

    @property
    def secrets(self) -> list[str]:
        """List all that must never be read in a log."""
        values = [getattr(self, name) for name in type(self).model_fields]
        whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [part for text in whole for part in (text, *text.split(","))]
