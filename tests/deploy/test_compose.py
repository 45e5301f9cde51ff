"""The compose file names commands, settings, files and versions that there are, and no secret."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from services.casefile.cli.main import app as casefile_app
from services.casefile.settings import Settings as Casefile
from services.notifications.cli.main import app as notifications_app
from services.notifications.settings import Settings as Notifications
from tests.deploy.stack import DEPLOY, ROOT, compose, ours, secrets_of, services, settings_of

EVERY = sorted(services())
OURS = sorted(ours())
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[\w.]+)?$")
CLIS = {"casefile": casefile_app, "notifications": notifications_app}
SETTINGS = {"CASEFILE_": Casefile, "NOTIFICATIONS_": Notifications}
LISTENS = {"postgres", "kafka", "mail", "api", "notifications-api"}
RUNS_ALL_DAY = {"api", "project", "clock", "relay", "consume", "remind", "deliver"}


def command(name: str) -> tuple[Any, list[str]]:
    """The command of a service, and what is left for it to parse."""
    program, *words = services()[name]["command"]
    found = typer.main.get_command(CLIS[program])
    while words and words[0] in getattr(found, "commands", {}):
        found = found.commands[words.pop(0)]
    return found, words


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_the_programs(name: str):
    found, words = command(name)

    assert not hasattr(found, "commands") or found.invoke_without_command
    found.make_context(name, list(words), resilient_parsing=False)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_with_a_value_that_it_takes(name: str, monkeypatch):
    given = settings_of(ours()[name])
    for prefix, settings in SETTINGS.items():
        mine = {n: value for n, value in given.items() if n.startswith(prefix)}
        unknown = {n.removeprefix(prefix).lower() for n in mine} - settings.model_fields.keys()
        assert not unknown
        with monkeypatch.context() as patch:
            for variable, value in mine.items():
                patch.setenv(variable, value)
            settings(_env_file=None)
    assert {n.split("_")[0] for n in given} <= {"CASEFILE", "NOTIFICATIONS", "PGPASSFILE"}


def test_every_process_of_both_services_is_there():
    programs = {tuple(each["command"][:2]) for each in ours().values()}

    assert programs >= {("casefile", name) for name in ("api", "project", "clock", "relay")}
    assert programs >= {("notifications", n) for n in ("consume", "remind", "deliver", "api")}


@pytest.mark.parametrize("name", EVERY)
def test_versions_are_pinned(name: str):
    assert PINNED.match(services()[name]["image"])


def test_the_kafka_is_the_one_that_was_tested():
    tested = re.search(
        r"<artifactId>kafka_2.13</artifactId>\s*<version>([\d.]+)<",
        (DEPLOY / "kafka" / "pom.xml").read_text(),
    )

    assert tested
    assert services()["kafka"]["image"] == f"apache/kafka:{tested[1]}"


def test_kafka_makes_no_topic_of_a_misspelt_name():
    lines = (DEPLOY / "kafka" / "server.properties").read_text()

    assert "auto.create.topics.enable=false" in lines
    assert services()["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


@pytest.mark.parametrize("name", EVERY)
def test_nothing_runs_as_root_or_can_become_it(name: str):
    service = services()[name]

    user, group = service["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"privileged", "cap_add", "pid", "network_mode", "devices"}


@pytest.mark.parametrize("name", sorted(LISTENS))
def test_whatever_listens_has_a_health_check(name: str):
    assert services()[name]["healthcheck"]["test"][0] == "CMD"


def test_nothing_else_listens():
    published = {name for name, each in services().items() if "ports" in each}

    assert published <= LISTENS
    assert {name for name, each in services().items() if "healthcheck" in each} == LISTENS


@pytest.mark.parametrize("name", EVERY)
def test_ports_are_open_to_this_machine_only(name: str):
    assert all(port.startswith("127.0.0.1:") for port in services()[name].get("ports", []))


@pytest.mark.parametrize("name", EVERY)
def test_a_process_waits_for_what_it_needs(name: str):
    for needed, how in services()[name].get("depends_on", {}).items():
        other = services()[needed]
        if how["condition"] == "service_healthy":
            assert "healthcheck" in other
        else:
            assert how["condition"] == "service_completed_successfully"
            assert other["restart"] == "no"


@pytest.mark.parametrize("name", EVERY)
def test_what_runs_all_day_is_started_again(name: str):
    service = services()[name]
    is_job = name in OURS and service["command"][1] not in RUNS_ALL_DAY

    assert service["restart"] == ("no" if is_job else "unless-stopped")


@pytest.mark.parametrize("name", EVERY)
def test_every_file_of_secrets_that_is_read_is_handed_in_to_its_reader_only(name: str):
    service = services()[name]
    # A migration signs in to the database, and reads no token.
    names = ["PGPASSFILE"] if name.endswith("migrate") else service["environment"]
    values = [service["environment"][each] for each in names]
    read = {Path(value).name for value in values if value.startswith("/run/secrets/")}
    handed = {each["source"]: each for each in service.get("secrets", [])}

    assert read <= handed.keys()
    for each in handed.values():
        assert f"{each['uid']}:{each['gid']}" == service["user"]
        assert each["mode"] == 0o400


def test_only_migrations_know_the_owners():
    for name, service in ours().items():
        if not name.endswith("migrate"):
            assert not [n for n in service["environment"] if "OWNER" in n]
            assert not [s for s in secrets_of(service) if "owner" in s]


def test_no_secret_is_in_the_file():
    for service in services().values():
        for name, value in service["environment"].items():
            assert not re.search(r"(PASSWORD|SECRET|TOKEN|KEY)$", name), name
            assert not re.search(r"://[^/@\s]+:[^/@\s]+@", value), name
    assert all(set(each) == {"environment"} for each in compose()["secrets"].values())


def test_the_example_names_every_secret_and_holds_none():
    lines = (DEPLOY / "secrets.env.example").read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert set(named) == {each["environment"] for each in compose()["secrets"].values()}
    assert {v for n, v in named.items() if n.endswith(("PASSWORD", "_TOKEN"))} == {""}


def test_the_file_is_one_as_compose_knows_it():
    known = {"name", "services", "volumes", "secrets"}

    assert {key for key in compose() if not key.startswith("x-")} == known
    assert all(not key[0].isdigit() for key in services())
    mounted = [v for each in services().values() for v in each.get("volumes", [])]
    for source in (volume.split(":")[0] for volume in mounted):
        assert source in compose()["volumes"] or (DEPLOY / source).exists()


def test_the_file_is_written_without_a_key_twice():
    """PyYAML keeps the last of two keys and says nothing; compose refuses the file."""

    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: Strict, node: yaml.MappingNode) -> dict[str, Any]:
        own = [k.value for k, _ in node.value if k.tag != "tag:yaml.org,2002:merge"]
        assert len(own) == len(set(own)), own
        loader.flatten_mapping(node)
        return {loader.construct_object(k, deep=True): loader.construct_object(v, deep=True)
                for k, v in node.value}  # fmt: skip

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    with (ROOT / "deploy" / "compose.yaml").open() as file:
        assert yaml.load(file, Strict)["services"].keys() == services().keys()
