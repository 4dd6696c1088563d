//! The one call that is not the vendor's: a sandbox plays machines that enrol.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Client, with_json};
use crate::api::error::{ApiError, Method};
use crate::api::path::{Holds, Target};
use crate::domain::{KeyId, ServerText};

/// How a machine tells which key it enrols with.
#[derive(Clone, Copy)]
pub enum KeyPresentation<'a> {
    /// By the key value, as a real one does.
    Text(&'a str),
    /// By the key's id, as only a sandbox allows.
    Id(&'a KeyId),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlayedEnrolment {
    /// Its id; none for the types whose machines cannot be listed.
    pub id: Option<ServerText>,
    pub name: ServerText,
    /// The key that it enrolled with.
    #[serde(rename = "provisioningKeyId")]
    pub key_id: ServerText,
}

#[derive(Deserialize)]
struct EnrolmentAnswer {
    enrolled: Vec<PlayedEnrolment>,
}

impl Client {
    /// Lets a sandbox play so many machines that enrol, all or none.
    ///
    /// # Errors
    /// Any [`ApiError`]; a refusal says why, which a real machine is not told.
    ///
    /// # Secrets
    /// A key value that is given goes into the request's body.
    pub async fn play_enrolment(
        &self,
        key: KeyPresentation<'_>,
        ip: Option<IpAddr>,
        count: u32,
    ) -> Result<Vec<PlayedEnrolment>, ApiError> {
        let path = "/sandbox/enroll".to_owned();
        let target = Target { url: format!("{}{path}", self.base_address()), path, holds: Holds::Object };
        let (field, value) = match key {
            KeyPresentation::Text(text) => ("provisioningKey", text),
            KeyPresentation::Id(id) => ("keyId", id.as_str()),
        };
        let ip = ip.map_or(Value::Null, |ip| ip.to_string().into());
        let request = with_json(Method::Post, target, &json!({ field: value, "ip": ip, "count": count }));
        let answer = self.send(&request).await?;
        answer.response.json(&request).map(|body: EnrolmentAnswer| body.enrolled)
    }
}
