//! `zpakey rotate`.

mod args;
mod due;
mod handler;
mod report;

use crate::commands::shared::ask::{Question, consent_for_all};
use crate::commands::shared::batch::Batch;
use crate::commands::shared::input::{Plurality, read_keys};
use crate::commands::shared::references::{find_group, named_cert};
use crate::commands::shared::refusals::{missing, require_printing_allowed, unfinished};
use crate::commands::shared::rotation::{
    Conclusion, Ended, ResumeInfo, RotationTarget, Standing, check_clocks, clocks_agree, drive,
    find_lineages, judge, standing, warn_of,
};
use crate::commands::shared::terraform::rebind::Holder;
use crate::commands::{CommandOutcome, CommandOutput, Nature, Reach, Rest, RunCommand};
use crate::context::{Consent, Context, name_word, typed_name};
use crate::domain::rotation::{
    Condition, DeliveryMode, Rollback, RollbackRequest, RotateRequest, Rotation, SuccessorOptions, Verdict,
};
use crate::domain::{KeyId, MaxUsage, ProvisioningKey, ServerText};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::End;
use crate::output::{Answer, Notice, RecordKind, Records, RotationPlanView, RotationView, Secret};
use crate::secret::KeySecret;

pub use args::RotateArgs;
use handler::RotateHandler;
impl RunCommand for RotateArgs {
    fn nature(&self) -> Nature {
        Nature::Records(match (self.dry_run, self.delivery.reveal) {
            (true, _) => RecordKind::of::<RotationPlanView>(),
            (false, true) => RecordKind::revealed::<RotationView>(),
            (false, false) => RecordKind::of::<RotationView>(),
        })
    }

    fn reach(&self) -> Reach {
        if self.each { Reach::Each } else { Reach::One }
    }

    fn writes_to_each(&self) -> bool {
        self.each && !self.dry_run
    }

    fn reads_input(&self) -> bool {
        RotateArgs::reads_input(self)
    }

    fn check_before_key(&self, ctx: &Context) -> CommandResult<()> {
        check(ctx, self)?;
        self.delivery.check(false)
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        run(ctx, self).await
    }
}

/// Refuses what is wrong whichever key is meant.
fn check(ctx: &Context, args: &RotateArgs) -> CommandResult<DeliveryMode> {
    args.check()?;
    let hint = "leave it out, or add --out-file FILE, --exec CMD or --reveal";
    args.ci.check_use(args.delivery.is_named(), hint)?;
    args.ci.check(ctx)?;
    if args.delivery.reveal {
        let hint = "--out-file FILE and --exec CMD hand it over without printing it".to_owned();
        require_printing_allowed(ctx, vec![hint])?;
    }
    delivery_mode(ctx, args)
}

async fn run(ctx: &Context, mut args: RotateArgs) -> CommandResult<CommandOutput> {
    if args.each {
        if ctx.reporter.has_subject() {
            args.delivery.check_profile()?;
        }
        args.delivery.take_profile(&ctx.settings.profile_name);
    }
    let delivery = check(ctx, &args)?;
    // A state that cannot be read is found out before anything is sent.
    let holder = args.holder(ctx).await?;
    let (mut batch, targets) = if args.due {
        args.delivery.check(true)?;
        due::find(ctx, &args).await?
    } else {
        named(ctx, &args).await?
    };
    let plurality = if batch.is_of_one() { Plurality::One } else { Plurality::Several };
    args.delivery.check_files(targets.iter().map(|target| target.subject.name.raw()))?;
    if !args.dry_run {
        let verb = if args.rollback { "roll back" } else { "rotate" };
        let preview = async |target| drop(Box::pin(rotate(ctx, &args, delivery, &holder, target)).await);
        consent_for_all(ctx, verb, &targets, preview).await?;
    }
    let mut done = Done::default();
    let mut targets = targets.into_iter();
    while let Some(target) = targets.next() {
        let one = match Box::pin(rotate(ctx, &args, delivery, &holder, &target)).await {
            Ok(one) => one,
            Err(error) => {
                batch.failed(target.subject.name.raw(), error)?;
                continue;
            }
        };
        done.text = one.text;
        done.plans.extend(one.plan);
        done.views.extend(one.view);
        done.new = one.new;
        if let Some((end, error)) = one.stopped {
            if plurality == Plurality::One {
                return Err(error);
            }
            ctx.say(&Notice::Warning(error.to_string()));
            let rest = std::iter::once(target).chain(targets).map(|target| format!("id:{}", target.key.id));
            batch.stopped(end, "rotated", Rest::Keys(rest.collect()));
            break;
        }
        match (one.also_failed, plurality) {
            (Some(error), Plurality::One) => done.also_failed = Some(error),
            (Some(error), Plurality::Several) => batch.failed(target.subject.name.raw(), error)?,
            (None, _) => {}
        }
        // The user asked for the end while the last key was finished.
        if let Some(end) = ctx.ending.asked() {
            let rest: Vec<_> = targets.map(|target| format!("id:{}", target.key.id)).collect();
            if !rest.is_empty() {
                batch.stopped(end, "rotated", Rest::Keys(rest));
            }
            break;
        }
    }
    Ok(done.finish(ctx, batch, args.dry_run))
}

