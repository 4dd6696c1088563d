//! E4 to E7: verifies the successor, hands it over, and swaps the names.

use super::effect::{Effect, Event, TextInHand};
use super::lineage::can_enrol;
use super::names::{Due, Part, old_name, split};
use super::outcome::{Cause, Delivered, Note};
use super::request::{DeliveryMode, Urgency};
use super::write::{Intent, Progress, Write, Written};
use super::{After, At, POSTS, Rotation};
use crate::domain::{KeyChange, MaxUsageChange, NewKey, ProvisioningKey};

impl Rotation {
    // E4: GET B, compare every field with what was asked, check the secret's shape; GET A.

    pub(super) fn e4(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let effect = Effect::GetKeyWithText { id: b.id.clone() };
        self.go(At::E4Successor, effect)
    }

    pub(super) fn e4_successor(&mut self, key: &ProvisioningKey, text: TextInHand) -> Effect {
        let (Some(a), Some(wanted)) = (&self.a, &self.wanted) else { return self.stop(Cause::OutOfStep) };
        let in_place = key.name == self.request.subject.name
            || matches!(split(&key.name, &key.id), (_, Part::Next { of }) if of == a.id);
        if !in_place {
            return self.begin_again();
        }
        let group_fits = key.group.id == wanted.group;
        let change = self.correction(key, wanted);
        let id = key.id.clone();
        self.b = Some(key.clone());
        self.remember_text(&id, text);
        if !group_fits || text == TextInHand::Misshapen {
            return self.discard(&id, After::Stop(Cause::SuccessorDiffers(id.clone())));
        }
        let intent = Intent::Change(change);
        if intent.holds(key) {
            return self.e4_text();
        }
        let (write, effect) = Write::begin(intent, key);
        self.touched = true;
        self.go(At::E4Correcting(write), effect)
    }

    /// Returns what must be changed in the successor. Of one that this run did not make it is not known what it was
    /// made as, so only that counts which the options of this run name.
    pub(super) fn correction(&self, key: &ProvisioningKey, wanted: &NewKey) -> KeyChange {
        if self.minted.contains(&key.id) {
            return KeyChange {
                enabled: Some(true),
                max_usage: Some(MaxUsageChange::To(wanted.max_usage)),
                ip_acl: Some(wanted.ip_acl.clone()),
                ui_config: Some(wanted.ui_config.clone().unwrap_or_default()),
                cert: Some(wanted.cert.clone()),
                ..KeyChange::default()
            };
        }
        let options = &self.request.successor;
        KeyChange {
            enabled: Some(true),
            max_usage: options.max_usage.map(MaxUsageChange::To),
            ip_acl: options.ip_acl.clone(),
            cert: options.cert.clone(),
            ..KeyChange::default()
        }
    }

