//! Pages of a list.
//!
//! # Source
//!
//! Recorded traffic of the vendor's Python SDK: `totalPages` and `totalCount` are texts. The vendor's page
//! "Configuring Provisioning Keys Using API": `page` from 1, `pagesize` 20 unless given and at most 500.

use serde_json::{Value, json};

use super::{
    call::{Call, Object, Reply},
    lies,
    quirks::{Deviation, Quirks},
    search::Search,
};

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: usize = 500;

/// A list that was searched and cut to a page.
#[derive(Debug)]
pub(super) struct ListPage<T> {
    pub(super) items: Vec<T>,
    total_pages: usize,
    total_count: usize,
    is_past_end: bool,
}

impl<T> ListPage<T> {
    /// Cuts the page that a request asks for out of the items that its search accepts.
    ///
    /// `look` renders an item with the properties that can be searched.
    pub(super) fn of(
        call: &Call,
        items: impl IntoIterator<Item = T>,
        look: impl Fn(&T) -> Object,
    ) -> Result<Self, Reply> {
        let search = call.parameter("search").map(Search::parse).transpose()?;
        let number = positive(call, "page", 1)?;
        let size = positive(call, "pagesize", DEFAULT_SIZE)?.min(LARGEST_SIZE);
        let found: Vec<T> = items
            .into_iter()
            .filter(|item| search.as_ref().is_none_or(|search| search.accepts(&look(item))))
            .collect();
        let total_count = found.len();
        let total_pages = total_count.div_ceil(size);
        let is_past_end = number > total_pages && number > 1;
        let items = found.into_iter().skip((number - 1).saturating_mul(size)).take(size).collect();
        Ok(Self { items, total_pages, total_count, is_past_end })
    }

    pub(super) fn answer(self, quirks: Quirks, render: impl Fn(T) -> Object) -> Reply {
        if self.is_past_end && quirks.has(Deviation::BareListPastEnd) {
            return Reply::json(200, &json!([]));
        }
        let list: Vec<_> = self.items.into_iter().map(|item| Value::Object(render(item))).collect();
        Reply::json(200, &lies::about_page(quirks, self.total_pages, self.total_count, &list))
    }
}

/// The answer to a list of which nothing is known.
pub(super) fn empty() -> Reply {
    Reply::json(200, &json!({"totalPages": "0", "totalCount": "0", "list": []}))
}

fn positive(call: &Call, name: &str, default: usize) -> Result<usize, Reply> {
    let Some(text) = call.parameter(name) else { return Ok(default) };
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| Reply::invalid(&[name]))
}
