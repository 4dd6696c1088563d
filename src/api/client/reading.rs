//! Reading: pages of lists, single objects, keys with and without their text.

use std::sync::PoisonError;

use futures_util::future::join_all;
use serde::de::DeserializeOwned;

use super::odd::guesses;
use super::{Client, plain};
use crate::api::error::{ApiError, Method};
use crate::api::pacing::PacedResponse;
use crate::api::path::{Resource, Target};
use crate::api::transport::Request;
use crate::api::wire::{Digests, Lacks, Page, WireKey};
use crate::domain::{AssociationType, KeyId, ProvisioningKey};

/// The most items that a page holds.
///
/// # Source
/// The vendor's help page: 20 where nothing is asked, at most 500.
const PAGE_SIZE: u64 = 500;
/// A list that claims more pages than this, 100,000 items, is not believed: asking for them all would take
/// minutes, and no tenant has so many.
const MOST_PAGES: u64 = 200;

struct OnePage<T> {
    items: Vec<T>,
    pages: Option<u64>,
    total: Option<u64>,
}

/// What is missing in a list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The API says that the list is longer than what it sent.
    Fewer {
        listed: u64,
        /// Its `totalCount`.
        total: u64,
    },
    /// A page after the first could not be read.
    Page(ApiError),
}

/// The keys of one type as the API listed them. What is absent from it is only known to be absent if there is no gap.
#[derive(Debug, Clone)]
pub struct KeyList {
    /// The keys that were read.
    pub keys: Vec<ProvisioningKey>,
    pub gap: Option<Gap>,
}

impl Client {
    /// Reads all pages. A list that the API says is longer than what it sent is returned as it is.
    ///
    /// # Errors
    /// Any [`ApiError`], of any page.
    pub(super) async fn list<W: DeserializeOwned, T>(
        &self,
        resource: &Resource<'_>,
        convert: impl Fn(W) -> Result<T, Lacks>,
    ) -> Result<Vec<T>, ApiError> {
        match self.list_pages(resource, convert).await? {
            (_, Some(Gap::Page(error))) => Err(error),
            (items, Some(Gap::Fewer { .. }) | None) => Ok(items),
        }
    }

    /// Reads all pages of a list whose absent items decide something: fewer than the API says is unreadable.
    pub(super) async fn whole_list<W: DeserializeOwned, T>(
        &self,
        resource: &Resource<'_>,
        convert: impl Fn(W) -> Result<T, Lacks>,
    ) -> Result<Vec<T>, ApiError> {
        match self.list_pages(resource, convert).await? {
            (_, Some(Gap::Page(error))) => Err(error),
            (_, Some(Gap::Fewer { listed, total })) => Err(self.incomplete(resource, listed, total)),
            (items, None) => Ok(items),
        }
    }

    /// Makes the error that a list has fewer items than it says.
    pub(super) fn incomplete(&self, resource: &Resource<'_>, listed: u64, total: u64) -> ApiError {
        ApiError::Unreadable {
            method: Method::Get,
            path: resource.page(1, PAGE_SIZE, self.microtenant.as_ref()).path,
            status: 200,
            expected: format!("its list has {listed} of {total} items"),
            request_id: None,
        }
    }

