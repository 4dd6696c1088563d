//! Where a rotation hands a key value over: a private file, a command of the user's own, the answer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use zeroize::Zeroizing;

use super::{HandOver, KnownKeys, ReadBack};
use crate::commands::shared::destination::note_unsynchronised;
use crate::commands::shared::file_template::{FileFields, FileTemplate, with_profile};
use crate::commands::shared::input::parse_age;
use crate::context::{Context, KeyLabel, Recipient, quoted};
use crate::domain::desired::{DeliverTo, Delivery};
use crate::domain::{Fingerprint, KeyId, escape};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Existing, Hook, PrivateFile, PrivateFileError, read_key_file};
use crate::kind::Classified;
use crate::output::Notice;
use crate::secret::KeyDigest;

/// Where the text goes.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "the text is help, where backticks would show")]
#[command(next_help_heading = "Where the new key value goes")]
pub(crate) struct DeliveryArgs {
    /// Write it into a private file (0600); {name} stands for the key's name. A file that holds a key of this
    /// lineage is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) out_file: Option<PathBuf>,
    /// Replace the file of --out-file whatever it holds
    #[arg(long, requires = "out_file")]
    force: bool,
    /// Run this command with `sh -c` (Windows: `cmd /c`), the key value on its standard input; ZPAKEY_OPERATION,
    /// ZPAKEY_KEY_ID and ZPAKEY_KEY_NAME tell which. What it prints goes to standard error, without secrets. After
    /// --out-file
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
    /// Give the key value to the command of --exec in this variable instead
    #[arg(long, value_name = "NAME", requires = "exec", value_parser = parse_variable)]
    env: Option<String>,
    /// Limit the command of --exec to this time; it is killed then
    #[arg(long, value_name = "TIME", requires = "exec", default_value = "5m", value_parser = parse_age)]
    exec_timeout: Duration,
    /// Do not hand it over; `zpakey reveal` reads it later
    #[arg(long, conflicts_with_all = ["out_file", "exec", "reveal"])]
    pub(crate) no_deliver: bool,
    /// Put it into the answer
    #[arg(long)]
    pub(crate) reveal: bool,
    /// The name of the delivery that a file of keys has chosen.
    #[arg(skip)]
    named: Option<String>,
}

/// Reads the name of a variable.
fn parse_variable(text: &str) -> Result<String, String> {
    let plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let is_name = text.chars().all(plain) && !text.starts_with(|first: char| first.is_ascii_digit());
    if is_name && !text.is_empty() {
        Ok(text.to_owned())
    } else {
        Err("letters, digits and `_` are expected".to_owned())
    }
}

