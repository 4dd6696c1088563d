//! What a rotation and a rollback ask, and where they deliver.

use super::{RotateArgs, question};
use crate::commands::shared::ask::consent_to;
use crate::commands::shared::rotation::{
    Destinations, HandOver, Handler, KnownKeys, PlanLabels, ReadBack, heading, lines, steps,
};
use crate::context::Context;
use crate::domain::rotation::{Plan, State};
use crate::domain::{KeyId, ServerText};
use crate::error::{CommandError, CommandResult};
use crate::output::RotationPlanView;

pub(super) struct RotateHandler<'a> {
    args: &'a RotateArgs,
    name: &'a ServerText,
    destinations: Destinations<'a>,
    /// What a dry run shows.
    plan: Option<RotationPlanView>,
}

impl<'a> RotateHandler<'a> {
    pub(super) const fn new(args: &'a RotateArgs, name: &'a ServerText) -> Self {
        Self { args, name, destinations: Destinations::new(&args.delivery, name.raw()), plan: None }
    }

    pub(super) fn into_plan(self) -> Option<RotationPlanView> {
        self.plan
    }

    /// Says what is about to happen to which key.
    fn heading(&self, ctx: &Context, plan: &Plan) -> String {
        let verb = match plan.state {
            _ if self.args.rollback => "Take back the rotation of",
            State::Created | State::HalfRenamed => "Finish the rotation of",
            State::SuccessorDeleted => "Give its name back to",
            State::Absent
            | State::Ambiguous
            | State::AtRest
            | State::Swapped
            | State::Displaced
            | State::Retired => "Rotate",
        };
        match &plan.old {
            Some(old) => format!("{verb} {}", heading(ctx, old, self.name)),
            None => format!("{verb} {}", self.name),
        }
    }
}

impl Handler for RotateHandler<'_> {
    async fn check(&mut self, _: &Context, lineage: &[KeyId], known: &KnownKeys) -> CommandResult<()> {
        self.destinations.check(lineage, known)
    }

    async fn confirm(&mut self, ctx: &Context, plan: &Plan, known: &KnownKeys) -> CommandResult<()> {
        let words = PlanLabels {
            name: self.name,
            destination: self.args.delivery.said(self.name.raw()),
            awaited: self.args.awaited(),
            group: known.group.as_ref().map(|group| &group.name),
            cert: known.cert.as_ref().map(|cert| &cert.name),
        };
        if self.args.dry_run {
            let steps = steps(ctx, plan, &words);
            let keys = [plan.old.as_ref(), plan.new.as_ref()];
            self.plan = Some(RotationPlanView::new(
                self.args.action(),
                self.name.raw(),
                plan.state,
                keys,
                plan.due,
                plan.keys_in_use,
                &steps,
            ));
            return Err(CommandError::declined());
        }
        let heading = self.heading(ctx, plan);
        let about = lines(ctx, &heading, plan, &words);
        // Not as they are displayed: those name the minute from which the old key may be retired.
        let subject = format!("{heading} {:?} {:?}", plan.state, plan.steps);
        consent_to(ctx, &subject, question(about, self.args, self.name)).await
    }

    async fn deliver(&mut self, ctx: &Context, what: HandOver<'_>) -> CommandResult<ReadBack> {
        // The answer is not written yet: that text is masked when it is.
        if self.args.delivery.is_taken_along() {
            self.args.ci.mask(ctx, what.text)?;
        }
        self.destinations.deliver(ctx, &what).await
    }
}
