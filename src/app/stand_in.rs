//! The embedded sandbox, if it stands in for a tenant.

use crate::commands::Command;
use crate::config::{Connection, Settings};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::Host;
#[cfg(feature = "sandbox")]
use crate::host::STATE_VARIABLE;

/// Starts the embedded sandbox where it stands in for a tenant.
#[cfg(feature = "sandbox")]
pub(super) async fn sandbox(
    command: &Command,
    settings: &Settings,
    host: &Host,
) -> CommandResult<Option<(Connection, crate::sandbox::Sandbox)>> {
    use crate::config::{ApiFlavor, Credential, Found, Origin, SecretSource};
    use crate::domain::{EndpointError, IdError};
    use crate::sandbox::{Options as Served, Sandbox, SandboxError, Storage};
    use crate::secret::SecretText;

    if !settings.is_sandbox() || !command.needs_tenant() {
        return Ok(None);
    }
    let dirs = host.dirs.as_ref().ok_or_else(|| {
        let hint = "set HOME; `zpakey sandbox run` keeps its tenant in memory";
        CommandError::usage("there is no home directory for the sandbox's tenant", hint)
    })?;
    let storage = Storage::File(dirs.sandbox_file());
    let served = Sandbox::start(Served { storage, ..Served::default() }).await;
    let failed = |why: &dyn std::fmt::Display| {
        CommandError::new(ErrorKind::InvalidConfig, format!("the sandbox: {why}"))
    };
    let served = served.map_err(|error| {
        let is_of_file = matches!(error, SandboxError::File { .. });
        let hints = is_of_file.then_some([
            format!("set {STATE_VARIABLE} to a directory that you can write"),
            "zpakey sandbox run -- CMD keeps its tenant in memory".to_owned(),
        ]);
        failed(&error).hints(hints.into_iter().flatten())
    })?;
    let access = served.access();
    let found = |value: String| Found { value, origin: Origin::Default };
    let connection = Connection {
        front_door: ApiFlavor::OneApi,
        credential: Credential::ClientSecret {
            client_id: found(access.client_id.clone()),
            client_secret: Found {
                value: SecretSource::Text(SecretText::new(&access.client_secret)),
                origin: Origin::Default,
            },
        },
        vanity_domain: Some(access.vanity_domain.clone()),
        cloud: None,
        api_url: Some(access.api_url.parse().map_err(|error: EndpointError| failed(&error))?),
        token_url: Some(access.token_url.parse().map_err(|error: EndpointError| failed(&error))?),
        customer: access.customer_id.parse().map_err(|error: IdError| failed(&error))?,
    };
    Ok(Some((connection, served)))
}

#[cfg(not(feature = "sandbox"))]
pub(super) async fn sandbox(
    _: &Command,
    settings: &Settings,
    _: &Host,
) -> CommandResult<Option<(Connection, ())>> {
    if settings.is_sandbox() {
        return Err(CommandError::new(ErrorKind::Internal, "this build of zpakey has no sandbox"));
    }
    Ok(None)
}