    pub(super) fn e4_corrected(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E4Correcting(write), effect),
            Progress::End(Written::Held(key)) => {
                self.b = Some(key);
                self.e4_text()
            }
            Progress::End(Written::Gone) => self.begin_again(),
            Progress::End(Written::NotHeld(_) | Written::Refused) => {
                let id = write.id().clone();
                self.discard(&id, After::Stop(Cause::SuccessorDiffers(id.clone())))
            }
            Progress::End(Written::Unsettled) => self.stop(Cause::Unsettled(write.id().clone())),
        }
    }

    pub(super) fn e4_text(&mut self) -> Effect {
        let (Some(a), Some(b)) = (&self.a, &self.b) else { return self.stop(Cause::OutOfStep) };
        if !can_enrol(b) {
            return self.stop(Cause::SuccessorUnable(b.id.clone()));
        }
        let id = b.id.clone();
        if self.request.delivery == DeliveryMode::Deliver && !self.in_hand.contains(&id) {
            if !self.minted.contains(&id) {
                // ◆ Not deleted, however old and unused: a run that had the text may have handed it over and broken
                // off before it renamed anything, and deployments would hold a key that is gone.
                return self.stop(Cause::TextLost(id));
            }
            let after =
                if self.posts < POSTS { After::Create } else { After::Stop(Cause::TextLost(id.clone())) };
            return self.discard(&id, after);
        }
        let effect = Effect::GetKey { id: a.id.clone() };
        self.report.operation = Some(self.operation());
        self.go(At::E4Predecessor, effect)
    }

    pub(super) fn e4_predecessor(&mut self, key: ProvisioningKey) -> Effect {
        // ◆ Called neither `NAME` nor `NAME.old-A`: it is not ours to replace any more.
        let is_old = matches!(split(&key.name, &key.id), (base, Part::Old { .. }) if base == self.name());
        if key.name != self.name() && !is_old {
            return self.begin_again();
        }
        self.a = Some(key);
        self.next()
    }

    // E5: deliver, at least once; the operation's name stays the same on every attempt.

    pub(super) fn e5(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        let id = b.id.clone();
        let (name, operation) = (self.name().to_owned(), self.operation());
        self.go(At::E5, Effect::Deliver { id, name, operation })
    }

    pub(super) fn e5_delivered(&mut self, event: &Event) -> Effect {
        // A hook that failed may have handed it over all the same.
        self.touched = true;
        if let Event::Delivered { read_back } = event {
            self.report.delivered = Delivered::Yes { read_back: *read_back };
            return self.next();
        }
        // ◆ Nothing is renamed: the swap is the record that the delivery succeeded.
        self.stop(Cause::Delivery)
    }

    // E6: PUT A's name to `NAME.old-A.DUE`; E7: PUT B's name to `NAME`. Both can enrol throughout.

    pub(super) fn e6(&mut self) -> Effect {
        let Some(a) = &self.a else { return self.stop(Cause::OutOfStep) };
        // The first such name written stays: the grace counts from the swap, not from the run that finished it.
        if a.name != self.name() {
            return self.next();
        }
        let due = match self.request.urgency {
            Urgency::Planned => self.request.retire.due(self.now),
            Urgency::Compromised | Urgency::BlockFirst => Due::already(self.now),
        };
        let (write, effect) = Write::begin(Intent::name(old_name(self.name(), &a.id, due)), a);
        self.touched = true;
        self.go(At::E6(write), effect)
    }

    pub(super) fn e6_named(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E6(write), effect),
            Progress::End(Written::Held(key)) => {
                if self.a.as_ref().is_some_and(|a| a.id == key.id) {
                    self.a = Some(key);
                }
                self.next()
            }
            // Someone deleted the predecessor; its successor still wants its name.
            Progress::End(Written::Gone) => self.next(),
            Progress::End(Written::NotHeld(_)) => self.begin_again(),
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }

    pub(super) fn e6_displaced(&mut self, key: &ProvisioningKey) -> Effect {
        if key.name != self.name() || can_enrol(key) {
            return self.begin_again();
        }
        let name = old_name(self.name(), &key.id, Due::already(self.now));
        let (write, effect) = Write::begin(Intent::name(name), key);
        self.touched = true;
        self.go(At::E6(write), effect)
    }

    pub(super) fn e7(&mut self) -> Effect {
        let Some(b) = &self.b else { return self.stop(Cause::OutOfStep) };
        if b.name == self.name() {
            return self.next();
        }
        let (write, effect) = Write::begin(Intent::name(self.name().to_owned()), b);
        self.touched = true;
        self.go(At::E7(write), effect)
    }

    pub(super) fn e7_named(&mut self, mut write: Box<Write>, event: Event) -> Effect {
        match write.step(event) {
            Progress::Go(effect) => self.go(At::E7(write), effect),
            Progress::End(Written::Held(key)) => {
                if key.usage.count.0 > 0 {
                    self.report.notes.push(Note::NamedAfterNext(key.usage.count.0));
                }
                self.b = Some(key);
                self.next()
            }
            // Someone deleted the successor, and E1 gives A its name back; or replaced it in turn, and E1 finds that.
            Progress::End(Written::Gone | Written::NotHeld(_)) => self.begin_again(),
            Progress::End(end) => self.not_written(&end, write.id()),
        }
    }
}
