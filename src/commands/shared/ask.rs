//! Questions, asked only where someone can answer.

use crate::context::{Consent, Context};
use crate::error::{CommandError, CommandResult, ErrorKind};

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
    if ctx.consent == Consent::Given {
        return Ok(());
    }
    if !ctx.can_ask() {
        let message = format!("{} without confirmation, and {}", question.refusal, ctx.why_not_ask());
        return Err(CommandError::new(ErrorKind::ConfirmationRequired, message).hints(question.hints));
    }
    let about = crate::output::Notice::Note(question.about);
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
