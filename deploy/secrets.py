"""Makes the secrets that compose.yaml asks for, once, in a file that only its owner may read.

    python3 -m deploy.secrets deploy/secrets.env

Prints the tokens of an operator and of a county office, to begin with. It needs Python only.
"""

import hashlib
import json
import os
import secrets
import sys
from pathlib import Path

DATABASE_ROLES = ("casefile_owner", "casefile_app", "notifications_owner", "notifications_app")
# What each token stands for: role, staff, post, unit.
HOLDERS = {
    "service": ("service", "notifications", "service", "c000"),
    "operator": ("operator", "operator-1", "records_officer", "c000"),
    "county": ("county", "county-1", "county_civil_affairs", "c000"),
}


def made() -> tuple[dict[str, str], dict[str, str]]:
    """The lines of the file, and the tokens in clear."""
    tokens = {name: f"{name}-{secrets.token_urlsafe(24)}" for name in HOLDERS}
    lines = {"POSTGRES_PASSWORD": secrets.token_hex(24)}
    for role in DATABASE_ROLES:
        password = secrets.token_hex(24)
        lines[f"{role.upper()}_PASSWORD"] = password
        lines[f"{role.upper()}_PGPASS"] = f"*:*:*:{role}:{password}"
    lines["CASEFILE_TOKENS"] = json.dumps({digest(tokens[n]): held(n) for n in HOLDERS})
    lines["NOTIFICATIONS_TOKEN"] = tokens["service"]
    return lines, tokens


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def held(name: str) -> dict[str, str]:
    return dict(zip(("role", "staff", "post", "unit"), HOLDERS[name], strict=True))


def write(path: Path, lines: dict[str, str]) -> None:
    """Refuses to write over a file: what was sealed with its secrets would be lost."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}='{value}'\n" for name, value in lines.items())


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    lines, tokens = made()
    try:
        write(Path(sys.argv[1]), lines)
    except OSError as error:
        print(f"{sys.argv[1]}: {error.strerror}. Nothing was written.", file=sys.stderr)
        return 1
    for name in ("operator", "county"):
        print(f"{name}  {tokens[name]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
