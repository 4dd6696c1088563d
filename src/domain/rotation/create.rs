//! E2 and E3: makes the successor, and makes sure that it is the only one.

use std::time::Duration;

use super::course::Course;
use super::effect::{Effect, Event, Pause};
use super::lineage::winner;
use super::outcome::{Cause, Note, Verdict};
use super::write::{DeleteGuard, Progress, Removal, Removed};
use super::{After, At, LOOKS, POSTS, Rotation};
use crate::domain::ProvisioningKey;

impl Rotation {
    // E2: POST `NAME.next-A`, only where E1 found none.

    pub(super) fn e2(&mut self) -> Effect {
        let Some(wanted) = self.wanted.clone() else { return self.stop(Cause::OutOfStep) };
        // ◆ A key that is made in the second in which the run began would look like one from before.
        let began = self.started.map_or(0, jiff::Timestamp::as_second);
        if self.is_urgent() && self.sent.now.as_second() <= began {
            let time = Duration::from_millis(u64::from(1000_u16.saturating_sub(self.millisecond())));
            return self.go(At::E2Wait, Effect::Sleep { time, why: Pause::NextSecond });
        }
        self.posts += 1;
        self.refused_post = false;
        self.go(At::E2, Effect::Post(Box::new(wanted)))
    }

    /// How far the second has come. Unit: milliseconds.
    fn millisecond(&self) -> u16 {
        u16::try_from(self.sent.now.subsec_millisecond()).unwrap_or_default()
    }

    pub(super) fn e2_posted(&mut self, event: Event) -> Effect {
        self.seen.clear();
        if let Event::Created { key, text } = event {
            self.created_by_us.push(key.id.clone());
            self.remember_text(&key.id, text);
            // ◆ Our own key counts although a list that lags does not show it yet.
            self.seen.push(*key);
        } else if matches!(event, Event::Refused | Event::NotFound) {
            // ◆ Nothing was made, but where names are unique, what stands in the way may be a successor that a list
            // that lags did not show: E3 looks.
            self.refused_post = true;
        } else {
            // ◆ Never sent again blindly: the first may have been carried out.
            self.lost_post = true;
        }
        self.e3()
    }

    // E3: settle. ◆ Three looks, always all three: two runners that created at the same moment both see both keys,
    // however the list lags, and choose the same one.

    pub(super) fn e3(&mut self) -> Effect {
        self.looks = 0;
        self.moved = false;
        self.e3_wait()
    }

    pub(super) fn e3_wait(&mut self) -> Effect {
        let time = self.request.settle / u32::from(LOOKS);
        self.go(At::E3Wait, Effect::Sleep { time, why: Pause::Settling })
    }

    /// Someone finished a rotation meanwhile: what this run made lost, and is deleted where no one used it.
    fn lose(&mut self) -> Effect {
        match self.created_by_us.last().cloned() {
            Some(own) => self.discard(&own, DeleteGuard::UnusedSuccessor, After::Again),
            None => self.begin_again(),
        }
    }

    pub(super) fn e3_looked(&mut self, keys: &[ProvisioningKey]) -> Effect {
        let Some(a) = self.a.as_ref().map(|a| a.id.clone()) else { return self.stop(Cause::OutOfStep) };
        let lineage = self.request.subject.lineage_in(keys);
        // ◆ The name on another key than A: someone finished a rotation meanwhile.
        self.moved |= lineage.holders().iter().any(|key| key.id != a);
        for (_, key) in lineage.made_for(&a) {
            self.seen.retain(|seen| seen.id != key.id);
            self.seen.push(key.clone());
        }
        self.looks += 1;
        if self.looks < LOOKS {
            return self.e3_wait();
        }
        if self.moved {
            return self.lose();
        }
        // A list that lags shows only now what E1 would have set aside.
        let (unfit, fit): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.seen).into_iter().partition(|key| self.is_unfit(key));
        self.seen = fit;
        let is_in_the_way = self.refused_post && !self.lost_post && !unfit.is_empty();
        // Where names are unique, one that is set aside makes room for another.
        if is_in_the_way && self.seen.is_empty() {
            return self.begin_again();
        }
        for key in unfit {
            self.plan_aside(&key.id);
        }
        match winner(&self.seen) {
            Some(winner) => {
                self.b = Some(winner.clone());
                self.e3a()
            }
            None if self.refused_post && !self.lost_post => self.stop(Cause::WriteRefused(None)),
            None if self.refused_post => self.end(Verdict::Unknown),
            None if self.posts < POSTS => self.e2(),
            None => self.end(Verdict::Unknown),
        }
    }

    // E3a: several `NAME.next-A`: the winner is one already used, else the lowest id. Losers are deleted only if this
    // run made them, or they are unused and old. ◆ Another runner may be about to hand a younger one over.

    pub(super) fn e3a(&mut self) -> Effect {
        let Some(winner) = self.b.as_ref().map(|b| b.id.clone()) else { return self.stop(Cause::OutOfStep) };
        while let Some(key) = self.seen.pop() {
            if key.id == winner {
                continue;
            }
            if self.created_by_us.contains(&key.id) || self.is_discardable(&key) {
                let (removal, effect) = Removal::begin(&key.id, DeleteGuard::UnusedSuccessor);
                return self.go(At::E3aLoser(removal), effect);
            }
            self.leave_alone(&key);
        }
        // Whether what was found is what the lost request made, or another runner's, cannot be told.
        if self.lost_post {
            self.report.notes.push(Note::MayStillCome);
        }
        self.next()
    }

    pub(super) fn e3a_loser(&mut self, mut removal: Removal, event: Event) -> Effect {
        match removal.step(event) {
            Progress::Go(effect) => {
                self.sent.touched |= effect.writes() && !self.created_by_us.contains(removal.id());
                self.go(At::E3aLoser(removal), effect)
            }
            Progress::End(Removed::Gone) => {
                self.created_by_us.retain(|id| id != removal.id());
                self.e3a()
            }
            // It stays as a straggler, and a later run deletes it.
            Progress::End(Removed::Kept(_) | Removed::NotSettled) => {
                let note = Note::LeftAlone { id: removal.id().clone(), from: None };
                self.report.notes.push(note);
                self.e3a()
            }
        }
    }
}
