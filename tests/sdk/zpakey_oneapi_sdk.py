"""The vendor's OneAPI SDK for Python, unmodified, against a sandbox.

Its transport takes no proxy from the environment, so the script passes HTTPS_PROXY on. Run it by `tests/sdk/run`,
or by hand:

    python -m venv venv && venv/bin/pip install zscaler-oneapi-sdk-python==1.0.0
    zpakey sandbox run -- venv/bin/python tests/sdk/zpakey_oneapi_sdk.py

It ends with `N passed, N failed`, and with status 1 when something failed.
"""

import os
import sys
import traceback
from urllib.parse import urlsplit

TYPE = "CONNECTOR_GRP"


def make_client():
    import zssdk
    from zssdk.zscore.config import Config

    proxy = urlsplit(os.environ["HTTPS_PROXY"])
    config = Config(proxy={"host": proxy.hostname, "port": proxy.port})
    session = zssdk.Session(
        vanity_domain=os.environ["ZSCALER_VANITY_DOMAIN"],
        client_id=os.environ["ZSCALER_CLIENT_ID"],
        client_secret=os.environ["ZSCALER_CLIENT_SECRET"],
        config=config,
    )
    return session.client("zpa")


def keys(client):
    """Makes, lists, changes and deletes a key."""
    where = {"customer_id": int(os.environ["ZPA_CUSTOMER_ID"]), "association_type": TYPE}
    groups = client.list_app_connector_groups(customer_id=where["customer_id"])["list"]
    group = int(groups[0]["id"])
    made = client.create_provisioning_key(
        **where,
        body={"name": "oneapi-sdk", "max_usage": 2, "enrollment_cert_id": 16560, "zcomponent_id": group},
    )
    key = {**where, "provisioning_key_id": int(made["id"])}
    assert made["provisioningKey"].startswith("3|api.private.zscaler.com|"), "no key text"

    ids = [int(one["id"]) for one in client.get_all_provisioning_keys(**where)["list"]]
    assert ids == [key["provisioning_key_id"]], ids
    of_group = client.get_provisioning_keys_by_ZComponent(**where, zcomponent_id=group)
    assert [one["name"] for one in of_group] == ["oneapi-sdk"], "the keys of the group"

    client.update_provisioning_key(
        **key, body={"name": "oneapi-sdk-renamed", "max_usage": 5, "enrollment_cert_id": 16560}
    )
    shown = client.get_provisioning_key(**key)
    assert (shown["name"], int(shown["maxUsage"])) == ("oneapi-sdk-renamed", 5), "the change"
    assert shown["provisioningKey"] == made["provisioningKey"], "the text stays"

    client.delete_provisioning_key(**key)
    assert client.get_all_provisioning_keys(**where)["list"] == []
    try:
        client.get_provisioning_key(**key)
    except Exception as error:
        assert "resource.not.found" in str(error), error
    else:
        raise AssertionError("a deleted key is still there")


def main():
    try:
        keys(make_client())
        print("OneAPI SDK: keys: ok")
    except Exception:
        traceback.print_exc()
        print("0 passed, 1 failed")
        return 1
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
