//! Lists that lie, or that come only in part: nothing that acts on the absence of a key takes them for whole.

use serde_json::{Value, json};

use crate::support::Tenant;

const CONNECTORS: &str = "CONNECTOR_GRP/provisioningKey";
const EDGES: &str = "SERVICE_EDGE_GRP/provisioningKey";
const FAIL_IF_ANY: &str = "list --all-types --max-remaining 0 --fail-if-any --max-wait 1s";

/// A tenant with one connector key, whose lists at `contains` are answered by `action`.
fn tenant(contains: &str, action: &Value) -> Tenant {
    let tenant = Tenant::with_keys(["prod"]);
    tenant.set_faults(&json!({"method": "GET", "contains": contains, "action": action}));
    tenant
}

fn ok(body: &Value) -> Value {
    json!({"status": 200, "body": body})
}

#[test]
fn an_answer_that_is_not_a_page_of_a_list_is_a_bad_response() {
    for body in
        [json!({}), json!({"status": "error"}), json!({"totalPages": "1", "list": null}), json!({"list": []})]
    {
        let tenant = tenant(CONNECTORS, &ok(&body));
        for line in [
            "list --type connector --fail-if-any",
            "create prod-2 --type connector --group 'AWS us-east-1' --max-usage 1 --if-exists skip",
        ] {
            let run = tenant.zpakey(line).run().code(5);
            assert_eq!(run.error()["code"], "bad_response", "{body} {line}");
        }
        assert_eq!(tenant.writes(), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn fewer_keys_than_the_total_is_said_and_decides_nothing() {
    let tenant = tenant(CONNECTORS, &ok(&json!({"totalPages": "1", "totalCount": "7", "list": []})));
    let run = tenant.zpakey("list --type connector").run().code(0);
    run.stderr_has("the list of connector keys is incomplete: 0 of 7");
    for line in ["list --type connector --fail-if-any", "get prod --type connector"] {
        let run = tenant.zpakey(line).run().code(6);
        assert_eq!(run.error()["code"], "partial", "{line}");
    }
}

#[test]
fn a_total_that_is_too_small_says_nothing() {
    let key = json!({"id": "38101", "name": "prod", "maxUsage": "1", "usageCount": "1", "zcomponentId": "1",
        "enrollmentCertId": "1"});
    let tenant = tenant(CONNECTORS, &ok(&json!({"totalPages": "1", "totalCount": "0", "list": [key]})));
    tenant.zpakey("get prod --type connector --field id").run().code(0).stdout_is("38101\n");
}

#[test]
fn a_type_that_fails_beside_one_that_reads_fine_leaves_the_answer_incomplete() {
    for status in [401, 403, 400, 404, 500] {
        let refusal = json!({"status": status, "body": {"id": "access.denied", "reason": "No."}});
        let tenant = tenant(EDGES, &refusal);
        // A refusal of the type is a warning; a server that does not work is a failure.
        let code = if status == 500 { 6 } else { 0 };
        tenant.zpakey("list --all-types --max-wait 1s --field name").run().code(code).stdout_is("prod\n");
        tenant.zpakey(FAIL_IF_ANY).run().code(6);
        let run = tenant.zpakey("get other --all-types").run().code(6);
        assert_eq!(run.error()["code"], "partial", "{status}");
        tenant.zpakey("get prod --all-types --field id").run().code(0).stdout_is("38101\n");
    }
}

#[test]
fn a_type_that_was_asked_for_alone_fails_by_its_own_code() {
    for (status, id, code) in [(403, "access.denied", 3), (404, "resource.not.found", 4), (500, "x", 5)] {
        let tenant = tenant(EDGES, &json!({"status": status, "body": {"id": id}}));
        tenant.zpakey("list --type service-edge --fail-if-any --max-wait 1s").run().code(code);
    }
}

#[test]
fn a_second_page_that_fails_leaves_what_was_read_and_the_failures_own_code() {
    for (status, id, code) in [(403, "access.denied", 3), (404, "resource.not.found", 4), (500, "x", 5)] {
        let tenant = Tenant::standard();
        let key = json!({"id": "38101", "name": "prod", "maxUsage": "1", "usageCount": "1",
            "zcomponentId": "1", "enrollmentCertId": "1"});
        let first = ok(&json!({"totalPages": "2", "totalCount": "501", "list": [key]}));
        tenant.set_faults(&json!([
            {"method": "GET", "contains": CONNECTORS, "query": "page=1", "action": first},
            {"method": "GET", "contains": CONNECTORS, "query": "page=2", "action": {"status": status, "body": {"id": id}}},
        ]));
        let run = tenant.zpakey("list --type connector --max-wait 1s --field name").run().code(code);
        run.stdout_is("prod\n").stderr_has("the list of connector keys is incomplete");
        // Nothing is taken for missing that may be on that page.
        tenant.zpakey("get other --type connector --max-wait 1s").run().code(code).stdout_is("");
    }
}

#[test]
fn a_feature_that_the_tenant_does_not_have_is_not_a_gap() {
    let refusal = json!({"status": 401, "body": {"id": "authz.featureflag.permission.denied"}});
    tenant(EDGES, &refusal).zpakey(FAIL_IF_ANY).run().code(0);
}

#[test]
fn connectors_whose_list_is_not_well_formed_keep_their_key_from_being_deleted() {
    for body in [json!({}), json!({"list": null}), json!({"totalCount": "7", "totalPages": "1", "list": []})]
    {
        let tenant = Tenant::seeded(json!({"keys": [{"name": "prod", "usageCount": 7}]}));
        tenant.set_faults(&json!({"method": "GET", "contains": "/connector", "action": ok(&body)}));
        let run = tenant.zpakey("delete prod --type connector --yes").run();
        assert!(run.error()["code"] != "", "{body}");
        assert_eq!(tenant.writes(), Vec::<String>::new(), "{body}");
    }
}
