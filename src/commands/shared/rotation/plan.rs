//! A plan as people read it before they agree: a line for each thing that will happen.

use super::minute;
use crate::context::{Context, typed_name};
use crate::domain::rotation::{Due, Plan, Step, old_name};
use crate::domain::{NewKey, ProvisioningKey, ServerText, escape};
use crate::output::step_word;

/// Below so many keys of a type there is nothing to say of its limit. Unit: keys.
const FEW: usize = 80;

/// Says which key a plan is about: `build-runners (6221) · connector · CI us-east-1 · 47 of 50 used · tenant …`.
pub(crate) fn heading(ctx: &Context, key: &ProvisioningKey, name: &ServerText) -> String {
    let dot = ctx.reporter.separator();
    format!(
        "{name} ({}){dot}{}{dot}{}{dot}{} of {} used{dot}{}",
        key.id,
        key.association_type,
        key.group_label(),
        key.usage.count.0,
        key.usage.max.0,
        ctx.tenant_label()
    )
}

/// What the lines of a plan say that the plan itself does not know.
pub(crate) struct PlanLabels<'a> {
    pub(crate) name: &'a ServerText,
    /// Where the text goes, as in `provision_key`; `None` if it is handed to no one.
    pub(crate) destination: Option<String>,
    /// What `--wait-enroll` waits for, as in `2 enrolments`.
    pub(crate) awaited: String,
    /// The name of the group that the new key joins, where it is another one.
    pub(crate) group: Option<&'a ServerText>,
    /// The name of the certificate that the new key has, where it is another one.
    pub(crate) cert: Option<&'a ServerText>,
}

/// The word of the step that hands a key value over.
const DELIVER: &str = "hand_over";

/// Lists what a plan does, in order, each as a word and a sentence. What only looks is not listed.
pub(crate) fn steps(ctx: &Context, plan: &Plan, words: &PlanLabels<'_>) -> Vec<(&'static str, String)> {
    let old = plan.old.as_ref();
    let new = plan.new.as_ref();
    let new_key = new.map_or_else(|| "the new key".to_owned(), |key| key.id.to_string());
    let mut steps = Vec::new();
    let will_name = |step: &Step| plan.steps.contains(step);
    for step in &plan.steps {
        let line = match step {
            // Either only looks, or is said with the other name.
            Step::Guard(_) | Step::GuardSuccessor | Step::NameNew | Step::LastLook => continue,
            Step::Verify if words.destination.is_some() => continue,
            Step::Verify => {
                let reveal = ctx.command(&format!("reveal {} --out-file FILE", typed_name(words.name)));
                (DELIVER, format!("skipped (run {reveal} later)"))
            }
            Step::Clean(id) => ("clean", format!("delete {id}, an unused key that a lost request left")),
            Step::SetAside(id) => {
                ("name", format!("{id} is set aside, as {}", old_name(words.name, id, Due::SET_ASIDE)))
            }
            Step::DeliverHolder(id) => {
                (DELIVER, format!("{id} to {}", words.destination.as_deref().unwrap_or("no destination")))
            }
            Step::StopOld => {
                let id = old.map_or_else(String::new, |key| key.id.to_string());
                let line = naming(plan, words.name).map_or_else(String::new, |line| format!("{line}, "));
                steps.push(("name", format!("{line}{new_key} becomes {}", words.name)));
                ("retire", format!("{id} can enrol no more; what enrolled with it keeps running"))
            }
            Step::Create => ("create", creation(plan.create.as_ref(), old, words)),
            Step::Deliver => {
                (DELIVER, format!("to {}", words.destination.as_deref().unwrap_or("no destination")))
            }
            Step::DeliverOld => {
                let id = old.map_or_else(String::new, |key| key.id.to_string());
                (
                    DELIVER,
                    format!("{id} again to {}", words.destination.as_deref().unwrap_or("no destination")),
                )
            }
            Step::NameOld => match naming(plan, words.name) {
                Some(line) if will_name(&Step::NameNew) => {
                    ("name", format!("{line}, {new_key} becomes {}", words.name))
                }
                Some(line) => ("name", line),
                None if will_name(&Step::NameNew) => ("name", format!("{new_key} becomes {}", words.name)),
                None => continue,
            },
            Step::NameDisplaced(id) => ("name", format!("{id} gets the name of a predecessor again")),
            Step::WaitEnroll => ("wait", format!("for {}", words.awaited)),
            Step::Retire(id) => {
                ("retire", format!("{id} can enrol no more; what enrolled with it keeps running"))
            }
            Step::Seal => ("seal", format!("viewing of {new_key} is switched off for good")),
            Step::UnnameNew => match old {
                Some(old) => (
                    "name",
                    format!("{new_key} becomes {}", crate::domain::rotation::next_name(words.name, &old.id)),
                ),
                None => continue,
            },
            Step::GiveBack => match old {
                Some(old) => ("name", format!("{} becomes {} again", old.id, words.name)),
                None => continue,
            },
            Step::Delete(id) => ("delete", format!("{id}, which nothing enrolled with")),
            Step::Enable(id) => ("enable", format!("{id} can enrol again")),
        };
        steps.push(line);
    }
    let retires = |id| plan.steps.contains(&Step::Retire(id)) || plan.steps.contains(&Step::StopOld);
    if let (Some(due), Some(old)) = (plan.due, old)
        && !retires(old.id.clone())
    {
        let retire = ctx.command(&format!("retire {}", typed_name(words.name)));
        steps.push(match due {
            Due::At(time) => (
                "retire",
                format!("{} from {}, once {new_key} has been used: {retire}", old.id, minute(time)),
            ),
            Due::Hold => ("hold", format!("{} can enrol until it is stopped: {retire}", old.id)),
        });
    }
    steps
}