impl DeliveryArgs {
    /// Makes the options of a delivery that has a name. A file that holds a key of the lineage is replaced.
    pub(crate) fn of(name: &str, delivery: &Delivery) -> Self {
        let (out_file, exec) = match &delivery.to {
            // No shell sees the words as anything but words.
            DeliverTo::Exec(words) => {
                (None, Some(words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")))
            }
            DeliverTo::File(path) => (Some(path.clone()), None),
        };
        Self {
            out_file,
            force: false,
            exec,
            env: delivery.env.clone(),
            exec_timeout: delivery.timeout,
            no_deliver: false,
            reveal: false,
            named: Some(name.to_owned()),
        }
    }

    /// Says what runs the command: `--exec`, or the delivery of a file of keys.
    fn runner(&self) -> String {
        self.named.as_ref().map_or_else(|| "--exec".to_owned(), |name| format!("delivery {}", quoted(name)))
    }

    /// Tells whether a destination is named.
    pub(crate) const fn is_named(&self) -> bool {
        self.is_taken_along() || self.reveal
    }

    /// Tells whether a file or a command gets the text.
    pub(crate) const fn is_taken_along(&self) -> bool {
        self.out_file.is_some() || self.exec.is_some()
    }

    /// Refuses a path in which keys of several tenants could meet.
    pub(crate) fn check_profile(&self) -> Result<(), CommandError> {
        let has_profile = |path: &PathBuf| path.to_string_lossy().contains("{profile}");
        if self.out_file.as_ref().is_none_or(has_profile) {
            return Ok(());
        }
        let message = "keys of several tenants may have the same name, and would go into the same file";
        Err(CommandError::usage(message, "--out-file '{profile}/{name}.key' keeps them apart"))
    }

    /// Puts the name of a profile for `{profile}` in the path of the file.
    pub(crate) fn take_profile(&mut self, profile: &str) {
        self.out_file = self.out_file.take().map(|path| with_profile(path, profile));
    }

    /// Refuses what cannot be meant, before anything is sent.
    pub(crate) fn check(&self, several: bool) -> Result<(), CommandError> {
        if self.out_file.as_deref() == Some(Path::new("-")) {
            let hint = "--reveal puts the key value into the answer; ./- is a file of that name";
            return Err(CommandError::usage("--out-file - is not standard output", hint));
        }
        // What an option needs is not asked for where another option forbids it.
        if self.env.is_some() && self.exec.is_none() {
            return Err(CommandError::usage("--env goes with --exec", ""));
        }
        if self.force && self.out_file.is_none() {
            return Err(CommandError::usage("--force goes with --out-file", ""));
        }
        let has_name = self.out_file.as_deref().is_none_or(|path| FileTemplate::of(path).is_some());
        if several && !has_name {
            let hint = "--out-file '{name}.key' gives each its own";
            return Err(CommandError::usage("several keys cannot go into one --out-file", hint));
        }
        if several && self.reveal {
            return Err(CommandError::usage("--reveal shows one key value, and several were named", ""));
        }
        Ok(())
    }

    /// Refuses names whose files would be the same, before the first of them is rotated.
    pub(crate) fn check_files<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), CommandError> {
        let Some(template) = self.out_file.as_deref().and_then(FileTemplate::of) else { return Ok(()) };
        let fields = names.into_iter().map(|name| FileFields { name, ..FileFields::default() });
        template.paths(fields).map(drop)
    }

    /// Says where the text of a lineage's key goes, for a plan; nothing if it is handed to no one.
    pub(crate) fn said(&self, name: &str) -> Option<String> {
        let file = self.path(name).ok().flatten().map(|path| {
            let replaces = if path.exists() { ", replacing the file that is there" } else { "" };
            format!("{}{replaces}", escape(&quoted(&path.display().to_string())))
        });
        let hook = self.exec.as_deref().map(|command| format!("`{command}`"));
        let answer = self.reveal.then(|| "the answer".to_owned());
        let places: Vec<String> = [file, hook, answer].into_iter().flatten().collect();
        (!places.is_empty()).then(|| places.join(", then to "))
    }

    /// Lists the destinations as the answer does.
    pub(crate) fn listed(&self, name: &str) -> Vec<String> {
        let file = self.path(name).ok().flatten().map(|path| path.display().to_string());
        let hook = self.exec.is_some().then(|| "--exec".to_owned());
        let answer = self.reveal.then(|| "--reveal".to_owned());
        [file, hook, answer].into_iter().flatten().collect()
    }

    /// Writes the options as they are typed.
    pub(crate) fn typed(&self) -> String {
        // The first is empty, so that a blank stands before each option.
        std::iter::once(String::new()).chain(self.words()).collect::<Vec<_>>().join(" ")
    }

    /// Lists the options as they are typed.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut typed = Vec::new();
        if let Some(path) = &self.out_file {
            typed.push(format!("--out-file {}", quoted(&path.display().to_string())));
        }
        if self.force {
            typed.push("--force".to_owned());
        }
        if let Some(command) = &self.exec {
            typed.push(format!("--exec {}", quoted(command)));
        }
        if let Some(name) = &self.env {
            typed.push(format!("--env {name}"));
        }
        for (is_on, option) in [(self.no_deliver, "--no-deliver"), (self.reveal, "--reveal")] {
            if is_on {
                typed.push(option.to_owned());
            }
        }
        typed
    }

    fn path(&self, name: &str) -> Result<Option<PathBuf>, CommandError> {
        let Some(path) = &self.out_file else { return Ok(None) };
        let fields = FileFields { name, ..FileFields::default() };
        FileTemplate::of(path).map_or_else(|| Ok(path.clone()), |template| template.path(fields)).map(Some)
    }
}

/// The destinations of one lineage's text.
pub(crate) struct Destinations<'a> {
    args: &'a DeliveryArgs,
    name: &'a str,
    /// The fingerprints of the lineage's keys: a file that holds one of their texts may be replaced.
    lineage: Vec<Fingerprint>,
}

impl<'a> Destinations<'a> {
    pub(crate) const fn new(args: &'a DeliveryArgs, name: &'a str) -> Self {
        Self { args, name, lineage: Vec::new() }
    }

    /// Checks that the file can be written, and that what is there may be replaced.
    pub(crate) fn check(&mut self, lineage: &[KeyId], known: &KnownKeys) -> Result<(), CommandError> {
        self.lineage = lineage.iter().filter_map(|id| known.fingerprint(id)).collect();
        let Some(path) = self.args.path(self.name)? else { return Ok(()) };
        // What is opened here is a file beside it, gone again at once.
        self.prepare(&path)?;
        Ok(())
    }

