//! What the log is told of an answer that shows a key value.

use crate::context::{Context, KeyLabel, Recipient};
use crate::host::{Sink, Terminals};
use crate::kind::Classified;
use crate::output::{self, OutputError, Rendering, Report};

/// Notes that an answer with a key value was written, or could not be; nothing if it has none.
pub(super) fn note(report: &Report, rendering: &Rendering, failure: Option<&OutputError>, ctx: &Context) {
    let Some(key) = output::shown_key(report, rendering) else { return };
    let label = KeyLabel {
        id: key.id.as_str(),
        name: key.name.raw(),
        association_type: key.association_type.as_api(),
    };
    let to = match ctx.terminals {
        Terminals { stdout_width: Some(_), .. } => Recipient::Terminal,
        Terminals { stdout_sink: Sink::File, .. } => Recipient::File(None),
        Terminals { .. } => Recipient::Pipe,
    };
    ctx.audit_log.handed_over(label, to, failure.map(Classified::kind));
}
