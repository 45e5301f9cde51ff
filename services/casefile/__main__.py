"""`casefile`: the command every process starts with."""

from services.casefile.cli.main import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
