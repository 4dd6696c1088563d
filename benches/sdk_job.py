"""One job by the vendor's Python SDK, in a process of its own, as a script of a user's has it.

It finds the sandbox through the environment alone, as `tests/sdk/zpakey_sdk.py` does. It is run by `speed.py`:

    sdk_job.py get-id TYPE ID | get NAME | list | create NAME GROUP CERTIFICATE

Only what the job needs is asked, each time as narrowly as the SDK can, and the answer is printed as JSON.
"""

import json
import sys

TYPES = ["connector", "service_edge"]


def call(result):
    """Takes a result apart as the SDK gives it: value, response, error."""
    value, _, error = result
    if error is not None:
        sys.exit(str(error))
    return value


def get_id(zpa, kind, number):
    return call(zpa.provisioning.get_provisioning_key(number, key_type=kind)).as_dict()


def get(zpa, name):
    found = []
    for kind in TYPES:
        keys = call(zpa.provisioning.list_provisioning_keys(key_type=kind, query_params={"search": name}))
        found += [key for key in keys if key.name == name]
    (key,) = found
    return key.as_dict()


def list_keys(zpa):
    keys = []
    for kind in TYPES:
        # One page holds them all.
        keys += call(zpa.provisioning.list_provisioning_keys(key_type=kind, query_params={"page_size": 500}))
    return [key.as_dict() for key in keys]


def create(zpa, name, group, certificate):
    groups = call(zpa.app_connector_groups.list_connector_groups(query_params={"search": group}))
    (group_id,) = [one.id for one in groups if one.name == group]
    certificate_id = call(zpa.enrollment_certificates.get_enrolment_by_name(certificate)).id
    taken = call(zpa.provisioning.list_provisioning_keys(key_type="connector", query_params={"search": name}))
    if any(key.name == name for key in taken):
        sys.exit(f"{name} exists")
    made = zpa.provisioning.add_provisioning_key(
        key_type="connector", name=name, max_usage=10, enrollment_cert_id=certificate_id, component_id=group_id
    )
    return call(made).as_dict()


def main(arguments):
    from zscaler import ZscalerClient

    jobs = {"get-id": get_id, "get": get, "list": list_keys, "create": create}
    job, *rest = arguments
    print(json.dumps(jobs[job](ZscalerClient({}).zpa, *rest)))


if __name__ == "__main__":
    main(sys.argv[1:])
