//! The configuration: the profile file, who else may touch zpakey's files, variables that contradict each other.

use std::path::{Path, PathBuf};

use super::{Finding, in_order, to_look_after};
use crate::config::{
    ApiFlavor, DEFAULT_PROFILE, Description, Home, Origin, SecretKind, SecretSource, Vendor, vars,
};
use crate::context::{Context, mend_log, quoted};
use crate::host::{
    Distrust, Exposure, Journal, Others, UnreadFile, command_to_close, command_to_make_private,
    command_to_own,
};
use crate::output::Check;

/// Says which profile is meant, and why. That it can be used is known by now.
pub(super) fn config(ctx: &Context) -> Finding {
    let settings = &ctx.settings;
    if settings.is_sandbox() {
        return in_order(Check::Config, "the sandbox needs no profile file").into();
    }
    let path = &settings.profile_path;
    let (file, profile) = (shown(ctx, path), &settings.profile_name);
    let is_there = Others::of(path).is_ok_and(|found| found.is_some());
    let message = match settings.get(&vars::PROFILE) {
        _ if path.as_os_str().is_empty() => "there is no home directory, so there are no profiles".to_owned(),
        _ if !is_there => format!("there is no profile file; it would be {file}"),
        _ if !settings.profile_exists => format!("{file} has no profile \"{profile}\", and none is named"),
        Some(named) => format!("{file}, profile \"{profile}\", named by {}", named.origin),
        None if profile == DEFAULT_PROFILE => format!("{file}, profile \"{profile}\", as none is named"),
        None => format!("{file}, profile \"{profile}\", the active one"),
    };
    let mut view = in_order(Check::Config, &message);
    for line in unread_sdk_profiles(ctx) {
        view = view.detail(&line);
    }
    match settings.credential_home() {
        Home::VendorFile => view.detail(&format!("the credential is {}", ctx.profile_label())).into(),
        Home::Options | Home::Environment | Home::Profile | Home::Nowhere => view.into(),
    }
}

/// Says that the profiles of the vendor's newest SDK are not read, if someone may expect that they are.
fn unread_sdk_profiles(ctx: &Context) -> Vec<String> {
    let Some(dirs) = &ctx.dirs else { return Vec::new() };
    let path = dirs.sdk_profiles();
    let is_read = matches!(
        ctx.settings.credential_origin(),
        Some(Origin::VendorFile { path: read, .. }) if *read == path
    );
    let is_there = Others::of(&path).is_ok_and(|found| found.is_some());
    let mut lines = Vec::new();
    if is_there && !is_read {
        lines.push(format!("{} is not read: the credential is {}", shown(ctx, &path), ctx.profile_label()));
    }
    if ctx.env.get("ZSCALER_PROFILE").is_some() && !is_read {
        lines.push(format!("ZSCALER_PROFILE is not used: it names a profile of {} only", shown(ctx, &path)));
    }
    lines
}

/// Lists what others than the owner may read or write and should not.
pub(super) fn permissions(ctx: &Context) -> Vec<Finding> {
    let others = |path: &Path| Others::of(path).ok().flatten();
    let mut found: Vec<Finding> = exposed(ctx)
        .iter()
        .map(|path| {
            let message = format!("{} holds a secret and other users can read it", shown(ctx, path));
            let hint = command_to_make_private(&quoted(&path.display().to_string()));
            to_look_after(Check::Permissions, &message).hint(&hint).into()
        })
        .collect();
    found.extend(unread_log(ctx));
    let mut places = Vec::new();
    if let Some(dirs) = &ctx.dirs {
        let own = [
            &dirs.config,
            &dirs.state,
            &dirs.tokens(),
            &dirs.budget(),
            &dirs.audits(),
            &dirs.cache,
            &dirs.names(),
        ];
        places.extend(own.into_iter().cloned());
    }
    let (open, rest): (Vec<_>, Vec<_>) =
        places.iter().partition(|path| others(path).is_some_and(|others| others.may_write));
    for path in &open {
        let view =
            to_look_after(Check::Permissions, &format!("{} can be written by others", shown(ctx, path)));
        let hint = command_to_close(&quoted(&path.display().to_string()));
        found.push(view.hint(&hint).into());
    }
    let is_told = |why: &Distrust| matches!(why, Distrust::Writable(path) if open.contains(&path));
    let mut reasons: Vec<Distrust> = Vec::new();
    for why in rest.iter().filter_map(|path| Distrust::of(path).ok().flatten()) {
        if !is_told(&why) && !reasons.contains(&why) {
            reasons.push(why);
        }
    }
    found.extend(reasons.iter().map(|why| unused(ctx, why)));
    found
}

