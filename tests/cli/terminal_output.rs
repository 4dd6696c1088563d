//! What answers look like at terminals of different widths, with and without colours, and with names that would
//! do harm if they were printed as they are.

use std::time::Duration;

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::{Contents, Options, SECRET_MARKER};

use crate::support::{Run, Tenant, assert_is};

/// The tenant of the pictures: one key of each state, all made just now, so that no age changes in a test's life.
fn tenant() -> Tenant {
    let now = jiff::Timestamp::now().as_second().to_string();
    Tenant::seeded(json!({"keys": [
        {"association_type": "SERVICE_EDGE_GRP", "name": "branch-edges", "maxUsage": 25, "usageCount": 3,
         "creationTime": now},
        {"name": "build-runners", "maxUsage": 50, "usageCount": 47, "zcomponentId": "72058304855047747",
         "creationTime": now},
        {"name": "dr-site", "maxUsage": 10, "usageCount": 10, "zcomponentId": "72058304855047748",
         "creationTime": now},
        {"name": "legacy-dc", "maxUsage": 5, "usageCount": 2, "enabled": false, "creationTime": now},
        {"name": "vendor", "zscalerManaged": true, "creationTime": now}
    ]}))
}

/// Runs at a terminal to a good end, and returns the screen.
fn screen(run: Run) -> String {
    let mut terminal = run.terminal();
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
    terminal.steady_screen()
}

/// Runs at a terminal to a good end, and returns what was sent to it, colours too.
fn sent(run: Run) -> String {
    let mut terminal = run.terminal();
    assert_eq!(terminal.exit_code(), 0, "{}", terminal.screen());
    terminal.raw().replace("\r\n", "\n")
}

