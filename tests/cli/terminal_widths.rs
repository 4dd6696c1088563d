//! Every screen at terminals of 50, 80 and 110 columns, with names of 30 characters, long groups and wide characters: no
//! line is wider than the terminal, unless it is a command or one long word, and no word is broken.

use serde_json::{Value, json};
use snapbox::str;
use unicode_width::UnicodeWidthStr as _;

use crate::support::{Tenant, assert_is};

const WIDTHS: [u16; 3] = [50, 80, 110];
/// 30 characters, alike at both ends.
const LONG: [&str; 2] = ["datacenter-frankfurt-01-runners", "datacenter-frankfurt-02-runners"];
const GROUP: &str = "Connectors of the Frankfurt datacenter, second floor";

fn key(name: &str, kind: &str, group: &str, used: u64) -> Value {
    json!({"name": name, "association_type": kind, "maxUsage": 50, "usageCount": used, "zcomponentId": group,
           "creationTime": "1600000000", "modifiedTime": "1600000000"})
}

fn tenant() -> Tenant {
    Tenant::seeded(json!({
        "connector_groups": [{"id": "1", "name": GROUP}, {"id": "2", "name": "東京データセンターのコネクタグループ"}],
        "service_edge_groups": [{"id": "3", "name": "Branch EMEA"}],
        "keys": [
            key(LONG[0], "CONNECTOR_GRP", "1", 47),
            key(LONG[1], "CONNECTOR_GRP", "1", 50),
            key(&format!("{}.old-38103.209911231504", LONG[0]), "CONNECTOR_GRP", "1", 12),
            key("東京データセンターの接続鍵その一", "CONNECTOR_GRP", "2", 1),
            key("datacenter-frankfurt-03-edges", "SERVICE_EDGE_GRP", "3", 0),
        ],
    }))
}

/// A line that may be wider: it has a command, or one word that is too long for it.
fn may_be_wide(line: &str) -> bool {
    let value = line.rsplit("  ").next().unwrap_or_default().trim();
    let is_one_word = !value.contains(' ') && (value.len() > 20 || value == line.trim());
    line.contains("zpakey ") || line.contains("chmod ") || is_one_word
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let tenant = tenant();
    tenant.zpakey(format!("update {} --add-uses 3 --ip-acl 192.0.2.0/24", LONG[0])).run().code(0);
    tenant.zpakey(format!("reveal {} --out-file key", LONG[0])).run().code(0);
    let all = [
        "list".to_owned(),
        "list frankfurt --type connector".to_owned(),
        "list nothing".to_owned(),
        format!("get {}", LONG[0]),
        format!("get {} {}", LONG[0], LONG[1]),
        "get id:38103".to_owned(),
        "get 東京データセンターの接続鍵その一".to_owned(),
        "get datacenter-frankfurt".to_owned(),
        "groups".to_owned(),
        "status".to_owned(),
        format!("status {}", LONG[0]),
        format!("rotate {} --dry-run", LONG[0]),
        format!("update {} --add-uses 10 --dry-run", LONG[0]),
        format!("update {} --add-uses 1", LONG[1]),
        format!("create {} --type connector --group {GROUP:?} --max-usage 3 --dry-run", "x".repeat(30)),
        format!("create {} --type connector --group {GROUP:?} --max-usage 3 --if-exists skip", LONG[0]),
        format!("create {} --type connector --group Nowhere --max-usage 3", LONG[0]),
        format!("delete {} --no-input", LONG[0]),
        format!("reveal {} --no-input", LONG[0]),
        "identify key".to_owned(),
        "log".to_owned(),
        "doctor".to_owned(),
        "auth status".to_owned(),
        "profile list".to_owned(),
        "help environment".to_owned(),
        "help exit-codes".to_owned(),
        "help output".to_owned(),
        "help security".to_owned(),
    ];
    for width in WIDTHS {
        for line in &all {
            let mut terminal = tenant.zpakey(line.as_str()).window(width, 60).terminal();
            terminal.exit_code();
            let screen = terminal.screen();
            // A spinner writes over its own line.
            for shown in screen.split(['\n', '\r']).filter(|shown| !may_be_wide(shown)) {
                assert!(shown.width() <= width.into(), "{width} {line}: {shown:?}\n{screen}");
            }
            if line.starts_with("list") && width > 60 && !line.contains("nothing") {
                for count in ["50/5", "47/53"] {
                    assert!(screen.contains(count), "{width} {line}\n{screen}");
                }
            }
        }
    }
}

