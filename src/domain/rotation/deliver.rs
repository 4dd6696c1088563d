//! E4 to E7: verifies the successor, hands it over, and swaps the names.

use super::course::Course;
use super::effect::{Effect, Event, Pause, TextInHand};
use super::lineage::can_enrol;
use super::names::{Due, Part, is_form_of, old_name, split};
use super::outcome::{Cause, Delivered, Note};
use super::request::{DeliveryMode, Urgency};
use super::write::{DeleteGuard, Intent, Must, Unheld, Write, WriteResult};
use super::{After, At, POSTS, Rotation};
use crate::domain::{KeyId, NewKey, ProvisioningKey, same_acl};

impl Rotation {
    // E4: GET A; GET B, compare every field with what was asked, check the secret's shape. ◆ B last: nothing lies between
    // that read and the delivery.

    pub(super) fn e4(&mut self) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKey { id: a.id.clone() };
        self.go(At::E4Predecessor, effect)
    }

    pub(super) fn e4_predecessor(&mut self, key: ProvisioningKey) -> Effect {
        // ◆ Called neither `NAME` nor `NAME.old-A`: it is not ours to replace any more.
        let is_old = matches!(split(&key.name, &key.id), (base, Part::Old { .. }) if base == self.name());
        if key.name != self.name() && !is_old {
            return self.begin_again();
        }
        // Someone gave A the name back, and may have handed it over.
        if key.name == self.name() && self.renamed.iter().any(|(id, _)| *id == key.id) {
            self.handed_over.clear();
        }
        self.a = Some(key);
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKeyWithText { id: b.id.clone() };
        self.go(At::E4Successor, effect)
    }

    pub(super) fn e4_successor(&mut self, key: &ProvisioningKey, text: TextInHand) -> Effect {
        let (Some(a), Some(wanted)) = (self.a.clone(), self.wanted.clone()) else {
            return self.stop(Cause::OutOfStep);
        };
        let id = key.id.clone();
        self.remember_text(&id, text);
        // What no one changed since this run made it is as the API made it.
        let is_untouched =
            self.created_by_us.contains(&id) && key.modified_at.is_none_or(|at| Some(at) == key.created_at);
        let in_place = key.name == self.request.subject.name
            || matches!(split(&key.name, &id), (_, Part::Next { of }) if of == a.id);
        if !in_place {
            if is_untouched && is_form_of(key.name.raw(), &wanted.name) {
                let (sent, read) = (wanted.name.into(), key.name.clone());
                let cause = Cause::NameNotKept { id: id.clone(), sent, read };
                return self.discard(&id, DeleteGuard::OwnMisnamed, After::Stop(cause));
            }
            self.note_strayed(key);
            return self.begin_again_for(Cause::NotKept(id));
        }
        self.b = Some(key.clone());
        let differs = self.differing(key, &wanted);
        let is_new = !self.adopted.contains(&id);
        if text == TextInHand::Misshapen || is_new && is_untouched && !differs.is_empty() {
            let misshapen = (text == TextInHand::Misshapen).then_some("provisioning_key");
            let fields = differs.into_iter().chain(misshapen).collect();
            let cause = Cause::SuccessorDiffers { id: id.clone(), fields, deleted: false };
            return self.discard(&id, DeleteGuard::UnusedSuccessor, After::Stop(cause));
        }
        if self.is_unfit(key) {
            return self.begin_again_for(Cause::SuccessorUnable(id));
        }
        if is_new && !differs.is_empty() {
            let by = key.modified_by.clone();
            self.note(Note::Carried { id, fields: differs, by });
        }
        self.e4_text()
    }

    /// Notes that another actor gave a key that this run made a name outside of the lineage: no later run finds it.
    fn note_strayed(&mut self, key: &ProvisioningKey) {
        let is_of_lineage = split(&key.name, &key.id).0 == self.name();
        if self.created_by_us.contains(&key.id) && !is_of_lineage && can_enrol(key) {
            self.note(Note::Strayed { id: key.id.clone(), name: key.name.clone() });
        }
    }

    /// Lists what of the successor is not as this run asked for it. Of one that it did not make it is not known what it
    /// was made as, so only that counts which the options of this run name. ◆ Nothing of it is corrected: it may be
    /// someone's restriction.
    fn differing(&self, key: &ProvisioningKey, wanted: &NewKey) -> Vec<&'static str> {
        let own = self.created_by_us.contains(&key.id);
        let options = &self.request.successor;
        let acl_differs = !same_acl(&key.ip_acl, &wanted.ip_acl);
        let ui_differs =
            key.ui_config.as_deref().unwrap_or_default() != wanted.ui_config.as_deref().unwrap_or_default();
        let compared = [
            ("group", own && key.group.id != wanted.group),
            ("enabled", own && !key.enabled),
            ("max_usage", (own || options.max_usage.is_some()) && key.usage.max != wanted.max_usage),
            ("ip_acl", (own || options.ip_acl.is_some()) && acl_differs),
            ("ui_config", own && ui_differs),
            ("enrollment_cert_id", (own || options.cert.is_some()) && key.cert.id != wanted.cert),
        ];
        compared.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }

    pub(super) fn e4_text(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let id = b.id.clone();
        if self.request.delivery == DeliveryMode::Deliver && !self.in_hand.contains(&id) {
            if !self.created_by_us.contains(&id) {
                // ◆ Not deleted, however old and unused: a run that had the text may have handed it over and broken
                // off before it renamed anything, and deployments would hold a key that is gone.
                return self.stop(Cause::TextLost(id));
            }
            let after =
                if self.posts < POSTS { After::Create } else { After::Stop(Cause::TextLost(id.clone())) };
            return self.discard(&id, DeleteGuard::UnusedSuccessor, after);
        }
        if !self.adopted.contains(&id) {
            self.adopted.push(id);
        }
        self.report.operation = Some(self.operation());
        self.next()
    }

    // E5: deliver, at least once; the operation's name stays the same on every attempt.

    pub(super) fn e5(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let id = b.id.clone();
        // Once in a run: whatever makes it begin again, deployments hold it.
        if self.handed_over.contains(&id) {
            return self.next();
        }
        let (name, operation) = (self.name().to_owned(), self.operation());
        self.go(At::E5, Effect::Deliver { id, name, operation })
    }

    pub(super) fn e5_delivered(&mut self, event: &Event) -> Effect {
        // A hook that failed may have handed it over all the same.
        self.sent.touched = true;
        if let Event::Delivered { read_back } = event {
            self.report.delivered = Delivered::Yes { read_back: *read_back };
            self.handed_over.extend(self.b.as_ref().map(|b| b.id.clone()));
            return self.next();
        }
        // ◆ Nothing is renamed: the swap is the record that the delivery succeeded.
        self.stop(Cause::Delivery)
    }

    // E6: PUT A's name to `NAME.old-A.DUE`; E7: PUT B's name to `NAME`. Both can enrol throughout. Each is a pair of its
    // own: a PUT replaces the whole object, so that one of an older read would undo what others changed since. ◆

    pub(super) fn e6(&mut self) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        let (id, name) = (a.id.clone(), self.last_name(a));
        let must = Must::Replaced(self.name().to_owned());
        let (write, effect) = Write::begin(Intent::name(name), must, &id);
        self.go(At::E6(write), effect)
    }

    /// The last name of A. The first such name written stays: the grace counts from the swap, not from the run that
    /// finished it.
    pub(super) fn last_name(&self, a: &ProvisioningKey) -> String {
        if a.name != self.name() {
            return a.name.raw().to_owned();
        }
        let due = match self.request.urgency {
            Urgency::Planned => self.request.retire.due(self.sent.now),
            Urgency::Compromised | Urgency::DisableFirst => Due::already(self.sent.now),
        };
        old_name(self.name(), &a.id, due).into()
    }

    pub(super) fn e6_named(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::E6) {
            Ok(effect) => effect,
            Err((write, WriteResult::Held(key))) => {
                self.named_old(&write, key);
                self.next()
            }
            // Someone deleted the predecessor; its successor still wants its name.
            Err((_, WriteResult::Gone)) => self.next(),
            Err((_, WriteResult::NotHeld(unheld))) => self.not_renamed(&unheld),
            // Named so by another run, with another time: the first such name stays.
            Err((_, WriteResult::Other(key))) => self.begin_again_for(Cause::NotKept(key.id)),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }

    /// Notes the name that a predecessor has now.
    pub(super) fn named_old(&mut self, write: &Write, key: ProvisioningKey) {
        if let Some(name) = write.intent().new_name() {
            self.renamed.retain(|(id, _)| *id != key.id);
            self.renamed.push((key.id.clone(), name.to_owned()));
        }
        if self.a.as_ref().is_some_and(|a| a.id == key.id) {
            self.a = Some(key);
        }
    }

    /// A rename that does not read back. Other runs may be the reason, and then this one begins again; or the API does
    /// not keep such names, and then the former name is given back and both are said. ◆
    pub(super) fn not_renamed(&mut self, unheld: &Unheld) -> Effect {
        let Unheld { before, key, sent, accepted } = unheld;
        let id = key.id.clone();
        let wanted = sent.clone().unwrap_or_else(|| before.name.raw().to_owned());
        let cause =
            Cause::NameNotKept { id: id.clone(), sent: wanted.as_str().into(), read: key.name.clone() };
        if *accepted && key.name == before.name {
            self.ignored_renames += 1;
            if self.ignored_renames == 1 {
                let time = super::request::last_look_after(self.request.settle);
                return self.go(At::AgainWait, Effect::Sleep { time, why: Pause::LastLook });
            }
            return self.name_is_not_kept(unheld, cause);
        }
        if *accepted && key.name != before.name && is_form_of(key.name.raw(), &wanted) {
            return self.name_is_not_kept(unheld, cause);
        }
        self.begin_again_for(Cause::NotKept(id))
    }

    fn name_is_not_kept(&mut self, unheld: &Unheld, cause: Cause) -> Effect {
        let Unheld { before, key, .. } = unheld;
        if self.is_urgent() {
            // A leak is stopped first; the names are said at the end.
            self.not_kept.get_or_insert(cause);
            if self.a.as_ref().is_some_and(|a| a.id == key.id) {
                self.a = Some(key.clone());
            }
            return self.next();
        }
        if key.name == before.name {
            return self.stop(cause);
        }
        let (write, effect) = Write::begin(Intent::name(before.name.raw().to_owned()), Must::Exist, &key.id);
        self.go(At::E6Back(write, cause), effect)
    }

    pub(super) fn e6_back(&mut self, write: Box<Write>, cause: Cause, event: Event) -> Effect {
        let kept = cause.clone();
        match self.advance(write, event, |write| At::E6Back(write, kept)) {
            Ok(effect) => effect,
            // What this run handed over is not what stands: it hands over what does.
            Err(_) if self.given_back.take().is_some() && !self.handed_over.is_empty() => {
                self.begin_again_for(cause)
            }
            Err(_) => self.stop(cause),
        }
    }

    pub(super) fn e6_displaced(&mut self, id: &KeyId) -> Effect {
        let name = old_name(self.name(), id, Due::already(self.sent.now)).into();
        let must = Must::Holder { name: self.name().to_owned(), unable: true };
        let (write, effect) = Write::begin(Intent::name(name), must, id);
        self.go(At::E6(write), effect)
    }

    pub(super) fn e7(&mut self) -> Effect {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return self.stop(Cause::OutOfStep) };
        let name = self.name().to_owned();
        let must = Must::TakeOver { name: name.clone(), of: a.id.clone() };
        let (write, effect) = Write::begin(Intent::name(name), must, &b.id.clone());
        self.go(At::E7(write), effect)
    }

    pub(super) fn e7_named(&mut self, write: Box<Write>, event: Event) -> Effect {
        match self.advance(write, event, At::E7) {
            Ok(effect) => effect,
            // Someone stopped it between the two: it may be all there is, or be left to another actor.
            Err((_, WriteResult::Held(key) | WriteResult::Other(key))) if !can_enrol(&key) => {
                self.begin_again_for(Cause::SuccessorUnable(key.id))
            }
            Err((write, WriteResult::Held(key))) => {
                if key.usage.count.0 > 0 && write.was_sent() {
                    self.note(Note::NamedAfterNext(key.usage.count.0));
                }
                self.b = Some(key);
                self.next()
            }
            Err((_, WriteResult::NotHeld(unheld))) => self.not_renamed(&unheld),
            // Someone deleted the successor, and E1 gives A its name back; or replaced it in turn, and E1 finds that.
            Err((_, WriteResult::Gone)) => self.begin_again(),
            Err((_, WriteResult::Other(key))) => {
                self.note_strayed(&key);
                self.begin_again_for(Cause::NotKept(key.id))
            }
            // Where names are unique, another actor has the name by now.
            Err((_, WriteResult::Refused)) if self.not_kept.is_some() => self.next(),
            Err((write, end)) => self.not_written(&end, write.id()),
        }
    }
}
