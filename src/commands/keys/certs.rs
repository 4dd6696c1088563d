//! `zpakey certs`.

use clap::Args;
use futures_util::future::join;

use crate::commands::shared::input::TypeArgs;
use crate::commands::shared::lookup::read_available;
use crate::commands::{CommandOutcome, CommandOutput, Nature, RunCommand};
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{Answer, CertView, Notice, RecordKind, Records};

/// List enrollment certificates
///
/// A key names the certificate that signs what enrols with it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  $ zpakey certs
  $ zpakey certs -o json | jq -r '.[] | select(.private_key_present) | .name'")]
pub struct CertsArgs {
    #[command(flatten)]
    types: TypeArgs,
}

impl RunCommand for CertsArgs {
    fn nature(&self) -> Nature {
        Nature::Records(RecordKind::of::<CertView>())
    }

    async fn run(self, ctx: &Context) -> CommandResult<CommandOutput> {
        let client = ctx.client().await?;
        let kinds = self.types.resolve(ctx);
        let (certs, readable) = join(client.certs(), read_available(client, &kinds)).await;
        let (mut certs, mut readable) = (certs?, readable?);
        certs.sort_by_cached_key(|cert| (cert.name.raw().to_lowercase(), cert.id.order()));
        let views = certs.iter().map(|cert| {
            CertView::new(cert, readable.keys.iter().filter(|key| key.cert.id == cert.id).count())
        });
        let mut output = CommandOutput::with(Answer::Records(Records::many(views)));
        output.report.footer.extend(std::mem::take(&mut readable.warnings).into_iter().map(Notice::Warning));
        if let Some(error) = readable.gap() {
            output.outcome = CommandOutcome::Failed(error);
        }
        Ok(output)
    }
}
