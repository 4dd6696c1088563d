"""The vendor's Python SDK, unmodified, against a sandbox.

It finds the sandbox through the environment alone: credentials, HTTPS_PROXY and the certificate. Run it by
`tests/sdk/run`, or by hand:

    python -m venv venv && venv/bin/pip install zscaler-sdk-python==1.11.3
    zpakey sandbox run -- venv/bin/python tests/sdk/zpakey_sdk.py calls
    venv/bin/python tests/sdk/zpakey_sdk.py seed DIRECTORY
    zpakey sandbox run --seed DIRECTORY/seed.json -- venv/bin/python tests/sdk/zpakey_sdk.py pages
    zpakey sandbox run --seed DIRECTORY/seed.json -- venv/bin/python tests/sdk/zpakey_sdk.py key DIRECTORY

It ends with `N passed, N failed`, and with status 1 when something failed.
"""

import json
import os
import pathlib
import sys
import traceback

KEYS = 600
PAGE = 20


def call(result):
    """Takes a result apart as the SDK gives it: value, response, error."""
    value, _, error = result
    assert error is None, error
    return value


def groups_and_keys(client):
    """What a script that manages keys does, for both kinds."""
    zpa = client.zpa
    place = {"latitude": "37.33874", "longitude": "-121.8852525", "location": "San Jose, CA, USA"}
    for kind, certificate_name, groups, add, delete in [
        (
            "connector",
            "Connector",
            zpa.app_connector_groups,
            "add_connector_group",
            "delete_connector_group",
        ),
        (
            "service_edge",
            "Service Edge",
            zpa.service_edge_group,
            "add_service_edge_group",
            "delete_service_edge_group",
        ),
    ]:
        group = call(
            getattr(groups, add)(
                name=f"sdk {kind}", description="made by the SDK", enabled=True, version_profile_id="0", **place
            )
        )
        assert group.name == f"sdk {kind}" and group.id, group
        assert group.city_country == "San Jose, US", group.city_country

        found = call(zpa.enrollment_certificates.list_enrolment(query_params={"search": certificate_name}))
        assert [one.name for one in found] == [certificate_name], found
        certificate = call(zpa.enrollment_certificates.get_enrolment_by_name(certificate_name))
        assert certificate.id == found[0].id

        keys = zpa.provisioning
        made = call(
            keys.add_provisioning_key(
                key_type=kind,
                name=f"sdk-{kind}-key",
                max_usage=2,
                enrollment_cert_id=certificate.id,
                component_id=group.id,
            )
        )
        assert made.provisioning_key.startswith("3|api.private.zscaler.com|"), "no key text"
        assert made.max_usage == "2" and made.usage_count == "0", made

        listed = call(keys.list_provisioning_keys(key_type=kind))
        assert made.id in [key.id for key in listed]
        by_name = call(keys.list_provisioning_keys(key_type=kind, query_params={"search": f"sdk-{kind}-key"}))
        assert [key.id for key in by_name] == [made.id]
        shown = call(keys.get_provisioning_key(made.id, key_type=kind))
        assert shown.zcomponent_name == group.name and shown.enrollment_cert_name == certificate_name
        assert shown.provisioning_key == made.provisioning_key

        call(keys.update_provisioning_key(made.id, key_type=kind, name=f"sdk-{kind}-renamed", max_usage="5"))
        shown = call(keys.get_provisioning_key(made.id, key_type=kind))
        assert (shown.name, shown.max_usage) == (f"sdk-{kind}-renamed", "5"), shown
        assert shown.provisioning_key == made.provisioning_key

        call(keys.delete_provisioning_key(made.id, key_type=kind))
        assert made.id not in [key.id for key in call(keys.list_provisioning_keys(key_type=kind))]
        _, _, error = keys.get_provisioning_key(made.id, key_type=kind)
        assert error is not None and "resource.not.found" in str(error), error
        call(getattr(groups, delete)(group.id))


def pages(client):
    """All keys of a large tenant, a page of 20 at a time."""
    keys, response, error = client.zpa.provisioning.list_provisioning_keys(
        key_type="connector", query_params={"page_size": PAGE}
    )
    assert error is None, error
    names = [key.name for key in keys]
    requests = 1
    while response.has_next():
        more, response, error = response.next()
        assert error is None, error
        requests += 1
        names += [key.name for key in more or []]
    assert requests == KEYS // PAGE, requests
    assert names == [f"key-{number:03}" for number in range(KEYS)], names[:3]


def one_api():
    from zscaler import ZscalerClient

    # A cache would hide what the sandbox answers.
    return ZscalerClient({"cache": {"enabled": False}})


def with_private_key(path):
    from zscaler import ZscalerClient

    return ZscalerClient(
        {
            "clientId": os.environ["ZSCALER_CLIENT_ID"],
            "privateKey": pathlib.Path(path).read_text(),
            "vanityDomain": os.environ["ZSCALER_VANITY_DOMAIN"],
            "customerId": os.environ["ZPA_CUSTOMER_ID"],
            "cache": {"enabled": False},
        }
    )


def legacy():
    from zscaler.cache.no_op_cache import NoOpCache
    from zscaler.oneapi_client import LegacyZPAClient

    return LegacyZPAClient({"cloud": "PRODUCTION", "cache": NoOpCache()})


def write_seed(directory):
    """Writes a seed with many keys and a public key, and the private one that belongs to it."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    directory = pathlib.Path(directory)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    target = os.open(directory / "private-key.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(target, "wb") as file:
        file.write(private)
    seed = {
        "public_key_pem": public.decode(),
        "keys": [{"name": f"key-{number:03}"} for number in range(KEYS)],
    }
    (directory / "seed.json").write_text(json.dumps(seed))


def main(arguments):
    if arguments[:1] == ["seed"] and len(arguments) == 2:
        write_seed(arguments[1])
        return 0
    clients = {"OneAPI": one_api, "legacy": legacy}
    if arguments == ["calls"]:
        checks = [(name, make, groups_and_keys) for name, make in clients.items()]
    elif arguments == ["pages"]:
        checks = [(name, make, pages) for name, make in clients.items()]
    elif arguments[:1] == ["key"] and len(arguments) == 2:
        path = pathlib.Path(arguments[1]) / "private-key.pem"
        checks = [("OneAPI with a private key", lambda: with_private_key(path), pages)]
    else:
        print(__doc__, file=sys.stderr)
        return 2
    failed = 0
    for name, make, check in checks:
        try:
            check(make())
            print(f"{name}: {check.__name__}: ok")
        except Exception:
            failed += 1
            print(f"{name}: {check.__name__}: FAILED")
            traceback.print_exc()
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
