//! What a rotation says: what it noted on its way, and how it ends.

use super::course::{Course, Sent};
use super::effect::{Effect, TextInHand};
use super::machine::Machine;
use super::outcome::{Cause, Note, Outcome, Verdict};
use super::{At, Rotation};
use crate::domain::{KeyId, ProvisioningKey, differences};

impl Rotation {
    /// Says what another actor changed in A or B since this run last read it: it is carried as it is.
    pub(super) fn notice(&mut self, key: &ProvisioningKey) {
        let known = self.a.iter().chain(&self.b).find(|known| known.id == key.id);
        let Some(known) = known else { return };
        let differences = differences(known, key).into_iter().map(|difference| difference.field);
        // Names are judged by the step that writes.
        let fields: Vec<_> = differences.filter(|field| *field != "name").collect();
        if !fields.is_empty() {
            let (id, by) = (key.id.clone(), key.modified_by.clone());
            self.note(Note::Carried { id, fields, by });
        }
    }

    pub(super) fn note(&mut self, note: Note) {
        if !self.report.notes.contains(&note) {
            self.report.notes.push(note);
        }
    }

    pub(super) fn name(&self) -> &str {
        self.request.subject.name.raw()
    }

    pub(super) fn operation(&self) -> String {
        let id =
            |key: &Option<ProvisioningKey>| key.as_ref().map_or_else(String::new, |key| key.id.to_string());
        format!("rotate-{}-{}", id(&self.a), id(&self.b))
    }

    pub(super) fn remember_text(&mut self, id: &KeyId, text: TextInHand) {
        if text == TextInHand::Yes && !self.in_hand.contains(id) {
            self.in_hand.push(id.clone());
        }
    }

    pub(super) fn changed(&self) -> bool {
        self.sent.touched || self.lost_post || !self.created_by_us.is_empty()
    }

    pub(super) fn finish(&mut self) -> Effect {
        let verdict = match (self.ineffective.take(), self.not_kept.take()) {
            (Some(id), _) => Verdict::Ineffective(id),
            (None, Some(cause)) => Verdict::Incomplete(cause),
            (None, None) => self.verdict.clone(),
        };
        self.end(verdict)
    }

    pub(super) fn end(&mut self, verdict: Verdict) -> Effect {
        self.at = At::Over;
        Effect::Done(Box::new(Outcome { verdict, report: self.standing() }))
    }
}

impl Course for Rotation {
    type At = At;

    fn sent(&mut self) -> &mut Sent {
        &mut self.sent
    }

    fn go(&mut self, at: At, effect: Effect) -> Effect {
        self.reads_to_write = matches!(effect, Effect::GetKeyToWrite { .. });
        self.at = at;
        effect
    }

    /// Ends before the plan is done. "Failed" means that nothing changed.
    fn stop(&mut self, cause: Cause) -> Effect {
        // Names that the API does not keep look as if others had changed them.
        let cause = if cause == Cause::Contended { self.not_kept.take().unwrap_or(cause) } else { cause };
        let verdict = if self.changed() { Verdict::Incomplete(cause) } else { Verdict::Failed(cause) };
        self.end(verdict)
    }
}
