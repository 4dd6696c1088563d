//! Questions at a real terminal: who is asked, where the question goes, and what each answer does.

use std::fs;
use std::time::Duration;

use serde_json::json;
use snapbox::str;
use zpakey::sandbox::{Contents, Options, SECRET_MARKER};

use crate::support::{Tenant, Terminal, assert_is};

fn reveal(tenant: &Tenant, answer: impl FnOnce(&mut Terminal)) -> (i32, String) {
    let mut terminal = tenant.zpakey("reveal prod").terminal();
    terminal.expect("? Print the secret of prod to this terminal? [y/N] ");
    answer(&mut terminal);
    (terminal.exit_code(), terminal.screen())
}

#[test]
fn reveal_asks_and_names_key_tenant_and_source_of_the_credential() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod").terminal();
    terminal.expect("[y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_is(
        &terminal.steady_screen(),
        str![[r#"
prod (38101) · connector · AWS us-east-1 · 0 of 10 used · tenant 216199618143191040 (from the environment)
? Print the secret of prod to this terminal? [y/N] n
error: cancelled; nothing was changed

"#]],
    );
}

#[test]
fn enter_alone_means_no() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), |terminal| terminal.type_line(""));
    assert_eq!(code, 11);
    assert!(!screen.contains(SECRET_MARKER), "{screen}");
}

#[test]
fn a_word_that_is_neither_yes_nor_no_means_no() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), |terminal| terminal.type_line("yep"));
    assert_eq!(code, 11);
    assert!(!screen.contains(SECRET_MARKER), "{screen}");
}

#[test]
fn what_was_typed_before_the_question_answers_nothing() {
    let contents = Contents::Seed(json!({"keys": [{"name": "old"}]}));
    let tenant = Tenant::with(Options { delay: Duration::from_millis(500), contents, ..Options::default() });
    let mut terminal = tenant.zpakey("delete old").terminal();
    // While the key is still looked up; the terminal echoes it.
    terminal.type_line("y");
    terminal.expect("y");
    terminal.expect("? Delete");
    terminal.type_line("");
    assert_eq!(terminal.exit_code(), 11);
    assert!(tenant.key("old").is_some(), "{}", terminal.screen());
}

#[test]
fn y_means_yes() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), |terminal| terminal.type_line("y"));
    assert_eq!(code, 0);
    assert!(screen.contains(SECRET_MARKER));
}

#[test]
fn yes_in_capitals_means_yes() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), |terminal| terminal.type_line("YES"));
    assert_eq!(code, 0);
    assert!(screen.contains(SECRET_MARKER));
}

#[test]
fn ctrl_c_at_a_question_is_exit_130_and_shows_nothing() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), Terminal::interrupt);
    assert_eq!(code, 130);
    assert!(!screen.contains(SECRET_MARKER) && screen.ends_with("[y/N] ^C\ncancelled\n"), "{screen}");
}

#[test]
fn ctrl_d_at_a_question_means_no() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), Terminal::end_input);
    assert_eq!(code, 11);
    assert!(screen.ends_with("[y/N] \nerror: cancelled; nothing was changed\n"), "{screen}");
}

#[test]
fn a_person_is_asked_even_where_the_answer_goes_to_a_file() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod").stdout_file("out").terminal();
    terminal.expect("? Print the secret of prod to standard output? [y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(tenant.home().read("out"), "");
}

#[test]
fn the_question_goes_to_stderr_and_the_answer_alone_to_stdout() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod --raw").stdout_file("out").terminal();
    terminal.expect("? Print the secret of prod to standard output? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.screen().contains(SECRET_MARKER));
    let out = tenant.home().read("out");
    assert!(out.contains(SECRET_MARKER) && !out.contains('\n') && !out.contains("Show"));
}

#[test]
fn a_person_is_asked_even_where_the_answer_goes_to_a_pipe() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#""$ZPAKEY" reveal prod | wc -l"#;
    let mut terminal = tenant.zpakey(["-c", script]).through("/bin/sh").terminal();
    terminal.expect("? Print the secret of prod to standard output? [y/N] ");
    terminal.type_line("y");
    assert_eq!(terminal.exit_code(), 0);
    assert!(terminal.screen().ends_with("[y/N] y\n1\n"), "{}", terminal.screen());
}

#[test]
fn with_yes_nobody_is_asked() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod --yes").terminal();
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.screen().contains("[y/N]"));
    assert!(terminal.screen().contains(SECRET_MARKER));
}

#[test]
fn where_the_input_is_data_the_question_is_asked_on_the_controlling_terminal() {
    let tenant = Tenant::with_keys(["a", "b"]);
    let script = r#""$ZPAKEY" list -q | "$ZPAKEY" delete -"#;
    let delete = |answer: &str| {
        let mut terminal = tenant.zpakey(["-c", script]).through("/bin/sh").terminal();
        terminal.expect("? Type 2 to delete them: ");
        terminal.type_line(answer);
        terminal.exit_code()
    };
    assert_eq!(delete("1"), 11);
    assert!(tenant.key("a").is_some());
    assert_eq!(delete("2"), 0);
    assert!(tenant.key("a").is_none() && tenant.key("b").is_none());
}

#[test]
fn where_the_input_is_data_a_picker_reads_the_controlling_terminal() {
    let tenant = Tenant::with_keys(["a"]);
    let script = r#"echo data | "$ZPAKEY" create x --max-usage 1"#;
    let mut terminal = tenant.zpakey(["-c", script]).through("/bin/sh").terminal();
    terminal.expect("Association type");
    terminal.press("\x1b");
    assert_eq!(terminal.exit_code(), 11);
}

