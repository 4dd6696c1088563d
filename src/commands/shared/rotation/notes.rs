//! What a run of a rotation met that is to be looked after.

use super::verdict::minute;
use crate::context::Context;
use crate::domain::ServerText;
use crate::domain::rotation::Note;
use crate::output::Notice;

/// Says what is to be looked after, and returns it for the answer.
pub(crate) fn warn_of(ctx: &Context, notes: &[Note], name: &ServerText) -> Vec<String> {
    let warnings: Vec<String> = notes.iter().map(|note| warning(ctx, note, name)).collect();
    for warning in &warnings {
        ctx.say(&Notice::Warning(warning.clone()));
    }
    warnings
}

fn warning(ctx: &Context, note: &Note, name: &ServerText) -> String {
    match note {
        Note::LeftAlone { id, from: Some(from) } => format!(
            "{id} was made for the same place and left alone, for another run may be at work with it; a rotation from {} on deletes it where it is unused",
            minute(*from)
        ),
        Note::LeftAlone { id, from: None } => {
            format!("{id} was made for the same place and left alone: how old it is, is not known")
        }
        Note::NotSealed(id) => {
            let seal = ctx.command(&format!("update id:{id} --no-export"));
            format!(
                "viewing of {id} is left on: only what --out-file holds can be read back; {seal}   switches it off"
            )
        }
        Note::NamedAfterNext(count) => {
            let hosts = if *count == 1 { "host is" } else { "hosts are" };
            format!(
                "{count} {hosts} named after {name}.next-…: they enrolled before the new key had its name"
            )
        }
        Note::SetAside { id, able: true } => format!(
            "{id} was made before this run and was set aside, stopped together with the old key: an earlier run may have handed it to the place that leaked"
        ),
        Note::SetAside { id, able: false } => {
            format!(
                "{id} was made to take over, and another writer stopped it: it was set aside, and another was made"
            )
        }
        Note::ReplacesDisabled(id) => {
            format!("{id} is disabled; the new key is not, and connectors can enrol with it")
        }
        Note::Carried { id, fields, by } => {
            let by = by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            format!("{id} was changed meanwhile{by} ({}); it was kept as it is", fields.join(", "))
        }
        Note::Strayed { id, name } => {
            let disable = ctx.command(&format!("disable id:{id}"));
            format!(
                "{id}, which this run made, was renamed to \"{name}\" by another writer: it can enrol, and no rotation looks after it; {disable}   stops it"
            )
        }
        Note::ReplacedMeanwhile(id) => {
            format!("another run replaced the key meanwhile: {name} is {id} now")
        }
        Note::DoneAgain(id) => format!("another writer changed {id} meanwhile; it was done again"),
        Note::WaitedForLateWrite => {
            "the answer to a change was lost: waited until it could not take effect any more".to_owned()
        }
        Note::MayStillCome => {
            "a request whose answer was lost may still make a key; a later rotation deletes it".to_owned()
        }
    }
}
