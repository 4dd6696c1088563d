//! What `identify` warns of: a word for programs, a sentence for people.

use std::path::PathBuf;

use crate::commands::shared::lookup::typed;
use crate::context::{Context, quoted};
use crate::domain::ProvisioningKey;
use crate::host::command_to_make_private;
use crate::output::KeyTextFinding;
use crate::secret::{FormatIssue, ParseKeyTextError};

/// What is wrong with a text or with its key.
#[derive(Clone)]
pub(super) enum Defect {
    Form(FormatIssue),
    /// Other users can read the file, this one, and something can be done about it.
    Readable(PathBuf),
    /// The key is switched off.
    Disabled,
    /// The key is switched off, and its uses are spent.
    Retired,
    /// The key's uses are spent.
    Exhausted,
    /// The text is of another cloud, this one.
    OtherCloud(String),
}

/// Returns what keeps a connector from enrolling with a key.
pub(super) const fn state(key: &ProvisioningKey) -> Option<Defect> {
    match (key.enabled, key.usage.remaining()) {
        (false, 0) => Some(Defect::Retired),
        (false, _) => Some(Defect::Disabled),
        (true, 0) => Some(Defect::Exhausted),
        (true, _) => None,
    }
}

/// Says what is there in place of a key value.
pub(super) const fn instead(why: ParseKeyTextError) -> &'static str {
    match why {
        ParseKeyTextError::Empty => "nothing",
        ParseKeyTextError::NotText => "no plain text: another encoding than UTF-8, or none",
        ParseKeyTextError::NoShape => "nothing that has the shape of a key value",
        ParseKeyTextError::Several => "the texts of several keys",
    }
}

impl Defect {
    /// Returns the word for programs.
    pub(super) const fn word(&self) -> KeyTextFinding {
        match self {
            Self::Form(FormatIssue::ByteOrderMark) => KeyTextFinding::ByteOrderMark,
            Self::Form(FormatIssue::LeadingBlank) => KeyTextFinding::LeadingBlank,
            Self::Form(FormatIssue::TrailingBlank) => KeyTextFinding::TrailingBlank,
            Self::Form(FormatIssue::CarriageReturn) => KeyTextFinding::CarriageReturn,
            Self::Form(FormatIssue::ExtraLines) => KeyTextFinding::ExtraLines,
            Self::Form(FormatIssue::Quoted) => KeyTextFinding::Quoted,
            Self::Form(FormatIssue::Surrounded) => KeyTextFinding::Surrounded,
            Self::Form(FormatIssue::Broken) => KeyTextFinding::Broken,
            Self::Form(FormatIssue::CutShort) => KeyTextFinding::CutShort,
            Self::Readable(_) => KeyTextFinding::ReadableByOthers,
            Self::Disabled => KeyTextFinding::Disabled,
            Self::Retired => KeyTextFinding::Retired,
            Self::Exhausted => KeyTextFinding::Exhausted,
            Self::OtherCloud(_) => KeyTextFinding::OtherCloud,
        }
    }
}

/// What the sentences are about.
pub(super) struct Said<'a> {
    pub(super) ctx: &'a Context,
    pub(super) from: String,
    pub(super) key: Option<&'a ProvisioningKey>,
}

impl Said<'_> {
    /// Returns the sentence for people.
    pub(super) fn sentence(&self, fault: &Defect) -> String {
        let from = &self.from;
        let name = self.key.map_or_else(|| "the key".to_owned(), |key| key.name.to_string());
        let next = |rest: &str| {
            let typed = self.key.map_or_else(|| "KEY".to_owned(), |key| typed(self.ctx, key));
            self.ctx.command(&rest.replace("KEY", &typed))
        };
        match fault {
            Defect::Form(blemish) => match blemish {
                FormatIssue::ByteOrderMark => format!("{from} has a byte order mark before the key value"),
                FormatIssue::LeadingBlank => {
                    format!("{from} has blanks or empty lines before the key value")
                }
                FormatIssue::TrailingBlank => format!("{from} has blanks after the key value"),
                FormatIssue::CarriageReturn => {
                    format!("{from} ends its line as Windows does, with a carriage return")
                }
                FormatIssue::ExtraLines => format!("{from} has empty lines after the key value"),
                FormatIssue::Quoted => format!("{from} has quotes around the key value"),
                FormatIssue::Surrounded => {
                    format!("{from} has more than the key value, which is to stand alone")
                }
                FormatIssue::Broken => format!("{from} has blanks or line breaks within the key value"),
                FormatIssue::CutShort => format!("the key value in {from} looks cut short"),
            },
            Defect::Readable(path) => {
                let command = command_to_make_private(&quoted(&path.display().to_string()));
                format!("{from} holds a secret and other users can read it: {command}")
            }
            Defect::Disabled => {
                format!("{name} is switched off and enrols nothing; {}", next("update KEY --enable"))
            }
            Defect::Retired => {
                format!("{name} was retired: it is switched off, and none of its uses is left")
            }
            Defect::Exhausted => {
                format!("{name} has no uses left and enrols nothing; {}", next("update KEY --add-uses N"))
            }
            Defect::OtherCloud(cloud) => format!("the key value in {from} is of another cloud: {cloud}"),
        }
    }
}