/// Finds the lineages of the keys that were named.
async fn named(ctx: &Context, args: &RotateArgs) -> CommandResult<(Batch, Vec<RotationTarget>)> {
    let named = read_keys(ctx, &args.keys.keys).await?;
    args.delivery.check(named.plurality == Plurality::Several)?;
    let outcomes = find_lineages(ctx, &named.refs, &args.keys.types.resolve(ctx)).await?;
    let mut batch = Batch::new(named.plurality, outcomes.len());
    let mut targets: Vec<RotationTarget> = Vec::new();
    for (key, outcome) in named.refs.iter().zip(outcomes) {
        match outcome {
            // Named twice, by its name and by a predecessor's.
            Ok(target) if targets.iter().any(|known| known.subject == target.subject) => {}
            Ok(target) => targets.push(target),
            Err(error) => batch.failed(key.selector.text(), error)?,
        }
    }
    Ok((batch, targets))
}

/// What all runs came to.
#[derive(Default)]
struct Done {
    views: Vec<RotationView>,
    plans: Vec<RotationPlanView>,
    text: Option<KeySecret>,
    new: Option<ProvisioningKey>,
    also_failed: Option<CommandError>,
}

impl Done {
    fn finish(self, ctx: &Context, batch: Batch, dry_run: bool) -> CommandOutput {
        let Self { views, plans, text, new, also_failed } = self;
        if dry_run {
            return batch.finish(plans);
        }
        let mut finished = match (<[RotationView; 1]>::try_from(views), text) {
            (Ok([view]), Some(text)) => {
                let records = Records::revealed(view, Secret::Key(text));
                let mut finished = batch.conclude(CommandOutput::with(Answer::Records(records)));
                finished.on_write_failure = new.map(|new| not_written(ctx, &new));
                finished
            }
            (Ok(views), None) => batch.finish(views),
            (Err(views), _) => batch.finish(views),
        };
        if let Some(error) = also_failed {
            finished.outcome = CommandOutcome::Failed(error);
        }
        finished
    }
}

/// Says how a text is had that could not be written.
fn not_written(ctx: &Context, new: &ProvisioningKey) -> CommandError {
    let reveal = ctx.command(&format!("reveal id:{} --out-file FILE", new.id));
    unfinished(new, "was rotated", "its value could not be written", reveal)
}

/// What one run came to.
struct One {
    view: Option<RotationView>,
    plan: Option<RotationPlanView>,
    text: Option<KeySecret>,
    new: Option<ProvisioningKey>,
    /// The keys that Terraform may have at the address of the lineage.
    old: Vec<KeyId>,
    /// What is not as it was asked for, although there is an answer.
    also_failed: Option<CommandError>,
    /// How the user asked for the end, and where that leaves the lineage.
    stopped: Option<(End, CommandError)>,
}

