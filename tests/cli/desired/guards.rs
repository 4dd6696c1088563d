//! What stops a plan before its first write, and the switch of each guard.

use super::*;

fn closing(tenant: &Tenant, count: usize) {
    let entry = |number: usize| format!("- {{name: k{number}, type: connector, uses: closed}}\n");
    write(tenant, &(0..count).map(entry).collect::<String>());
}

fn keys(count: usize) -> Value {
    (0..count).map(|number| json!({"name": format!("k{number}"), "maxUsage": 9, "usageCount": 2})).collect()
}

#[test]
fn closing_many_keys_needs_its_switch_and_the_right_number() {
    let tenant = tenant(&keys(5));
    closing(&tenant, 5);
    diff(&tenant)
        .code(7)
        .stderr_has("apply would stop: 5 keys would be closed, more than 2 of 5; --allow close=5");
    for rest in ["", "--allow close=4", "--allow rotate=9", "--allow in-use --allow unread --allow unmanaged"]
    {
        let error = apply(&tenant, rest).code(8).error();
        assert_eq!(error["code"], "guarded", "{rest}");
        tells(&error, "stopped before the first write; nothing was changed");
    }
    assert_eq!(tenant.writes(), [""; 0]);
    apply(&tenant, "--allow close=5").code(0);
    assert_eq!(tenant.writes().len(), 5);
}

#[test]
fn a_few_keys_need_none() {
    let tenant = tenant(&keys(2));
    closing(&tenant, 2);
    apply(&tenant, "").code(0);
}

#[test]
fn an_autoscaled_key_that_connectors_carry_is_not_closed_by_the_way() {
    let seed = json!({
        "keys": [{"name": "runners", "maxUsage": 9, "usageCount": 2}],
        "connectors": [{"name": "ac-1", "provisioningKeyId": "38101"}],
    });
    for (how, guarded) in
        [("uses: closed, intent: autoscaled", true), ("uses: closed, intent: static", false)]
    {
        let tenant = Tenant::seeded(seed.clone());
        write(&tenant, &format!("- {{name: runners, type: connector, {how}}}\n"));
        let run = apply(&tenant, "");
        if guarded {
            let error = run.code(8).error();
            tells(&error, "closes autoscaled keys that connectors carry: runners");
            assert_eq!(tenant.writes(), [""; 0]);
            apply(&tenant, "--allow in-use").code(0);
        } else {
            run.code(0);
        }
    }
}

#[test]
fn keys_that_no_entry_names_are_ignored_reported_or_stop_it() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 9}, {"name": "b"}]));
    let entries = "- {name: a, type: connector, uses: 10}\n";
    write(&tenant, &format!("{entries}unmanaged: ignore\n"));
    assert_eq!(items(&diff(&tenant).code(7)), ["update a"]);
    write(&tenant, &format!("{entries}unmanaged: fail\n"));
    let error = apply(&tenant, "").code(8).error();
    tells(&error, "1 key is not in the file, which says `unmanaged: fail`");
    assert_eq!(tenant.writes(), [""; 0]);
    apply(&tenant, "--allow unmanaged").code(0);
    // Nothing was done about it.
    assert_eq!(tenant.writes(), ["PUT v1/associationType/CONNECTOR_GRP/provisioningKey/38101"]);
}

#[test]
fn a_switch_that_is_none_is_refused() {
    let tenant = Tenant::standard();
    for wrong in ["all", "close", "close=x", "force", "tenant"] {
        tenant.zpakey(format!("apply keys.yaml --allow {wrong}")).run().code(2);
    }
    assert_eq!(tenant.calls(), [""; 0]);
}