    /// Reads all pages: the first says how many there are, the others are in flight together. If a page after the first
    /// fails, the others are returned with the gap.
    pub(super) async fn list_pages<W: DeserializeOwned, T>(
        &self,
        resource: &Resource<'_>,
        convert: impl Fn(W) -> Result<T, Lacks>,
    ) -> Result<(Vec<T>, Option<Gap>), ApiError> {
        let convert = &convert;
        let first = self.page(resource, 1, convert).await?;
        let (pages, total) = (first.pages, first.total);
        let mut all = first.items;
        let mut failed = None;
        if let Some(pages) = pages {
            let rest = join_all((2..=pages).map(|number| self.page(resource, number, convert))).await;
            for page in rest {
                match page {
                    Ok(page) => all.extend(page.items),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
        } else {
            // Without a number of pages, read on until a page is not full.
            let full = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
            let mut last = all.len();
            let mut next = 2;
            while last >= full && failed.is_none() {
                match self.page(resource, next, convert).await {
                    Ok(page) => {
                        last = page.items.len();
                        all.extend(page.items);
                    }
                    Err(error) => failed = Some(error),
                }
                next += 1;
            }
        }
        let listed = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let fewer = total.filter(|total| *total > listed).map(|total| Gap::Fewer { listed, total });
        Ok((all, failed.map(Gap::Page).or(fewer)))
    }

    async fn page<W: DeserializeOwned, T>(
        &self,
        resource: &Resource<'_>,
        number: u64,
        convert: &impl Fn(W) -> Result<T, Lacks>,
    ) -> Result<OnePage<T>, ApiError> {
        let request = plain(Method::Get, resource.page(number, PAGE_SIZE, self.microtenant.as_ref()));
        let answer = self.send(&request).await?;
        let page: Page<W> = answer.response.json(&request)?;
        if !page.has_total() {
            let expected = "a page of a list has totalPages or totalCount".to_owned();
            return Err(answer.response.unreadable(&request, expected));
        }
        let (pages, total) = (page.total_pages(), page.total_count());
        // A list that is cut short would look whole.
        let claimed = pages.unwrap_or(number);
        if claimed > MOST_PAGES {
            return Err(answer.response.unreadable(&request, format!("it claims {claimed} pages")));
        }
        let items: Result<Vec<T>, Lacks> = page.into_items().into_iter().map(convert).collect();
        let items = items.map_err(|lacks| lacking(&answer, &request, lacks))?;
        Ok(OnePage { items, pages, total })
    }

    pub(super) async fn read<W: DeserializeOwned, T>(
        &self,
        target: Target,
        convert: impl Fn(W) -> Result<T, Lacks>,
    ) -> Result<T, ApiError> {
        let request = plain(Method::Get, target);
        let answer = self.send(&request).await?;
        let wire: W = answer.response.json(&request)?;
        convert(wire).map_err(|lacks| lacking(&answer, &request, lacks))
    }

    pub(super) async fn read_key<S: Digests + DeserializeOwned>(
        &self,
        kind: AssociationType,
        id: &KeyId,
    ) -> Result<(ProvisioningKey, WireKey<S>), ApiError> {
        let (key, wire) = self
            .read(self.key_target(kind, id), |wire: WireKey<S>| Ok((wire.to_domain(kind)?, wire)))
            .await?;
        self.note_odd(&guesses(&wire, kind));
        Ok((key, wire))
    }

    pub(super) async fn send(&self, request: &Request) -> Result<PacedResponse, ApiError> {
        let answer = self.shared.pacing.send(request).await?;
        self.note_date(&answer);
        Ok(answer)
    }

    pub(super) fn note_date(&self, answer: &PacedResponse) {
        if let Some(date) = answer.response.date {
            *self.shared.last_date.lock().unwrap_or_else(PoisonError::into_inner) = Some(date);
        }
    }

    /// Decodes the answer to the read of one key.
    pub(super) fn decode_key<S: Digests + DeserializeOwned>(
        kind: AssociationType,
        answer: &PacedResponse,
        request: &Request,
    ) -> Result<(ProvisioningKey, WireKey<S>), ApiError> {
        let wire: WireKey<S> = answer.response.json(request)?;
        let key = wire.to_domain(kind).map_err(|lacks| lacking(answer, request, lacks))?;
        Ok((key, wire))
    }
}

/// Makes the error that an object of an answer lacks something.
pub(super) fn lacking(answer: &PacedResponse, request: &Request, lacks: Lacks) -> ApiError {
    answer
        .response
        .unreadable(request, format!("an object in it lacks {} or has it in another shape", lacks.0))
}
