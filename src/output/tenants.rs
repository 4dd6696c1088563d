//! The answers of several tenants as one: what each record is of, and how answers are joined.

use super::view::View;
use super::{Answer, Records, Report, Shape};

/// The JSON names of what tells the records of several tenants apart.
pub(super) const LABEL_FIELDS: [&str; 2] = ["profile", "tenant"];
/// The heading of a table's first column then.
pub(super) const PROFILE_HEADER: &str = "PROFILE";

/// The tenant that a record is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TenantLabel {
    /// Unset if the record is of none of the tenants.
    pub profile: Option<String>,
    /// The customer id.
    pub tenant: Option<String>,
}

impl TenantLabel {
    pub fn of(profile: impl Into<String>, tenant: Option<String>) -> Self {
        Self { profile: Some(profile.into()), tenant }
    }

    /// Returns one of [`LABEL_FIELDS`].
    pub(super) fn field(&self, name: &str) -> Option<&Option<String>> {
        match name {
            "profile" => Some(&self.profile),
            "tenant" => Some(&self.tenant),
            _ => None,
        }
    }

    /// Names it above what people read of it: `prod (tenant 216199618143191040)`.
    pub(super) fn heading(&self) -> String {
        let profile = self.profile.as_deref().unwrap_or("-");
        match &self.tenant {
            Some(tenant) => format!("{profile} (tenant {tenant})"),
            None => profile.to_owned(),
        }
    }
}

impl Records {
    /// Makes an answer that is a list, each record with the tenant that it is of.
    pub fn of_tenants<V: View>(views: impl IntoIterator<Item = (TenantLabel, V)>) -> Self {
        let (labels, views): (Vec<TenantLabel>, Vec<V>) = views.into_iter().unzip();
        Self { labels: Some(labels), ..Self::many(views) }
    }

    /// Says of which tenant all records are.
    fn labelled(self, label: &TenantLabel) -> Self {
        let labels = Some(vec![label.clone(); self.len()]);
        let whole = self.whole.map(|whole| Box::new(whole.labelled(label)));
        Self { labels, whole, shape: Shape::Many, secret: None, ..self }
    }

    fn append(&mut self, other: Self) {
        self.items.append(other.items);
        self.labels.get_or_insert_default().extend(other.labels.unwrap_or_default());
        self.sarif_runs.extend(other.sarif_runs);
        self.checked.extend(other.checked);
        match (&mut self.whole, other.whole) {
            (Some(whole), Some(other)) => whole.append(*other),
            (whole @ None, other) => *whole = other,
            (Some(_), None) => {}
        }
    }
}

/// Joins the answers of tenants, in their order.
pub fn join_tenants(answers: impl IntoIterator<Item = (TenantLabel, Answer)>) -> Report {
    let mut joined: Option<Records> = None;
    for (label, answer) in answers {
        let Answer::Records(records) = answer else { continue };
        let records = records.labelled(&label);
        match &mut joined {
            Some(joined) => joined.append(records),
            None => joined = Some(records),
        }
    }
    joined.map_or_else(Report::default, |records| Answer::Records(records).into())
}
