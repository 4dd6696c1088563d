//! A month of daily runs, as a timer makes them: rotations when they are due, graces that are held, and nothing deleted.

use std::os::unix::fs::PermissionsExt as _;

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use zpakey::sandbox::{Options, Storage};

use super::*;
use crate::support::{Home, Run};

const DAY: i64 = 86_400;

/// Rotated when it is 10 days old, less some hours so that the seconds of a run do not decide; a grace of 2 and a half days.
const ENTRIES: &str = "- {name: fleet, type: connector, uses: {keep: 5, cap: 100}, \
                         rotate: {every: 236h, grace: 60h, deliver: vault}}\n\
                       - {name: visit, type: connector, uses: {max: 2, open_for: 14d}}\n\
                       deliver: {vault: {exec: [./vault, kv, put, secret/fleet, key=-]}}\n";

/// Takes one line that is a key value and nothing else, and no key value as an argument.
const VAULT: &str = "#!/bin/sh\n\
    case \"$*\" in *'|'*) echo 'a secret is an argument' >&2; exit 3;; esac\n\
    [ \"$*\" = 'kv put secret/fleet key=-' ] || exit 4\n\
    cat >taken || exit 5\n\
    [ \"$(wc -l <taken)\" -le 1 ] || exit 6\n\
    grep -Eqx '[0-9]+\\|[a-z0-9.-]+\\|[^[:space:]|]+' taken || exit 7\n\
    mv taken stored && echo put >>puts\n";

/// A tenant whose time goes on although this machine's clock stays: a day later all that happened is a day further back.
struct Month {
    tenant: Tenant,
    home: Home,
}

impl Month {
    fn begin() -> Self {
        let tenant = tenant(&json!([
            {"name": "fleet", "maxUsage": 5, "creationTime": ago(4), "modifiedTime": ago(4)},
            {"name": "visit", "maxUsage": 2, "creationTime": ago(0), "modifiedTime": ago(0)},
        ]));
        let home = Home::new();
        home.write("keys.yaml", &format!("version: 1\nkeys:\n{ENTRIES}"));
        home.write("vault", VAULT);
        std::fs::set_permissions(home.work().join("vault"), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { tenant, home }
    }

    fn a_day_later(self) -> Self {
        let mut state = self.tenant.state();
        shift(&mut state);
        let file = self.home.path().join("tenant.json");
        std::fs::write(&file, state.to_string()).unwrap();
        let options = Options { storage: Storage::File(file), ..Options::default() };
        Self { tenant: Tenant::with(options), home: self.home }
    }

    fn run(&self, line: &str) -> Run {
        let variables = self.tenant.access().environment().into_iter();
        variables.fold(self.home.zpakey(line), |run, (name, value)| run.env(name, value))
    }

    fn apply(&self) -> Finished {
        self.run("apply keys.yaml --settle 0s --yes").run().code(0).has_no_secret()
    }

    fn puts(&self) -> usize {
        if self.home.has("puts") { self.home.read("puts").lines().count() } else { 0 }
    }

    fn stored(&self) -> String {
        self.home.read("stored").trim().to_owned()
    }

    fn keys(&self) -> Vec<String> {
        let state = self.tenant.state();
        state["keys"].as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// Moves the times of a tenant a day back, and those that are in the names of predecessors.
fn shift(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(shift),
        Value::Object(fields) => {
            for (field, value) in fields {
                if field.ends_with("Time") && value.is_string() {
                    let seconds: i64 = value.as_str().unwrap().parse().unwrap_or(0);
                    *value = (seconds - DAY).max(1).to_string().into();
                } else if field == "name" {
                    *value = earlier(value.as_str().unwrap_or_default()).into();
                } else {
                    shift(value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn earlier(name: &str) -> String {
    let time = name.rsplit_once('.').filter(|(rest, time)| rest.contains(".old-") && time.len() == 12);
    let Some((rest, time)) = time else { return name.to_owned() };
    let time = DateTime::strptime("%Y%m%d%H%M", time).unwrap() - 1.day();
    format!("{rest}.{}", time.strftime("%Y%m%d%H%M"))
}

#[test]
fn a_month_of_daily_runs_rotates_when_due_holds_each_grace_and_deletes_nothing() {
    let mut month = Month::begin();
    // The key is in the vault from the first day.
    let first = month.run("reveal fleet --yes --raw").run().code(0).stdout;
    month.home.write("stored", &first);
    let (mut ids, mut old, mut rotated) = (month.keys(), None::<(usize, String)>, Vec::new());
    for day in 0..30 {
        let (puts, before) = (month.puts(), month.stored());
        let run = month.apply();
        let now = month.keys();
        assert!(ids.iter().all(|id| now.contains(id)), "day {day}: a key is gone: {ids:?} {now:?}");
        let deletes = month.tenant.writes().into_iter().filter(|call| call.starts_with("DELETE"));
        assert_eq!(deletes.count(), 0, "day {day}");
        if month.puts() > puts {
            assert_eq!((month.puts(), now.len()), (puts + 1, ids.len() + 1), "day {day}: {}", run.stderr);
            assert!(old.is_none(), "day {day}: the last grace is not over");
            old = Some((day, before));
            rotated.push(day);
        } else {
            assert_eq!(now, ids, "day {day}: {}", run.stderr);
        }
        ids = now;
        // What the vault holds is the key of that name, and machines enrol with it every day.
        let current = month.tenant.key("fleet").unwrap();
        let enrolled =
            month.tenant.enroll(&month.stored()).unwrap_or_else(|error| panic!("day {day}: {error}"));
        assert_eq!(current["id"], enrolled.as_str(), "day {day}");
        if let Some((since, value)) = &old {
            // A machine that still has the old value enrols until the grace is over, and none does afterwards.
            let enrols = month.tenant.enroll(value).is_ok();
            assert_eq!(enrols, day - since < 3, "day {day}, rotated on {since}: {}", run.stderr);
            if !enrols {
                old = None;
            }
        }
        // The key for a visit is closed after 14 days.
        assert_eq!(month.tenant.key("visit").unwrap()["enabled"], json!(day < 14), "day {day}");
        // A second run on the same day finds nothing to do, or keeps enough uses.
        month.tenant.clear_requests();
        let again = month.apply();
        assert!(month.tenant.writes().len() <= 1, "day {day}: {}", again.stderr);
        month = month.a_day_later();
    }
    assert_eq!(rotated, [6, 16, 26]);
}
