//! Entries that name a microtenant.

use super::*;

const THEIRS: &str = "72058304855047799";

/// Keys of one name in the default microtenant and in microtenant 7.
fn both() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": "7", "name": "Subsidiary"}],
        "connector_groups": [{"name": "Ours"}, {"id": THEIRS, "name": "Theirs", "microtenantId": "7"}],
        "keys": [
            {"name": "edge", "maxUsage": 9},
            {"name": "edge", "maxUsage": 9, "microtenantId": "7", "zcomponentId": THEIRS},
        ],
    }))
}

fn limits(tenant: &Tenant) -> Vec<(String, String)> {
    let state = tenant.state();
    let text = |key: &Value, field: &str| key[field].as_str().unwrap_or_default().to_owned();
    let all = state["keys"].as_array().unwrap().iter();
    all.map(|key| (text(key, "name"), text(key, "maxUsage"))).collect()
}

#[test]
fn an_entry_with_a_microtenant_means_the_key_that_lives_there() {
    for reference in ["Subsidiary", "'id:7'"] {
        let tenant = both();
        write(
            &tenant,
            &format!(
                "- {{name: edge, type: connector, microtenant: {reference}, uses: 12}}\n\
                 - {{name: new, type: connector, microtenant: {reference}, group: Theirs, uses: 3}}\n"
            ),
        );
        let expected = ["create new", "update edge", "unmanaged edge: not in the file"];
        assert_eq!(items(&diff(&tenant).code(7)), expected, "{reference}");
        tenant.clear_requests();
        apply(&tenant, "").code(0).has_no_secret();
        let pair = |name: &str, limit: &str| (name.to_owned(), limit.to_owned());
        assert_eq!(limits(&tenant), [pair("edge", "9"), pair("edge", "12"), pair("new", "3")], "{reference}");
        assert_eq!(tenant.key("new").unwrap()["microtenantId"], "7");
        let writes = tenant
            .requests()
            .into_iter()
            .filter(|request| ["PUT", "POST"].contains(&request.method.as_str()));
        let places: Vec<String> =
            writes.filter(|write| write.path.contains("provisioningKey")).map(|write| write.query).collect();
        assert_eq!(places, ["microtenantId=7", "microtenantId=7"], "{reference}");
        diff(&tenant).code(0);
    }
}

#[test]
fn two_entries_of_one_name_are_two_keys() {
    let tenant = both();
    write(
        &tenant,
        "- {name: edge, type: connector, uses: 10}\n\
         - {name: edge, type: connector, microtenant: Subsidiary, uses: 11}\n",
    );
    apply(&tenant, "").code(0);
    let limits: Vec<String> = limits(&tenant).into_iter().map(|(_, limit)| limit).collect();
    assert_eq!(limits, ["10", "11"]);
    diff(&tenant).code(0);
    // An audit reads both as well.
    let found = tenant.zpakey("audit --only ZPK055 --file keys.yaml").run().code(0).json();
    assert_eq!((&found["findings"], &found["population"]["keys"]), (&json!([]), &json!(2)));
}

#[test]
fn a_microtenant_that_is_not_there_gets_no_key() {
    let tenant = both();
    write(&tenant, "- {name: new, type: connector, microtenant: Subsidiari, group: Theirs, uses: 3}\n");
    let told = [
        "blocked new: no microtenant is called \"Subsidiari\"; did you mean \"Subsidiary\"?",
        "unmanaged edge: not in the file",
    ];
    for run in [diff(&tenant).code(7), apply(&tenant, "").code(6)] {
        assert_eq!(items(&run), told);
    }
    assert_eq!(tenant.writes(), [""; 0]);
}
