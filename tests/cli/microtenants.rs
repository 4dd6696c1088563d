//! Keys of several microtenants: what is done to a key goes where it lives, and a name counts where it is made.

use serde_json::{Value, json};

use crate::support::Tenant;

/// Two keys of one name: one of the microtenant 7, one of the default one, and one that microtenant 7 has alone.
fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": "7", "name": "Subsidiary"}],
        "connector_groups": [{"name": "Ours"}, {"id": "72058304855047799", "name": "Theirs", "microtenantId": "7"}],
        "keys": [
            {"name": "both", "association_type": "CONNECTOR_GRP", "maxUsage": 5, "microtenantId": "7"},
            {"name": "both", "association_type": "CONNECTOR_GRP", "maxUsage": 9},
            {"name": "theirs", "association_type": "CONNECTOR_GRP", "maxUsage": 5, "microtenantId": "7",
             "zcomponentId": "72058304855047799"},
        ],
    }))
}

/// The microtenants that writes named in their queries.
fn written_to(tenant: &Tenant) -> Vec<String> {
    let writes =
        tenant.requests().into_iter().filter(|request| matches!(request.method.as_str(), "PUT" | "DELETE"));
    writes.map(|request| request.query).collect()
}

#[test]
fn a_key_that_was_listed_from_everywhere_is_changed_and_deleted_where_it_lives() {
    let tenant = tenant();
    tenant.zpakey("update theirs --max-usage 6").run().code(0);
    tenant.zpakey("delete theirs --yes").run().code(0).stderr_has("deleted theirs");
    assert_eq!(written_to(&tenant), ["microtenantId=7", "microtenantId=7"]);
    assert!(tenant.key("theirs").is_none());
}

#[test]
fn a_name_of_another_microtenant_is_not_taken() {
    let tenant = tenant();
    let create = "create theirs --type connector --max-usage 2 --if-exists skip";
    let made = tenant.zpakey(format!("{create} --group Ours --out-file key")).run().code(0).json();
    assert_eq!((&made["max_usage"], &made["microtenant_id"]), (&json!(2), &Value::Null));
    assert_eq!(tenant.writes().len(), 1);
    let kept =
        tenant.zpakey(format!("{create} --group Theirs --microtenant Subsidiary")).run().code(0).json();
    assert_eq!((&kept["max_usage"], &kept["microtenant_id"]), (&json!(5), &json!("7")));
}

#[test]
fn hints_name_the_microtenant_that_was_typed() {
    let tenant = tenant();
    let create = "create new --type connector --group Theirs --max-usage 2 --microtenant 7";
    tenant
        .zpakey(create)
        .run()
        .code(0)
        .stderr_has("next: zpakey --microtenant 7 reveal new --out-file provision_key\n");
}

#[test]
fn a_name_of_two_microtenants_is_ambiguous_and_they_are_listed() {
    let tenant = Tenant::seeded(
        json!({"microtenants": [{"id": "7", "name": "Branch"}, {"id": "8", "name": "Branch"}]}),
    );
    let error = tenant.zpakey("list --microtenant Branch").run().code(8).error();
    assert_eq!(error["code"], "ambiguous");
    assert_eq!(error["candidates"], json!([{"id": "7", "name": "Branch"}, {"id": "8", "name": "Branch"}]));
    assert_eq!(error["hints"], json!(["name it by its id: --microtenant id:7"]));
    tenant.zpakey("list --microtenant id:7").run().code(0);
    let error = tenant.zpakey("list --microtenant Brunch").run().code(4).error();
    assert_eq!(error["suggestions"][0], "Branch", "{error}");
}
