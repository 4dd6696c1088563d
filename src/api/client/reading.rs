//! Reading: pages of lists, single objects, keys with and without their text.

use std::sync::PoisonError;

use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use super::{Client, plain};
use crate::api::error::{ApiError, Method};
use crate::api::pacing::Answer;
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

impl Client {
    /// Reads all pages: the first says how many there are, the others are in flight together.
    pub(super) async fn list<W: DeserializeOwned, T>(
        &self,
        resource: &Resource<'_>,
        convert: impl Fn(W) -> Result<T, Lacks>,
    ) -> Result<Vec<T>, ApiError> {
        let convert = &convert;
        let fetch = |number: u64| {
            let request = plain(Method::Get, resource.page(number, PAGE_SIZE, self.microtenant.as_ref()));
            async move {
                let answer = self.send(&request).await?;
                let page: Page<W> = answer.response.json(&request)?;
                let pages = page.total_pages();
                // A list that is cut short would look whole.
                let claimed = pages.unwrap_or(number);
                if claimed > MOST_PAGES {
                    return Err(answer.response.unreadable(&request, format!("it claims {claimed} pages")));
                }
                let items: Result<Vec<T>, Lacks> = page.into_items().into_iter().map(convert).collect();
                let items = items.map_err(|lacks| lacking(&answer, &request, lacks))?;
                Ok::<_, ApiError>((items, pages))
            }
        };
        let (mut all, pages) = fetch(1).await?;
        if let Some(pages) = pages {
            let rest = try_join_all((2..=pages).map(fetch)).await?;
            all.extend(rest.into_iter().flat_map(|(items, _)| items));
            return Ok(all);
        }
        // An answer without a number of pages: on until a page is not full.
        let full = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
        let mut last = all.len();
        let mut next = 2;
        while last >= full {
            let (items, _) = fetch(next).await?;
            last = items.len();
            all.extend(items);
            next += 1;
        }
        Ok(all)
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
        self.read(self.key_target(kind, id), |wire: WireKey<S>| Ok((wire.to_domain(kind)?, wire))).await
    }

    pub(super) async fn send(&self, request: &Request) -> Result<Answer, ApiError> {
        let answer = self.shared.pacing.send(request).await?;
        self.note_date(&answer);
        Ok(answer)
    }

    /// Notes the server's time.
    pub(super) fn note_date(&self, answer: &Answer) {
        if let Some(date) = answer.response.date {
            *self.shared.last_date.lock().unwrap_or_else(PoisonError::into_inner) = Some(date);
        }
    }

    /// Decodes the answer to the read of one key.
    pub(super) fn decode_key<S: Digests + DeserializeOwned>(
        kind: AssociationType,
        answer: &Answer,
        request: &Request,
    ) -> Result<(ProvisioningKey, WireKey<S>), ApiError> {
        let wire: WireKey<S> = answer.response.json(request)?;
        let key = wire.to_domain(kind).map_err(|lacks| lacking(answer, request, lacks))?;
        Ok((key, wire))
    }
}

/// Makes the error that an object of an answer lacks something.
pub(super) fn lacking(answer: &Answer, request: &Request, lacks: Lacks) -> ApiError {
    answer
        .response
        .unreadable(request, format!("an object in it lacks {} or has it in another shape", lacks.0))
}
