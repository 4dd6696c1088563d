//! `zpakey list` in a pipe: forms, filters, order, and types that cannot be read.

#![expect(clippy::needless_raw_string_hashes, reason = "so snapbox writes them")]

mod incomplete;
mod unreadable;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::Tenant;

/// One key of each state, in two types and two groups.
fn tenant() -> Tenant {
    Tenant::seeded(json!({"keys": [
        {"name": "prod", "maxUsage": 50, "usageCount": 10},
        {"name": "Build-runners", "maxUsage": 50, "usageCount": 47, "zcomponentId": "72058304855047747"},
        {"name": "dr-site", "maxUsage": 10, "usageCount": 10, "zcomponentId": "72058304855047748"},
        {"association_type": "SERVICE_EDGE_GRP", "name": "branch-edges", "maxUsage": 25},
        {"name": "legacy-dc", "maxUsage": 5, "usageCount": 2, "enabled": false},
        {"name": "zs", "zscalerManaged": true, "creationTime": "4102444800"},
    ]}))
}

#[track_caller]
fn names(line: &str) -> Vec<String> {
    let text = tenant().zpakey(format!("list --field name {line}")).run().code(0).stdout;
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_list_is_a_bare_array_with_a_footer_on_stderr() {
    let tenant = Tenant::with_keys(["prod"]);
    tenant
        .zpakey("list")
        .run()
        .code(0)
        .has_no_secret()
        .stdout_is(str![[r#"
[{"id":"38101","name":"prod","association_type":"CONNECTOR_GRP","enabled":true,"exportable":true,"max_usage":10,"usage_count":0,"remaining":10,"status":"active","zcomponent_id":"72058304855047746","zcomponent_name":"AWS us-east-1","app_connector_group_name":null,"enrollment_cert_id":"16560","enrollment_cert_name":"Connector","ip_acl":[],"ui_config":null,"microtenant_id":null,"microtenant_name":null,"read_only":false,"zscaler_managed":false,"created_at":"[TIME]","modified_at":"[TIME]","expires_at":null,"modified_by":"216199618143372700","role":null,"due_at":null,"fingerprint":"sha256:7feea2862102"}]

"#]])
        .stderr_is("1 key · tenant 216199618143191040\n");
}

#[test]
fn an_empty_list_is_an_empty_array_and_success() {
    let tenant = Tenant::standard();
    tenant
        .zpakey("list")
        .run()
        .code(0)
        .stdout_is("[]\n")
        .stderr_is("no keys · tenant 216199618143191040\nnext: zpakey create\n");
    tenant.zpakey("list -o table").run().code(0).stdout_is("");
    tenant.zpakey("list -o ndjson").run().code(0).stdout_is("");
    tenant.zpakey("list -o csv --columns id,name").run().code(0).stdout_is("id,name\n");
    tenant.zpakey("list -o yaml").run().code(0).stdout_is("[]\n");
    tenant.zpakey("list -q").run().code(0).stdout_is("").stderr_is("");
}

#[test]
fn a_table_has_a_line_for_each_key() {
    tenant()
        .zpakey("list -o table")
        .run()
        .code(0)
        .has_no_secret()
        .stdout_is(str![[r#"
NAME           TYPE          GROUP           USED  STATUS     MODIFIED
branch-edges   service-edge  Branch EMEA     0/25  active     [AGE]
Build-runners  connector     CI us-east-1   47/50  ⚠ 3 left   [AGE]
dr-site        connector     DR Frankfurt   10/10  exhausted  [AGE]
legacy-dc      connector     AWS us-east-1    2/5  disabled   [AGE]
prod           connector     AWS us-east-1  10/50  active     [AGE]
zs             connector     AWS us-east-1   0/10  managed    in 73 years

"#]])
        .stderr_is(str![[r#"
6 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant 216199618143191040

"#]]);
}

#[test]
fn a_wide_table_has_more_columns() {
    tenant().zpakey("list -o wide --name prod").run().code(0).has_no_secret().stdout_is(str![[r#"
NAME  TYPE       GROUP           USED  STATUS  MODIFIED      ID     CERTIFICATE  IP_ACL  ENABLED  EXPORTABLE  MICROTENANT  CREATED       ROLE  DUE  FINGERPRINT
prod  connector  AWS us-east-1  10/50  active  [AGE]  38101  Connector    -       true     true        -            [AGE]  -     -    sha256:7feea2862102

"#]]);
}

#[test]
fn yaml_is_a_sequence() {
    tenant().zpakey("list -o yaml --columns id,name,ip_acl").run().code(0).stdout_is(str![[r#"
- id: "38104"
  name: branch-edges
  ip_acl: []
- id: "38102"
  name: Build-runners
  ip_acl: []
- id: "38103"
  name: dr-site
  ip_acl: []
- id: "38105"
  name: legacy-dc
  ip_acl: []
- id: "38101"
  name: prod
  ip_acl: []
- id: "38106"
  name: zs
  ip_acl: []

"#]]);
}

#[test]
fn csv_has_a_header_unless_it_is_not_wanted() {
    let tenant = tenant();
    tenant.zpakey("list -o csv --columns name,remaining --name '*r*'").run().code(0).stdout_is(str![[r#"
name,remaining
branch-edges,25
Build-runners,3
dr-site,0
prod,40

"#]]);
    tenant.zpakey("list -o csv --columns name --name prod --no-header").run().code(0).stdout_is("prod\n");
}

#[test]
fn ndjson_is_an_object_a_line() {
    let lines = tenant().zpakey("list -o ndjson").run().code(0).has_no_secret().json_lines();
    assert_eq!(lines.len(), 6);
    assert!(lines.iter().all(Value::is_object));
}

#[test]
fn quiet_is_an_id_a_line_and_no_footer() {
    tenant()
        .zpakey("list -q --status exhausted --status disabled")
        .run()
        .code(0)
        .stdout_is("38103\n38105\n")
        .stderr_is("");
}

#[test]
fn a_variable_pins_form_and_columns() {
    let tenant = tenant();
    let run =
        tenant.zpakey("list --name prod").env("ZPAKEY_OUTPUT", "csv").env("ZPAKEY_COLUMNS", "name,used");
    run.run().code(0).stdout_is("name,usage_count,max_usage\nprod,10,50\n");
}

#[test]
fn keys_are_sorted_by_name_whatever_the_case_and_the_type() {
    assert_eq!(names(""), ["branch-edges", "Build-runners", "dr-site", "legacy-dc", "prod", "zs"]);
}

#[test]
fn any_field_can_be_sorted_by_in_both_directions() {
    assert_eq!(
        names("--sort remaining"),
        ["dr-site", "Build-runners", "legacy-dc", "zs", "branch-edges", "prod"]
    );
    assert_eq!(
        names("--sort max_usage:desc"),
        ["Build-runners", "prod", "branch-edges", "dr-site", "zs", "legacy-dc"]
    );
    assert_eq!(names("--sort id:desc")[0], "zs");
}

#[test]
fn a_heading_sorts_as_its_field_does_in_any_case() {
    assert_eq!(names("--sort -remaining"), names("--sort remaining:desc"));
    assert_eq!(names("--sort -Max-Usage"), names("--sort max_usage:desc"));
    assert_eq!(names("--sort used"), names("--sort usage_count"));
    assert_eq!(names("--sort=-TYPE")[0], "branch-edges");
}

#[test]
fn a_pattern_is_a_part_of_the_name_or_a_glob() {
    assert_eq!(names("R"), ["branch-edges", "Build-runners", "dr-site", "prod"]);
    assert_eq!(names("b*"), ["branch-edges", "Build-runners"]);
    assert_eq!(names("'[' --name '*'"), [""; 0]);
    assert_eq!(names("r --name 'b*'"), ["branch-edges", "Build-runners"]);
    assert_eq!(names("prod --type service-edge"), [""; 0]);
}

#[test]
fn a_limit_shows_the_first_and_says_how_many_there_are() {
    let tenant = tenant();
    let run = tenant.zpakey("list --sort -remaining --limit 2 --field name").run().code(0);
    run.stdout_is("prod\nbranch-edges\n").stderr_is(str![[r#"
the first 2 of 6 keys are shown
6 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant 216199618143191040

"#]]);
    tenant.zpakey("list --limit 6").run().code(0).lacks("are shown");
    tenant.zpakey("list --limit 0").run().code(2);
}

#[test]
fn json_has_the_columns_that_are_named_and_no_other() {
    let run = tenant().zpakey("list prod -o json --columns NAME,used,Type").run().code(0);
    run.stdout_is(
        "[{\"name\":\"prod\",\"usage_count\":10,\"max_usage\":50,\"association_type\":\"CONNECTOR_GRP\"}]\n",
    );
}

#[test]
fn a_list_that_finds_nothing_names_the_command_that_finds_more() {
    let run = tenant().zpakey("list nothing-like-this -o table").run().code(0).stdout_is("");
    run.stderr_is("no key of 6 matches · tenant 216199618143191040\nnext: zpakey list\n");
}

#[test]
fn a_fresh_single_use_key_is_active() {
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "fresh", "maxUsage": 1}, {"name": "last", "maxUsage": 2, "usageCount": 1},
    ]}));
    tenant.zpakey("list --field status").run().code(0).stdout_is("active\nnearly_exhausted\n");
}

#[test]
fn an_unknown_field_to_sort_by_is_refused_before_anything_is_sent() {
    let tenant = tenant();
    tenant.zpakey("list --sort colour -o table").run().code(2).stderr_is(str![[r#"
error: --sort: there is no field "colour"
hint: the fields are id, name, association_type, enabled, exportable, max_usage, usage_count, remaining, status, zcomponent_id, zcomponent_name, app_connector_group_name, enrollment_cert_id, enrollment_cert_name, ip_acl, ui_config, microtenant_id, microtenant_name, read_only, zscaler_managed, created_at, modified_at, expires_at, modified_by, role, due_at, fingerprint, intent, intent_source

"#]]);
    tenant.zpakey("list --sort name:up").run().code(2);
    assert!(tenant.requests().is_empty());
}

#[test]
fn each_filter_narrows_the_list() {
    assert_eq!(names("--type service-edge"), ["branch-edges"]);
    assert_eq!(names("--group 'ci us-east-1'"), ["Build-runners"]);
    assert_eq!(names("--group 72058304855047748"), ["dr-site"]);
    assert_eq!(names("--group id:72058304855047748"), ["dr-site"]);
    assert_eq!(names("--status nearly_exhausted"), ["Build-runners"]);
    assert_eq!(names("--status EXHAUSTED --status disabled"), ["dr-site", "legacy-dc"]);
    assert_eq!(names("--status managed"), ["zs"]);
    assert_eq!(names("--name 'B*'"), ["branch-edges", "Build-runners"]);
    assert_eq!(names("--unused"), ["branch-edges", "zs"]);
    assert_eq!(names("--max-remaining 3"), ["Build-runners", "dr-site", "legacy-dc"]);
}

#[test]
fn all_filters_must_hold() {
    assert_eq!(names("--max-remaining 3 --status disabled"), ["legacy-dc"]);
    assert!(names("--unused --status exhausted").is_empty());
}

#[test]
fn older_than_leaves_new_keys_and_those_of_the_future_out() {
    assert_eq!(names("--unused --older-than 30d"), ["branch-edges"]);
    assert_eq!(names("--unused --older-than 4w2d"), ["branch-edges"]);
    assert!(names("--older-than 20000d").is_empty());
}

#[test]
fn findings_that_were_asked_for_have_an_exit_code_of_their_own() {
    let tenant = tenant();
    let run = tenant.zpakey("list --max-remaining 5 --fail-if-any --field name").run();
    run.code(7).stdout_is("Build-runners\ndr-site\nlegacy-dc\n");
    tenant.zpakey("list --name nothing --fail-if-any").run().code(0).stdout_is("[]\n");
}

#[test]
fn keys_of_three_types_are_created_and_listed_together() {
    let tenant = Tenant::standard();
    for line in [
        "create a --type connector --group 'AWS us-east-1' --max-usage 1",
        "create b --type service-edge --group 'Branch US' --max-usage 1",
        "create c --type np-assistant --group 72058304855047761 --cert Client --max-usage 1",
    ] {
        tenant.zpakey(line).run().code(0);
    }
    tenant.zpakey("list --all-types -o csv --columns name,type --no-header").run().code(0).stdout_is(str![[
        r#"
a,CONNECTOR_GRP
b,SERVICE_EDGE_GRP
c,NP_ASSISTANT_GRP

"#
    ]]);
}

#[test]
fn twelve_hundred_keys_are_listed_completely_and_in_order() {
    let numbered = |number: usize| format!("key-{number:04}");
    let keys: Vec<Value> = (1..=1200).rev().map(|number| json!({"name": numbered(number)})).collect();
    let tenant = Tenant::seeded(json!({"keys": keys}));
    let run = tenant.zpakey("list --type connector").run().code(0).has_no_secret();
    let list = run.json();
    let listed: Vec<&str> = list.as_array().unwrap().iter().filter_map(|key| key["name"].as_str()).collect();
    let expected: Vec<String> = (1..=1200).map(numbered).collect();
    assert_eq!(listed, expected);
    assert_eq!(tenant.calls().len(), 3);
    run.stderr_is("1200 keys · tenant 216199618143191040\n");
}

/// A key in the Default microtenant and one in `Branches`.
fn with_microtenant() -> Tenant {
    Tenant::seeded(json!({
        "microtenants": [{"id": "216199618143300001", "name": "Branches"}],
        "connector_groups": [
            {"id": "720001", "name": "Main"},
            {"id": "720002", "name": "Branch", "microtenantId": "216199618143300001"},
        ],
        "keys": [{"name": "main"}, {"name": "branch", "microtenantId": "216199618143300001"}],
    }))
}

#[test]
fn a_microtenant_is_named_by_name_or_id_or_by_a_variable() {
    let tenant = with_microtenant();
    for run in [
        tenant.zpakey("list --field name --microtenant branches"),
        tenant.zpakey("list --field name --microtenant 216199618143300001"),
        tenant.zpakey("list --field name").env("ZPA_MICROTENANT_ID", "216199618143300001"),
        tenant.zpakey("list --field name").env("ZSCALER_MICROTENANT_ID", "216199618143300001"),
        tenant.zpakey("list --field name").env("ZPAKEY_MICROTENANT", "Branches"),
    ] {
        run.run().code(0).stdout_is("branch\n");
    }
}

#[test]
fn the_microtenants_id_goes_along_on_every_call() {
    let tenant = with_microtenant();
    let line = "create new --type connector --group Branch --max-usage 1 --microtenant 216199618143300001";
    let key = tenant.zpakey(line).run().code(0).json();
    assert_eq!(key["microtenant_id"], "216199618143300001");
    let requests = tenant.requests();
    let calls: Vec<_> = requests.iter().filter(|request| request.path.contains("/mgmtconfig/")).collect();
    assert_eq!(calls.len(), 5);
    assert!(calls.iter().all(|call| call.query.contains("microtenantId=216199618143300001")), "{calls:?}");
}

#[test]
fn an_unknown_microtenant_is_not_found() {
    with_microtenant().zpakey("list --microtenant Brunches -o table").run().code(4).stderr_is(str![[r#"
error: no microtenant named "Brunches"
  there are: Branches, Default

"#]]);
}

#[test]
fn without_a_microtenant_reads_see_all_of_them() {
    let tenant = with_microtenant();
    let listed = "branch,Branches\nmain,\n";
    let columns = "-o csv --columns name,microtenant --no-header";
    tenant.zpakey(format!("list {columns}")).run().code(0).stdout_is(listed);
    tenant
        .zpakey(format!("list --all-microtenants {columns}"))
        .env("ZPA_MICROTENANT_ID", "216199618143300001")
        .run()
        .code(0)
        .stdout_is(listed);
    tenant.zpakey("list --all-microtenants --microtenant Branches").run().code(2);
}

#[test]
fn a_group_that_no_type_has_is_not_found_and_its_near_names_are_told() {
    let run = tenant().zpakey("list --group 'AWS us-esat-1' --fail-if-any").run().code(4);
    let error = run.error();
    assert_eq!(error["code"], "not_found");
    assert!(error["message"].as_str().unwrap().contains("AWS us-esat-1"), "{error}");
    assert!(run.stderr.contains("AWS us-east-1"), "{}", run.stderr);
    let quiet = tenant().zpakey("list --group nowhere -q").run().code(4);
    assert_eq!(quiet.stdout, "");
}

#[test]
fn a_group_without_keys_is_an_empty_list() {
    let tenant = Tenant::with_keys(["prod"]);
    assert_eq!(tenant.zpakey("list --group 'DR Frankfurt'").run().code(0).json(), json!([]));
}
