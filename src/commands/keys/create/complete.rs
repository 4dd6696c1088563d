//! What was not given: from the profile's defaults, or from the person at the terminal.

use super::{CreateArgs, CreateRequest, IfExists, check_name, group_names};
use crate::commands::shared::lookup::{as_typed, selector_word};
use crate::commands::shared::references::reject_cert;
use crate::commands::shared::refusals;
use crate::context::{Consent, Context};
use crate::domain::{AssociationType, EnrollmentCert, MaxUsage, Selector, ServerText, Zcomponent, escape};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::Choice;
use crate::output::Notice;

/// What is known of the request so far.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    kind: Option<AssociationType>,
    group: Option<Selector>,
    cert: Option<Selector>,
    max_usage: Option<u64>,
}

/// Completes the request: options, then the profile's defaults for the type, then questions. Where no one can be
/// asked, everything that is missing is named in one message.
pub(super) async fn complete(ctx: &Context, args: &CreateArgs) -> CommandResult<CreateRequest> {
    let mut draft = Draft {
        name: args.name.clone(),
        kind: args.association_type,
        group: args.group.clone(),
        cert: args.cert.clone(),
        max_usage: args.max_usage,
    };
    draft.fill_from_profile(ctx)?;
    if draft.is_complete() {
        return draft.into_request(ctx, None);
    }
    if !ctx.can_ask() {
        let groups = group_names(ctx, draft.kind.filter(|_| draft.group.is_none())).await;
        return draft.into_request(ctx, groups);
    }
    draft.ask(ctx, args.handling.if_exists == IfExists::Fail).await?;
    let request = draft.into_request(ctx, None)?;
    if !args.handling.dry_run {
        confirm(ctx, &request).await?;
    }
    ctx.reporter
        .ask(&Notice::Note(format!("the same without questions:\n  {}", command_line(ctx, &request))));
    Ok(request)
}

/// Names what was chosen once more: Enter in a list takes whatever is marked.
async fn confirm(ctx: &Context, request: &CreateRequest) -> CommandResult<()> {
    if ctx.consent == Consent::Given {
        return Ok(());
    }
    let group = match &request.group {
        Selector::Any(name) | Selector::Name(name) => format!("\"{}\"", escape(name)),
        Selector::Id(_) | Selector::IdFirst(_) => as_typed(&request.group),
    };
    let (dot, kind) = (ctx.reporter.separator(), request.kind);
    let cert = match (&request.cert, kind.default_cert_name()) {
        (Some(Selector::Any(name) | Selector::Name(name)), _) => name.clone(),
        (Some(cert), _) => as_typed(cert),
        (None, default) => default.unwrap_or_default().to_owned(),
    };
    let uses = if request.max_usage.0 == 1 { "use" } else { "uses" };
    ctx.reporter.ask(&Notice::Note(format!(
        "{}{dot}certificate {}{dot}{} {uses}{dot}{}",
        kind.short(),
        escape(&cert),
        request.max_usage.0,
        ctx.tenant_label()
    )));
    let question = format!("? Create {} in {group}? [Y/n] ", escape(&request.name));
    loop {
        match answer(ctx, &question).await?.to_ascii_lowercase().as_str() {
            "" | "y" | "yes" => return Ok(()),
            "n" | "no" => return Err(CommandError::declined()),
            _ => ctx.reporter.ask(&Notice::Warning("answer y or n".to_owned())),
        }
    }
}

impl Draft {
    fn is_complete(&self) -> bool {
        self.name.is_some()
            && self.kind.is_some()
            && self.group.is_some()
            && !self.lacks_cert()
            && self.max_usage.is_some()
    }

    /// Tells whether a certificate must be named: for three types none is known to be the default.
    fn lacks_cert(&self) -> bool {
        self.cert.is_none() && self.kind.is_some_and(|kind| kind.default_cert_name().is_none())
    }

    fn fill_from_profile(&mut self, ctx: &Context) -> Result<(), CommandError> {
        let Some(defaults) = self.kind.and_then(|kind| ctx.settings.defaults.get(&kind)) else {
            return Ok(());
        };
        if self.group.is_none() {
            self.group = default_selector("group", defaults.group.as_deref())?;
        }
        if self.cert.is_none() {
            self.cert = default_selector("cert", defaults.cert.as_deref())?;
        }
        self.max_usage = self.max_usage.or(defaults.max_usage);
        Ok(())
    }

