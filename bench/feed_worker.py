"""Casefile's API, for whoever reads its feed. python -m bench.feed_worker APP KEYRING FOLDER PORT"""

import sys
from pathlib import Path

from services.casefile import composition
from services.casefile.api.app import create_app
from services.casefile.api.serving import serve
from services.casefile.api.tokens import Holder, Tokens, digest_of
from services.casefile.log_config import configure_logging

TOKEN = "bench"


def main() -> None:
    configure_logging("json")
    app, keyring, folder, port = sys.argv[1:]
    secrets = composition.Secrets(Path(folder) / "kek.json", Path(folder) / "index.key")
    secrets.create()
    parts = composition.build(app, keyring, secrets)
    tokens = Tokens({digest_of(TOKEN): Holder("service", "notifications", "service", "county-1")})
    serve(create_app(parts, tokens), port=int(port))


if __name__ == "__main__":
    main()
