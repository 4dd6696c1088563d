//! Machines with one rule taken out, each of which the explorer must catch.

use jiff::Timestamp;

use super::scenario::{Command, Run};
use crate::domain::rotation::write::{DeleteGuard, Intent, Must};
use crate::domain::rotation::{
    After, At, Delivered, Due, Effect, Event, Pause, Role, Step, TextInHand, can_enrol, is_settled,
    lineage_name, old_name, role,
};
use crate::domain::{KeyChange, MaxUsage, MaxUsageChange, ProvisioningKey};

/// The rule that is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    None,
    /// A creation whose answer was lost is sent again.
    BlindSecondPost,
    /// The predecessor is deleted before its successor is made.
    DeleteFirst,
    /// E3 believes what E1 saw.
    NoSettling,
    /// The predecessor is stopped before its successor was handed over.
    RetireBeforeDelivery,
    /// Losers are deleted no matter who made them, and when.
    OthersLosers,
    /// A hook that failed is not a reason not to rename.
    RenameDespiteFailure,
    /// A successor whose text is lost is deleted once it is old and unused.
    DeleteUnreadable,
    /// What was accepted, or may have been, counts as done without being read back.
    BelieveWrites,
    /// A PUT carries what was read first, not what the GET directly before it shows.
    StaleWrites,
    /// The GET directly before a PUT decides nothing.
    BlindWrites,
    /// With a leak, a successor from before the run is adopted.
    AdoptOld,
    /// A run says "done" without a last look.
    NoLastLook,
    /// E3 does not mind that the name is on another key.
    NameMayMove,
    /// The second look of a disabling sees the key as it was written.
    BlindSecondLook,
    /// R3: a successor that cannot enrol, or is older than a leak's run, is not set aside.
    NoSettingAside,
    /// R7: a run that begins again deletes what it made, where that is unused.
    DeletesAndBeginsAgain,
    /// R8: a run that finds its key replaced hands nothing over.
    KeepsWhatItHanded,
    /// R9: what is set aside is called like a predecessor on hold.
    NoMark,
    /// R12: a name that the API changed is taken for another actor's doing.
    NamesAreKept,
}

/// A machine whose effects and events are rewritten.
#[derive(Clone)]
pub struct Mutant {
    run: Run,
    mutation: Mutation,
    /// What the machine asked for, while the mutant does something else first.
    held_back: Option<Effect>,
    posted: Option<Effect>,
    /// The key that was last written, as it should read back, and as it was.
    written: Option<(ProvisioningKey, ProvisioningKey)>,
    keys: Vec<ProvisioningKey>,
    /// Each key as it was first read.
    first: Vec<ProvisioningKey>,
    reads_to_write: bool,
    slept: bool,
}

impl Mutant {
    pub fn new(command: Command, mutation: Mutation) -> Self {
        Self {
            run: Run::of(command),
            mutation,
            held_back: None,
            posted: None,
            written: None,
            keys: Vec::new(),
            first: Vec::new(),
            reads_to_write: false,
            slept: false,
        }
    }

    pub fn step(&mut self, event: Event, now: Timestamp) -> Effect {
        if self.mutation == Mutation::None {
            return self.run.step(event, now);
        }
        if let Some(effect) = self.held_back.take() {
            return effect;
        }
        let mut event = event;
        self.rewrite_event(&mut event, now);
        if let (Mutation::BlindSecondPost, Event::Unknown, Some(post)) =
            (self.mutation, &event, self.posted.take())
        {
            return post;
        }
        if let (Mutation::AdoptOld, Run::Rotation(rotation)) = (self.mutation, &mut self.run) {
            rotation.request.keep_successor = true;
        }
        let effect = self.run.step(event, now);
        let effect = self.mutate_machine().unwrap_or(effect);
        self.reads_to_write = matches!(effect, Effect::GetKeyToWrite { .. });
        self.slept |= matches!(effect, Effect::Sleep { .. });
        if let Effect::Put { from, to, .. } = &effect {
            self.written = Some(((**to).clone(), (**from).clone()));
        }
        self.posted = matches!(effect, Effect::Post(_)).then(|| effect.clone());
        self.rewrite_effect(effect, now)
    }

    /// Changes the machine, and what it asks for.
    fn mutate_machine(&mut self) -> Option<Effect> {
        match (self.mutation, &mut self.run) {
            (Mutation::BelieveWrites | Mutation::NoLastLook, Run::Rotation(rotation)) => {
                rotation.todo.retain(|step| *step != Step::LastLook);
            }
            (Mutation::NoLastLook, Run::Rollback(rollback)) => {
                rollback.todo.retain(|step| *step != Step::LastLook);
            }
            (Mutation::NoLastLook, Run::Disable(disable)) => disable.looks_again = false,
            (Mutation::NoLastLook, Run::Retirement(retirement)) => retirement.request.looks_again = false,
            (Mutation::NoSettingAside, Run::Rotation(rotation)) => {
                rotation.todo.retain(|step| !matches!(step, Step::SetAside(_)));
            }
            (Mutation::KeepsWhatItHanded, Run::Rotation(rotation)) => {
                if matches!(rotation.at, At::HolderRead) {
                    return Some(rotation.next());
                }
            }
            (Mutation::NoMark, Run::Rotation(rotation)) => {
                if let At::SettingAside(write) = &mut rotation.at {
                    write.rename(old_name("prod", &write.id().clone(), Due::Hold).into());
                }
            }
            (Mutation::DeletesAndBeginsAgain, Run::Rotation(rotation))
                if rotation.rounds > 1
                    && matches!(rotation.at, At::E1Keys)
                    && rotation.report.delivered == Delivered::No =>
            {
                let own = rotation.created_by_us.last().cloned()?;
                return Some(rotation.discard(&own, DeleteGuard::UnusedSuccessor, After::Again));
            }
            (Mutation::BlindWrites, Run::Rotation(rotation)) => {
                if let At::E6(write) | At::E7(write) | At::E10(write) = &mut rotation.at {
                    write.must = Must::Exist;
                }
            }
            _ => {}
        }
        None
    }