    /// Asks for what is missing. `is_new` tells that no key of the type may have the name.
    async fn ask(&mut self, ctx: &Context, is_new: bool) -> CommandResult<()> {
        if self.kind.is_none() {
            let choice = |kind: AssociationType| Choice {
                name: kind.short().to_owned(),
                about: format!("{}{}", ctx.reporter.separator(), kind.group_noun()),
            };
            let choices = AssociationType::ALL.map(choice);
            let picked = ctx.ask_choice("Association type".to_owned(), choices.to_vec()).await?;
            let picked = picked.and_then(|index| AssociationType::ALL.get(index).copied());
            self.kind = Some(picked.ok_or_else(CommandError::declined)?);
            self.fill_from_profile(ctx)?;
        }
        if let (Some(name), true) = (&self.name, is_new) {
            self.refuse_taken(ctx, name).await?;
        }
        while self.name.is_none() {
            let name = answer(ctx, "? Name of the key: ").await?;
            let checked = match check_name(&name) {
                Ok(()) if is_new => self.refuse_taken(ctx, &name).await,
                checked => checked,
            };
            match checked {
                Ok(()) => self.name = Some(name),
                Err(error) if matches!(error.kind(), ErrorKind::Usage | ErrorKind::Conflict) => {
                    ctx.reporter.ask(&Notice::Warning(error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        if self.group.is_none() {
            self.group = Some(self.ask_group(ctx).await?);
        }
        if self.cert.is_none() {
            self.cert = Some(self.ask_cert(ctx).await?);
        }
        while self.max_usage.is_none() {
            match answer(ctx, "? Maximum uses: ").await?.parse() {
                Ok(number) if number > 0 => self.max_usage = Some(number),
                Ok(_) | Err(_) => {
                    ctx.reporter.ask(&Notice::Warning("expected a positive integer".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Refuses a name that a key has, before the other questions are asked.
    async fn refuse_taken(&self, ctx: &Context, name: &str) -> CommandResult<()> {
        let kind = self.kind.ok_or_else(CommandError::declined)?;
        let client = ctx.client().await?;
        let keys = client.keys(kind).await?;
        match keys.iter().find(|key| key.name == *name && client.is_home_of(key)) {
            Some(key) => Err(refusals::exists(&key.name, &key.id, kind)
                .hint("--if-exists skip answers with the existing key, --if-exists update changes it")),
            None => Ok(()),
        }
    }

    async fn ask_group(&self, ctx: &Context) -> CommandResult<Selector> {
        let kind = self.kind.ok_or_else(CommandError::declined)?;
        let Some(groups) = ctx.client().await?.groups(kind).await? else {
            let id = answer(ctx, &format!("? Id of the {}: ", kind.group_noun())).await?;
            return id
                .parse::<Selector>()
                .map_err(|error| CommandError::usage(format!("--group: {error}"), ""));
        };
        if groups.is_empty() {
            return Err(no_groups(ctx, kind));
        }
        let choice = |group: &Zcomponent| NamedChoice {
            id: group.id.to_string(),
            name: group.name.raw().to_owned(),
            about: if group.enabled { "" } else { "disabled" },
        };
        pick(ctx, kind.group_noun(), groups.iter().map(choice).collect()).await
    }

    /// Asks for the certificate: those that can sign, the one that the type calls for first.
    async fn ask_cert(&self, ctx: &Context) -> CommandResult<Selector> {
        let kind = self.kind.ok_or_else(CommandError::declined)?;
        let now = ctx.clock.now();
        let mut certs = ctx.client().await?.certs().await?;
        certs.retain(|cert| reject_cert(cert, now).is_ok());
        certs.sort_by_key(|cert| kind.default_cert_name() != Some(cert.name.raw()));
        let choice = |cert: &EnrollmentCert| NamedChoice {
            id: cert.id.to_string(),
            name: cert.name.raw().to_owned(),
            about: if kind.default_cert_name() == Some(cert.name.raw()) {
                "default for this type"
            } else {
                ""
            },
        };
        pick(ctx, "Enrollment certificate", certs.iter().map(choice).collect()).await
    }

    /// Makes the request, or names all that is missing.
    fn into_request(self, ctx: &Context, groups: Option<Vec<ServerText>>) -> CommandResult<CreateRequest> {
        let lacks_cert = self.lacks_cert();
        match (self.name, self.kind, self.group, self.max_usage) {
            (Some(name), Some(kind), Some(group), Some(max_usage)) if !lacks_cert => {
                check_name(&name)?;
                Ok(CreateRequest { name, kind, group, cert: self.cert, max_usage: MaxUsage(max_usage) })
            }
            (name, kind, group, max_usage) => {
                if let (Some(kind), Some(groups)) = (kind, &groups)
                    && groups.is_empty()
                {
                    return Err(no_groups(ctx, kind));
                }
                let missing = [
                    (name.is_none(), "NAME"),
                    (kind.is_none(), "--type"),
                    (group.is_none(), "--group"),
                    (lacks_cert, "--cert"),
                    (max_usage.is_none(), "--max-usage"),
                ];
                let missing = missing.into_iter().filter(|(is_missing, _)| *is_missing);
                let options: Vec<String> = missing.map(|(_, option)| option.to_owned()).collect();
                let hint = (group.is_none() || max_usage.is_none()).then(|| {
                    let kind = kind.unwrap_or(AssociationType::ConnectorGrp).short();
                    format!("set group and max_usage once in the profile: [profiles.NAME.defaults.{kind}]")
                });
                Err(refusals::missing("create", &options)
                    .details(candidates(kind, groups, lacks_cert))
                    .hints(hint))
            }
        }
    }
}

/// Reads a group or a certificate that the profile has for a type.
pub(super) fn default_selector(key: &str, text: Option<&str>) -> Result<Option<Selector>, CommandError> {
    let wrong = |error| CommandError::usage(format!("the profile's default {key}: {error}"), "");
    text.map(str::parse::<Selector>).transpose().map_err(wrong)
}

/// A group or a certificate to choose from.
struct NamedChoice {
    id: String,
    name: String,
    /// What is to be known before it is chosen; empty if nothing is.
    about: &'static str,
}

/// Asks for one of several things by their names, and names the chosen one as it could be typed.
async fn pick(ctx: &Context, what: &str, choices: Vec<NamedChoice>) -> CommandResult<Selector> {
    let is_shared = |name: &str| choices.iter().filter(|other| other.name == name).count() > 1;
    let shown = |NamedChoice { id, name, about }: &NamedChoice| {
        let name =
            if is_shared(name) { format!("{} ({id})", escape(name)) } else { escape(name).into_owned() };
        let about = if about.is_empty() { String::new() } else { format!(" ({about})") };
        Choice { name, about }
    };
    let picked = ctx.ask_choice(what.to_owned(), choices.iter().map(shown).collect()).await?;
    let NamedChoice { id, name, .. } =
        picked.and_then(|index| choices.get(index)).ok_or_else(CommandError::declined)?;
    let by_name = name.parse().ok().filter(|selector: &Selector| {
        matches!(selector, Selector::Any(_))
            && choices.iter().filter(|other| selector.matches(&other.id, &other.name)).count() == 1
    });
    Ok(by_name.unwrap_or_else(|| Selector::Id(id.clone())))
}

async fn answer(ctx: &Context, question: &str) -> CommandResult<String> {
    let answer = ctx.ask_line(question.to_owned()).await?;
    answer.ok_or_else(CommandError::declined)
}

fn candidates(
    kind: Option<AssociationType>,
    groups: Option<Vec<ServerText>>,
    lacks_cert: bool,
) -> Vec<String> {
    let Some(kind) = kind else {
        let all: Vec<_> = AssociationType::ALL.iter().map(|kind| kind.short()).collect();
        return vec![format!("--type: {}", all.join(", "))];
    };
    let no_default = format!("--cert: no certificate is known to be the default of {kind}");
    let mut details = Vec::from_iter(lacks_cert.then_some(no_default));
    let Some(groups) = groups else { return details };
    let shown: Vec<String> = groups.iter().take(20).map(|name| format!("\"{name}\"")).collect();
    let more = groups.len().saturating_sub(shown.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (noun, verb) = if groups.len() == 1 { ("", "exists") } else { ("s", "exist") };
    let (count, kind) = (groups.len(), kind.group_noun());
    details.push(format!("--group: {count} {kind}{noun} {verb}: {}{rest}", shown.join(", ")));
    details
}

/// Says where groups come from: zpakey makes none.
fn no_groups(ctx: &Context, kind: AssociationType) -> CommandError {
    let (resource, noun) = match kind {
        AssociationType::ServiceEdgeGrp => ("zpa_service_edge_group", kind.group_noun()),
        AssociationType::ConnectorGrp
        | AssociationType::NpAssistantGrp
        | AssociationType::SiteControllerGrp
        | AssociationType::ExporterGrp => ("zpa_app_connector_group", kind.group_noun()),
    };
    let message = format!("{} has no {noun}, and a key belongs to one", ctx.tenant_label());
    CommandError::new(ErrorKind::NotFound, message).hint(format!(
        "groups are made in the ZPA admin portal, or by Terraform's {resource}; zpakey makes none"
    ))
}

/// Writes the command line that was typed with the answers, so that it asks nothing.
fn command_line(ctx: &Context, request: &CreateRequest) -> String {
    let line = ctx
        .again()
        .with_arguments([request.name.as_str()])
        .with("type", request.kind.short())
        .with("group", &selector_word(&request.group))
        .with("max-usage", &request.max_usage.0.to_string());
    match &request.cert {
        Some(cert) => line.with("cert", &selector_word(cert)).to_string(),
        None => line.to_string(),
    }
}
