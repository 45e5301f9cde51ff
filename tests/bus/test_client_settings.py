"""Our settings reach the client as the client spells them."""

import pytest

from services.casefile.settings import KafkaNotConfigured, Settings


def test_what_is_not_set_is_left_to_the_client():
    client = Settings(kafka_bootstrap="a:9092,b:9092").kafka_client

    assert client == {"bootstrap_servers": "a:9092,b:9092", "security_protocol": "PLAINTEXT"}


def test_certificates_and_passwords_are_passed_on(tmp_path):
    client = Settings(
        kafka_bootstrap="a:9092",
        kafka_security_protocol="SASL_SSL",
        kafka_ssl_cafile=tmp_path / "ca.pem",
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_sasl_plain_username="relay",
        kafka_sasl_plain_password="not shown",
    ).kafka_client

    assert client == {
        "bootstrap_servers": "a:9092",
        "security_protocol": "SASL_SSL",
        "ssl_cafile": str(tmp_path / "ca.pem"),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "relay",
        "sasl_plain_password": "not shown",
    }


def test_a_password_is_not_in_what_the_settings_print():
    settings = Settings(kafka_bootstrap="a:9092", kafka_sasl_plain_password="not shown")

    assert "not shown" not in repr(settings)


def test_every_name_is_one_that_the_client_knows():
    from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

    from services.casefile.settings import SASL, SSL

    for client in (KafkaAdminClient, KafkaConsumer, KafkaProducer):
        assert {
            "bootstrap_servers",
            "security_protocol",
            *SSL,
            *SASL,
        } <= client.DEFAULT_CONFIG.keys()


def test_without_an_address_there_is_no_client():
    with pytest.raises(KafkaNotConfigured):
        _ = Settings().kafka_client
