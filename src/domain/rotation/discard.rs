//! Keys that a rotation does not need: stragglers of requests that landed late, and what it made itself and lost.

use super::course::Course;
use super::effect::{Effect, Event};
use super::lineage::{is_settled, settled_from};
use super::outcome::{Cause, Delivered, Note};
use super::request::Step;
use super::write::{DeleteGuard, Progress, Removal, Removed};
use super::{After, At, Rotation};
use crate::domain::{Enrolled, KeyId, ProvisioningKey};

impl Rotation {
    /// Deletes a straggler. Where that does not work it stays, and a later run finds it again.
    pub(super) fn clean(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.sent.touched |= effect.writes();
                self.go(At::Clean(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.report.deleted.push(removal.id().clone());
                self.next()
            }
            Progress::End(Removed::Kept(key)) => {
                self.leave_alone(&key);
                self.next()
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
        }
    }

    /// Tells whether a key that another actor made for the same place may be deleted: unused, older than anything
    /// that may still be under way, and nothing names it.
    pub(super) fn is_discardable(&self, key: &ProvisioningKey) -> bool {
        let named = |member: &Enrolled| member.key_id.as_ref() == Some(&key.id);
        self.request.clocks_agree
            && is_settled(key, self.sent.now)
            && key.usage.count.0 == 0
            && !self.members.as_ref().is_some_and(|members| members.iter().any(named))
    }

    pub(super) fn leave_alone(&mut self, key: &ProvisioningKey) {
        self.note(Note::LeftAlone { id: key.id.clone(), from: settled_from(key) });
    }

    /// Deletes a key that this run made and no one used; any other stays.
    pub(super) fn discard(&mut self, id: &KeyId, guard: DeleteGuard, after: After) -> Effect {
        if !self.created_by_us.contains(id) || self.report.delivered != Delivered::No {
            return self.after(after);
        }
        let (removal, effect) = Removal::begin(id, guard);
        self.go(At::Discarding(removal, after), effect)
    }

    pub(super) fn discarding(&mut self, mut removal: Removal, after: After, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => self.go(At::Discarding(removal, after), effect),
            Progress::End(Removed::Gone) => {
                self.created_by_us.retain(|id| id != removal.id());
                self.after(match after {
                    After::Stop(Cause::SuccessorDiffers { id, fields, .. }) => {
                        After::Stop(Cause::SuccessorDiffers { id, fields, deleted: true })
                    }
                    after @ (After::Again | After::Create | After::Stop(_)) => after,
                })
            }
            // Another run took it up and renamed it, or something enrolled with it: it is not this run's alone.
            Progress::End(Removed::Kept(_)) => {
                self.sent.touched = true;
                match after {
                    After::Again | After::Create => self.begin_again(),
                    After::Stop(cause) => self.stop(cause),
                }
            }
            Progress::End(Removed::NotSettled) => self.stop(Cause::NotDeleted(removal.id().clone())),
        }
    }

    pub(super) fn after(&mut self, after: After) -> Effect {
        match after {
            After::Again => self.begin_again(),
            After::Create => {
                self.todo.push_front(Step::Verify);
                self.e2()
            }
            After::Stop(cause) => self.stop(cause),
        }
    }
}
