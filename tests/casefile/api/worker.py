"""One API process over the invented world, as the command line would start it.

python -m tests.casefile.api.worker FOLDER PORT; the addresses come on stdin.
"""

import json
import sys
from pathlib import Path

from services.casefile.api.app import create_app
from services.casefile.api.serving import serve
from services.casefile.log_config import configure_logging
from services.casefile.readmodels.pages import open_pool
from tests.casefile.api.calling import tokens
from tests.casefile.world import parts
from tests.servers import Database


def main() -> None:
    folder, port = sys.argv[1:]
    configure_logging("json")
    database = Database(**json.loads(sys.stdin.read()))
    app = create_app(parts(database, Path(folder)), tokens(), pool=open_pool(database.app))
    serve(app, port=int(port))


if __name__ == "__main__":
    main()
