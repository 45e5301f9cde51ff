"""The API process: opens the parts, makes the application, serves it."""

from services.casefile.api.app import create_app
from services.casefile.api.serving import serve as serve_app
from services.casefile.api.tokens import Tokens
from services.casefile.composition import opened
from services.casefile.embedded import Provisioned
from services.casefile.log_config import configure_logging
from services.casefile.settings import Settings


def serve(settings: Settings, addresses: Provisioned) -> None:
    configure_logging(settings.log_format)
    with opened(settings, addresses) as parts:
        app = create_app(parts, Tokens.load(settings.tokens_path))
        serve_app(app, host=settings.host, port=settings.port)
