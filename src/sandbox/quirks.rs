//! Switches for what no source decides, so that a client can be tried against each possibility.

use super::error::SandboxError;

/// Chooses between behaviours that no source decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quirks {
    /// What happens to a second key of the same name, type and microtenant.
    pub duplicate_names: DuplicateNames,
    /// The status of the answer to a POST of a key.
    pub create_status: CreateStatus,
    /// What a PUT does to writable properties that it leaves out.
    pub omitted_on_update: OmittedOnUpdate,
    /// How a key that cannot be exported shows its missing text.
    pub hidden_text: HiddenText,
    /// The status of the answer about an object that does not exist.
    pub not_found: NotFound,
}

/// What happens to a second key of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicateNames {
    /// It is refused.
    Refused,
    /// It is made.
    Accepted,
}

/// The status of the answer to a POST of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateStatus {
    /// 200, as recorded.
    Ok,
    /// 201, as the help page says.
    Created,
}

/// What a PUT does to writable properties that it leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OmittedOnUpdate {
    /// They keep their value, but for `ipAcl` and `uiConfig`, which are cleared.
    Kept,
    /// As `Kept`, but `enabled` returns to its default, which is true.
    Reset,
}

/// How a key that cannot be exported shows its missing text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenText {
    /// The property is absent, but for the answer to the POST.
    Absent,
    /// The property is an empty string, but for the answer to the POST.
    Empty,
    /// The property is absent, in the answer to the POST too.
    AbsentAlways,
}

/// The status of the answer about an object that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// 400 with the id `resource.not.found`.
    BadRequest,
    /// 404 with the same id and a host name.
    NotFound,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            duplicate_names: DuplicateNames::Refused,
            create_status: CreateStatus::Ok,
            omitted_on_update: OmittedOnUpdate::Kept,
            hidden_text: HiddenText::Absent,
            not_found: NotFound::BadRequest,
        }
    }
}

impl Quirks {
    /// Every setting that [`set`](Self::set) knows, the default of each name first.
    pub const SETTINGS: &[&str] = &[
        "duplicate-names=refused",
        "duplicate-names=accepted",
        "create-status=200",
        "create-status=201",
        "omitted-on-update=kept",
        "omitted-on-update=reset",
        "hidden-text=absent",
        "hidden-text=empty",
        "hidden-text=absent-always",
        "not-found=400",
        "not-found=404",
    ];

    /// Changes one switch by a setting of the form `NAME=VALUE`.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Quirk`] when the setting is none of [`SETTINGS`](Self::SETTINGS).
    pub fn set(&mut self, setting: &str) -> Result<(), SandboxError> {
        match setting {
            "duplicate-names=refused" => self.duplicate_names = DuplicateNames::Refused,
            "duplicate-names=accepted" => self.duplicate_names = DuplicateNames::Accepted,
            "create-status=200" => self.create_status = CreateStatus::Ok,
            "create-status=201" => self.create_status = CreateStatus::Created,
            "omitted-on-update=kept" => self.omitted_on_update = OmittedOnUpdate::Kept,
            "omitted-on-update=reset" => self.omitted_on_update = OmittedOnUpdate::Reset,
            "hidden-text=absent" => self.hidden_text = HiddenText::Absent,
            "hidden-text=empty" => self.hidden_text = HiddenText::Empty,
            "hidden-text=absent-always" => self.hidden_text = HiddenText::AbsentAlways,
            "not-found=400" => self.not_found = NotFound::BadRequest,
            "not-found=404" => self.not_found = NotFound::NotFound,
            unknown => return Err(SandboxError::Quirk(unknown.to_owned())),
        }
        Ok(())
    }
}
