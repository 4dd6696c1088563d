//! What may stand in a file, in each form, and where it is wrong.

use super::*;
use crate::support::Home;

#[test]
fn yaml_json_and_toml_say_the_same() {
    let tenant = tenant(&json!([{"name": "a", "maxUsage": 10, "usageCount": 8}]));
    let home = tenant.home();
    home.write("a.yaml", "version: 1\nkeys:\n- name: a\n  type: connector\n  uses: {keep: 5}\n");
    home.write("a.json", "{\"version\": 1,\n\t\"keys\": [{\"name\": \"\\u0061\", \"type\": \"connector\", \"uses\": {\"keep\": 5}}]}");
    home.write("a.toml", "version = 1\n[[keys]]\nname = 'a'\ntype = 'CONNECTOR_GRP'\nuses = {keep = 5}\n");
    let answers: Vec<Value> = ["a.yaml", "a.json", "a.toml"]
        .into_iter()
        .map(|name| {
            let answer = tenant.zpakey(format!("diff {name}")).run().code(0).json();
            answer["items"][0]["changes"].clone()
        })
        .collect();
    assert_eq!(answers[0], json!([{"field": "max_usage", "from": 10, "to": 13}]));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let input = tenant.zpakey("diff -").stdin("version: 1\nkeys: [{name: a, type: connector, uses: 10}]\n");
    assert_eq!(items(&input.run().code(0)), [""; 0]);
}

#[test]
fn a_mistake_has_its_line_and_column_and_a_suggestion_and_nothing_is_sent() {
    let tenant = Tenant::standard();
    for (name, text, expected) in [
        (
            "a.yaml",
            "version: 1\nkeys:\n- naem: a\n",
            "line 3, column 3: unknown field \"naem\"; did you mean \"name\"?",
        ),
        (
            "a.json",
            "{\"version\": 1,\n \"keys\": [{\"name\": \"a\", \"uses\": {\"kep\": 3}}]}",
            "line 2, column 34: unknown field \"kep\"; did you mean \"keep\"?",
        ),
        (
            "a.toml",
            "version = 1\n[[keys]]\nname = 'a'\ntyp = 'connector'\n",
            "line 4, column 1: unknown field \"typ\"; did you mean \"type\"?",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- name: 7\n",
            "line 3, column 9: expected a text, found a number; put it in quotes",
        ),
        ("a.yaml", "version: 2\n", "line 1, column 10: this version of the format is not known; 1 is"),
        ("a.yaml", "keys: []\n", "line 1, column 1: field \"version\" is missing"),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: conector}\n",
            "line 3, column 19: not an association type",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: connector, uses: 0}\n",
            "line 3, column 36: expected a positive integer, or closed",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: connector, uses: {max: 3, cap: 4}}\n",
            "line 3, column 36: either keep and cap, or max and open_for",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: connector, ip_acl: [192.0.2.1/24]}\n",
            "line 3, column 39: has host bits set; the network is 192.0.2.0/24",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: connector}\n- {name: a, type: CONNECTOR_GRP}\n",
            "line 4, column 10: the key has an entry already, in line 3",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a.old-7.hold, type: connector}\n",
            "line 3, column 10: a rotation gives names of this form",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a.next-7, type: connector}\n",
            "line 3, column 10: a rotation gives names of this form",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: connector, was: b}\n- {name: b, type: connector}\n",
            "line 3, column 35: another entry is about this key",
        ),
        (
            "a.yaml",
            "version: 1\nkeys:\n- {name: a, type: connector, rotate: {every: 1h}}\n",
            "line 3, column 46: the grace is longer than the time between two rotations",
        ),
        ("a.yaml", "version: 1\ndeliver: {x: {exec: []}}\n", "line 2, column 14: `exec` names no program"),
        ("a.yaml", "version: 1\nkeys: [\n", "not valid YAML"),
        ("a.json", "{\"version\": 1,}", "line 1, column 15: not valid JSON"),
    ] {
        tenant.home().write(name, text);
        for command in ["diff", "apply"] {
            let error = tenant.zpakey(format!("{command} {name}")).run().code(2).error();
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(expected), "{text}\n{message}");
        }
    }
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let tenant = Tenant::standard();
    write(&tenant, "- {name: a, type: x}\n- {name: b, type: connector, uses: {keep: 5, cap: 3}}\n");
    let error = diff(&tenant).code(2).error();
    tells(&error, "keys.yaml has 2 mistakes: line 3, column 19: not an association type");
    tells(&error, "line 4, column 36: `cap` is below `keep`");
}

