//! What `zpakey sandbox` says to the programs around it: variables, exit codes, signals, and the tenant's file.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::Value;
use snapbox::str;

use crate::support::{Arguments, Finished, Home};

fn run_in_sandbox(command: impl Arguments) -> Finished {
    let mut all = vec!["sandbox".to_owned(), "run".to_owned(), "--".to_owned()];
    all.extend(command.list());
    Home::new().zpakey(all).run()
}

#[test]
fn sandbox_run_passes_the_programs_exit_code_on() {
    run_in_sandbox(["sh", "-c", "exit 7"]).code(7).stdout_is("").stderr_is("");
}

#[test]
fn sandbox_run_tells_a_signal_as_a_shell_does() {
    run_in_sandbox(["sh", "-c", "kill -KILL $$"]).code(137).stderr_is("");
    run_in_sandbox(["sh", "-c", "kill -TERM $$"]).code(143).stderr_is("");
}

#[test]
fn sandbox_run_leads_the_program_to_a_fresh_tenant() {
    let home = Home::new();
    let script = r#""$ZPAKEY" create a --type connector --group "AWS us-east-1" --max-usage 1 -q && "$ZPAKEY" list -q"#;
    for _ in 0..2 {
        let run = home.zpakey(["-c", &format!("exec \"$ZPAKEY\" sandbox run -- sh -c '{script}'")]);
        run.through("/bin/sh").run().code(0).stdout_is("38101\n38101\n");
    }
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn a_program_that_does_not_exist_is_named() {
    run_in_sandbox("no-such-program").code(127).stderr_is(str![[r"
error: could not run no-such-program
  No such file or directory (os error 2)

"]]);
}

#[test]
fn ctrl_c_ends_sandbox_run_and_its_program() {
    let running =
        Home::new().zpakey(["sandbox", "run", "--", "sh", "-c", "echo started; exec sleep 60"]).start();
    running.stdout_until("started\n");
    running.interrupt();
    running.finish().code(130);
}

#[test]
fn a_signal_is_passed_on_and_the_program_may_clean_up() {
    for end in ["TERM", "INT"] {
        let home = Home::new();
        let script = format!("trap 'echo cleaned; exit 9' {end}; echo started; while :; do sleep 0.05; done");
        let running = home.zpakey(["sandbox", "run", "--", "sh", "-c", script.as_str()]).start();
        running.stdout_until("started\n");
        match end {
            "TERM" => running.terminate(),
            _ => running.interrupt(),
        }
        running.finish().code(9).stdout_has("cleaned");
    }
}

#[test]
fn sandbox_serve_prints_variables_that_a_shell_can_take() {
    let home = Home::new();
    let serving = home.zpakey("sandbox serve --fresh").start();
    serving.stderr_until("Ctrl-C ends it");
    let lines = serving.stdout_until("\nexport ZPA_CLIENT_SECRET=");
    assert!(lines.lines().all(|line| line.starts_with("export ")), "{lines}");
    serving.terminate();
    let lines = serving.finish().code(143).stdout;
    // The server is gone, so what is taken here is only shown to be whole.
    let script = format!("{lines}\nprintf '%s\\n' \"$ZSCALER_CLIENT_SECRET\" \"$ZPA_CUSTOMER_ID\"");
    let taken = home.zpakey(["-c", &script]).through("/bin/sh").run().code(0);
    assert_eq!(taken.stdout, "NotARealSecret:#,.+/=\n216199618143191040\n");
}

#[test]
fn a_shell_that_took_the_variables_of_sandbox_serve_reaches_it() {
    let home = Home::new();
    let serving = home.zpakey("sandbox serve --fresh").start();
    serving.stderr_until("Ctrl-C ends it");
    let lines = serving.stdout_until("ZPA_CLIENT_SECRET=");
    let lines = lines.rsplit_once('\n').unwrap().0.to_owned();
    let create = "create demo --type connector --group 'AWS us-east-1' --max-usage 3 -q";
    let script = format!("{lines}\n\"$ZPAKEY\" {create}; \"$ZPAKEY\" get demo --field remaining");
    home.zpakey(["-c", &script]).through("/bin/sh").run().code(0).stdout_is("38101\n3\n");
    serving.interrupt();
    serving.finish().code(130);
}

#[test]
fn sandbox_serve_describes_itself_as_one_json_object() {
    let serving = Home::new().zpakey("sandbox serve --fresh -o json").start();
    serving.stderr_until("Ctrl-C ends it");
    serving.terminate();
    let finished = serving.finish().code(143);
    let described = finished.json();
    assert_eq!(finished.stdout.lines().count(), 1);
    assert_eq!(described["customer_id"], "216199618143191040");
    assert_eq!(described["env"]["ZPAKEY_API_URL"], described["api_url"]);
    assert_eq!(described["env"]["ZPAKEY_TOKEN_URL"], described["token_url"]);
}

/// The example in the help of `--faults`.
fn second_actor_of_the_help() -> String {
    let help = Home::new().zpakey("sandbox serve --help").run().code(0).stdout;
    let (_, rest) = help.split_once("between a tool's GET and its PUT:").unwrap_or_default();
    let (example, _) = rest.split_once("}}]").unwrap_or_default();
    format!("{}}}}}]", example.trim())
}

#[test]
fn the_second_actor_of_the_help_acts_between_a_tools_get_and_its_put() {
    let home = Home::new();
    home.write("faults.json", &second_actor_of_the_help());
    let serving = home.zpakey("sandbox serve --fresh --faults faults.json").start();
    serving.stderr_until("Ctrl-C ends it");
    let lines = serving.stdout_until("ZPA_CLIENT_SECRET=");
    let lines = lines.rsplit_once('\n').unwrap().0.to_owned();
    let script = format!(
        r#"{lines}
           "$ZPAKEY" create demo --type connector --group 'AWS us-east-1' --max-usage 9 -q
           "$ZPAKEY" update id:38101 --type connector --ui-config blue -o json 2>&1
           "$ZPAKEY" get demo --type connector -o json --columns max_usage,modified_by"#
    );
    let run = home.zpakey(["-c", &script]).through("/bin/sh").run().code(0);
    serving.interrupt();
    serving.finish().code(130);
    // The first read of the key showed a limit of 9; the one directly before the write shows what the actor made of it.
    let told = "demo (38101) was changed by 216199618143372999 while this command ran: max_usage 9 → 5";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    assert!(
        run.stdout.ends_with("{\"max_usage\":5,\"modified_by\":\"216199618143372700\"}\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let home = Home::new();
    let serving = home.zpakey("sandbox serve --fresh -o json").start();
    let text = serving.stdout_until("\n");
    let address = serde_json::from_str::<Value>(&text).unwrap()["api_url"].as_str().unwrap().to_owned();
    let port = address.rsplit_once(':').unwrap().1;
    let run = home.zpakey(format!("sandbox serve --fresh --port {port}")).run();
    run.code(2).stderr_has(&format!("cannot listen on 127.0.0.1 port {port}"));
    serving.terminate();
    serving.finish().code(143);
}

#[test]
fn sandboxes_that_write_at_once_lose_nothing() {
    let home = Home::new();
    let create = |number: u32| {
        home.sandboxed(format!(
            "create key-{number} --type connector --group 'AWS us-east-1' --max-usage 1 -q --rate-limit off"
        ))
        .start()
    };
    let running: Vec<_> = (1..=4).map(create).collect();
    let mut ids: Vec<String> = running.into_iter().map(|run| run.finish().code(0).stdout).collect();
    ids.sort();
    assert_eq!(ids, ["38101\n", "38102\n", "38103\n", "38104\n"]);
    let listed = home.sandboxed("list --sort id -q").run().code(0);
    assert_eq!(listed.stdout, "38101\n38102\n38103\n38104\n");
}

#[test]
fn the_sandbox_tells_where_its_tenant_is() {
    Home::new().zpakey("sandbox path").run().code(0).stdout_is("[HOME]/state/zpakey/sandbox.json\n");
}

#[test]
fn a_reset_takes_the_tenant_away() {
    let home = Home::new();
    let create = "create demo --type connector --group 'AWS us-east-1' --max-usage 1 -q";
    home.sandboxed(create).run().code(0).stdout_is("38101\n");
    home.zpakey("sandbox reset").run().code(0).stdout_is("").stderr_is("✓ the sandbox starts anew\n");
    home.sandboxed("list").run().code(0).stdout_is("[]\n");
}

#[test]
fn a_reset_of_nothing_is_a_success() {
    Home::new().zpakey("sandbox reset").run().code(0);
}

#[test]
fn the_tenants_file_is_its_owners_alone_and_holds_no_secret() {
    let home = Home::new();
    home.sandboxed("create demo --type connector --group 'AWS us-east-1' --max-usage 1 -q").run().code(0);
    let file = home.path().join("state/zpakey/sandbox.json");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!fs::read_to_string(file).unwrap().contains(zpakey::sandbox::SECRET_MARKER));
}

#[test]
fn a_tenants_file_that_cannot_be_read_is_refused_and_kept() {
    let home = Home::new();
    let file = home.path().join("state/zpakey/sandbox.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "{\"version\": 1, half").unwrap();
    home.sandboxed("list -o table").run().code(2).stdout_is("").stderr_is(str![[r"
sandbox tenant, nothing real is touched
error: the sandbox: the sandbox tenant in `[HOME]/state/zpakey/sandbox.json` cannot be used: it is not JSON (line 1, column 16); `zpakey sandbox reset` removes it

"]]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "{\"version\": 1, half");
}

#[test]
fn a_tenants_file_of_another_version_is_refused_and_kept() {
    let home = Home::new();
    let file = home.path().join("state/zpakey/sandbox.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "{\"version\": 99}").unwrap();
    let run = home.sandboxed("list -o table").run().code(2).stdout_is("");
    run.stderr_has("it has version 99, this is version 1").stderr_has("zpakey sandbox reset");
    assert_eq!(fs::read_to_string(&file).unwrap(), "{\"version\": 99}");
}

#[test]
fn a_read_that_the_served_sandbox_does_not_know_is_said_once() {
    let home = Home::new();
    let served = home.zpakey("sandbox serve --fresh -o json").start();
    let access: Value = serde_json::from_str(&served.stdout_until("\n")).unwrap();
    let url = format!(
        "{}/mgmtconfig/v1/admin/customers/{}/somethingNew",
        access["api_url"].as_str().unwrap(),
        access["customer_id"].as_str().unwrap()
    );
    let script = format!(
        "token=$(curl -sS -d client_id=$ZPA_CLIENT_ID --data-urlencode client_secret=$ZPA_CLIENT_SECRET {}/signin | jq -r .access_token)
         for try in 1 2; do curl -sS -H \"Authorization: Bearer $token\" {url}; done",
        access["api_url"].as_str().unwrap()
    );
    let mut shell = home.zpakey(["-c", script.as_str()]).through("/bin/sh");
    for name in ["ZPA_CLIENT_ID", "ZPA_CLIENT_SECRET"] {
        shell = shell.env(name, access["env"][name].as_str().unwrap());
    }
    shell.run().code(0).stdout_has("totalPages");
    served.stderr_until("does not know GET");
    served.terminate();
    let ended = served.finish().code(143);
    assert_eq!(ended.stderr.matches("somethingNew").count(), 1);
}

#[test]
fn the_help_of_serve_tells_what_a_second_actor_can_do() {
    let run = Home::new().zpakey("sandbox serve --help").run().code(0);
    run.stdout_has("{\"set_max_usage\": \"this\", \"to\": 5}").stdout_has("lists=true|object|null");
}

#[test]
fn faults_that_cannot_be_used_are_named_with_their_place() {
    let home = Home::new();
    let file = home.path().join("faults.json");
    for (text, place) in [
        ("[\n  {\"action\": ]", "faults.json is not JSON at line 2 column 14: expected value"),
        ("[{\"action\": \"empty\"}, {\"before\": {\"blok\": \"a\"}}]", "fault 2: an act has one of `block`"),
    ] {
        fs::write(&file, text).unwrap();
        let arguments = ["sandbox", "serve", "--fresh", "--faults", file.to_str().unwrap()];
        home.zpakey(arguments).run().code(2).stdout_is("").stderr_has(place);
    }
}

#[test]
fn an_unknown_write_of_a_program_is_named_at_the_end() {
    let script = r#"base="$ZPAKEY_API_URL/mgmtconfig/v1/admin/customers/$ZPA_CUSTOMER_ID"
        token=$(curl -sS -d client_id=$ZPA_CLIENT_ID --data-urlencode "client_secret=$ZPA_CLIENT_SECRET" "$ZPAKEY_API_URL/signin" | jq -r .access_token)
        curl -sS -o /dev/null -H "Authorization: Bearer $token" -d '{}' "$base/segmentGroup""#;
    let run = run_in_sandbox(["sh", "-c", script]).code(0);
    run.stderr_has("the sandbox does not know POST ").stderr_has("/segmentGroup; it answered 404");
}