    /// Hands the text over, to one destination after the other.
    pub(crate) async fn deliver(&mut self, ctx: &Context, what: &HandOver<'_>) -> CommandResult<ReadBack> {
        let mut read_back = ReadBack::No;
        if let Some(path) = self.args.path(self.name)? {
            self.write(ctx, &path, what)?;
            read_back = ReadBack::Yes;
        }
        if let Some(command) = &self.args.exec {
            self.run(ctx, command, what).await?;
        }
        Ok(read_back)
    }

    fn prepare(&self, path: &Path) -> Result<PrivateFile, PrivateFileError> {
        let replace = self.args.force || self.holds_lineage(path);
        PrivateFile::prepare(path, if replace { Existing::Replace } else { Existing::Keep })
    }

    /// Tells whether a file holds the text of a key of this lineage.
    fn holds_lineage(&self, path: &Path) -> bool {
        let Ok(Some((bytes, _))) = read_key_file(path) else { return false };
        let found = Fingerprint::from_digest(KeyDigest::of(bytes.trim_ascii_end()).0);
        self.lineage.contains(&found)
    }

    /// Writes the file and reads it back. One that holds the text already is left as it is.
    fn write(&mut self, ctx: &Context, path: &Path, what: &HandOver<'_>) -> CommandResult<()> {
        let fingerprint = Fingerprint::from_digest(what.text.digest().0);
        let shown = quoted(&path.display().to_string());
        if holds(path, what) {
            ctx.say(&Notice::Success(format!("{shown} holds {} already ({fingerprint})", what.id)));
            return Ok(());
        }
        self.lineage.push(fingerprint);
        let file = self.prepare(path)?;
        let written = file.commit(|writer| what.text.write_to(writer));
        let to = Recipient::File(Some(path));
        ctx.audit_log.handed_over(label(what), to, written.as_ref().err().map(Classified::kind));
        note_unsynchronised(ctx, &written?);
        if !holds(path, what) {
            let message = format!("{shown} was written, and does not hold the key value");
            return Err(CommandError::new(ErrorKind::Io, message));
        }
        ctx.say(&Notice::Success(format!("wrote {shown} (0600, {fingerprint})")));
        Ok(())
    }

    async fn run(&self, ctx: &Context, command: &str, what: &HandOver<'_>) -> CommandResult<()> {
        let text = what.text.with_exposed(|text| Zeroizing::new(text.as_bytes().to_vec()));
        let plain = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
        let mut variables = vec![
            ("ZPAKEY_OPERATION", plain(what.operation)),
            ("ZPAKEY_KEY_ID", plain(what.id.as_str())),
            ("ZPAKEY_KEY_NAME", plain(what.name)),
        ];
        // The hook of several tenants has to know whose key it gets.
        if ctx.reporter.has_subject() {
            variables.push(("ZPAKEY_PROFILE", plain(&ctx.settings.profile_name)));
        }
        let input = match &self.args.env {
            Some(name) => {
                variables.push((name, text));
                None
            }
            None => Some(text),
        };
        let hook = Hook { command, input, variables, withheld: ctx.withheld() };
        let left = ctx.client().await?.left_of_deadline();
        let limit = left.map_or(self.args.exec_timeout, |left| left.min(self.args.exec_timeout));
        let option = if limit < self.args.exec_timeout { "--deadline" } else { "--exec-timeout" };
        let ran = ctx.run_hook(hook, limit).await;
        // The key is made, and the rotation is not finished.
        let failure = ran.as_ref().err().map(|_| ErrorKind::RotationIncomplete);
        ctx.audit_log.handed_over(label(what), Recipient::Child, failure);
        match ran {
            Ok(()) => {
                ctx.say(&Notice::Success(format!("delivered by {}", self.args.runner())));
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                let limit = limit.as_secs_f32();
                let runner = self.args.runner();
                let message = format!("the command of {runner} was killed after {limit} s ({option})");
                Err(CommandError::new(ErrorKind::Timeout, message))
            }
            Err(error) => {
                Err(CommandError::io(&format!("the command of {} failed", self.args.runner()), &error))
            }
        }
    }
}

/// Names a key as the log does.
fn label<'a>(what: &HandOver<'a>) -> KeyLabel<'a> {
    KeyLabel { id: what.id.as_str(), name: what.name, association_type: what.kind.as_api() }
}

/// Tells whether a file is private and holds exactly the text.
fn holds(path: &Path, what: &HandOver<'_>) -> bool {
    matches!(read_key_file(path), Ok(Some((bytes, true))) if what.text.is_held_in(&bytes))
}
