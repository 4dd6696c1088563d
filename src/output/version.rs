//! The build of the program.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::column::{Cell, Column};
use super::view::{Frame, View};

/// The build of zpakey that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "version")]
pub struct VersionView {
    pub version: &'static str,
    /// The git commit that it was built from; null if it was not built in a git checkout.
    pub commit: Option<&'static str>,
    /// When the commit was made, or what `SOURCE_DATE_EPOCH` said, as YYYY-MM-DD; null if neither was known.
    pub date: Option<String>,
    /// The target triple.
    pub target: &'static str,
    /// The cargo features that it was built with.
    pub features: Vec<&'static str>,
    /// The compiler.
    pub rustc: &'static str,
}

impl View for VersionView {
    const NOUN: &'static str = "a version";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("VERSION", &["version"], |view| view.version.into()),
        Column::new("COMMIT", &["commit"], |view| view.short_commit().into()),
        Column::new("DATE", &["date"], |view| view.date.as_deref().unwrap_or("unknown").into()),
        Column::new("TARGET", &["target"], |view| view.target.into()),
        Column::wide("FEATURES", &["features"], |view| Cell::word(&view.features)),
        Column::wide("RUSTC", &["rustc"], |view| view.rustc.into()),
    ];

    fn write_one(&self, _: &Frame<'_>, buffer: &mut Vec<u8>) -> io::Result<()> {
        use io::Write as _;

        let features = if self.features.is_empty() { "none".to_owned() } else { self.features.join(", ") };
        writeln!(buffer, "zpakey {}", self.version)?;
        writeln!(buffer, "commit    {}", self.commit.unwrap_or("unknown"))?;
        writeln!(buffer, "date      {}", self.date.as_deref().unwrap_or("unknown"))?;
        writeln!(buffer, "target    {}", self.target)?;
        writeln!(buffer, "features  {features}")?;
        writeln!(buffer, "rustc     {}", self.rustc)
    }
}

impl VersionView {
    /// Returns as much of the commit as tells it from others.
    fn short_commit(&self) -> &'static str {
        self.commit.map_or("unknown", |commit| commit.get(..10).unwrap_or(commit))
    }
}
