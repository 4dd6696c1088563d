//! `create --from` with an input that cannot be used: all of it is told before anything is sent.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

use serde_json::{Value, json};
use snapbox::str;

use super::create;
use crate::support::{Home, Tenant};

const TEXT: &str = "3|api.private.zscaler.com|NotAKey0NotAKey0NotAKey0NotAKey0";
const OPTIONS: &str = "--type connector --group id:72058304855047746 --max-usage 1";

#[test]
fn all_wrong_entries_are_told_in_one_message_before_anything_is_sent() {
    let tenant = Tenant::standard();
    let entries = json!([
        {"name": "good", "association_type": "connector", "zcomponent_name": "Lab", "max_usage": 1},
        {"nme": "a", "association_type": "router"},
        {"name": "b", "association_type": "exporter", "zcomponent_id": 72, "max_usage": "ten"},
        7,
        {"name": "a/b", "enabled": "yes", "ip_acl": ["192.0.2.1", "192.0.2.1/24"], "colour": "blue"},
    ]);
    create(&tenant, "-o table", &entries).run().code(2).stdout_is("").stderr_is(str![[r#"
error: 4 of 5 entries of standard input cannot be used; nothing was created
  entry 2: a key has no field "nme"; did you mean name?
  entry 2: association_type: not an association type; they are connector (CONNECTOR_GRP), service-edge (SERVICE_EDGE_GRP), np-assistant (NP_ASSISTANT_GRP), site-controller (SITE_CONTROLLER_GRP), exporter (EXPORTER_GRP)
  entry 2: lacks name, zcomponent_name, max_usage
  entry 3 (b): zcomponent_id: a text of digits is expected
  entry 3 (b): max_usage: expected a positive integer
  entry 3 (b): lacks enrollment_cert_name
  entry 4: is not a JSON object
  entry 5 (a/b): a key has no field "colour"
  entry 5 (a/b): name: "/" is not allowed (nor < > & " | or control characters)
  entry 5 (a/b): enabled: true or false is expected
  and 2 more kinds of mistakes
hint: what entries lack can be typed: --type, --group, --cert, --max-usage; or stand in the profile: [profiles.NAME.defaults.connector]

"#]]);
    assert!(tenant.requests().is_empty());
}

#[test]
fn the_error_is_one_line_of_json_where_the_answer_is_json() {
    let tenant = Tenant::standard();
    let run = create(&tenant, "", &json!([{"name": "a", "max_usage": 0}, {"name": "b"}])).run().code(2);
    run.stdout_is("").stderr_is(str![[r#"
{"error":{"code":"usage","exit_code":2,"message":"2 of 2 entries of standard input cannot be used; nothing was created: entry 1 (a): max_usage: expected a positive integer; entry 1 (a): lacks association_type, zcomponent_name; entry 2 (b): lacks association_type, zcomponent_name, max_usage","retryable":false,"hints":["what entries lack can be typed: --type, --group, --cert, --max-usage; or stand in the profile: [profiles.NAME.defaults.connector]"]}}

"#]]);
}

#[test]
fn a_field_that_a_key_does_not_have_is_an_error_with_the_one_that_may_be_meant() {
    let tenant = Tenant::standard();
    for (field, meant) in [
        ("maxUsage", "; did you mean max_usage?"),
        ("zcomponentId", "; did you mean zcomponent_id?"),
        ("ip_acls", "; did you mean ip_acl?"),
        ("colour", ""),
    ] {
        let entry = json!([{"name": "a", field: "x"}]);
        let expected = format!("entry 1 (a): a key has no field \\\"{field}\\\"{meant}");
        create(&tenant, OPTIONS, &entry).run().code(2).stderr_has(&expected);
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn two_entries_of_one_type_and_name_are_an_error_and_of_two_types_are_none() {
    let tenant = Tenant::standard();
    let twins = json!([{"name": "a"}, {"name": "b"}, {"name": "a"}]);
    create(&tenant, &format!("{OPTIONS} -o table"), &twins).run().code(2).stderr_is(str![[r#"
error: 1 of 3 entries of standard input cannot be used; nothing was created
  entry 3 (a): has the type and the name of entry 1

"#]]);
    assert!(tenant.requests().is_empty());
    let edge = json!({"name": "a", "association_type": "service-edge", "zcomponent_name": "Branch US"});
    create(&tenant, OPTIONS, &json!([{"name": "a"}, edge])).run().code(0);
}

#[test]
fn a_key_value_in_an_input_is_never_shown() {
    let tenant = Tenant::standard();
    for entry in [
        json!({"name": TEXT}),
        json!({"name": "a", "association_type": TEXT}),
        json!({"name": "a", "zcomponent_name": TEXT}),
        json!({"name": "a", "zcomponent_id": TEXT}),
        json!({"name": "a", "enrollment_cert_name": TEXT}),
        json!({"name": "a", "enrollment_cert_id": TEXT}),
        json!({"name": "a", "max_usage": TEXT}),
        json!({"name": "a", "enabled": TEXT}),
        json!({"name": "a", "exportable": [TEXT]}),
        json!({"name": "a", "ip_acl": [TEXT]}),
        json!({"name": "a", "ip_acl": TEXT}),
        json!({"name": "a", "ui_config": [TEXT]}),
        json!({"name": "a", TEXT: 1}),
        json!(TEXT),
        json!([TEXT]),
    ] {
        for form in ["-o table", "-o json"] {
            let run = create(&tenant, &format!("{OPTIONS} {form}"), &json!([entry])).run().code(2);
            run.lacks("NotAKey").lacks("private.zscaler").stderr_has("entry 1");
        }
    }
    let run = tenant.zpakey(format!("create --from - {OPTIONS}")).stdin(TEXT).run().code(2);
    run.lacks("NotAKey").stderr_has("entry 1: name: it looks like a key value");
    for input in [format!("[\"{TEXT}\""), format!("[{{\"name\":\"{TEXT}\"")] {
        let run = tenant.zpakey(format!("create --from - {OPTIONS}")).stdin(input).run().code(2);
        run.lacks("NotAKey").stderr_has("standard input is not valid JSON (line 1");
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let home = Home::new();
    home.write("keys.json", "[\n  {\"name\": \"a\"},\n  {\"name\": }\n]\n");
    home.zpakey("create --from keys.json -o table").run().code(2).stderr_is(str![[r#"
error: keys.json is not valid JSON (line 3, column 12)
hint: JSON, YAML, CSV or a name a line is expected, as `zpakey list` writes them

"#]]);
    home.zpakey("create --from - -o table").stdin(" \n").run().code(2).stderr_is(str![[r#"
error: standard input is empty
hint: JSON, YAML, CSV or a name a line is expected, as `zpakey list` writes them; [] is one without entries

"#]]);
    let table = "NAME  TYPE  USED\nprod  CONNECTOR_GRP  0/5\n";
    home.zpakey("create --from - -o table").stdin(table).run().code(2).stderr_is(str![[r#"
error: standard input is a table, which is for people
hint: `zpakey list -q` prints ids, `zpakey list -o json` all fields

"#]]);
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let home = Home::new();
    home.zpakey("create --from absent.json -o table").run().code(2).stderr_is(str![[r#"
error: could not read absent.json
  there is no such file

"#]]);
    home.zpakey("create --from . -o table").run().code(2).stderr_is(str![[r#"
error: could not read .
  Is a directory (os error 21)

"#]]);
}

#[test]
fn what_goes_with_one_key_does_not_go_with_many() {
    let home = Home::new();
    home.write("keys.json", "[]");
    for (options, message) in [
        ("--reveal", "--reveal goes with one key, and --from makes many: no answer has several key values"),
        ("--out-file f", "--out-file goes with one key, and --from makes many"),
        ("--no-export --out-file f", "--no-export goes with one key, and --from makes many"),
        ("demo", "the argument '--from <FILE|->' cannot be used with '[NAME]'"),
    ] {
        let error = home.zpakey(format!("create --from keys.json {options}")).run().code(2).error();
        assert_eq!(error["code"], "usage");
        let said = error["message"].as_str().unwrap_or_default();
        assert!(said.contains(message), "{options}: {said}");
    }
    assert!(!home.has("f"));
}

#[test]
fn standard_input_cannot_give_the_secret_too() {
    let home = Home::new();
    let run = home.zpakey("create --from - --client-secret-file -").stdin("[]").run().code(2);
    run.stderr_has("standard input cannot give both the client secret and the keys");
}

#[test]
fn entries_whose_group_or_certificate_is_not_there_are_all_told_and_nothing_is_made() {
    let tenant = Tenant::standard();
    let entries = json!([
        {"name": "a", "zcomponent_name": "AWS us-east-2"},
        {"name": "b", "zcomponent_name": "AWS us-east-1"},
        {"name": "c", "zcomponent_name": "AWS us-east-2"},
        {"name": "d", "zcomponent_id": "7", "enrollment_cert_name": "nope"},
    ]);
    let options = "--type connector --max-usage 1";
    create(&tenant, &format!("{options} -o table"), &entries).run().code(4).stdout_is("").stderr_is(str![[r#"
error: 3 of 4 entries of standard input cannot be used; nothing was created
  entries 1 (a), 3 (c): no App Connector group named "AWS us-east-2"; there are "AWS us-east-1"
  entry 4 (d): no App Connector group with id 7; there are "AWS us-east-1", "CI us-east-1", "DR Frankfurt"
  entry 4 (d): no enrollment certificate named "nope"; there are "Root", "Client", "Connector", "Service Edge", "Isolation Client"
hint: did you mean "AWS us-east-1"?
hint: App Connector groups are made in the admin portal or by Terraform, not by zpakey

"#]]);
    let error = create(&tenant, options, &entries).run().code(4).error();
    assert_eq!((&error["code"], &error["suggestions"]), (&json!("not_found"), &json!(["AWS us-east-1"])));
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_certificate_that_can_sign_nothing_is_told_before_anything_is_made() {
    let certificates: Value = json!([{"id": "1", "name": "Connector", "privateKeyPresent": false}]);
    let tenant = Tenant::seeded(json!({"certificates": certificates}));
    create(&tenant, &format!("{OPTIONS} -o table"), &json!([{"name": "a"}])).run().code(2).stderr_is(str![[
        r#"
error: 1 of 1 entries of standard input cannot be used; nothing was created
  entry 1 (a): certificate Connector (1) has no private key at Zscaler and can sign nothing
hint: name another one with --cert

"#
    ]]);
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_name_that_several_groups_have_is_ambiguous_unless_the_id_tells_them_apart() {
    let groups = json!([{"id": "720001", "name": "Lab"}, {"id": "720002", "name": "Lab"}]);
    let tenant = Tenant::seeded(json!({"connector_groups": groups}));
    let options = "--type connector --max-usage 1";
    let by_name = json!([{"name": "a", "zcomponent_name": "Lab"}]);
    create(&tenant, options, &by_name).run().code(8).stderr_has("entry 1 (a): \\\"Lab\\\" names 2");
    let by_both = json!([{"name": "a", "zcomponent_name": "Lab", "zcomponent_id": "720002"}]);
    create(&tenant, options, &by_both).run().code(0).stdout_has("\"zcomponent_id\":\"720002\"");
}

#[test]
fn what_an_ambiguous_name_may_mean_is_listed_once() {
    let tenant = Tenant::seeded(json!({"connector_groups": [
        {"id": "71", "name": "Branch"}, {"id": "72", "name": "Branch"}, {"id": "73", "name": "Lab"}
    ]}));
    let entry = |name: &str| json!({"name": name, "type": "connector", "group": "Branch", "max_usage": 1});
    let entries =
        json!([entry("a"), entry("b"), {"name": "c", "type": "connector", "group": "Lab", "max_usage": 1}]);
    let error = create(&tenant, "", &entries).run().code(8).error();
    assert_eq!(error["candidates"], json!([{"id": "71", "name": "Branch"}, {"id": "72", "name": "Branch"}]));
    assert_eq!(error["hints"], json!(["name it by its id: id:71"]));
    create(&tenant, "-o table", &entries).run().code(8).stderr_is(str![[r#"
error: 2 of 3 entries of standard input cannot be used; nothing was created
  entries 1 (a), 2 (b): "Branch" names 2 of the App Connector groups
  ID  NAME
  71  Branch
  72  Branch
hint: name it by its id: id:71

"#]]);
    assert_eq!(tenant.writes(), [""; 0]);
}

#[test]
fn files_that_would_be_the_same_are_refused_before_anything_is_sent() {
    let tenant = Tenant::standard();
    let entry = |name: &str, kind: &str, group: &str| json!({"name": name, "type": kind, "group": group, "max_usage": 1});
    let twins = json!([entry("a", "connector", "CI us-east-1"), entry("A", "connector", "Lab")]);
    for template in ["{name}.key", "keys/{name}"] {
        let run = create(&tenant, &format!("--out-file {template}"), &twins).run().code(2);
        run.stderr_has("--out-file: a and A would both be ").stderr_has("name them apart");
    }
    let edges = json!([entry("a", "connector", "Lab"), entry("b", "connector", "Lab")]);
    create(&tenant, "--out-file {group}.key", &edges).run().code(2).stderr_has("would both be Lab.key");
    create(&tenant, "--out-file {id}.key", &edges).run().code(2).stderr_has("{id} is not known before");
    assert!(tenant.requests().is_empty());
    // Of groups that are named by their ids, the names are known once the tenant was asked; nothing is created then either.
    let ids = json!([
        entry("a", "connector", "id:72058304855047746"),
        entry("b", "connector", "id:72058304855047746")
    ]);
    create(&tenant, "--out-file {group}.key", &ids)
        .run()
        .code(2)
        .stderr_has("would both be 'AWS us-east-1.key'");
    assert_eq!(tenant.writes(), [""; 0]);
    create(&tenant, "--out-file '{group}-{name}.key'", &ids).run().code(0);
    assert!(tenant.home().read("AWS us-east-1-a.key").contains('|'));
}
