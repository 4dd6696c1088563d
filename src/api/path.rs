//! Paths of the API, each named once.

use url::form_urlencoded::Serializer;

use crate::domain::{AssociationType, CustomerId, Id, MicrotenantId};

/// Makes the paths of one customer.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    base: String,
    prefix: &'static str,
    customer: CustomerId,
}

/// A path and its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The path, which may be logged.
    pub path: String,
    /// The whole address with its query, which may not.
    pub url: String,
    /// What a successful answer holds, which bounds its length.
    pub holds: Holds,
}

/// What a successful answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// One object, a token, or nothing.
    Object,
    /// A page of a list.
    List,
}

impl Holds {
    /// Returns the most that is read of such an answer. Unit: bytes.
    ///
    /// A page of 500 keys has about one megabyte; an object has some thousand bytes.
    #[must_use]
    pub const fn max_len(self) -> usize {
        match self {
            Self::Object => 1 << 20,
            Self::List => 64 << 20,
        }
    }
}

/// The version segment of a path.
#[derive(Clone, Copy)]
enum Version {
    V1,
    V2,
}

/// Removes what each path begins with from the end of a base address: people copy it from an API call.
fn bare_base<'a>(base: &'a str, prefix: &str) -> &'a str {
    let mut base = base.trim_end_matches('/');
    for known in ["/admin", "/v1", "/v2", "/mgmtconfig", prefix] {
        // A host can have such a name too: what precedes it is then the end of `https:/`.
        let rest = base.strip_suffix(known).filter(|rest| !rest.ends_with('/'));
        base = rest.unwrap_or(base);
    }
    base
}

impl Paths {
    /// Takes the base address; `OneAPI` has `/zpa` before each path.
    pub(super) const fn customer(&self) -> &CustomerId {
        &self.customer
    }

    pub(super) fn new(base: &str, prefix: &'static str, customer: CustomerId) -> Self {
        Self { base: bare_base(base, prefix).to_owned(), prefix, customer }
    }

    pub(super) fn keys(&self, kind: AssociationType) -> Resource<'_> {
        self.resource(Version::V1, &format!("associationType/{}/provisioningKey", kind.as_api()))
    }

    /// Certificates: the list is v2, one of them v1.
    pub(super) fn cert_list(&self) -> Resource<'_> {
        self.resource(Version::V2, "enrollmentCert")
    }

    pub(super) fn certs(&self) -> Resource<'_> {
        self.resource(Version::V1, "enrollmentCert")
    }

    /// The groups of a type; for three types no such call is known.
    pub(super) fn groups(&self, kind: AssociationType) -> Option<Resource<'_>> {
        let name = match kind {
            AssociationType::ConnectorGrp => "appConnectorGroup",
            AssociationType::ServiceEdgeGrp => "serviceEdgeGroup",
            AssociationType::NpAssistantGrp
            | AssociationType::SiteControllerGrp
            | AssociationType::ExporterGrp => return None,
        };
        Some(self.resource(Version::V1, name))
    }

    /// What enrolled with keys of a type; for three types no such call is known.
    pub(super) fn enrolled(&self, kind: AssociationType) -> Option<Resource<'_>> {
        let name = match kind {
            AssociationType::ConnectorGrp => "connector",
            AssociationType::ServiceEdgeGrp => "serviceEdge",
            AssociationType::NpAssistantGrp
            | AssociationType::SiteControllerGrp
            | AssociationType::ExporterGrp => return None,
        };
        Some(self.resource(Version::V1, name))
    }

    /// The schedule that deletes disconnected App Connectors; one object.
    pub(super) fn deletion_schedule(&self) -> Resource<'_> {
        self.resource(Version::V1, "assistantSchedule")
    }

    pub(super) fn microtenants(&self) -> Resource<'_> {
        self.resource(Version::V1, "microtenants")
    }

    fn resource(&self, version: Version, name: &str) -> Resource<'_> {
        let version = match version {
            Version::V1 => "v1",
            Version::V2 => "v2",
        };
        let path = format!("{}/mgmtconfig/{version}/admin/customers/{}/{name}", self.prefix, self.customer);
        Resource { base: &self.base, path }
    }
}

/// A collection of the API.
pub(super) struct Resource<'a> {
    base: &'a str,
    path: String,
}

impl Resource<'_> {
    pub(super) fn collection(&self, microtenant: Option<&MicrotenantId>) -> Target {
        self.target(self.path.clone(), microtenant, &[])
    }

    pub(super) fn page(&self, page: u64, size: u64, microtenant: Option<&MicrotenantId>) -> Target {
        let query = [("page", page.to_string()), ("pagesize", size.to_string())];
        Target { holds: Holds::List, ..self.target(self.path.clone(), microtenant, &query) }
    }

    pub(super) fn member<Kind>(&self, id: &Id<Kind>, microtenant: Option<&MicrotenantId>) -> Target {
        self.target(format!("{}/{id}", self.path), microtenant, &[])
    }

    fn target(&self, path: String, microtenant: Option<&MicrotenantId>, query: &[(&str, String)]) -> Target {
        let mut pairs = Serializer::new(String::new());
        pairs.extend_pairs(query);
        if let Some(id) = microtenant {
            pairs.append_pair("microtenantId", id.as_str());
        }
        let query = pairs.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        Target { url: format!("{}{path}{mark}{query}", self.base), path, holds: Holds::Object }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::KeyId;

    #[test]
    fn a_base_address_that_ends_with_the_start_of_each_path_is_the_host_alone() {
        for text in
            ["/zpa", "/zpa/", "/zpa/mgmtconfig", "/zpa/mgmtconfig/v1/admin/", "/zpa/mgmtconfig/v2", ""]
        {
            let address = format!("https://h.example{text}");
            assert_eq!(bare_base(&address, "/zpa"), "https://h.example", "{text}");
        }
        assert_eq!(bare_base("https://h.example/gate", "/zpa"), "https://h.example/gate");
        assert_eq!(bare_base("https://zpa", "/zpa"), "https://zpa");
        assert_eq!(bare_base("https://h.example/mgmtconfig/v1", ""), "https://h.example");
    }

    #[test]
    fn paths_are_those_of_the_reference() {
        let paths = Paths::new("https://api.zsapi.net/", "/zpa", "216".parse().unwrap());
        let keys = paths.keys(AssociationType::ConnectorGrp);
        let base = "https://api.zsapi.net/zpa/mgmtconfig/v1/admin/customers/216";
        let id: KeyId = "9".parse().unwrap();
        let tenant: MicrotenantId = "7".parse().unwrap();
        assert_eq!(
            keys.page(2, 500, Some(&tenant)).url,
            format!(
                "{base}/associationType/CONNECTOR_GRP/provisioningKey?page=2&pagesize=500&microtenantId=7"
            )
        );
        assert_eq!(
            keys.member(&id, None).url,
            format!("{base}/associationType/CONNECTOR_GRP/provisioningKey/9")
        );
        assert_eq!(
            Paths::new("https://config.zpatwo.net", "", "216".parse().unwrap())
                .cert_list()
                .collection(None)
                .url,
            "https://config.zpatwo.net/mgmtconfig/v2/admin/customers/216/enrollmentCert"
        );
    }
}
