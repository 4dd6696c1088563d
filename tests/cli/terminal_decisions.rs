//! The whole table of who is asked before a key value is shown, at real terminals: where the answer goes × whether a
//! person is there × what is said. The question is on standard error only, and the terminal is as it was.

use std::iter;

use zpakey::sandbox::SECRET_MARKER;

use crate::support::{Tenant, Terminal};

/// Where the answer goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stdout {
    Terminal,
    Pipe,
    File,
}

/// What the person does, or what was typed beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Yes,
    No,
    Enter,
    CtrlC,
    EndOfInput,
    YesBefore,
    NoInput,
}

/// Whether there is somebody to ask.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Person {
    There,
    Away,
}

const STDOUTS: [Stdout; 3] = [Stdout::Terminal, Stdout::Pipe, Stdout::File];

/// What came of a case.
#[derive(Debug, PartialEq)]
struct Outcome {
    code: String,
    asked: bool,
    shown: bool,
}

/// Runs one case between two `stty -a`, which must say the same.
fn case(tenant: &Tenant, stdout: Stdout, person: Person, said: Said) -> Outcome {
    let options = match said {
        Said::YesBefore => " --yes",
        Said::NoInput => " --no-input",
        Said::Yes | Said::No | Said::Enter | Said::CtrlC | Said::EndOfInput => "",
    };
    let stdin = if person == Person::Away { " </dev/null" } else { "" };
    let run = format!("\"$ZPAKEY\" reveal prod --raw{options}{stdin}");
    let run = match stdout {
        Stdout::Terminal => format!("{run}; echo $? > code"),
        // A shell that Ctrl-C ends would not wait for the program.
        Stdout::Pipe => format!("{{ trap : INT; {run}; echo $? > code; }} | cat > out"),
        Stdout::File => format!("{run} > out; echo $? > code"),
    };
    let script = format!("trap : INT; stty noflsh; stty -a > before; {run}; stty -a > after");
    tenant.home().write("out", "");
    tenant.home().write("code", "");
    let mut terminal = tenant.zpakey(["-c", &script]).through("/bin/sh").terminal();
    let is_asked = person == Person::There && !matches!(said, Said::YesBefore | Said::NoInput);
    if is_asked {
        terminal.expect("? Print the secret of prod to ");
        terminal.expect("? [y/N] ");
        answer(&mut terminal, said);
    }
    assert_eq!(terminal.exit_code(), 0, "{stdout:?} {person:?} {said:?}");
    let out = tenant.home().read("out");
    let screen = terminal.screen();
    assert!(!out.contains("Print the secret of prod"), "the question went to stdout: {out}");
    assert!(!terminal.raw().contains("\x1b[?25l"), "the cursor was hidden");
    let kept = (tenant.home().read("before"), tenant.home().read("after"));
    assert_eq!(kept.0, kept.1, "{stdout:?} {person:?} {said:?}");
    let answer = if stdout == Stdout::Terminal { &screen } else { &out };
    if stdout != Stdout::Terminal {
        assert!(!screen.contains(SECRET_MARKER), "{screen}");
        assert!(out.is_empty() || out.len() == 429, "{} bytes", out.len());
    }
    Outcome {
        code: tenant.home().read("code").trim().to_owned(),
        asked: screen.contains("[y/N]"),
        shown: answer.contains(SECRET_MARKER),
    }
}

fn answer(terminal: &mut Terminal, said: Said) {
    match said {
        Said::Yes => terminal.type_line("y"),
        Said::No => terminal.type_line("n"),
        Said::Enter => terminal.type_line(""),
        Said::CtrlC => terminal.interrupt(),
        Said::EndOfInput => terminal.end_input(),
        Said::YesBefore | Said::NoInput => {}
    }
}

/// Runs the cases of a row wherever the answer goes.
fn row(person: Person, said: Said, code: &str, asked: bool, shown: bool) {
    let tenant = Tenant::with_keys(["prod"]);
    for stdout in STDOUTS {
        let found = case(&tenant, stdout, person, said);
        let expected = Outcome { code: code.to_owned(), asked, shown };
        assert_eq!(found, expected, "{stdout:?} {person:?} {said:?}");
    }
}

#[test]
fn a_person_who_says_yes_sees_it_wherever_it_goes() {
    row(Person::There, Said::Yes, "0", true, true);
}

#[test]
fn a_person_who_says_no_sees_nothing_wherever_it_goes() {
    row(Person::There, Said::No, "11", true, false);
}

#[test]
fn a_person_who_presses_enter_sees_nothing_wherever_it_goes() {
    row(Person::There, Said::Enter, "11", true, false);
}

#[test]
fn a_person_who_presses_ctrl_c_sees_nothing_wherever_it_goes() {
    row(Person::There, Said::CtrlC, "130", true, false);
}

#[test]
fn a_person_who_ends_the_input_sees_nothing_wherever_it_goes() {
    row(Person::There, Said::EndOfInput, "11", true, false);
}

#[test]
fn with_yes_it_is_shown_to_whoever_is_there_or_not() {
    row(Person::There, Said::YesBefore, "0", false, true);
    row(Person::Away, Said::YesBefore, "0", false, true);
}

#[test]
fn with_no_input_it_is_refused_whoever_is_there_or_not() {
    row(Person::There, Said::NoInput, "11", false, false);
    row(Person::Away, Said::NoInput, "11", false, false);
}

#[test]
fn where_nobody_is_there_it_is_refused() {
    row(Person::Away, Said::No, "11", false, false);
}

#[test]
fn a_private_destination_is_the_consent_whoever_is_there_or_not() {
    let tenant = Tenant::with_keys(["prod"]);
    let away = iter::once(" </dev/null");
    for (n, stdin) in iter::once("").chain(away).enumerate() {
        for (line, said) in [
            (
                format!("reveal prod --out-file key-{n}{stdin}"),
                format!("✓ wrote key-{n} (0600, 429 bytes, sha256:7feea2862102)\n"),
            ),
            (
                format!("exec prod --env KEY -- true{stdin}"),
                "handing prod (38101, sha256:7feea2862102) to true in KEY\n".to_owned(),
            ),
        ] {
            for options in ["", " --no-input"] {
                let line = line
                    .replacen(" prod", &format!(" prod{options}"), 1)
                    .replace("key-", &format!("key{}-", options.len()));
                let script = format!("\"$ZPAKEY\" {line}; echo $?");
                let mut terminal = tenant.zpakey(["-c", &script]).through("/bin/sh").terminal();
                assert_eq!(terminal.exit_code(), 0);
                let said = said.replace("key-", &format!("key{}-", options.len()));
                assert_eq!(terminal.screen(), format!("{said}0\n"));
            }
        }
    }
}
