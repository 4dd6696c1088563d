//! How answers, messages and errors look.

use super::ui::{ErrorForm, Ui};
use crate::cli::Cli;
use crate::commands::Nature;
use crate::config::{ColorChoice, Settings, vars};
use crate::error::CommandResult;
use crate::host::{Env, Host, time_zone};
use crate::output::{
    self, Color, Destination, Detail, Format, Glyphs, Header, KeyView, Look, RecordKind, Rendering,
    SecretForm,
};

/// Decides how the answer looks, and checks what was asked of it.
pub(super) fn rendering(
    cli: &Cli,
    settings: &Settings,
    host: &Host,
    ui: &mut Ui,
    has_labels: bool,
) -> CommandResult<Rendering> {
    let format = settings.get(&vars::OUTPUT).map_or(Format::Auto, |found| found.value);
    let resolved = format.resolve(destination(host));
    ui.errors = match cli.command.nature() {
        // What these print is text, unless a form was chosen.
        Nature::Plain | Nature::Local | Nature::Bare(_) if format == Format::Auto => ErrorForm::Text,
        Nature::Plain | Nature::Local | Nature::Bare(_) | Nature::Records(_) => error_form(format, host),
    };
    let when = settings.get(&vars::COLOR).map_or(ColorChoice::Auto, |found| found.value);
    ui.stderr.color = color(when, &host.env, StreamInfo { is_terminal: host.terminals.stderr });
    let stdout = StreamInfo { is_terminal: host.terminals.stdout_width.is_some() };
    // Columns that are set once are those of keys; a dry run or a deletion has others.
    let is_of_keys = cli.command.nature() == Nature::Records(RecordKind::of::<KeyView>());
    let columns = settings.get(&vars::COLUMNS).filter(|found| is_of_keys || found.is_typed());
    let rendering = Rendering {
        format: resolved,
        columns: columns.map(|found| found.value.clone()),
        header: if cli.global.no_header { Header::Hidden } else { Header::Shown },
        field: cli.global.field.clone(),
        detail: if cli.global.quiet { Detail::IdsOnly } else { Detail::Full },
        terminal_width: host.terminals.stdout_width,
        look: Look {
            color: color(when, &host.env, stdout),
            glyphs: glyphs(&host.env),
            width: host.terminals.stdout_width,
        },
        now: host.clock.now(),
        zone: time_zone(),
        secret_form: secret_form(cli),
    };
    if let Some(kind) = cli.command.nature().records() {
        let kind = if has_labels { kind.of_tenants() } else { kind };
        output::check_format(kind, rendering.format)?;
        output::check(kind, rendering.columns.as_deref(), rendering.field.as_deref())?;
    }
    Ok(rendering)
}

/// Decides how a secret is shown: as the command has it, unless a form or a field was typed for what is plain
/// otherwise.
fn secret_form(cli: &Cli) -> SecretForm {
    let typed = cli.global.output.is_some() || cli.global.field.is_some() || cli.global.columns.is_some();
    match cli.command.secret_form() {
        SecretForm::Line if typed => SecretForm::Formatted,
        form @ (SecretForm::Formatted | SecretForm::Exact | SecretForm::Line) => form,
    }
}

/// What is known about a stream.
#[derive(Clone, Copy)]
pub(super) struct StreamInfo {
    pub(super) is_terminal: bool,
}

pub(super) fn color(when: ColorChoice, env: &Env, stream: StreamInfo) -> Color {
    let always = match when {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if env.get("NO_COLOR").is_some() => false,
        ColorChoice::Auto if env.get("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto => stream.is_terminal && env.get("TERM") != Some("dumb"),
    };
    if always { Color::Always } else { Color::Never }
}

pub(super) fn glyphs(env: &Env) -> Glyphs {
    if env.is_utf8() { Glyphs::Unicode } else { Glyphs::Ascii }
}

/// Decides the form of errors from the form that was chosen for answers: in `zpakey list | grep x` a person reads them.
pub(super) fn error_form(chosen: Format, host: &Host) -> ErrorForm {
    match (chosen, chosen.resolve(destination(host))) {
        (Format::Auto, _) if host.terminals.stderr => ErrorForm::Text,
        (_, Format::Json | Format::Ndjson | Format::Sarif | Format::Junit) => ErrorForm::Json,
        (_, Format::Auto | Format::Table | Format::Wide | Format::Yaml | Format::Csv | Format::Markdown) => {
            ErrorForm::Text
        }
    }
}

/// Tells where standard output leads.
pub(super) fn destination(host: &Host) -> Destination {
    if host.terminals.stdout_width.is_some() { Destination::Terminal } else { Destination::Elsewhere }
}
