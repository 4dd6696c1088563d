//! What several commands carry out or need. A command imports this and its own folder, never another command.

pub(crate) mod ask;
pub(crate) mod batch;
pub(crate) mod bulk;
pub(crate) mod child;
pub(crate) mod ci;
pub(crate) mod creation;
pub(crate) mod destination;
pub(crate) mod enrolled;
pub(crate) mod file_template;
pub(crate) mod groups_of_keys;
pub(crate) mod input;
pub(crate) mod input_rows;
pub(crate) mod keeping;
pub(crate) mod lineages;
pub(crate) mod lookup;
pub(crate) mod pattern;
pub(crate) mod pick_key;
pub(crate) mod predecessors;
pub(crate) mod references;
pub(crate) mod refusals;
pub(crate) mod rotation;
pub(crate) mod second_look;
pub(crate) mod stopping;
pub(crate) mod turns;
pub(crate) mod unable;
pub(crate) mod updating;
