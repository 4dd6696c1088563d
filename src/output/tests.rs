//! Whole answers, byte for byte.

use serde_json::{Value, json};

use super::*;
use crate::domain::ProvisioningKey;
use crate::domain::audit::{Intent, IntentSource, KnownIntent};

fn rendering(format: Format) -> Rendering {
    Rendering::new(format, samples::now())
}

fn terminal(format: Format, width: u16) -> Rendering {
    let mut rendering = rendering(format);
    rendering.terminal_width = Some(width);
    rendering.look.glyphs = Glyphs::Unicode;
    rendering
}

fn columns(mut rendering: Rendering, names: &[&str]) -> Rendering {
    rendering.columns = Some(names.iter().map(|name| (*name).to_owned()).collect());
    rendering
}

fn field(mut rendering: Rendering, name: &str) -> Rendering {
    rendering.field = Some(name.to_owned());
    rendering
}

fn written(records: Records, rendering: &Rendering) -> String {
    let mut out = Vec::new();
    write(&Report::from(Answer::Records(records)), rendering, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn list(keys: &[ProvisioningKey]) -> Records {
    Records::many(keys.iter().map(KeyView::from))
}

fn named(name: &str) -> Vec<ProvisioningKey> {
    vec![ProvisioningKey { name: name.into(), ..samples::key() }]
}

fn reveal() -> Records {
    Records::revealed(RevealView::from(&samples::key()), Secret::Key(samples::secret()))
}

#[test]
fn a_list_is_the_table_of_the_contract() {
    assert_eq!(
        written(list(&samples::keys()), &terminal(Format::Table, 120)),
        "\
NAME           TYPE          GROUP                USED  STATUS     MODIFIED
branch-edges   service-edge  Branch EMEA   ▇▁▁▁▁  3/25  active     5 weeks ago
build-runners  connector     CI us-east-1  ▇▇▇▇▁ 47/50  ⚠ 3 left   2 days ago
dr-site        connector     DR Frankfurt  ▇▇▇▇▇ 10/10  exhausted  8 months ago
legacy-dc      connector     Datacenter 1  ▇▇▁▁▁   2/5  disabled   2 years ago
"
    );
}

#[test]
fn symbols_have_ascii_twins() {
    let rendering = columns(rendering(Format::Table), &["name", "status"]);
    assert_eq!(
        written(list(&samples::keys()[1..2]), &rendering),
        "NAME           STATUS\nbuild-runners  ! 3 left\n"
    );
}

#[test]
fn a_wide_table_has_more_columns() {
    let text = written(list(&samples::keys()[..1]), &rendering(Format::Wide));
    assert_eq!(
        text.lines().next().unwrap().split_whitespace().collect::<Vec<_>>().join(" "),
        "NAME TYPE GROUP USED STATUS MODIFIED ID CERTIFICATE IP_ACL ENABLED EXPORTABLE MICROTENANT CREATED ROLE DUE FINGERPRINT"
    );
    assert!(
        text.ends_with(
            "7003  Connector    -       true     true        -            3 weeks ago  -     -    sha256:9f2c41d07ab3\n"
        ),
        "{text}"
    );
}

#[test]
fn wide_characters_are_measured_right() {
    let mut keys = named("東京");
    keys.extend(named("abcdef"));
    assert_eq!(
        written(list(&keys), &columns(terminal(Format::Table, 80), &["name", "used"])),
        "NAME          USED\n東京    ▁▁▁▁▁ 0/10\nabcdef  ▁▁▁▁▁ 0/10\n"
    );
}

#[test]
fn names_are_shortened_at_a_terminal_and_nowhere_else() {
    let name = "a key with quite a long name of many words and then some";
    let picked = ["name", "used", "id", "type"];
    assert_eq!(
        written(list(&named(name)), &columns(terminal(Format::Table, 60), &picked)),
        "NAME                                  USED  ID     TYPE\n\
         a key with quite a…rds and then some  0/10  38108  connector\n"
    );
    let mut ascii = terminal(Format::Table, 60);
    ascii.look.glyphs = Glyphs::Ascii;
    assert_eq!(
        written(list(&named(name)), &columns(ascii, &picked)),
        "NAME                                 USED  ID     TYPE\n\
         a key with quite...ds and then some  0/10  38108  connector\n"
    );
    assert!(
        written(list(&named(name)), &columns(rendering(Format::Table), &picked))
            .contains("then some  0/10  ")
    );
}

#[test]
fn a_narrow_terminal_shortens_the_longest_columns_first() {
    let at = |width| written(list(&samples::keys()), &terminal(Format::Table, width));
    for width in 64..80 {
        let text = at(width);
        assert!(text.lines().all(|line| line.chars().count() <= width.into()), "{width}\n{text}");
        assert!(text.contains("47/50  ⚠ 3 left "), "{text}");
        assert_eq!(text.contains('…'), width < 69, "{width}\n{text}");
    }
}

#[test]
fn what_is_the_same_in_every_line_is_left_out_before_a_name_is_shortened() {
    let keys = ["a-key-with-a-name-of-30-letters", "b-key-with-a-name-of-30-letters"];
    let records = || list(&keys.iter().flat_map(|name| named(name)).collect::<Vec<_>>());
    let left_out = |width| {
        let report = Report::from(Answer::Records(records()));
        left_out(&report, &terminal(Format::Table, width)).map(|note| note.line(Look::default()))
    };
    assert_eq!((left_out(120), left_out(80).as_deref()), (None, Some("in every line: type connector")));
    assert_eq!(
        written(records(), &terminal(Format::Table, 80)),
        "\
NAME                             GROUP          USED  STATUS  MODIFIED
a-key-with-a-name-of-30-letters  AWS us-east-1  0/10  active  2 days ago
b-key-with-a-name-of-30-letters  AWS us-east-1  0/10  active  2 days ago
"
    );
}

#[test]
fn a_predecessor_is_shown_as_what_it_is() {
    let names =
        ["prod.old-38108.202611271556", "prod.old-38108.202611011200", "prod.old-38108.hold", "prod.next-1"];
    let keys: Vec<ProvisioningKey> = names.iter().flat_map(|name| named(name)).collect();
    let picked = ["name", "id"];
    let mut local = columns(rendering(Format::Table), &picked);
    local.zone = jiff::tz::TimeZone::posix("<+01>-1").unwrap();
    assert_eq!(
        written(list(&keys), &local),
        "\
NAME                                    ID
prod (previous, until 27 Nov 16:56)     38108
prod (previous, due since 1 Nov 13:00)  38108
prod (previous, on hold)                38108
prod (next, pending)                    38108
"
    );
    let wide = written(list(&keys), &columns(rendering(Format::Wide), &picked));
    assert!(names.iter().all(|name| wide.contains(name)), "{wide}");
    assert_eq!(
        written(list(&keys), &field(rendering(Format::Table), "name")).lines().collect::<Vec<_>>(),
        names
    );
}

#[test]
fn cut_wide_characters_do_not_overflow() {
    let name = "東京".repeat(20);
    let text = written(list(&named(&name)), &columns(terminal(Format::Table, 60), &["name", "id", "used"]));
    assert_eq!(
        text,
        "NAME                                           ID     USED\n\
         東京東京東京東京東京東…京東京東京東京東京東京  38108  0/10\n"
    );
}

#[test]
fn names_cannot_break_a_table() {
    assert_eq!(
        written(list(&named("a\nb\u{1b}[2J\u{202e}")), &columns(rendering(Format::Table), &["name", "used"])),
        "NAME                   USED\na\\nb\\u{1b}[2J\\u{202e}  0/10\n"
    );
}

#[test]
fn colour_is_laid_over_whole_lines() {
    let mut rendering = columns(rendering(Format::Table), &["name", "status"]);
    rendering.look = Look { color: Color::Always, glyphs: Glyphs::Unicode, width: None };
    assert_eq!(
        written(list(&samples::keys()), &rendering),
        "\u{1b}[1mNAME           STATUS\u{1b}[0m\nbranch-edges   active\n\
         build-runners  ⚠ 3 left\ndr-site        exhausted\n\
         \u{1b}[2mlegacy-dc      disabled\u{1b}[0m\n"
    );
    rendering.header = Header::Hidden;
    assert_eq!(
        written(list(&samples::keys()[2..]), &rendering),
        "dr-site    exhausted\n\u{1b}[2mlegacy-dc  disabled\u{1b}[0m\n"
    );
    // Whether a key that is used up is a fault depends on what it is for.
    let meant = |intent| {
        let known = KnownIntent { intent, source: IntentSource::Inferred };
        Records::many([KeyView::from(&samples::keys()[2]).meant_for(Some(known))])
    };
    let red = "\u{1b}[31mdr-site  exhausted\u{1b}[0m\n";
    assert_eq!(written(meant(Intent::Autoscaled), &rendering), red);
    assert_eq!(written(meant(Intent::Static), &rendering), "\u{1b}[2mdr-site  closed\u{1b}[0m\n");
}

#[test]
fn an_empty_list_is_empty_in_each_format() {
    for (format, expected) in [
        (Format::Table, ""),
        (Format::Wide, ""),
        (Format::Json, "[]\n"),
        (Format::Ndjson, ""),
        (Format::Yaml, "[]\n"),
    ] {
        assert_eq!(written(list(&[]), &rendering(format)), expected, "{format}");
    }
    assert_eq!(written(list(&[]), &terminal(Format::Json, 80)), "[]\n");
    assert_eq!(written(list(&[]), &columns(rendering(Format::Csv), &["id", "name"])), "id,name\n");
}

#[test]
fn columns_select_and_order_in_each_format() {
    let keys = samples::keys();
    let picked = ["used", "name"];
    for (format, expected) in [
        (Format::Table, " USED  NAME\n 3/25  branch-edges\n47/50  build-runners\n"),
        (
            Format::Json,
            "[{\"usage_count\":3,\"max_usage\":25,\"name\":\"branch-edges\"},{\"usage_count\":47,\"max_usage\":50,\"name\":\"build-runners\"}]\n",
        ),
        (
            Format::Ndjson,
            "{\"usage_count\":3,\"max_usage\":25,\"name\":\"branch-edges\"}\n{\"usage_count\":47,\"max_usage\":50,\"name\":\"build-runners\"}\n",
        ),
        (
            Format::Yaml,
            "- usage_count: 3\n  max_usage: 25\n  name: branch-edges\n- usage_count: 47\n  max_usage: 50\n  name: build-runners\n",
        ),
        (Format::Csv, "usage_count,max_usage,name\n3,25,branch-edges\n47,50,build-runners\n"),
    ] {
        assert_eq!(written(list(&keys[..2]), &columns(rendering(format), &picked)), expected, "{format}");
    }
}

#[test]
fn csv_quotes_joins_and_leaves_null_empty() {
    let picked = ["name", "ip_acl", "ui_config", "enabled"];
    let mut rendering = columns(rendering(Format::Csv), &picked);
    assert_eq!(
        written(list(&named("=a,\"b\"")), &rendering),
        "name,ip_acl,ui_config,enabled\n\"'=a,\"\"b\"\"\",192.0.2.0/24 2001:db8::/32,,true\n"
    );
    rendering.header = Header::Hidden;
    assert_eq!(written(list(&named("x")), &rendering), "x,192.0.2.0/24 2001:db8::/32,,true\n");
}

#[test]
fn one_field_is_bare_and_a_line_a_record() {
    let rendering = rendering(Format::Json);
    let keys = &samples::keys()[..2];
    assert_eq!(written(list(keys), &field(rendering.clone(), "name")), "branch-edges\nbuild-runners\n");
    assert_eq!(written(list(keys), &field(rendering.clone(), "used")), "3/25\n47/50\n");
    assert_eq!(written(list(keys), &field(rendering.clone(), "status")), "active\nnearly_exhausted\n");
    assert_eq!(written(list(keys), &field(rendering.clone(), "microtenant_id")), "\n\n");
    let one = Records::one(KeyView::from(&samples::key()));
    assert_eq!(written(one, &field(rendering, "ip_acl")), "192.0.2.0/24 2001:db8::/32\n");
}

#[test]
fn one_field_is_made_harmless_at_a_terminal_only() {
    let keys = named("a\u{1b}b");
    assert_eq!(written(list(&keys), &field(terminal(Format::Table, 80), "name")), "a\\u{1b}b\n");
    assert_eq!(written(list(&keys), &field(rendering(Format::Json), "name")), "a\u{1b}b\n");
}

#[test]
fn quiet_is_ids_only() {
    let mut quiet = rendering(Format::Json);
    quiet.detail = Detail::IdsOnly;
    assert_eq!(written(list(&samples::keys()), &quiet), "7003\n6221\n5150\n4001\n");
    assert_eq!(written(reveal(), &quiet), "38108\n");
    let plan = PlanView::new(PlanAction::Delete, "DELETE", "/x", None, Vec::new());
    assert_eq!(written(Records::one(plan), &quiet), "");
}

#[test]
fn json_is_one_line_in_a_pipe_and_several_at_a_terminal() {
    let picked = ["id", "name"];
    let one = || Records::one(KeyView::from(&samples::key()));
    assert_eq!(
        written(one(), &columns(rendering(Format::Json), &picked)),
        "{\"id\":\"38108\",\"name\":\"prod-edge-aws\"}\n"
    );
    assert_eq!(
        written(one(), &columns(terminal(Format::Json, 80), &picked)),
        "{\n  \"id\": \"38108\",\n  \"name\": \"prod-edge-aws\"\n}\n"
    );
}

#[test]
fn a_reveal_has_the_text_in_each_format() {
    for (format, expected) in [
        (Format::Table, "3|host.example|MARKER==\n"),
        (
            Format::Json,
            "{\"id\":\"38108\",\"name\":\"prod-edge-aws\",\"association_type\":\"CONNECTOR_GRP\",\"provisioning_key\":\"3|host.example|MARKER==\",\"fingerprint\":\"sha256:9f2c41d07ab3\"}\n",
        ),
        (
            Format::Csv,
            "id,name,association_type,provisioning_key,fingerprint\n38108,prod-edge-aws,CONNECTOR_GRP,3|host.example|MARKER==,sha256:9f2c41d07ab3\n",
        ),
        (
            Format::Yaml,
            "id: \"38108\"\nname: prod-edge-aws\nassociation_type: CONNECTOR_GRP\nprovisioning_key: 3|host.example|MARKER==\nfingerprint: sha256:9f2c41d07ab3\n",
        ),
    ] {
        assert_eq!(written(reveal(), &rendering(format)), expected, "{format}");
    }
    assert_eq!(
        written(reveal(), &field(rendering(Format::Json), "provisioning_key")),
        "3|host.example|MARKER==\n"
    );
}

#[test]
fn a_long_text_is_one_line_of_yaml() {
    let long = format!("3|host.example|{}", "a b".repeat(140));
    let secret = serde_json::from_value(json!(long)).unwrap();
    let records = Records::revealed(RevealView::from(&samples::key()), Secret::Key(secret));
    let text = written(records, &rendering(Format::Yaml));
    assert!(text.contains(&format!("provisioning_key: {long}\n")), "{text}");
}

#[test]
fn raw_bytes_end_in_a_newline_at_a_terminal_only() {
    let mut raw = rendering(Format::Json);
    raw.secret_form = SecretForm::Exact;
    assert_eq!(written(reveal(), &raw), "3|host.example|MARKER==");
    raw.terminal_width = Some(80);
    assert_eq!(written(reveal(), &raw), "3|host.example|MARKER==\n");
}

#[test]
fn a_text_is_never_cut_in_a_table() {
    let rendering = columns(terminal(Format::Table, 10), &["id", "provisioning_key"]);
    assert_eq!(written(reveal(), &rendering), "ID     PROVISIONING_KEY\n38108  3|host.example|MARKER==\n");
}

#[test]
fn nothing_but_a_reveal_shows_the_text() {
    for format in Format::ALL {
        for mut records in [list(&samples::keys()), Records::many([RevealView::from(&samples::key())])] {
            // A list has no place for one key value, even where a command leaves it there.
            records.secret = Some(Secret::Key(samples::secret()));
            for rendering in [rendering(format), terminal(format, 80), field(rendering(format), "id")] {
                assert!(!written_ref(&records, &rendering).contains(samples::MARKER), "{format}");
            }
            assert!(!format!("{records:?}").contains(samples::MARKER));
        }
    }
}

fn written_ref(records: &Records, rendering: &Rendering) -> String {
    let mut buffer = Vec::new();
    render(records, rendering, &mut buffer).unwrap();
    String::from_utf8(buffer).unwrap()
}

#[test]
fn a_deletion_has_no_table_unless_asked() {
    let key = samples::key();
    let records = || Records::many([DeletionView::from(&key)]);
    assert_eq!(written(records(), &rendering(Format::Table)), "");
    assert_eq!(
        written(records(), &rendering(Format::Wide)),
        "NAME           ID     TYPE       DELETED\nprod-edge-aws  38108  connector  true\n"
    );
}

#[test]
fn what_is_connected_has_a_table_of_its_own() {
    let (enrolled, key) = (samples::enrolled(), samples::key());
    assert_eq!(
        written(Records::many([EnrolledView::new(&enrolled, Some(&key))]), &rendering(Format::Table)),
        "NAME             VERSION   CONTROL_CHANNEL           ENABLED  CREATED\n\
         prod-edge-aws-1  26.100.1  ZPN_STATUS_AUTHENTICATED  true     1 day ago\n"
    );
}

#[test]
fn plain_text_is_written_whole_and_nothing_is_nothing() {
    for (answer, expected) in [
        (Answer::Text("token".to_owned()), "token\n"),
        (Answer::Text("a\n".to_owned()), "a\n"),
        (Answer::Nothing, ""),
    ] {
        let mut out = Vec::new();
        write(&Report::from(answer), &rendering(Format::Json), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

/// A validator of one of the schema's definitions.
fn definition(name: &str) -> Value {
    let mut part: Value = serde_json::from_str(&generate_schema()).unwrap();
    part.as_object_mut().unwrap().remove("anyOf");
    part["$ref"] = json!(format!("#/$defs/{name}"));
    part
}

#[test]
fn the_schema_and_the_views_say_the_same() {
    let schema: Value = serde_json::from_str(&generate_schema()).unwrap();
    let key = samples::key();
    let enrolled = samples::enrolled();
    let changes = vec![FieldChange::new("name", Value::Null, json!("x"))];
    let plan = PlanView::new(PlanAction::Create, "POST", "/x", Some(json!({})), changes);
    let lineage = crate::domain::rotation::Lineage::of(key.name.raw(), [&key]);
    let lineage_view = LineageView::new(
        &lineage,
        key.association_type,
        Some(&[]),
        Capacity::default(),
        key.created_at.unwrap(),
    );
    let change = ChangeView::from(ChangeParts {
        keys: vec![&key],
        enrolled: Some(vec![&enrolled]),
        ..ChangeParts::new(key.name.raw(), ChangeAction::Retire)
    });
    let secret = || Secret::Key(samples::secret());
    let known = KnownIntent { intent: Intent::Static, source: IntentSource::Inferred };
    for (name, records) in [
        ("key", Records::revealed(KeyView::from(&key).meant_for(Some(known)), secret())),
        ("reveal", reveal()),
        ("enrolled", Records::one(EnrolledView::new(&enrolled, Some(&key)))),
        ("deletion", Records::one(DeletionView::from(&key))),
        ("change", Records::one(change)),
        ("lineage", Records::one(lineage_view)),
        ("plan", Records::one(plan)),
        ("finding", Records::one(FindingView::new(Check::Config, FindingStatus::Ok, "m").detail("d"))),
        ("rotation", Records::revealed(RotationView::from(RotationParts::default()), secret())),
    ] {
        let fields = records.kind().fields();
        let shown: Value = serde_json::from_str(&written(records, &rendering(Format::Json))).unwrap();
        let described = schema["$defs"][name]["properties"].as_object().unwrap();
        assert_eq!(shown.as_object().unwrap().keys().collect::<Vec<_>>(), fields.iter().collect::<Vec<_>>());
        // Only where several tenants were asked.
        let own = described.keys().filter(|field| !["profile", "tenant"].contains(&field.as_str()));
        assert_eq!(own.collect::<Vec<_>>(), fields.iter().collect::<Vec<_>>(), "{name}");
        assert!(jsonschema::is_valid(&definition(name), &shown), "{name}: {shown}");
        assert!(jsonschema::is_valid(&schema, &shown), "{name}: {shown}");
    }
}

#[test]
fn the_schema_asks_for_each_field_of_a_key() {
    let shown: Value =
        serde_json::from_str(&written(list(&samples::keys()), &rendering(Format::Json))).unwrap();
    let part = definition("key_list");
    assert!(jsonschema::is_valid(&part, &shown));
    // What a key is for is left out if it is not known.
    let is_always_there = |name: &String| !name.starts_with("intent");
    for name in RecordKind::of::<KeyView>().fields().into_iter().filter(is_always_there) {
        let mut cut = shown.clone();
        cut[0].as_object_mut().unwrap().shift_remove(&name);
        assert!(!jsonschema::is_valid(&part, &cut), "{name}");
    }
}

#[test]
fn an_error_fits_the_schema() {
    let schema: Value = serde_json::from_str(&generate_schema()).unwrap();
    let error = json!({"error": {
        "code": "partial", "exit_code": 6, "message": "m", "retryable": false, "hints": [],
        "failures": [{"key": "a", "code": "not_found", "message": "m"}],
    }});
    assert!(jsonschema::is_valid(&schema, &error));
    assert!(!jsonschema::is_valid(&schema, &json!({"error": {"code": "nonsense"}})));
}