/// Writes the steps as numbered lines below a heading.
pub(crate) fn lines(ctx: &Context, heading: &str, plan: &Plan, words: &PlanLabels<'_>) -> String {
    let mut lines = vec![heading.to_owned()];
    for (at, (word, line)) in steps(ctx, plan, words).iter().enumerate() {
        let word = step_word(word);
        // A command in it may quote a name with a line break.
        lines.push(format!("  {}  {word:7} {}", at + 1, escape(line)));
    }
    let most = plan.old.as_ref().and_then(|key| key.association_type.most_keys());
    if let Some(most) = most.filter(|_| plan.keys_in_use >= FEW) {
        lines.push(format!("  {} of {most} keys of the type are used", plan.keys_in_use));
    }
    lines.join("\n")
}

fn naming(plan: &Plan, name: &ServerText) -> Option<String> {
    let old = plan.old.as_ref().filter(|old| old.name == *name)?;
    Some(format!("{} becomes {}", old.id, old_name(name, &old.id, plan.due?)))
}

/// Says what the new key is like: what it keeps of the old one, and what it does not.
fn creation(wanted: Option<&NewKey>, old: Option<&ProvisioningKey>, words: &PlanLabels<'_>) -> String {
    let (Some(wanted), Some(old)) = (wanted, old) else { return "a new key".to_owned() };
    let mut same = Vec::new();
    let mut other = Vec::new();
    if wanted.group == old.group.id {
        same.push("group");
    } else {
        other.push(format!(
            "group {}",
            words.group.map_or_else(|| wanted.group.to_string(), ToString::to_string)
        ));
    }
    if wanted.cert == old.cert.id {
        same.push("certificate");
    } else {
        other.push(format!(
            "certificate {}",
            words.cert.map_or_else(|| wanted.cert.to_string(), ToString::to_string)
        ));
    }
    if crate::domain::same_acl(&wanted.ip_acl, &old.ip_acl) {
        same.push("IP ACL");
    } else {
        let entries: Vec<_> = wanted.ip_acl.iter().map(ToString::to_string).collect();
        other.push(format!("IP ACL {}", entries.join(" ")));
    }
    let plural = if wanted.max_usage.0 == 1 { "" } else { "s" };
    other.push(format!("{} use{plural}", wanted.max_usage.0));
    let same = (!same.is_empty()).then(|| format!("same {}", same.join(", ")));
    format!("a new key: {}", same.into_iter().chain(other).collect::<Vec<_>>().join(", "))
}
