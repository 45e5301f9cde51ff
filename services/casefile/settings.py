"""Settings, read once by the composition: environment variables named CASEFILE_..., or a file."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    calendar_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    entry_deadline_days: int = 7
    remembered_events: int = 100_000
    clock_ahead_days: int = Field(default=0, ge=0, le=3660)
    log_format: str = "console"

    @property
    def kek_path(self) -> Path:
        return self.kek_file or self.state_dir / "secrets" / "kek.json"

    @property
    def index_secret_path(self) -> Path:
        return self.index_secret_file or self.state_dir / "secrets" / "blind-index.key"

    @property
    def tokens_path(self) -> Path:
        return self.tokens_file or self.state_dir / "secrets" / "tokens.json"
