//! What goes by a due time or an age needs the server's clock and this machine's to agree.

use serde_json::json;

use crate::support::Tenant;

const DAY: i64 = 86_400;
/// Each of these would write something if the clocks agreed.
const LINES: [&str; 4] = [
    "retire --all-due --yes",
    "retire due --yes",
    "purge --all-due --yes",
    "rotate old --no-deliver --if-older-than 90d --idle --settle 0s --yes",
];

/// A predecessor that is due since 2020, one that was retired then, and a key that was made then.
fn tenant(quirk: &str, value: &str) -> Tenant {
    let old = "1600000000";
    Tenant::seeded(json!({
        "keys": [
            {"name": "due", "usageCount": 1, "creationTime": old},
            {"name": "due.old-38102.202011231504", "maxUsage": 50, "usageCount": 47},
            {"name": "gone", "usageCount": 1},
            {"name": "gone.old-38104.202011231504", "maxUsage": 47, "usageCount": 47, "enabled": false,
                "modifiedTime": old},
            {"name": "old", "usageCount": 1, "creationTime": old},
        ],
        "quirks": {quirk: value},
    }))
}

#[test]
fn clocks_that_agree_within_minutes_let_each_command_act() {
    for line in LINES {
        for off in ["0", "240", "-240"] {
            let tenant = tenant("clock-off", off);
            tenant.zpakey(line).run().code(0);
            assert!(!tenant.writes().is_empty(), "{line} {off}");
        }
    }
}

#[test]
fn a_clock_that_is_days_off_changes_nothing_and_both_times_are_named() {
    for line in LINES {
        for off in [3 * DAY, 60 * DAY, -3 * DAY, -60 * DAY, 600] {
            let tenant = tenant("clock-off", &off.to_string());
            let run = tenant.zpakey(line).run().code(5);
            assert_eq!(tenant.writes(), [""; 0], "{line} {off}");
            let error = run.error();
            assert_eq!(error["code"], "clock_skew", "{line} {off}: {error}");
            let message = error["message"].as_str().unwrap();
            let now = jiff::Timestamp::now();
            let theirs = now.saturating_add(jiff::SignedDuration::from_secs(off)).unwrap();
            for (whose, time) in [("the server's clock says   ", theirs), ("this machine's clock says ", now)]
            {
                // The day and the hour; a test may run over the turn of one.
                let at = |time: jiff::Timestamp| format!("{whose}{}", time.to_string().split_at(13).0);
                let earlier = time.saturating_sub(jiff::SignedDuration::from_secs(60)).unwrap();
                assert!(
                    message.contains(&at(time)) || message.contains(&at(earlier)),
                    "{line} {off}: {message}"
                );
            }
        }
    }
}

#[test]
fn a_server_that_does_not_say_what_time_it_is_changes_nothing() {
    for line in LINES {
        let tenant = tenant("date", "absent");
        let run = tenant.zpakey(line).run().code(5);
        assert_eq!(tenant.writes(), [""; 0], "{line}");
        let error = run.error();
        assert_eq!(error["code"], "clock_skew", "{line}: {error}");
        run.stderr_has("needs synchronized clocks, and the server's clock is not known: nothing was changed")
            .stderr_has("no Date header")
            .stderr_has("this machine's clock says ")
            .stderr_has("--proxy none")
            .lacks("do not agree");
    }
}

#[test]
fn a_clock_that_is_off_does_not_keep_a_key_from_being_blocked_or_rotated_by_hand() {
    let tenant = tenant("clock-off", &(60 * DAY).to_string());
    tenant.zpakey("disable due --yes").run().code(0);
    tenant.zpakey("rotate old --no-deliver --settle 0s --yes").run().code(0);
}