    fn rewrite_event(&mut self, event: &mut Event, now: Timestamp) {
        let at = match &self.run {
            Run::Rotation(rotation) => Some(&rotation.at),
            _ => None,
        };
        match (self.mutation, at, event) {
            (
                Mutation::NoSettling | Mutation::DeleteFirst | Mutation::RetireBeforeDelivery,
                _,
                Event::Keys(keys),
            ) => {
                self.keys.clone_from(keys);
            }
            (Mutation::OthersLosers, _, Event::Keys(keys)) => {
                for key in keys.iter_mut().filter(|key| role(key) == Role::Next) {
                    key.created_at = Some(Timestamp::UNIX_EPOCH);
                }
            }
            (Mutation::NameMayMove, Some(At::E3Look), Event::Keys(keys)) => {
                keys.retain(|key| role(key) != Role::Current);
            }
            (Mutation::RenameDespiteFailure, _, event @ Event::DeliveryFailed) => {
                *event = Event::Delivered { read_back: false };
            }
            (Mutation::BelieveWrites, Some(At::E6(_) | At::E7(_)), Event::Key { key, .. }) => {
                if let Some((to, _)) = self.written.take() {
                    **key = to;
                }
            }
            (Mutation::StaleWrites, _, Event::Key { key, .. }) => {
                match self.first.iter().find(|first| first.id == key.id) {
                    Some(first) if self.reads_to_write => {
                        let name = std::mem::take(&mut key.name);
                        **key = ProvisioningKey { name, ..first.clone() };
                    }
                    Some(_) => {}
                    None => self.first.push((**key).clone()),
                }
            }
            (Mutation::BlindSecondLook, _, Event::Key { key, .. }) if self.slept => {
                if let Some((to, _)) = self.written.clone() {
                    **key = to;
                }
            }
            (Mutation::NamesAreKept, Some(At::E4Successor), Event::Key { key, .. }) => {
                key.modified_at = Some(now);
            }
            (Mutation::DeleteUnreadable, Some(At::E4Successor), Event::Key { key, text: TextInHand::No })
                if is_settled(key, now) && key.usage.count.0 == 0 =>
            {
                let id = key.id.clone();
                if let Run::Rotation(rotation) = &mut self.run
                    && !rotation.in_hand.contains(&id)
                {
                    rotation.created_by_us.push(id);
                }
            }
            _ => {}
        }
    }

    fn rewrite_effect(&mut self, effect: Effect, now: Timestamp) -> Effect {
        match (self.mutation, effect) {
            (Mutation::NoSettling, Effect::Sleep { why: Pause::Settling, .. }) => {
                // The wait, and then the look, which shows what E1 saw.
                let look = self.run.step(Event::Accepted, now);
                debug_assert_eq!(look, Effect::ListKeys);
                let effect = self.run.step(Event::Keys(self.keys.clone()), now);
                self.rewrite_effect(effect, now)
            }
            (Mutation::DeleteFirst, post @ Effect::Post(_)) => match self.current() {
                Some(key) => {
                    self.held_back = Some(post);
                    Effect::Delete { key: Box::new(key) }
                }
                None => post,
            },
            (Mutation::RetireBeforeDelivery, deliver @ Effect::Deliver { .. }) => match self.current() {
                Some(from) => {
                    self.held_back = Some(deliver);
                    let change = KeyChange {
                        enabled: Some(false),
                        max_usage: Some(MaxUsageChange::To(MaxUsage(from.usage.count.0.max(1)))),
                        ..KeyChange::default()
                    };
                    let to = change.apply(&from).unwrap();
                    Effect::Put { from: Box::new(from), to: Box::new(to) }
                }
                None => deliver,
            },
            (_, effect) => effect,
        }
    }

    fn current(&self) -> Option<ProvisioningKey> {
        let able = |key: &&ProvisioningKey| lineage_name(key) == "prod" && role(key) == Role::Current;
        self.keys.iter().find(able).filter(|key| can_enrol(key)).cloned()
    }
}

#[test]
fn the_intent_to_stop_holds_where_a_key_cannot_enrol() {
    let mut key = super::fixture::key(1, "prod");
    assert!(!Intent::Stop(None).holds(&key));
    key.enabled = false;
    assert!(Intent::Stop(None).holds(&key));
}
