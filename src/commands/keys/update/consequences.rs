//! What an update brings about that its options do not say, told before it is written.

use crate::commands::shared::ask::{Danger, Question, consent, joint};
use crate::commands::shared::lookup::typed;
use crate::context::{Consent, Context, quoted, typed_name};
use crate::domain::rotation::{Role, called, can_enrol, lineage_name, role};
use crate::domain::{KeyChange, ProvisioningKey};
use crate::error::CommandResult;
use crate::output::Notice;

/// Asks once about all that the update brings about: a predecessor of a rotation that can enrol again, a limit that leaves
/// no use, viewing that is switched off for good. A limit is only warned of where no one can be asked.
pub(super) async fn agree(ctx: &Context, keys: &[ProvisioningKey], change: &KeyChange) -> CommandResult<()> {
    let is_asked = ctx.consent != Consent::Given && ctx.can_ask();
    let mut affected = 0;
    let mut questions = Vec::new();
    for key in keys {
        let question = match doubt(ctx, key, change) {
            Some(Doubt::Exhaustion(question)) if !is_asked => {
                ctx.say(&Notice::Warning(question.about));
                None
            }
            Some(Doubt::Exhaustion(question) | Doubt::Revival(question)) => Some(question),
            None => None,
        };
        affected += usize::from(question.is_some() || (change.seal && key.exportable));
        questions.extend(question);
    }
    questions.extend(change.seal.then(|| sealing(ctx, keys)).flatten());
    if is_asked && questions.len() > 1 {
        return consent(ctx, together(questions, affected)).await;
    }
    for question in questions {
        consent(ctx, question).await?;
    }
    Ok(())
}

/// Makes one question of several, which may be about one key.
fn together(mut questions: Vec<Question>, keys: usize) -> Question {
    let needs_word = |question: &Question| matches!(question.danger, Danger::Type(_));
    let about: Vec<String> = questions.iter().map(|question| question.about.clone()).collect();
    let is_word_needed = questions.iter().any(needs_word);
    match questions.pop() {
        // The last of one key is the one that needs a word.
        Some(last) if keys == 1 => Question { about: about.join("\n"), ..last },
        _ => joint("update", keys, about.iter().map(String::as_str), is_word_needed),
    }
}

/// What is to be asked about one key.
enum Doubt {
    Revival(Question),
    Exhaustion(Question),
}

fn doubt(ctx: &Context, key: &ProvisioningKey, change: &KeyChange) -> Option<Doubt> {
    // What cannot be applied is refused when it is tried.
    let wanted = change.apply(key).ok()?;
    let is_replaced = matches!(role(key), Role::Old | Role::Retired);
    if is_replaced && !can_enrol(key) && can_enrol(&wanted) {
        Some(Doubt::Revival(revival(ctx, key)))
    } else if can_enrol(key) && wanted.usage.remaining() == 0 {
        Some(Doubt::Exhaustion(exhaustion(ctx, key, &wanted)))
    } else {
        None
    }
}

fn revival(ctx: &Context, key: &ProvisioningKey) -> Question {
    let name = lineage_name(key);
    Question {
        about: format!(
            "{} was replaced by a rotation of {name}: as soon as it can enrol again, so can anyone who holds its value.",
            called(key)
        ),
        ask: "Let it enrol again?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not let {} enrol again, which a rotation replaced,", called(key)),
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
            "{} was used {} of {} times: with a limit of {} it can enrol no more; undo with: {undo}",
            called(key),
            key.usage.count.0,
            key.usage.max.0,
            wanted.usage.max.0
        ),
        ask: "Set the limit?".to_owned(),
        danger: Danger::Confirm,
        refusal: format!("will not leave {} no use", key.name),
        hints: vec!["--yes confirms it".to_owned()],
    }
}

fn sealing(ctx: &Context, keys: &[ProvisioningKey]) -> Option<Question> {
    let open: Vec<&ProvisioningKey> = keys.iter().filter(|key| key.exportable).collect();
    let first = open.first()?;
    let (what, word) = match open.as_slice() {
        [one] => (format!("{} ({})", one.name, one.id), one.name.to_string()),
        several => (format!("{} keys", several.len()), several.len().to_string()),
    };
    let reveal = ctx.command(&format!("reveal {} --out-file {}", typed(ctx, first), quoted("FILE")));
    Some(Question {
        about: format!(
            "Switch viewing of {what} off for good, in {}.\n  Zscaler never returns the value again; save it first: {reveal}",
            ctx.tenant_label()
        ),
        ask: format!("Type {word} to switch viewing off"),
        danger: Danger::Type(word),
        refusal: format!("will not switch viewing of {what} off"),
        hints: vec!["--yes confirms it".to_owned()],
    })
}
