//! A key that cannot enrol, or whose value cannot be had: said wherever it is handed over.

use crate::commands::shared::lookup::typed;
use crate::context::Context;
use crate::domain::{ProvisioningKey, Status};
use crate::error::{CommandError, ErrorKind};
use crate::output::Notice;

/// Warns if connectors that get the value of this key cannot enrol with it.
pub(crate) fn warn_if_unable(ctx: &Context, key: &ProvisioningKey) {
    // Its name may be another key's too.
    let name = format!("id:{}", key.id);
    let has_expired = key.expires_at.is_some_and(|end| end <= ctx.clock.now());
    let (why, cure) = match key.status() {
        _ if has_expired => ("has expired".to_owned(), format!("rotate {name} --out-file provision_key")),
        // Enabling alone does not help a key that `disable` or `retire` stopped: they lower the limit too.
        Status::Disabled if key.usage.count.0 >= key.usage.max.0 => {
            ("is disabled and used up".to_owned(), format!("enable {name}"))
        }
        Status::Disabled => ("is disabled".to_owned(), format!("update {name} --enable")),
        Status::Exhausted => {
            let used = format!("is used up ({} of {} uses)", key.usage.count.0, key.usage.max.0);
            (used, format!("update {name} --add-uses 1"))
        }
        Status::Managed if !crate::domain::rotation::can_enrol(key) => {
            ("cannot enrol".to_owned(), format!("get {name}"))
        }
        Status::Active | Status::NearlyExhausted | Status::Managed => return,
    };
    ctx.say(&Notice::Warning(format!(
        "{} ({}) {why}: nothing can enrol with it; {}",
        key.name,
        key.id,
        ctx.command(&cure)
    )));
}

/// Says that a key value cannot be had.
pub(crate) fn sealed(ctx: &Context, key: &ProvisioningKey) -> CommandError {
    let rotate = ctx.command(&format!("rotate {} --out-file provision_key", typed(ctx, key)));
    let message = format!(
        "viewing of {} ({}) is switched off; Zscaler never returns its value again",
        key.name, key.id
    );
    CommandError::new(ErrorKind::NotExportable, message)
        .hint(format!("use the copy you saved, or replace it: {rotate}"))
}
