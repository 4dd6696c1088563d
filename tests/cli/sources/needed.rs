//! A secret is fetched when it is needed and not before.

use super::{SECRET, service, set_secret};

#[test]
fn what_asks_nobody_fetches_no_secret() {
    let service = service();
    let script = format!("touch ran; echo {SECRET}");
    set_secret(&service, &format!("{{ cmd = ['sh', '-c', '{script}'] }}"));
    for (line, code) in [
        ("--help", 0),
        ("-h", 0),
        ("--version", 0),
        ("help environment", 0),
        ("list --help", 0),
        ("completions bash", 0),
        ("schema", 0),
        ("sandbox path", 0),
        ("profile list", 0),
        ("--sandbox list", 0),
        ("list --sort colour", 2),
        ("list --columns nonsense", 2),
        ("get", 2),
        ("get '3|api.private.zscaler.com|abc'", 2),
        ("list --cloud 'nowhere' --timeout soon", 2),
        ("create --type connector --no-input --ip-acl nonsense", 2),
    ] {
        service.home().zpakey(line).run().code(code);
        assert!(!service.home().has("ran"), "zpakey {line} fetched the secret");
    }
    assert_eq!(service.received(), []);
    service.home().zpakey("list --type connector").run().code(0);
    assert!(service.home().has("ran"));
}
