//! Questions, asked only where someone can answer.

use std::iter::once;

use crate::context::{CollectedQuestion, Consent, Context};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::ShutdownMode;
use crate::output::Notice;

/// More lines than fit a screen are cut to the first line of each key.
const MOST_LINES: usize = 30;

/// How much a question asks for.
pub(crate) enum Danger {
    Confirm,
    /// This word, to the letter.
    Type(String),
}

/// A question before something that cannot be taken back.
pub(crate) struct Question {
    /// What is about to happen, over one or more lines.
    pub(crate) about: String,
    /// The question itself, as in `Print it?` or `Type NAME to delete it`.
    pub(crate) ask: String,
    pub(crate) danger: Danger,
    /// What is refused where no one can be asked, as in `will not delete prod`.
    pub(crate) refusal: String,
    pub(crate) hints: Vec<String>,
}

/// Asks, unless `--yes` answered already. Anything but agreement is an error.
pub(crate) async fn consent(ctx: &Context, question: Question) -> CommandResult<()> {
    let subject = question.about.clone();
    consent_to(ctx, &subject, question).await
}

/// As [`consent`]. `subject` is what an agreement to several questions is compared by: what is about to happen, without
/// what differs from minute to minute.
pub(crate) async fn consent_to(ctx: &Context, subject: &str, question: Question) -> CommandResult<()> {
    if ctx.consent == Consent::Given {
        return Ok(());
    }
    let needs_word = matches!(question.danger, Danger::Type(_));
    if ctx.joint_consent.collect(|| CollectedQuestion::new(subject, &question.about, needs_word)) {
        return Err(CommandError::declined());
    }
    if ctx.joint_consent.covers(subject) {
        return Ok(());
    }
    ask_person(ctx, question).await
}

/// Asks the person at the terminal; `--yes` is no answer.
pub(crate) async fn ask_person(ctx: &Context, question: Question) -> CommandResult<()> {
    // No write of this key is under way: Ctrl-C at the question ends the program.
    ctx.ending.set(ShutdownMode::AtOnce);
    if !ctx.can_ask() {
        let message = format!("{} without confirmation, and {}", question.refusal, ctx.why_not_ask());
        return Err(CommandError::new(ErrorKind::ConfirmationRequired, message).hints(question.hints));
    }
    let about = Notice::Note(question.about);
    ctx.reporter.ask(&about);
    let suffix = match &question.danger {
        Danger::Confirm => " [y/N] ",
        Danger::Type(_) => ": ",
    };
    let ask = crate::domain::escape(&question.ask).into_owned();
    let answer = ctx.ask_line(format!("? {ask}{suffix}")).await?;
    let agreed = match (&question.danger, answer) {
        (Danger::Confirm, Some(answer)) => matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"),
        (Danger::Type(word), Some(answer)) => answer == *word,
        (Danger::Confirm | Danger::Type(_), None) => false,
    };
    if agreed { Ok(()) } else { Err(CommandError::declined()) }
}

/// Asks before several tenants are written to; says what is `known` of it beforehand.
pub(crate) async fn consent_for_tenants(
    ctx: &Context,
    profiles: &[String],
    known: &[String],
) -> CommandResult<()> {
    let count = profiles.len();
    let lines = once(format!("This writes to {count} tenants: {}", profiles.join(", ")));
    let question = Question {
        about: lines.chain(known.iter().cloned()).collect::<Vec<_>>().join("\n"),
        ask: format!("Type {count} to go on"),
        danger: Danger::Type(count.to_string()),
        refusal: format!("will not write to {count} tenants"),
        hints: vec!["--yes confirms it".to_owned()],
    };
    consent(ctx, question).await
}

/// Asks once about all keys of a command. `preview` runs one of them as far as its question, so that what is shown is what
/// the run would ask; whatever is different by the time it runs is asked then.
pub(crate) async fn consent_for_all<'a, Item: 'a>(
    ctx: &Context,
    verb: &str,
    items: &'a [Item],
    preview: impl AsyncFn(&'a Item),
) -> CommandResult<()> {
    if items.len() < 2 || ctx.consent == Consent::Given || !ctx.can_ask() {
        return Ok(());
    }
    ctx.joint_consent.begin();
    for item in items {
        preview(item).await;
    }
    let questions = ctx.joint_consent.take();
    if questions.len() < 2 {
        return Ok(());
    }
    let needs_word = questions.iter().any(|question| question.needs_word);
    let question = joint(verb, questions.len(), questions.iter().map(|one| one.about.as_str()), needs_word);
    consent(ctx, question).await?;
    ctx.joint_consent.grant(questions);
    Ok(())
}

/// Makes one question of those about several keys.
pub(crate) fn joint<'a>(
    verb: &str,
    keys: usize,
    abouts: impl Iterator<Item = &'a str>,
    needs_word: bool,
) -> Question {
    let (ask, danger) = if needs_word {
        (format!("Type {keys} to {verb} them"), Danger::Type(keys.to_string()))
    } else {
        let (first, rest) = verb.split_at(1);
        (format!("{}{rest} all {keys}?", first.to_uppercase()), Danger::Confirm)
    };
    Question {
        about: list(&abouts.collect::<Vec<_>>()),
        ask,
        danger,
        refusal: format!("will not {verb} {keys} keys"),
        hints: vec!["--yes confirms it".to_owned()],
    }
}

fn list(abouts: &[&str]) -> String {
    let is_long = abouts.iter().map(|about| about.lines().count()).sum::<usize>() > MOST_LINES;
    let shown = |about: &&str| match about.lines().collect::<Vec<_>>().as_slice() {
        [first, second, ..] if is_long && first.ends_with(':') => format!("{first}\n{second}"),
        [first, ..] if is_long => (*first).to_owned(),
        lines => lines.join("\n"),
    };
    abouts.iter().map(shown).collect::<Vec<_>>().join("\n")
}