#[test]
fn no_value_of_a_file_is_quoted() {
    let tenant = Tenant::with_keys(["a"]);
    let value = tenant.zpakey("reveal a --yes --raw").run().code(0).stdout;
    for text in [
        format!("version: 1\nkeys:\n- name: {value}\n  type: connector\n"),
        format!("version: 1\nkeys:\n- name: a\n  provisioning_key: {value}\n"),
        format!("version: 1\n{value}: 3\n"),
        format!("version: 1\nkeys:\n- {{name: a, type: connector, uses: \"{value}\"}}\n"),
        format!("version: 1\nunmanaged: \"{value}\"\n"),
        value.clone(),
    ] {
        tenant.home().write("keys.yaml", &text);
        diff(&tenant).code(2).lacks(value.trim()).has_no_secret();
    }
}

#[test]
fn a_file_for_another_tenant_is_refused_before_anything_is_sent() {
    let tenant = Tenant::with_keys(["a"]);
    tenant.home().write("keys.yaml", "version: 1\ntenant: \"7\"\nkeys: []\n");
    for command in ["diff", "apply"] {
        let run = tenant.zpakey(format!("{command} keys.yaml --yes")).run().code(2);
        assert_eq!(
            run.error()["message"],
            "the file is for tenant 7, and this is tenant 216199618143191040: nothing was read"
        );
    }
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn the_schema_of_a_file_accepts_what_zpakey_accepts() {
    let home = Home::new();
    let schema: Value = serde_json::from_str(&home.zpakey("schema --file").run().code(0).stdout).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let good = json!({
        "version": 1, "tenant": "216199618143191040",
        "defaults": {"cert": "auto", "intent": "autoscaled"},
        "policy": {"max_age": "90d", "max_headroom": 50, "ip_acl": "optional"},
        "keys": [
            {"name": "build-runners", "type": "connector", "group": "CI us-east-1", "uses": {"keep": 10, "cap": 200},
             "ip_acl": ["192.0.2.0/24"], "rotate": {"every": "90d", "grace": "24h", "deliver": "vault-build"}},
            {"name": "branch-de", "type": "service-edge", "group": "Branch EMEA",
             "uses": {"max": 2, "open_for": "14d"}, "intent": "once"},
            {"name": "c", "type": "connector", "uses": "closed", "present": false, "was": "d"},
        ],
        "deliver": {"vault-build": {"exec": ["vault", "kv", "put", "secret/zpa/build-runners", "key=-"]}},
        "unmanaged": "report",
    });
    assert!(validator.is_valid(&good), "{:?}", validator.iter_errors(&good).collect::<Vec<_>>());
    let tenant = Tenant::standard();
    tenant.home().write("keys.json", &good.to_string());
    tenant.zpakey("diff keys.json").run().code(0);
    for (path, value) in [
        ("/version", json!(2)),
        ("/keys/0/uses", json!("open")),
        ("/keys/0/uses", json!(0)),
        ("/keys/0/uses", json!({"keep": 3, "kep": 4})),
        ("/keys/0/type", json!(3)),
        ("/unmanaged", json!("delete")),
        ("/keys/1/intent", json!("forever")),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap() = value;
        assert!(!validator.is_valid(&bad), "{path} {bad}");
        tenant.home().write("keys.json", &bad.to_string());
        tenant.zpakey("diff keys.json").run().code(2);
    }
}