/// Says why nothing is kept below a directory.
fn unused(ctx: &Context, why: &Distrust) -> Finding {
    let word = |path: &Path| quoted(&path.display().to_string());
    let (path, what, hint) = match why {
        Distrust::Writable(path) => {
            (path, "can be written by others".to_owned(), command_to_close(&word(path)))
        }
        Distrust::Owner { path, owner } => (path, format!("belongs to {owner}"), command_to_own(&word(path))),
    };
    let message = format!("{} {what}, so that nothing is kept below it", shown(ctx, path));
    to_look_after(Check::Permissions, &message).hint(&hint).into()
}

/// Lists the files that hold a secret and that other users can read.
fn exposed(ctx: &Context) -> Vec<PathBuf> {
    let mut exposed = ctx.settings.exposed.clone();
    if let Some((_, secret)) = ctx.settings.secret()
        && let SecretSource::File(path) | SecretSource::NamedFile(path) = &secret.value
        && Exposure::of_secret(path, &ctx.env) == Exposure::Readable
    {
        exposed.push(path.clone());
    }
    exposed
}

/// Says which files of the log cannot be read, so that `zpakey log` fails and nothing is added to it.
fn unread_log(ctx: &Context) -> Vec<Finding> {
    let Some(dirs) = &ctx.dirs else { return Vec::new() };
    let unread = Journal::new(dirs.log()).read().unread;
    let finding = |file: UnreadFile| {
        let message = format!("{} is not read: {}", shown(ctx, &file.path), file.why);
        let view = to_look_after(Check::Permissions, &message);
        match mend_log(&file) {
            Some(hint) => view.hint(&hint).into(),
            None => view.into(),
        }
    };
    unread.into_iter().map(finding).collect()
}

/// Says that all files are private, if they are.
pub(super) fn or_in_order(problems: Vec<Finding>) -> Vec<Finding> {
    if problems.is_empty() {
        return vec![in_order(Check::Permissions, "config and state files are private").into()];
    }
    problems
}

/// Lists variables that are set and not used, or not all of them.
pub(super) fn variables(ctx: &Context) -> Vec<Finding> {
    let settings = &ctx.settings;
    let mut found = Vec::new();
    let mut warn = |message: &str, hint: &str| {
        found.push(to_look_after(Check::Variables, message).hint(hint).into());
    };
    if !settings.set_aside.is_empty() {
        let names = settings.set_aside.join(", ");
        let message = format!("ignored because profile \"{}\" is selected: {names}", settings.profile_name);
        warn(&message, "unset them, or name no profile");
    }
    for (message, hint) in vars::descriptions().filter_map(|row| differing(ctx, row)) {
        warn(&message, &hint);
    }
    let others = of_other_door(ctx);
    if !others.is_empty() {
        let (door, way) = match settings.front_door() {
            ApiFlavor::OneApi => ("OneAPI", "legacy"),
            ApiFlavor::Legacy => ("the legacy API", "oneapi"),
        };
        let message = format!("ignored because {door} is used: {}", others.join(", "));
        warn(&message, &format!("unset them, or sign in the other way: --auth {way}"));
    }
    let empty: Vec<&str> = settings.empty_variables.iter().copied().collect();
    let signs_in = settings.secret().is_some() || settings.given_token().is_some();
    let unmet = |row: &&'static Description| {
        let another = row.is_secret && signs_in;
        row.names_a_tenant() && !another && origin(ctx, row).is_none()
    };
    let needed: Vec<&str> = vars::descriptions()
        .filter(unmet)
        .flat_map(|row| names(row).map(|(name, _)| name))
        .filter(|name| empty.contains(name))
        .collect();
    if !needed.is_empty() {
        let message = format!("set, but empty, which counts as unset: {}", needed.join(", "));
        warn(&message, "a secret that a CI job does not have looks like that");
    }
    if found.is_empty() {
        let message = if empty.is_empty() {
            "no conflicting variables".to_owned()
        } else {
            format!("no conflicting variables; empty ones count as unset: {}", empty.join(", "))
        };
        found.push(in_order(Check::Variables, &message).into());
    }
    found
}