#[test]
fn where_the_input_is_data_it_is_no_answer() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#"yes | "$ZPAKEY" reveal prod"#;
    let mut terminal = tenant.zpakey(["-c", script]).through("/bin/sh").terminal();
    terminal.expect("? Print the secret of ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert!(!terminal.screen().contains(SECRET_MARKER));
}

#[test]
fn no_input_and_ci_keep_the_controlling_terminal_from_being_asked() {
    let tenant = Tenant::with_keys(["prod"]);
    for (script, variable, reason) in [
        (r#"echo prod | "$ZPAKEY" delete - --no-input"#, "X", "--no-input forbids asking"),
        (r#"echo prod | "$ZPAKEY" delete -"#, "CI", "CI is set"),
    ] {
        let run = tenant.zpakey(["-c", script]).through("/bin/sh").env(variable, "true");
        let mut terminal = run.terminal();
        assert_eq!(terminal.exit_code(), 11);
        let screen = terminal.screen();
        assert!(screen.contains("without confirmation, and ") && screen.contains(reason), "{screen}");
    }
    assert!(tenant.key("prod").is_some());
}

#[test]
fn a_secret_is_asked_on_the_controlling_terminal_and_not_shown() {
    let tenant = Tenant::with_keys(["prod"]);
    let script = r#"echo data | "$ZPAKEY" auth login --profile lab --vanity-domain acme --customer-id 1 --client-id x"#;
    let run = tenant.home().zpakey(["-c", script]).through("/bin/sh");
    let mut terminal = run.terminal();
    terminal.expect("Sign in through");
    terminal.press("\r");
    terminal.expect("Cloud");
    terminal.press("\r");
    terminal.expect("Authenticate with");
    terminal.press("\r");
    terminal.expect("Client secret (not shown) ");
    terminal.press("hidden-text\x1b");
    assert_eq!(terminal.exit_code(), 11);
    let screen = terminal.screen();
    assert!(
        screen.ends_with("error: cancelled; nothing was changed\n") && !screen.contains("hidden"),
        "{screen}"
    );
}

#[test]
fn esc_means_no_at_once_even_after_letters() {
    for keys in ["\x1b", "y\x1b"] {
        let (code, screen) = reveal(&Tenant::with_keys(["prod"]), |terminal| terminal.press(keys));
        assert_eq!(code, 11);
        assert!(screen.ends_with("\nerror: cancelled; nothing was changed\n"), "{screen}");
        assert!(!screen.contains(SECRET_MARKER), "{screen}");
    }
}

#[test]
fn an_arrow_key_is_no_answer_and_the_question_is_asked_again() {
    let (code, screen) = reveal(&Tenant::with_keys(["prod"]), |terminal| {
        terminal.press("n\x1b[A");
        terminal.expect("? Print the secret of ");
        terminal.type_line("y");
    });
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains(SECRET_MARKER), "{screen}");
}

#[test]
fn nobody_is_asked_where_the_input_is_no_terminal() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod").stdin_file("/dev/null").terminal();
    assert_eq!(terminal.exit_code(), 11);
    assert_is(
        &terminal.steady_screen(),
        str![[r"
error: will not reveal a secret without confirmation, and there is no terminal to ask on
hint: zpakey reveal prod --out-file FILE writes it to a private file without printing it
hint: --yes prints it; into a pipe, never into a build log

"]],
    );
}

#[test]
fn nobody_is_asked_where_the_question_could_not_be_read() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod").stderr_file("messages").terminal();
    assert_eq!(terminal.exit_code(), 11);
    assert_eq!(terminal.screen(), "");
    assert!(tenant.home().read("messages").starts_with("error: will not reveal a secret"));
}

#[test]
fn with_no_input_nobody_is_asked_and_the_reason_is_told() {
    let tenant = Tenant::with_keys(["prod"]);
    let mut terminal = tenant.zpakey("reveal prod --no-input").terminal();
    assert_eq!(terminal.exit_code(), 11);
    let screen = terminal.screen();
    assert!(screen.starts_with("error: will not reveal a secret without confirmation, and "), "{screen}");
    assert!(screen.contains("--no-input") && !screen.contains("there is no terminal"), "{screen}");
}

#[test]
fn a_question_names_the_profile() {
    let tenant = Tenant::with_keys(["prod"]);
    let access = tenant.access();
    let profile = format!(
        "[profiles.lab]\nclient_id = \"{}\"\nclient_secret = \"{}\"\nvanity_domain = \"{}\"\n\
         customer_id = \"{}\"\napi_url = \"{}\"\ntoken_url = \"{}\"\n",
        access.client_id,
        access.client_secret,
        access.vanity_domain,
        access.customer_id,
        access.api_url,
        access.token_url
    );
    tenant.home().write_profiles(&profile);
    let mut terminal = tenant.home().zpakey("delete prod --profile lab").terminal();
    let question = terminal.expect("[y/N] ");
    terminal.type_line("n");
    assert_eq!(terminal.exit_code(), 11);
    assert!(question.contains("216199618143191040 (profile lab)"), "{question}");
}

#[test]
fn what_a_terminal_showed_is_not_kept_in_files_of_the_home() {
    let tenant = Tenant::with_keys(["prod"]);
    let (code, _) = reveal(&tenant, |terminal| terminal.type_line("y"));
    assert_eq!(code, 0);
    // The token cache is where a token belongs; the leak sweep looks into it.
    for file in tenant.home().files().into_iter().filter(|file| !file.starts_with("state/zpakey/tokens/")) {
        let text = fs::read(tenant.home().path().join(&file)).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains(SECRET_MARKER), "{file}");
    }
}
