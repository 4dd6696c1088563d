//! What `exec` refuses, and what is said of a program that cannot be run.

use snapbox::str;

use super::tenant;

#[test]
fn exactly_one_way_to_hand_it_over_is_needed() {
    let tenant = tenant();
    tenant.zpakey("exec prod -- true").run().code(2).stderr_has("<--env <NAME>|--file <VAR>|--stdin>");
    for hand in ["--env A --file B", "--env A --stdin", "--file B --stdin"] {
        tenant.zpakey(format!("exec prod {hand} -- true")).run().code(2).stderr_has("cannot be used with");
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_program_is_named_after_two_dashes() {
    let tenant = tenant();
    for line in ["exec prod --env K", "exec prod --env K true", "exec prod --env K --"] {
        tenant.zpakey(line).run().code(2);
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn the_programs_options_are_its_own() {
    tenant()
        .zpakey("exec prod --env K -- echo --env --stdin -h")
        .run()
        .code(0)
        .stdout_is("--env --stdin -h\n");
}

#[test]
fn what_names_no_variable_is_refused() {
    let tenant = tenant();
    for name in ["1A", "A-B", "A=B", "", "Ä"] {
        let run = tenant.zpakey(["exec", "prod", "--env", name, "--", "true"]).run();
        run.code(2).stderr_has("a variable's name is expected");
    }
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_key_that_cannot_be_viewed_is_told_and_nothing_is_run() {
    let run = tenant().zpakey("exec vault-only --env K -- echo not run").run().code(8).stdout_is("");
    run.stderr_is(str![[r#"
error: viewing of vault-only (38102) is switched off; Zscaler never returns its value again
hint: use the copy you saved, or replace it: zpakey rotate vault-only --out-file provision_key

"#]]);
}

#[test]
fn a_key_that_is_not_there_is_told_and_nothing_is_run() {
    tenant()
        .zpakey("exec prd --env K -- echo not run")
        .run()
        .code(4)
        .stdout_is("")
        .stderr_has("did you mean prod");
}

#[test]
fn a_program_that_is_not_there_is_told_as_env_does() {
    tenant().zpakey("exec prod --env K -- no-such-program").run().code(127).has_no_secret().stderr_is(str![
        [r#"
handing prod (38101, sha256:7feea2862102) to no-such-program in K
error: could not run no-such-program
  No such file or directory (os error 2)

"#]
    ]);
}

#[test]
fn a_program_that_cannot_be_run_is_told_as_env_does() {
    let tenant = tenant();
    tenant.home().write("text", "no program");
    let run = tenant.zpakey("exec prod --env K -o json -- ./text").run().code(126).has_no_secret();
    let error = run.error();
    assert_eq!(
        (error["code"].as_str(), error["exit_code"].as_u64()),
        (Some("command_not_executable"), Some(126))
    );
}

#[test]
fn names_are_not_read_from_standard_input() {
    tenant().zpakey("exec - --env K -- true").stdin("prod\n").run().code(2).stderr_is(str![[r#"
error: exec reads no names from standard input
hint: `zpakey exec NAME … -- CMD` hands over one key; name it

"#]]);
}

#[test]
fn a_key_value_in_place_of_the_program_is_not_quoted() {
    let tenant = tenant();
    let text = tenant.zpakey("reveal prod --yes --raw").run().code(0).stdout;
    let run = tenant.zpakey(["exec", "prod", "--env", "K", "--", &text]).run().code(127).has_no_secret();
    run.stderr_has("to [redacted] in K").stderr_has("could not run [redacted]");
}
