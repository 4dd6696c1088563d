//! What the commands of a rotation have in common: `rotate`, `retire`, `disable`, `enable`, `purge`.
//!
//! The order of the steps is decided by the machines in `domain/rotation`. A command is the handler of one of them:
//!
//! ```text
//! let place = Place::of(ctx, &key).await?;                    where the lineage lives: client and type
//! let mut machine = Retirement::new(request);
//! let ended = drive(ctx, &place, &mut machine, &mut handler).await;
//! let outcome = ended.outcome(ctx, &words)?;                  what came of it, or the error of that exit code
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | `driver.rs` | performs effects and hands back events; knows the texts, the newest reads, the last error |
//! | `clocks.rs` | what goes by a time needs two clocks that agree |
//! | `subject.rs` | from a KEY to its lineage, also where no key holds its name |
//! | `plan.rs` | a plan as lines to read |
//! | `delivery.rs` | `--out-file`, `--exec`, `--reveal`, `--no-deliver` |
//! | `notes.rs` | what a run met that is to be looked after |
//! | `overtaken.rs` | runs that another writer overtook |
//! | `verdict.rs` | what came of a run, as a report or as an error with its hints and exit code |
//! | `refused.rs` | what a run refuses, as such an error |
//!
//! The seams: [`Handler`] is what a command brings, with a question at least; [`KnownKeys`] is what the driver has read,
//! for questions and reports; [`Ended`] is all that is left of a run.

mod clocks;
mod delivery;
mod driver;
mod notes;
mod overtaken;
mod plan;
mod refused;
mod standing;
mod subject;
mod verdict;

pub(crate) use clocks::{check_clocks, clocks_agree};
pub(crate) use delivery::{DeliveryArgs, Destinations};
pub(crate) use driver::{Conclusion, Ended, HandOver, Handler, KnownKeys, LineageHome, ReadBack, drive};
pub(crate) use notes::warn_of;
pub(crate) use plan::{PlanLabels, heading, lines, steps};
pub(crate) use standing::{Standing, standing};
pub(crate) use subject::{RotationTarget, find_lineages, subject_of};
pub(crate) use verdict::{ResumeInfo, ago, judge, minute, nothing};