#[test]
fn a_list_at_80_columns() {
    assert_is(
        &screen(tenant().zpakey("list").window(80, 24)),
        str![[r"
NAME           TYPE          GROUP                 USED  STATUS     MODIFIED
branch-edges   service-edge  Branch EMEA    ▇▁▁▁▁  3/25  active     [AGE]
build-runners  connector     CI us-east-1   ▇▇▇▇▁ 47/50  ⚠ 3 left   [AGE]
dr-site        connector     DR Frankfurt   ▇▇▇▇▇ 10/10  exhausted  [AGE]
legacy-dc      connector     AWS us-east-1  ▇▇▁▁▁   2/5  disabled   [AGE]
vendor         connector     AWS us-east-1  ▁▁▁▁▁  0/10  managed    [AGE]
5 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant
  216199618143191040

"]],
    );
}

#[test]
fn a_list_at_40_columns_is_truncated_and_not_wrapped() {
    let screen = screen(tenant().zpakey("list").window(40, 24));
    assert_is(
        &screen,
        str![[r"
Name      branch-edges
Type      service-edge
Group     Branch EMEA
Used      3/25
Status    active
Modified  [AGE]

Name      build-runners
Type      connector
Group     CI us-east-1
Used      47/50
Status    ⚠ 3 left
Modified  [AGE]

Name      dr-site
Type      connector
Group     DR Frankfurt
Used      10/10
Status    exhausted
Modified  [AGE]

Name      legacy-dc
Type      connector
Group     AWS us-east-1
Used      2/5
Status    disabled
Modified  [AGE]

Name      vendor
Type      connector
Group     AWS us-east-1
Used      0/10
Status    managed
Modified  [AGE]
5 keys · 1 exhausted · 1 nearly
  exhausted · 1 disabled · 1 managed ·
  tenant 216199618143191040

"]],
    );
}

#[test]
fn an_empty_list_says_so() {
    assert_is(
        &screen(Tenant::standard().zpakey("list")),
        "no keys · tenant 216199618143191040\nnext: zpakey create\n",
    );
}

#[test]
fn a_wide_list_at_200_columns() {
    assert_is(
        &screen(tenant().zpakey("list -o wide --type connector").window(200, 24)),
        str![[r"
NAME           TYPE       GROUP           USED  STATUS     MODIFIED  ID     CERTIFICATE  IP_ACL  ENABLED  EXPORTABLE  MICROTENANT  CREATED   ROLE  DUE  FINGERPRINT
build-runners  connector  CI us-east-1   47/50  ⚠ 3 left   [AGE]  38102  Connector    -       true     true        -            [AGE]  -     -    sha256:373ebb474dc2
dr-site        connector  DR Frankfurt   10/10  exhausted  [AGE]  38103  Connector    -       true     true        -            [AGE]  -     -    sha256:e44b7794c13f
legacy-dc      connector  AWS us-east-1    2/5  disabled   [AGE]  38104  Connector    -       false    true        -            [AGE]  -     -    sha256:bc1d4c67e232
vendor         connector  AWS us-east-1   0/10  managed    [AGE]  38105  Connector    -       true     true        -            [AGE]  -     -    sha256:c1f17069aaba
4 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant 216199618143191040

"]],
    );
}

#[test]
fn a_wide_list_at_120_columns_is_one_line_a_key() {
    assert_is(
        &screen(tenant().zpakey("list -o wide").window(120, 24)),
        str![[r"
NAME           TYPE          GROUP           USED  STATUS     MODIFIED  ID     CERTIFICATE   IP_ACL  ENABLED  EXPORTABLE  MICROTENANT  CREATED   ROLE  DUE  FINGERPRINT
branch-edges   service-edge  Branch EMEA     3/25  active     [AGE]  38101  Service Edge  -       true     true        -            [AGE]  -     -    sha256:7feea2862102
build-runners  connector     CI us-east-1   47/50  ⚠ 3 left   [AGE]  38102  Connector     -       true     true        -            [AGE]  -     -    sha256:373ebb474dc2
dr-site        connector     DR Frankfurt   10/10  exhausted  [AGE]  38103  Connector     -       true     true        -            [AGE]  -     -    sha256:e44b7794c13f
legacy-dc      connector     AWS us-east-1    2/5  disabled   [AGE]  38104  Connector     -       false    true        -            [AGE]  -     -    sha256:bc1d4c67e232
vendor         connector     AWS us-east-1   0/10  managed    [AGE]  38105  Connector     -       true     true        -            [AGE]  -     -    sha256:c1f17069aaba
5 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant 216199618143191040

"]],
    );
}

#[test]
fn no_line_of_a_table_is_wider_than_the_terminal() {
    let tenant = tenant();
    for width in [20, 40, 60, 80, 120] {
        for form in ["table", "wide"] {
            let screen = screen(
                tenant.zpakey(format!("list -q -o {form} --columns name,group,status")).window(width, 24),
            );
            let widest = screen.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.into(), "{widest} > {width}\n{screen}");
        }
    }
}

#[test]
fn columns_are_chosen_by_name() {
    assert_is(
        &screen(tenant().zpakey("list --type connector --columns name,remaining,status --no-header")),
        str![[r"
build-runners  3   ⚠ 3 left
dr-site        0   exhausted
legacy-dc      3   disabled
vendor         10  managed
4 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant 216199618143191040

"]],
    );
}

#[test]
fn the_card_of_a_key() {
    assert_is(
        &screen(tenant().zpakey("get build-runners").window(80, 24)),
        str![[r"
Name         build-runners
Id           38102
Type         connector
Group        CI us-east-1  (72058304855047747)
Certificate  Connector (16560)
Used         ▇▇▇▇▁ 47 of 50
Status       ⚠ 3 left
Created      [TIME] ([AGE])
Key          hidden · sha256:373ebb474dc2

"]],
    );
}

#[test]
fn the_card_of_a_key_that_was_created() {
    let tenant = Tenant::standard();
    let run = tenant
        .zpakey("create prod --type connector --group 'AWS us-east-1' --max-usage 10 --ip-acl 192.0.2.0/24");
    assert_is(
        &screen(run.window(80, 24)),
        str![[r"
✓ created prod (38101) in tenant 216199618143191040 (from the environment)
Name         prod
Id           38101
Type         connector
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)  default for this type
Used         ▁▁▁▁▁ 0 of 10
Status       active
IP ACL       192.0.2.0/24
Created      [TIME] ([AGE])
Key          hidden · sha256:7feea2862102 · host api.private.zscaler.com
next: zpakey reveal prod --out-file provision_key

"]],
    );
}

#[test]
fn the_card_of_a_key_that_was_updated() {
    assert_is(
        &screen(Tenant::with_keys(["prod"]).zpakey("update prod --add-uses 10 --ui-config blue")),
        str![[r"
✓ updated prod (38101) in tenant 216199618143191040 (from the environment): max_usage 10 → 20, ui_config none → blue
Name         prod
Id           38101
Type         connector
Group        AWS us-east-1  (72058304855047746)
Certificate  Connector (16560)
Used         ▁▁▁▁▁ 0 of 20
Status       active
Created      [TIME] ([AGE])
Modified     [TIME] ([AGE])
Key          hidden · sha256:7feea2862102

"]],
    );
}

#[test]
fn keys_that_were_deleted() {
    assert_is(
        &screen(tenant().zpakey("delete vendor-2 branch-edges --ignore-missing --yes")),
        str![[r#"
there is no key "vendor-2"; nothing to delete
✓ deleted branch-edges (38101)

"#]],
    );
}

#[test]
fn colours_are_over_whole_lines_of_a_list() {
    assert_is(
        &sent(tenant().zpakey("list --columns name,status")).replace('\u{1b}', "^"),
        str![[r#"
^[1mNAME           STATUS^[0m
branch-edges   active
build-runners  ⚠ 3 left
dr-site        exhausted
^[2mlegacy-dc      disabled^[0m
vendor         managed
5 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · 1 managed · tenant 216199618143191040

"#]],
    );
}

#[test]
fn without_colours_nothing_is_sent_but_text() {
    let tenant = tenant();
    let runs = [
        tenant.zpakey("list").env("NO_COLOR", "1"),
        tenant.zpakey("list --color never"),
        tenant.zpakey("list").env("TERM", "dumb"),
        tenant.zpakey("list").env("ZPAKEY_COLOR", "never"),
    ];
    for run in runs {
        let sent = sent(run);
        assert!(!sent.contains('\u{1b}'), "{sent:?}");
    }
}

#[test]
fn colour_can_be_had_where_there_is_no_terminal() {
    let tenant = tenant();
    for run in [
        tenant.zpakey("list -o table --color always"),
        tenant.zpakey("list -o table").env("CLICOLOR_FORCE", "1"),
    ] {
        run.run().code(0).stdout_has("\u{1b}[1mNAME");
    }
}

#[test]
fn each_stream_has_its_colours_by_itself() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("get nope -o table").stdout_file("out").terminal();
    assert_eq!(terminal.exit_code(), 4);
    assert!(terminal.raw().contains("\u{1b}[1;31merror:\u{1b}[0m"), "{:?}", terminal.raw());
    let mut terminal = tenant.zpakey("list").stderr_file("messages").terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.raw().contains('\u{1b}'));
    assert!(!tenant.home().read("messages").contains('\u{1b}'));
}

#[test]
fn outside_utf_8_each_symbol_has_its_twin() {
    let tenant = tenant();
    let run = tenant.zpakey("list").env("LC_ALL", "C").window(50, 24);
    assert_is(
        &screen(run),
        str![[r"
Name      branch-edges
Type      service-edge
Group     Branch EMEA
Used      3/25
Status    active
Modified  [AGE]

Name      build-runners
Type      connector
Group     CI us-east-1
Used      47/50
Status    ! 3 left
Modified  [AGE]

Name      dr-site
Type      connector
Group     DR Frankfurt
Used      10/10
Status    exhausted
Modified  [AGE]

Name      legacy-dc
Type      connector
Group     AWS us-east-1
Used      2/5
Status    disabled
Modified  [AGE]

Name      vendor
Type      connector
Group     AWS us-east-1
Used      0/10
Status    managed
Modified  [AGE]
5 keys, 1 exhausted, 1 nearly exhausted, 1
  disabled, 1 managed, tenant 216199618143191040

"]],
    );
    let run = tenant.zpakey("update dr-site --max-usage 12 -o table").env("LC_ALL", "C");
    let screen = screen(run);
    assert!(screen.starts_with("ok: updated dr-site (38103)"), "{screen}");
    assert!(screen.is_ascii(), "{screen}");
}

#[test]
fn at_a_terminal_the_answer_to_reveal_is_the_bare_key() {
    let tenant = Tenant::with_keys(["prod"]);
    assert_is(&screen(tenant.zpakey("reveal prod --yes").window(40, 24)), "[KEY TEXT]\n");
}

#[test]
fn at_a_terminal_a_raw_key_ends_its_line() {
    let sent = sent(Tenant::with_keys(["prod"]).zpakey("reveal prod --yes --raw"));
    assert!(sent.contains(SECRET_MARKER) && sent.ends_with('\n') && sent.lines().count() == 1);
}

#[test]
fn outside_a_terminal_a_raw_key_has_no_newline() {
    let tenant = Tenant::with_keys(["prod"]);
    let revealed = tenant.zpakey("reveal prod --yes --raw").run().code(0).stderr_is("");
    assert!(revealed.stdout.contains(SECRET_MARKER) && !revealed.stdout.contains('\n'));
}

#[test]
fn a_note_says_that_a_file_got_json() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod --yes").stdout_file("key").terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.screen(),
        str![[r"
the file got JSON, not the bare key: --raw writes its exact bytes, --out-file FILE into a private file

"]],
    );
    assert!(tenant.home().read("key").starts_with(r#"{"id":"38101","name":"prod","#));
}

#[test]
fn there_is_no_note_where_a_file_gets_the_bare_key() {
    let tenant = Tenant::with_keys(["prod"]);
    for form in ["--raw", "--field provisioning_key", "-o table"] {
        let run = tenant.zpakey(format!("reveal prod --yes {form}"));
        let mut terminal = run.stdout_file("key").terminal();
        assert_eq!(terminal.exit_code(), 0);
        assert_eq!(terminal.screen(), "", "{form}");
    }
}

#[test]
fn an_error_in_colour_and_without() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("get build-runner").terminal();
    assert_eq!(terminal.exit_code(), 4);
    assert_is(
        &terminal.raw().replace("\r\n", "\n").replace('\u{1b}', "^"),
        str![[r#"
^[1;31merror:^[0m no provisioning key named "build-runner"
  searched connector, service-edge keys in tenant 216199618143191040 (from the environment)
^[36mhint:^[0m did you mean build-runners (38102)?

"#]],
    );
}

/// A tenant that takes its time.
fn slow() -> Tenant {
    let contents = Contents::Seed(json!({"keys": [{"name": "prod"}]}));
    Tenant::with(Options { delay: Duration::from_millis(900), contents, ..Options::default() })
}

#[test]
fn a_slow_answer_is_waited_for_with_a_spinner_that_leaves_no_trace() {
    let tenant = slow();
    let mut terminal = tenant.zpakey("list --type connector").terminal();
    terminal.expect("⠋ waiting for the API");
    terminal.expect("⠙ waiting for the API");
    assert_eq!(terminal.exit_code(), 0);
    let raw = terminal.raw();
    let (_, after) = raw.rsplit_once("waiting for the API").unwrap();
    let (wiped, _) = after.split_once("NAME").unwrap();
    assert!(wiped.contains("\x1b[2K") && !wiped.contains('\n'), "{wiped:?}");
}

#[test]
fn a_spinner_is_gone_before_a_question() {
    let tenant = slow();
    let mut terminal = tenant.zpakey("reveal prod").terminal();
    terminal.expect("waiting for the API");
    terminal.expect("? Print the secret of ");
    std::thread::sleep(Duration::from_millis(500));
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    let raw = terminal.raw();
    let (before, after) = raw.split_once("[y/N] ").unwrap();
    assert!(!after.contains("waiting"), "{after:?}");
    let (_, wiped) = before.rsplit_once("waiting for the API").unwrap();
    assert!(wiped.contains("\x1b[2K"), "{wiped:?}");
}

#[test]
fn where_nothing_may_move_there_is_no_spinner() {
    let tenant = slow();
    let quiet = tenant.zpakey("list -q");
    let in_ci = tenant.zpakey("list").env("CI", "true");
    let dumb = tenant.zpakey("list").env("TERM", "dumb");
    for run in [quiet, in_ci, dumb, tenant.zpakey("list").stderr_file("messages")] {
        let mut terminal = run.terminal();
        assert_eq!(terminal.exit_code(), 0);
        assert!(!terminal.raw().contains("waiting for"), "{}", terminal.screen());
    }
    assert!(!tenant.home().read("messages").contains("waiting for"));
}
