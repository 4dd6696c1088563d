//! The invariants of a rotation, held against what was seen.

use std::collections::BTreeSet;

use super::history::{Key, Moment};

/// The key that is replaced.
pub const A: &str = "38101";
/// The name of the lineage.
pub const NAME: &str = "prod";

/// What is done to the lineage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// A successor takes over, and the predecessor may enrol for its grace.
    Rotate,
    /// The predecessor is stopped in the same run, or as soon as there is a successor.
    Stop,
    /// The same, and nothing that is older than a run is handed over: a successor that an earlier run made is set aside.
    Leak,
    /// The predecessor is stopped before there is a successor.
    DisableFirst,
    /// A swap is taken back.
    Rollback,
}

fn is_next(name: &str) -> bool {
    name == format!("{NAME}.next-{A}")
}

fn is_old(name: &str) -> bool {
    let due = name.strip_prefix(&format!("{NAME}.old-{A}."));
    due.is_some_and(|due| due.len() == 12 && due.bytes().all(|byte| byte.is_ascii_digit()))
}

/// True for the name of a successor that was set aside.
fn is_set_aside(id: &str, name: &str) -> bool {
    name == format!("{NAME}.old-{id}.197001010000")
}

/// Tells whether a key is of the lineage: one that was there by what it was called then, any other in any case.
fn is_of_lineage(id: &str, first: &Moment) -> bool {
    first.keys.get(id).is_none_or(|key| {
        key.rest.starts_with("\"CONNECTOR_GRP\"")
            && (key.name == NAME || is_next(&key.name) || is_old(&key.name))
    })
}

/// Holds every moment, and every step from one to the next, against the invariants that are always true.
pub fn check(job: Job, history: &[Moment]) -> Result<(), String> {
    let Some(first) = history.first() else { return Err("nothing was seen".to_owned()) };
    let mut handed_over: BTreeSet<&str> = first.held.iter().map(String::as_str).collect();
    for (at, moment) in history.iter().enumerate() {
        let wrong = |what: String| Err(format!("{what}, at moment {at} of {history:#?}"));
        handed_over.extend(moment.held.as_deref());
        let lineage: Vec<(&str, &Key)> = { moment.keys.iter() }
            .map(|(id, key)| (id.as_str(), key))
            .filter(|(id, _)| is_of_lineage(id, first))
            .collect();

        let deployed = moment.held.as_deref().unwrap_or(A);
        let is_blocked = job == Job::DisableFirst && deployed == A;
        if !is_blocked && !lineage.iter().any(|(_, key)| key.can_enrol()) {
            return wrong("I1: no key of the lineage can enrol".to_owned());
        }
        match moment.keys.get(deployed) {
            Some(key) if key.can_enrol() || is_blocked => {}
            Some(_) => return wrong(format!("I1: deployments hold {deployed}, which cannot enrol")),
            None => return wrong(format!("I1: deployments hold {deployed}, which is not there")),
        }

        // With a leak, what an earlier run may have handed over is replaced.
        let is_leak = matches!(job, Job::Leak | Job::DisableFirst);
        let in_place = |id: &&&str| {
            **id != A && moment.keys.get(**id).is_none_or(|key| !(is_leak && is_set_aside(id, &key.name)))
        };
        let successors = handed_over.iter().filter(in_place).count();
        if successors > 1 {
            return wrong("I2: two successors were handed over".to_owned());
        }

        for (id, key) in &lineage {
            let name = key.name.as_str();
            let is_found = match *id {
                A => is_old(name),
                id => is_next(name) || is_leak && is_set_aside(id, name),
            };
            if name != NAME && !is_found {
                return wrong(format!("I3: {id} is lost as {name}"));
            }
        }
        if lineage.iter().filter(|(_, key)| key.name == NAME).count() > 1 {
            return wrong("I3: two keys have the name".to_owned());
        }

        for (id, before) in first.keys.iter().filter(|(id, _)| !is_of_lineage(id, first)) {
            if moment.keys.get(id) != Some(before) {
                return wrong(format!("I7: {id} is none of ours and was changed"));
            }
        }
        if let (Some(before), Some(now)) = (first.keys.get(A), moment.keys.get(A)) {
            let may_stop = matches!(job, Job::Stop | Job::Leak | Job::DisableFirst);
            let same_switches = (before.enabled, before.max) == (now.enabled, now.max);
            if before.rest != now.rest || !(same_switches || may_stop) {
                return wrong(format!("I7: more of {A} was changed than its name"));
            }
            let is_made = |id: &str, key: &Key| !first.keys.contains_key(id) && !is_set_aside(id, &key.name);
            let made = lineage.iter().find(|(id, key)| is_made(id, key));
            if made.is_some_and(|(_, made)| made.rest != before.rest) {
                return wrong("I7: the successor is not as its predecessor".to_owned());
            }
        }

        let Some(after) = history.get(at + 1) else { continue };
        for (id, key) in moment.keys.iter().filter(|(id, _)| !after.keys.contains_key(*id)) {
            // A rollback takes back what was handed over, once the predecessor was handed over again.
            let was_held = if job == Job::Rollback {
                after.held.as_ref() == Some(id)
            } else {
                handed_over.contains(id.as_str())
            };
            if id == A || key.used > 0 || was_held {
                return wrong(format!("I5: {id} was deleted"));
            }
        }
    }
    Ok(())
}

/// Tells whether the end is reached that a run without faults reaches, but for stragglers of lost requests.
pub fn is_ended(job: Job, first: &Moment, now: &Moment, stragglers: usize) -> bool {
    let able = |id: &str| now.keys.get(id).is_some_and(Key::can_enrol);
    let holder = now.named(|name| name == NAME).find(|id| is_of_lineage(id, first));
    let a_is_old = now.keys.get(A).is_some_and(|a| is_old(&a.name));
    let is_left =
        |id: &str| now.held.as_deref() != Some(id) && now.keys.get(id).is_some_and(|key| key.used == 0);
    let is_leaking = now.keys.iter().any(|(id, key)| is_set_aside(id, &key.name) && key.can_enrol());
    let left: Vec<&str> = now.named(is_next).collect();
    let tidy = left.len() <= stragglers && left.iter().all(|id| is_left(id));
    let Some(holder) = holder.filter(|holder| able(holder) && now.held.as_deref() == Some(holder)) else {
        return false;
    };
    tidy && match job {
        Job::Rotate => holder != A && a_is_old && able(A),
        Job::Stop | Job::Leak | Job::DisableFirst => holder != A && a_is_old && !able(A) && !is_leaking,
        Job::Rollback => holder == A,
    }
}

/// I8: what a run says is so. `began` is where it began.
pub fn check_code(
    job: Job,
    code: i32,
    first: &Moment,
    began: &Moment,
    now: &Moment,
    stragglers: usize,
) -> Result<(), String> {
    match code {
        0 if is_ended(job, first, now, stragglers) => Ok(()),
        0 => Err(format!("I8: it is said to be done, and is not: {now:#?}")),
        // Each of these says that nothing was changed.
        3 | 4 | 5 | 9 | 10 if began == now => Ok(()),
        3 | 4 | 5 | 9 | 10 => {
            Err(format!("I8: exit code {code}, and something changed: {began:#?} {now:#?}"))
        }
        // Unfinished, or not known; or killed, which says nothing.
        6 | 13 | 137 => Ok(()),
        other => Err(format!("I8: exit code {other} is not explained")),
    }
}
