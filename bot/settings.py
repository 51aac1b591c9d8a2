"""What is set from outside, read once at the start."""

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
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")
    slack_hooks_host: str = Field(default="hooks.slack.com", validation_alias="SLACK_HOOKS_HOST")
    log_level: str = "INFO"
    hash_key: SecretStr = SecretStr("")
    """Keys the hashes by which known leads are found again; made and kept in the store when not set."""