/// Returns the variables of a setting, and whose credential they belong to.
fn names(row: &Description) -> impl Iterator<Item = (&'static str, Vendor)> {
    [(row.variable, Vendor::Both)].into_iter().chain(row.vendor.iter().copied())
}

/// Tells whether a variable is read by the way to sign in.
fn is_read(ctx: &Context, vendor: Vendor) -> bool {
    match vendor {
        Vendor::Both => true,
        Vendor::OneApi => ctx.settings.front_door() == ApiFlavor::OneApi,
        Vendor::Legacy => ctx.settings.front_door() == ApiFlavor::Legacy,
    }
}

/// Says that variables of one setting have different values, where one of them counts.
fn differing(ctx: &Context, row: &Description) -> Option<(String, String)> {
    let Some(Origin::Variable(counts)) = origin(ctx, row) else { return None };
    let value = ctx.env.get(counts)?;
    let mut others: Vec<(&str, &str)> = names(row)
        .filter(|(name, vendor)| *name != counts && is_read(ctx, *vendor))
        .filter_map(|(name, _)| Some((name, ctx.env.get(name)?)))
        .filter(|(_, other)| *other != value)
        .collect();
    if *row == vars::PROXY.description {
        // A proxy for https and one for all else are no contradiction.
        others.retain(|(name, _)| name.eq_ignore_ascii_case(counts));
    }
    let show = |name: &str, value: &str| {
        if row.is_secret { name.to_owned() } else { format!("{name} is {value}") }
    };
    let (unused, _) = others.first()?;
    let all = others.iter().map(|(name, value)| show(name, value)).collect::<Vec<_>>().join(", ");
    let message = if row.is_secret {
        format!("{counts} is used; {all} differs")
    } else {
        format!("{counts} is used ({value}); {all}")
    };
    Some((message, format!("unset {unused}")))
}

/// Lists the variables of the other way to sign in whose values would make a difference.
fn of_other_door(ctx: &Context) -> Vec<&'static str> {
    let of_row = |row: &Description| {
        let Some(Origin::Variable(counts)) = origin(ctx, row) else { return Vec::new() };
        let differs = |name: &str| ctx.env.get(name).is_some_and(|value| ctx.env.get(counts) != Some(value));
        let unread = names(row).filter(|(name, vendor)| !is_read(ctx, *vendor) && differs(name));
        unread.map(|(name, _)| name).collect()
    };
    vars::descriptions().flat_map(of_row).collect()
}

/// Returns where the value of a setting came from; `None` if it has none.
fn origin(ctx: &Context, row: &Description) -> Option<Origin> {
    let settings = &ctx.settings;
    if let Some(kind) = SecretKind::ALL.into_iter().find(|kind| kind.setting().description == *row) {
        let secret = settings.secret().filter(|(used, _)| *used == kind);
        return secret.map(|(_, found)| found.origin.clone());
    }
    if *row == vars::ACCESS_TOKEN.description {
        return settings.given_token().cloned();
    }
    settings.origin(row).cloned()
}

/// Writes a path as messages do.
pub(super) fn shown(ctx: &Context, path: &Path) -> String {
    match &ctx.dirs {
        Some(dirs) => dirs.shorten(path),
        None => path.display().to_string(),
    }
}