/// Tells whether texts are handed over. Without a destination someone who was asked has agreed to hand it to no one;
/// where no one can be asked, --no-deliver and --yes say so beforehand. Nothing is sent before.
fn delivery_mode(ctx: &Context, args: &RotateArgs) -> CommandResult<DeliveryMode> {
    if args.dry_run {
        let is_named = args.delivery.is_named();
        return Ok(if is_named { DeliveryMode::Deliver } else { DeliveryMode::Skip });
    }
    let will_ask = ctx.consent == Consent::Ask && ctx.can_ask();
    let must_agree = ctx.consent == Consent::Ask && !will_ask;
    let destination = "--out-file FILE, --exec CMD, --reveal or --no-deliver".to_owned();
    match (args.delivery.is_named(), args.delivery.no_deliver || will_ask) {
        (false, false) => {
            let yes = must_agree.then(|| "--yes".to_owned());
            let options: Vec<String> = std::iter::once(destination).chain(yes).collect();
            Err(missing("rotate", &options)
                .hint("--no-deliver does not hand the new key value over; `zpakey reveal` reads it later"))
        }
        (_, _) if must_agree => {
            let message = format!("will not rotate without confirmation, and {}", ctx.why_not_ask());
            Err(CommandError::new(ErrorKind::ConfirmationRequired, message)
                .hints(["--yes confirms it", "--dry-run shows what would be done"]))
        }
        (true, _) => Ok(DeliveryMode::Deliver),
        (false, true) => Ok(DeliveryMode::Skip),
    }
}

/// Rotates one lineage, or rolls its rotation back.
async fn rotate(
    ctx: &Context,
    args: &RotateArgs,
    delivery: DeliveryMode,
    holder: &Holder,
    target: &RotationTarget,
) -> CommandResult<One> {
    let name = &target.subject.name;
    let mut handler = RotateHandler::new(args, name);
    let (subject, place) = (target.subject.clone(), &target.place);
    let ended = if args.rollback {
        let mut machine =
            Rollback::new(RollbackRequest { subject, delivery, settle: args.settle, timeout: ctx.timeout() });
        drive(ctx, place, &mut machine, &mut handler).await
    } else {
        let request = request(ctx, args, delivery, target).await?;
        drive(ctx, place, &mut Rotation::new(request), &mut handler).await
    };
    // Whether a rotation starts is decided: it has.
    let resume = ctx.again().with_arguments([name_word(name)]).without(&[
        "due",
        "if-older-than",
        "if-used-above",
        "idle",
    ]);
    let back = format!("rotate {} --rollback{}", typed_name(name), args.delivery.typed());
    let info = ResumeInfo {
        subject: target.subject.clone(),
        noun: if args.rollback { "rollback" } else { "rotation" },
        resume,
        back: (!args.rollback && args.urgency().is_none()).then(|| ctx.command(&back)),
        awaited: args.wait_enroll.unwrap_or_default(),
    };
    let mut one = conclude(ctx, args, target, &info, ended, handler.into_plan()).await?;
    if let (Some(view), Some(new)) = (one.view.as_mut(), &one.new) {
        view.rebind(report::rebinding(ctx, holder, &one.old, new));
    }
    Ok(one)
}

