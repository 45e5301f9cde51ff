"""Settings, read once by the composition: environment variables named CASEFILE_..., or a file."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.casefile.domain.refusals import CasefileError

HOSTS_AND_PORTS = r"^[^\s,]+:\d{1,5}(,[^\s,]+:\d{1,5})*$"
SSL = ("ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_password")
SASL = ("sasl_mechanism", "sasl_plain_username", "sasl_plain_password")


class KafkaNotConfigured(CasefileError):
    """No Kafka is configured."""

    remedy = "Set CASEFILE_KAFKA_BOOTSTRAP, such as kafka.example:9092."


class Settings(BaseSettings):
    """Without a database URL, Casefile runs its own PostgreSQL in the state directory."""

    model_config = SettingsConfigDict(
        env_prefix="CASEFILE_", env_file="casefile.env", extra="forbid", frozen=True
    )

    state_dir: Path = Path(".casefile")
    database_url: SecretStr | None = None
    owner_database_url: SecretStr | None = None
    keyring_url: SecretStr | None = None
    owner_keyring_url: SecretStr | None = None
    kek_file: Path | None = None
    index_secret_file: Path | None = None
    tokens_file: Path | None = None
    session_secret_file: Path | None = None
    calendar_file: Path | None = None
    fonts: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    entry_deadline_days: int = 7
    remembered_events: int = 100_000
    clock_ahead_days: int = Field(default=0, ge=0, le=3660)
    clock_disagreement_minutes: int = Field(default=60, ge=1, le=1440)
    clock_silence_days: int = Field(default=14, ge=1, le=3660)
    log_format: str = "console"
    # Where the console asks who was told; empty: nobody is asked.
    notifications_url: str | None = Field(
        default=None, pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$"
    )
    notifications_token: SecretStr | None = None
    notifications_token_file: Path | None = None
    kafka_bootstrap: str | None = Field(default=None, pattern=HOSTS_AND_PORTS)
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ssl_cafile: Path | None = None
    kafka_ssl_certfile: Path | None = None
    kafka_ssl_keyfile: Path | None = None
    kafka_ssl_password: SecretStr | None = None
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_plain_username: str | None = None
    kafka_sasl_plain_password: SecretStr | None = None
    kafka_topic: str = Field(default="casefile.events.v1", pattern=r"^[A-Za-z0-9._-]{1,200}$")
    kafka_transactional_id: str = Field(default="casefile-relay", min_length=1, max_length=200)
    kafka_message_bytes: int = Field(default=1024 * 1024, ge=1024)

    @property
    def kek_path(self) -> Path:
        return self.kek_file or self.state_dir / "secrets" / "kek.json"

    @property
    def index_secret_path(self) -> Path:
        return self.index_secret_file or self.state_dir / "secrets" / "blind-index.key"

    @property
    def tokens_path(self) -> Path:
        return self.tokens_file or self.state_dir / "secrets" / "tokens.json"

    @property
    def session_secret_path(self) -> Path:
        return self.session_secret_file or self.state_dir / "secrets" / "session.key"

    @property
    def notifications_secret(self) -> str:
        """The token that notifications knows Casefile by, as it is now."""
        path = self.notifications_token_file
        if path is not None and path.exists():
            return path.read_text(encoding="utf-8").strip()
        token = self.notifications_token
        return token.get_secret_value() if token else ""

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
