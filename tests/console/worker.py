"""API and console of the small county, as the command line would start them.

python -m tests.console.worker FOLDER PORT; the addresses come on stdin.
"""

import json
import sys
from pathlib import Path

from services.casefile.api.app import create_app
from services.casefile.api.serving import serve
from services.casefile.console.app import add_console
from services.casefile.log_config import configure_logging
from services.casefile.readmodels.pages import open_pool
from tests.console.county import product, tokens
from tests.console.held_files import held_files
from tests.console.invented import Invented
from tests.servers import Database


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    configure_logging("json")
    database = Database(**json.loads(sys.stdin.read()))
    built, pool, held = product(database, folder), open_pool(database.app), tokens()
    app = create_app(built, held, pool=pool)
    add_console(app, built, pool, held, folder / "session.key", Invented(), held_files())
    serve(app, port=port)


if __name__ == "__main__":
    main()
