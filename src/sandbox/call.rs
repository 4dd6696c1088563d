//! A request to the API, taken apart, and the answer to it.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{error::SandboxError, quirks::Quirks};

pub(super) type Object = Map<String, Value>;

/// A request to the API.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) bearer: Option<String>,
    pub(super) body: String,
    /// What a fault chose for this request alone.
    pub(super) quirks: Quirks,
}

impl Call {
    pub(super) fn parse_query(query: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The first value of a query parameter; an empty one counts as absent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a field of a form body.
    pub(super) fn form_field(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.body.as_bytes())
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The body as a JSON object.
    pub(super) fn object(&self) -> Result<Object, Reply> {
        match serde_json::from_str(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(Reply::refusal(400, "bad.request", "The request body could not be read.")),
        }
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    pub(super) fn microtenant(&self) -> Option<&str> {
        self.parameter("microtenantId")
    }
}

/// An answer to a request.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    /// Whether the sandbox knows nothing of what was asked for.
    pub(super) is_unknown: bool,
    /// Whether it goes out without a `date` header.
    pub(super) lacks_date: bool,
}

const SUCCESS_TYPE: &str = "application/json;charset=utf-8";
const REFUSAL_TYPE: &str = "application/json";

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, SUCCESS_TYPE, body.to_string())
    }

    pub(super) fn text(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body, is_unknown: false, lacks_date: false }
    }

    /// 204: the service sends no content type with it.
    pub(super) fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), body: String::new(), is_unknown: false, lacks_date: false }
    }

    pub(super) fn unknown(self) -> Self {
        Self { is_unknown: true, ..self }
    }

    pub(super) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn refusal(status: u16, id: &str, reason: &str) -> Self {
        Self::text(status, REFUSAL_TYPE, spaced(&[("id", one(id)), ("reason", one(reason))]))
    }

    pub(super) fn refusal_of(status: u16, parameters: &[&str], id: &str, reason: &str) -> Self {
        let body = spaced(&[("params", several(parameters)), ("id", one(id)), ("reason", one(reason))]);
        Self::text(status, REFUSAL_TYPE, body)
    }

    /// One of the fields given is not valid.
    pub(super) fn invalid(fields: &[&str]) -> Self {
        let reason = format!("One or more input fields {} are not valid.", fields.join(", "));
        Self::refusal_of(400, fields, "invalid.resource.argument", &reason)
    }

    /// The service says 400 about an object that does not exist.
    pub(super) fn not_found(given: &str) -> Self {
        let reason = format!("No resource exists with the given id/name :{given}");
        let parameters = [("id", one("resource.not.found")), ("reason", one(&reason))];
        let [id, reason] = parameters;
        Self::text(400, REFUSAL_TYPE, spaced(&[id, reason, ("params", several(&[given]))]))
    }

    /// The form of the same answer with 404.
    pub(super) fn not_found_as_404(given: &str) -> Self {
        let reason = format!("No resource exists with the given id/name :{given}");
        let body = spaced(&[
            ("hostname", one("mgmt-1")),
            ("id", one("resource.not.found")),
            ("reason", one(&reason)),
        ]);
        Self::text(404, REFUSAL_TYPE, body)
    }

    /// The sandbox itself failed: its file could not be read or written, and nothing was changed. What says "again", or
    /// leaves open what happened, would be wrong.
    pub(super) fn of_failure(failure: &SandboxError) -> Self {
        Self::refusal(424, "sandbox.error", &failure.to_string())
    }

    pub(super) fn too_many_requests(wait_seconds: u64) -> Self {
        let body = spaced(&[
            ("exception", one("invalid.toomanyrequests")),
            ("id", one("invalid.toomanyrequests")),
            ("reason", one("Exceeded the number of requests allowed.")),
        ]);
        // The unit after the number is the vendor's; it is not the form of the HTTP standard.
        Self::text(429, REFUSAL_TYPE, body).with_header("retry-after", format!("{wait_seconds}s"))
    }
}

/// A text as it is, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn one(text: &str) -> String {
    Value::from(text).to_string()
}

fn several(texts: &[&str]) -> String {
    let items: Vec<_> = texts.iter().map(|text| one(text)).collect();
    format!("[ {} ]", items.join(", "))
}

/// Writes an object with the spacing of the service's refusals: spaces round colons, one property a line.
fn spaced(properties: &[(&str, String)]) -> String {
    let lines: Vec<_> = properties.iter().map(|(name, value)| format!("  {} : {value}", one(name))).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_spaced_as_recorded() {
        assert_eq!(
            Reply::too_many_requests(4).body,
            "{\n  \"exception\" : \"invalid.toomanyrequests\",\n  \"id\" : \"invalid.toomanyrequests\",\n  \
             \"reason\" : \"Exceeded the number of requests allowed.\"\n}"
        );
        assert_eq!(
            Reply::invalid(&["enrollmentCertId"]).body,
            "{\n  \"params\" : [ \"enrollmentCertId\" ],\n  \"id\" : \"invalid.resource.argument\",\n  \
             \"reason\" : \"One or more input fields enrollmentCertId are not valid.\"\n}"
        );
    }
}
