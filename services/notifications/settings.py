"""Settings, read once by the composition: variables named NOTIFICATIONS_..., or a file."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.notifications.refusals import Absent

SSL = ("ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_password")
SASL = ("sasl_mechanism", "sasl_plain_username", "sasl_plain_password")


class DatabaseNotConfigured(Absent):
    """No database is configured."""

    remedy = "Set NOTIFICATIONS_DATABASE_URL, such as postgresql://user@host/notifications."


class KafkaNotConfigured(Absent):
    """No Kafka is configured."""

    remedy = "Set NOTIFICATIONS_KAFKA_BOOTSTRAP, or NOTIFICATIONS_SOURCE=feed."


class FeedNotConfigured(Absent):
    """No feed is configured."""

    remedy = "Set NOTIFICATIONS_CASEFILE_URL and NOTIFICATIONS_CASEFILE_TOKEN_FILE."


def _console(address: str) -> str | None:
    """Without the slash at the end; nothing is as good as not set."""
    if address and HOST_ALONE.fullmatch(address) is None:
        told = "give scheme, host and port alone, such as https://casefile.example"
        raise ValueError(f"{told}; no path, user, query or fragment")
    return address.rstrip("/") or None


# The pages of the console are at the root of their host.
HOST_ALONE = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?/?")
ConsoleUrl = Annotated[str, AfterValidator(_console)]


class Settings(BaseSettings):
    """The source is the feed of the Casefile API, or Kafka; both carry the same messages."""

    model_config = SettingsConfigDict(
        env_prefix="NOTIFICATIONS_", env_file="notifications.env", extra="forbid", frozen=True
    )

    database_url: SecretStr | None = None
    owner_database_url: SecretStr | None = None
    source: Literal["feed", "kafka"] = "feed"
    casefile_url: str | None = None
    casefile_token: SecretStr | None = None
    casefile_token_file: Path | None = None
    # A consumer that is told to stop ends after so long at the latest.
    feed_wait_seconds: int = Field(default=5, ge=1, le=30)
    batch_size: int = Field(default=100, ge=1, le=1000)
    # Messages recorded before this moment build the state and tell nobody. Left out: the first start.
    notify_after: AwareDatetime | None = None
    # Who hears what and when; left out: the ladder that is shipped.
    ladder_file: Path | None = None
    # Who may read what here: Casefile's own file of tokens.
    tokens_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8010
    # A rehearsal of what is to come, beside a Casefile that is as many days ahead.
    clock_ahead_days: int = Field(default=0, ge=0, le=3660)
    log_format: Literal["console", "json"] = "console"
    topic: str = "casefile.events.v1"
    group: str = "notifications"
    kafka_bootstrap: str | None = None
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ssl_cafile: Path | None = None
    kafka_ssl_certfile: Path | None = None
    kafka_ssl_keyfile: Path | None = None
    kafka_ssl_password: SecretStr | None = None
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_plain_username: str | None = None
    kafka_sasl_plain_password: SecretStr | None = None
    # Delivery. Notices link to the console at its public address; templates of a folder of one's
    # own come before the shipped ones.
    console_url: ConsoleUrl | None = None
    templates: Path | None = None
    delivery_concurrency: int = Field(default=8, ge=1, le=64)
    publish_results: bool = False
    bot_hosts: tuple[str, ...] = ()
    channels_cafile: Path | None = None
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None

    @property
    def app_conninfo(self) -> str:
        if self.database_url is None:
            raise DatabaseNotConfigured
        return self.database_url.get_secret_value()

    @property
    def owner_conninfo(self) -> str:
        owner = self.owner_database_url
        return owner.get_secret_value() if owner is not None else self.app_conninfo

    @property
    def feed(self) -> tuple[str, str]:
        """The address of the Casefile API, and the token that reads its feed."""
        token = self.casefile_token.get_secret_value() if self.casefile_token else None
        if self.casefile_token_file is not None and self.casefile_token_file.exists():
            token = self.casefile_token_file.read_text(encoding="utf-8").strip()
        if self.casefile_url is None or not token:
            raise FeedNotConfigured
        return self.casefile_url.rstrip("/"), token

    @property
    def kafka_client(self) -> dict[str, Any]:
        """What every client of kafka-python takes; what is not set is left to its defaults."""
        if self.kafka_bootstrap is None:
            raise KafkaNotConfigured
        given = {"bootstrap_servers": self.kafka_bootstrap}
        for name in ("security_protocol", *SSL, *SASL):
            value = getattr(self, f"kafka_{name}")
            if value is not None:
                given[name] = _plain(value)
        return given


def _plain(value: Path | SecretStr | str) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