/// Makes the answer of a run, or its error.
async fn conclude(
    ctx: &Context,
    args: &RotateArgs,
    target: &RotationTarget,
    info: &ResumeInfo,
    ended: Ended,
    plan: Option<RotationPlanView>,
) -> CommandResult<One> {
    let Ended { end, last, mut known, .. } = ended;
    let nothing = One {
        view: None,
        plan: None,
        text: None,
        new: None,
        old: Vec::new(),
        also_failed: None,
        stopped: None,
    };
    if let Some(plan) = plan {
        return Ok(One { plan: Some(plan), ..nothing });
    }
    let judged = judge(ctx, info, &end, last, &known);
    let outcome = match end {
        Conclusion::Stopped { end, .. } => {
            let stopped = judged.err().map(|error| (end, error));
            return Ok(One { stopped, ..nothing });
        }
        Conclusion::Over(outcome) => outcome,
    };
    let has_answer = matches!(
        outcome.verdict,
        Verdict::Finished | Verdict::NothingToDo(_) | Verdict::Ineffective(_) | Verdict::WaitTimedOut { .. }
    );
    let now = target.place.client.server_time();
    let stands: Standing = standing(&target.subject, &outcome.report, &known);
    let also_failed = match judged {
        Err(error) if !has_answer => {
            warn_of(ctx, &outcome.report.notes, &target.subject.name);
            return Err(error);
        }
        judged => judged.err(),
    };
    if args.dry_run {
        let plan = report::empty_plan(args, target.subject.name.raw(), &stands);
        report::say_nothing(ctx, args, &outcome, &stands, &target.subject.name, now);
        return Ok(One { plan: Some(plan), ..nothing });
    }
    if args.compromised && known.members.is_none() {
        known.members = report::members(ctx, target).await;
    }
    let view = report::view(ctx, args, target, &outcome, &stands, &known, now);
    report::say_nothing(ctx, args, &outcome, &stands, &target.subject.name, now);
    let handed = if args.rollback { stands.new.as_ref() } else { outcome.report.new.as_ref() };
    let text = handed.filter(|_| args.delivery.reveal).and_then(|key| known.take_text(&key.id));
    if let (Some(text), Some(new)) = (&text, handed) {
        args.ci.mask(ctx, text).map_err(|error| not_written(ctx, new).because(error))?;
    }
    let involved = [&stands.old, &outcome.report.old, &outcome.report.new].into_iter().flatten();
    let old = involved.map(|key| key.id.clone()).chain(outcome.report.deleted.iter().cloned()).collect();
    Ok(One { view: Some(view), text, new: stands.new, old, also_failed, ..nothing })
}

/// What the machine is asked for. Groups and certificates are looked up where they were named.
async fn request(
    ctx: &Context,
    args: &RotateArgs,
    delivery: DeliveryMode,
    target: &RotationTarget,
) -> CommandResult<RotateRequest> {
    let client = &target.place.client;
    let conditions = args.conditions(ctx);
    if conditions.iter().any(|condition| matches!(condition, Condition::OlderThan(_))) {
        check_clocks(ctx, client, if args.due { "rotate --due" } else { "--if-older-than" })?;
    }
    let group = match &args.successor.group {
        Some(selector) => Some(find_group(ctx, client, target.subject.kind, selector).await?.id),
        None => None,
    };
    let cert = match &args.successor.cert {
        Some(selector) => Some(named_cert(ctx, client, selector, "").await?.id),
        None => None,
    };
    Ok(RotateRequest {
        subject: target.subject.clone(),
        successor: SuccessorOptions {
            group,
            cert,
            max_usage: args.successor.max_usage.map(MaxUsage),
            ip_acl: args.successor.ip_acl(),
        },
        delivery,
        settle: args.settle,
        retire: args.retire_when(),
        urgency: args.urgency().unwrap_or(crate::domain::rotation::Urgency::Planned),
        seal: args.seal,
        wait_enroll: args.wait(),
        only_if: conditions,
        idle: args.idle,
        unproven: args.unproven,
        keep_successor: args.keep_successor,
        timeout: ctx.timeout(),
        limits_before: ctx.audit_log.limits_before(),
        clocks_agree: clocks_agree(client),
    })
}

/// Makes the question before a run.
fn question(about: String, args: &RotateArgs, name: &ServerText) -> Question {
    let (ask, verb) = if args.rollback { ("Roll back?", "roll back") } else { ("Rotate?", "rotate") };
    Question {
        about,
        ask: ask.to_owned(),
        danger: crate::commands::shared::ask::Danger::Confirm,
        refusal: format!("will not {verb} {name}"),
        hints: vec!["--yes confirms it".to_owned()],
    }
}