#[test]
fn a_list_of_long_names_at_80_columns() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("list").window(80, 40).terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
NAME                          TYPE          GROUP                USED  STATUS
datacenter-fra…rt-01-runners  connector     Connector…nd floor  47/50  ⚠ 3 left
datacen…1-runners (previous)  connector     Connector…nd floor  12/50  active
datacenter-fra…rt-02-runners  connector     Connector…nd floor  50/50  exhausted
datacenter-fra…furt-03-edges  service-edge  Branch EMEA          0/50  active
東京データセン…接続鍵その一   connector     東京デー…グループ    1/50  active
in every line: modified [..]
5 keys · 1 exhausted · 1 nearly exhausted · tenant 216199618143191040

"]],
    );
    let mut terminal = tenant.zpakey("list --type connector").window(80, 40).terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
NAME                                  GROUP                      USED  STATUS
datacenter-frankfurt-01-runners       Connectors o…econd floor  47/50  ⚠ 3 left
datacenter-f…t-01-runners (previous)  Connectors o…econd floor  12/50  active
datacenter-frankfurt-02-runners       Connectors o…econd floor  50/50  exhausted
東京データセンターの接続鍵その一      東京データセ…タグループ    1/50  active
in every line: type connector · modified [..]
4 keys · 1 exhausted · 1 nearly exhausted · tenant 216199618143191040

"]],
    );
}

#[test]
fn the_tenant_at_50_columns() {
    let tenant = tenant();
    let mut terminal = tenant.zpakey("status").window(50, 60).terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert_is(
        &terminal.steady_screen(),
        str![[r#"
Tenant       216199618143191040 (from the
             environment)
Keys         connector 4 of 100 · service-edge 1
             of 100
Rotations    1 under way
Findings     1 medium · 2 low
             ZPK006
               東京データセンターの接続鍵その一
               (38104): 49 uses left, and nothing
               enrolled for [..] days; 1 of 1 that
               did are gone

Name        Connectors of the Frankfurt
            datacenter, second floor
Type        connector
Usable key  datacenter-frankfurt-01-runners +1
Left        41

Name        東京データセンターのコネクタグループ
Type        connector
Usable key  東京データセンターの接続鍵その一
Left        49

Name        Branch EMEA
Type        service-edge
Usable key  datacenter-frankfurt-03-edges
Left        50

datacenter-frankfurt-01-runners · connector ·
  rotated; the predecessor can still enrol
├ 38101  current
│   47/50, can enrol, no connectors
└ 38103  previous, until 23 Nov 2099 15:04
    12/50, can enrol, no connectors
  next:
    zpakey retire datacenter-frankfurt-01-runners
        from [TIME] (in [..] years)
next:
  zpakey disable '東京データセンターの接続鍵その一'

"#]],
    );
}

#[test]
fn nothing_is_shortened_or_wrapped_in_a_pipe() {
    let tenant = tenant();
    let run = tenant.zpakey("list -o table").run().code(0);
    assert!(LONG.iter().all(|name| run.stdout.contains(name)) && run.stdout.contains(GROUP));
    let error = tenant.zpakey(format!("get {}x -o table", LONG[0])).run().code(4).stderr;
    assert!(error.lines().any(|line| line.width() > 80) && !error.contains('…'), "{error}");
}
