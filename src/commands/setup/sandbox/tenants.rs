//! `zpakey sandbox serve --tenants`: many tenants at one address, and the file of their profiles.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use crate::commands::shared::input::between;
use crate::context::quoted;
use crate::error::CommandResult;
use crate::host::{Existing, PrivateFile};
use crate::sandbox::{Access, Contents, FleetTenant, Options, Sandbox, fleet};

#[derive(Debug, Args)]
pub(super) struct TenantsArgs {
    /// Serve N tenants in memory, by turns static, autoscaled, image and wrecked; each has a credential of its own
    #[arg(long, value_name = "N", requires = "profiles", conflicts_with_all = ["state", "seed", "empty", "tls"],
        value_parser = between::<u32>(1, 1000))]
    tenants: Option<u32>,
    /// With --tenants: how many keys each has
    #[arg(long, value_name = "N", requires = "tenants", default_value_t = 20, value_parser = between::<u32>(0, 100))]
    keys_each: u32,
    /// With --tenants: write their profiles into this new private file (0600)
    #[arg(long, value_name = "FILE", requires = "tenants")]
    profiles: Option<PathBuf>,
    /// Replace the file of --profiles if it exists
    #[arg(long, requires = "profiles")]
    force: bool,
}

/// Tenants that are about to be served.
pub(super) struct FleetToServe {
    tenants: Vec<FleetTenant>,
    file: PrivateFile,
}

impl TenantsArgs {
    pub(super) const fn are_several(&self) -> bool {
        self.tenants.is_some()
    }

    /// Finds out whether the file can be written.
    pub(super) fn open(&self) -> CommandResult<Option<FleetToServe>> {
        let (Some(count), Some(path)) = (self.tenants, &self.profiles) else { return Ok(None) };
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        let file = PrivateFile::prepare(path, existing)?;
        let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Some(FleetToServe { tenants: fleet(number(count), number(self.keys_each)), file }))
    }
}

impl FleetToServe {
    pub(super) fn put_into(&self, options: &mut Options) {
        let mut seeds = self.tenants.iter().map(|tenant| tenant.seed.clone());
        if let Some(first) = seeds.next() {
            options.contents = Contents::Seed(first);
        }
        options.others = seeds.collect();
    }

    /// Writes the profiles; returns the line that leads to them.
    pub(super) fn write(self, served: &Sandbox) -> CommandResult<String> {
        let mut text = Zeroizing::new(String::new());
        for (tenant, access) in self.tenants.iter().zip(served.accesses()) {
            profile(&mut text, &tenant.name, access);
        }
        let written = self.file.commit(|writer| writer.write_all(text.as_bytes()))?;
        let path = std::path::absolute(&written.path).unwrap_or(written.path);
        Ok(format!("export ZPAKEY_CONFIG_FILE={}", quoted(&path.display().to_string())))
    }
}

/// Appends a profile. None of the values has a quote.
fn profile(text: &mut String, name: &str, access: &Access) {
    let _ = writeln!(
        text,
        "[profiles.{name}]\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\nrate_limit = '{}'\n",
        access.client_id,
        access.client_secret,
        access.customer_id,
        access.api_url,
        access.token_url,
        access.rate_limit()
    );
}
