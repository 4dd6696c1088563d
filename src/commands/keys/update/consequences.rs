//! What an update brings about that its options do not say, told before it is written.

use crate::commands::shared::ask::{Danger, Question, consent};
use crate::context::{Consent, Context, typed_name};
use crate::domain::rotation::{Role, can_enrol, lineage_name, role};
use crate::domain::{KeyChange, ProvisioningKey};
use crate::error::CommandResult;
use crate::output::Notice;

/// Asks before a predecessor of a rotation can enrol again, and before a limit leaves a key no use; a limit is only
/// warned of where no one can be asked.
pub(super) async fn agree(ctx: &Context, keys: &[ProvisioningKey], change: &KeyChange) -> CommandResult<()> {
    for key in keys {
        // What cannot be applied is refused when it is tried.
        let Ok(wanted) = change.apply(key) else { continue };
        let is_replaced = matches!(role(key), Role::Old | Role::Retired);
        if is_replaced && !can_enrol(key) && can_enrol(&wanted) {
            consent(ctx, revival(ctx, key)).await?;
        } else if can_enrol(key) && wanted.usage.remaining() == 0 {
            let question = exhaustion(ctx, key, &wanted);
            if ctx.consent != Consent::Given && ctx.can_ask() {
                consent(ctx, question).await?;
            } else {
                ctx.say(&Notice::Warning(question.about));
            }
        }
    }
    Ok(())
}

fn revival(ctx: &Context, key: &ProvisioningKey) -> Question {
    let name = lineage_name(key);
    Question {
        about: format!(
            "{} ({}) was replaced by a rotation of {name}: as soon as it can enrol again, so can anyone who holds its value.",
            key.name, key.id
        ),
        ask: "Let it enrol again?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not let {} ({}) enrol again, which a rotation replaced,", key.name, key.id),
        hints: vec![
            format!("{}      shows the rotation", ctx.command(&format!("status {}", typed_name(&name)))),
            "--yes confirms it".to_owned(),
        ],
    }
}

fn exhaustion(ctx: &Context, key: &ProvisioningKey, wanted: &ProvisioningKey) -> Question {
    let undo = ctx.command(&format!("update id:{} --max-usage {}", key.id, key.usage.max.0));
    Question {
        about: format!(
            "{} ({}) was used {} of {} times: with a limit of {} it can enrol no more; undo with: {undo}",
            key.name, key.id, key.usage.count.0, key.usage.max.0, wanted.usage.max.0
        ),
        ask: "Set the limit?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not leave {} no use", key.name),
        hints: vec!["--yes confirms it".to_owned()],
    }
}
