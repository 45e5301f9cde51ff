"""The API process: opens the parts, makes the application, serves it."""

from collections.abc import Callable, Mapping

from services.casefile.api.app import create_app
from services.casefile.api.serving import serve as serve_app
from services.casefile.api.tokens import Tokens
from services.casefile.cli.readiness import follower_check, schema_check
from services.casefile.composition import Parts, opened, read_models
from services.casefile.console.app import add_console
from services.casefile.console.notices_client import connected
from services.casefile.embedded import Provisioned
from services.casefile.following import Whereabouts
from services.casefile.log_config import configure_logging
from services.casefile.readmodels.pages import Pool, open_pool
from services.casefile.settings import Settings


def serve(settings: Settings, addresses: Provisioned) -> None:
    configure_logging(settings.log_format)
    with opened(settings, addresses) as parts, open_pool(addresses.app) as pool:
        tokens = Tokens.load(settings.tokens_path)
        app = create_app(parts, tokens, pool=pool, checks=checks(parts, pool, addresses))
        notices = connected(settings.notifications_url, lambda: settings.notifications_secret)
        add_console(app, parts, pool, tokens, settings.session_secret_path, notices)
        serve_app(app, host=settings.host, port=settings.port)


def checks(parts: Parts, pool: Pool, addresses: Provisioned) -> Mapping[str, Callable[[], object]]:
    """What has to hold before requests are served."""
    return {
        "log": parts.recorder.head,
        "keyring": parts.keyring.check,
        "schema": schema_check(addresses),
        "followers": follower_check(Whereabouts(pool), followed(parts)),
    }


def followed(parts: Parts) -> list[str]:
    return [model.name for model in read_models(parts)]
