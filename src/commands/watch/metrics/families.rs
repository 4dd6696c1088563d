//! The metrics: names, labels and values.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::audit::{AuditFinding, Inventory, Severity, TypeInventory};
use crate::domain::rotation::{can_enrol, lineage_name, role};
use crate::domain::{Enrolled, EnrollmentCert, ProvisioningKey};
use crate::error::CommandError;
use crate::output::{Exposition, Family, Label, MetricKind, TenantLabel, exposition};

/// What was read of a tenant.
pub(super) struct Measured {
    pub(super) cloud: String,
    pub(super) at: Timestamp,
    pub(super) took: Duration,
    /// Unset if nothing could be read.
    pub(super) inventory: Option<Inventory>,
    /// Unset if not all could be read.
    pub(super) findings: Option<Vec<AuditFinding>>,
    pub(super) failure: Option<CommandError>,
}

/// All metrics, each with its series.
pub(super) struct Families {
    enrollments: Family,
    enrollments_max: Family,
    can_enroll: Family,
    created: Family,
    expires: Family,
    components: Family,
    key_info: Family,
    tenant_keys: Family,
    tenant_keys_max: Family,
    certificate: Family,
    findings: Family,
    success: Family,
    at: Family,
    took: Family,
    tenant_info: Family,
    build_info: Family,
}

const fn gauge(name: &'static str, help: &'static str) -> Family {
    Family::new(name, MetricKind::Gauge, help)
}

impl Families {
    pub(super) fn new() -> Self {
        let mut build_info =
            Family::new("zpakey_build_info", MetricKind::Info, "The program that collected this.");
        build_info.add(vec![("version", env!("CARGO_PKG_VERSION").to_owned())], 1.0);
        Self {
            enrollments: Family::new(
                "zpakey_key_enrollments_total",
                MetricKind::Counter,
                "Enrolments with the key.",
            ),
            enrollments_max: gauge("zpakey_key_enrollments_max", "Enrolments that the key allows."),
            can_enroll: gauge("zpakey_key_can_enroll", "Whether the key is enabled and has a use left."),
            created: gauge("zpakey_key_created_timestamp_seconds", "When the key was made."),
            expires: gauge("zpakey_key_expires_timestamp_seconds", "When the key ends to be valid."),
            components: gauge(
                "zpakey_key_components",
                "Connectors or service edges that enrolled with the key and exist, by control channel.",
            ),
            key_info: Family::new(
                "zpakey_key_info",
                MetricKind::Info,
                "What the key is called, and what it is for.",
            ),
            tenant_keys: gauge("zpakey_tenant_keys", "Keys of the type."),
            tenant_keys_max: gauge("zpakey_tenant_keys_max", "Keys of the type that the tenant may have."),
            certificate: gauge(
                "zpakey_certificate_not_after_timestamp_seconds",
                "When the enrollment certificate ends to be valid.",
            ),
            findings: gauge("zpakey_audit_findings", "Findings of zpakey audit."),
            success: gauge("zpakey_collect_success", "Whether all of the tenant could be read."),
            at: gauge("zpakey_collect_timestamp_seconds", "When the tenant was read."),
            took: gauge("zpakey_collect_duration_seconds", "How long reading the tenant took."),
            tenant_info: Family::new(
                "zpakey_tenant_info",
                MetricKind::Info,
                "The profile and cloud of the tenant.",
            ),
            build_info,
        }
    }

    /// Adds what was read of a tenant.
    pub(super) fn add(&mut self, label: &TenantLabel, measured: &Measured) {
        let tenant = tenant(label);
        self.add_collection(&tenant, measured.failure.is_none(), measured.at);
        self.took.add(vec![tenant.clone()], measured.took.as_secs_f64());
        let profile = ("profile", label.profile.clone().unwrap_or_default());
        self.tenant_info.add(vec![tenant.clone(), profile, ("cloud", measured.cloud.clone())], 1.0);
        let inventory = measured.inventory.as_ref();
        for one in inventory.iter().flat_map(|inventory| &inventory.types).filter(|one| one.keys_are_whole) {
            self.add_type(&tenant, one);
        }
        for cert in inventory.iter().filter_map(|inventory| inventory.certs.as_ref()).flatten() {
            self.add_cert(&tenant, cert);
        }
        for severity in measured.findings.iter().flat_map(|_| Severity::ALL) {
            let count = measured.findings.iter().flatten().filter(|one| one.severity == severity).count();
            self.findings
                .add(vec![tenant.clone(), ("severity", severity.as_str().to_owned())], number(count));
        }
    }

    /// Adds a tenant of which nothing is known but that it could not be asked.
    pub(super) fn add_failed(&mut self, label: &TenantLabel, at: Timestamp) {
        self.add_collection(&tenant(label), false, at);
    }

    fn add_collection(&mut self, tenant: &Label, is_whole: bool, at: Timestamp) {
        self.success.add_least(vec![tenant.clone()], flag(is_whole));
        self.at.add(vec![tenant.clone()], seconds(at));
    }

    fn add_type(&mut self, tenant: &Label, one: &TypeInventory) {
        let kind = ("type", one.kind.short().to_owned());
        let of_type = vec![tenant.clone(), kind];
        self.tenant_keys.add(of_type.clone(), number(one.keys.len()));
        if let Some(most) = one.kind.most_keys() {
            self.tenant_keys_max.add(of_type.clone(), number(most));
        }
        for key in &one.keys {
            let mut labels = of_type.clone();
            labels.push(("key_id", key.id.to_string()));
            self.add_key(&labels, key, one.enrolled.as_deref());
        }
    }

    fn add_key(&mut self, labels: &[Label], key: &ProvisioningKey, enrolled: Option<&[Enrolled]>) {
        let labels = || labels.to_vec();
        self.enrollments.add(labels(), count(key.usage.count.0));
        self.enrollments_max.add(labels(), count(key.usage.max.0));
        self.can_enroll.add(labels(), flag(can_enrol(key)));
        for (family, time) in [(&mut self.created, key.created_at), (&mut self.expires, key.expires_at)] {
            if let Some(time) = time {
                family.add(labels(), seconds(time));
            }
        }
        if let Some(enrolled) = enrolled {
            let own = || enrolled.iter().filter(|one| one.key_id.as_ref() == Some(&key.id));
            for (state, is_connected) in [("connected", true), ("disconnected", false)] {
                let mut labels = labels();
                labels.push(("state", state.to_owned()));
                let members = own().filter(|one| one.is_connected() == is_connected).count();
                self.components.add(labels, number(members));
            }
        }
        let named = |name: &Option<crate::domain::ServerText>| {
            name.as_ref().map_or_else(String::new, |name| name.raw().to_owned())
        };
        let mut info = labels();
        info.extend([
            ("name", key.name.raw().to_owned()),
            ("lineage", lineage_name(key).raw().to_owned()),
            ("role", role(key).as_str().to_owned()),
            ("group", named(&key.group.name)),
            ("group_id", key.group.id.to_string()),
            ("certificate", named(&key.cert.name)),
            ("microtenant_id", key.microtenant.as_ref().map_or_else(String::new, |one| one.id.to_string())),
        ]);
        self.key_info.add(info, 1.0);
    }

    fn add_cert(&mut self, tenant: &Label, cert: &EnrollmentCert) {
        if let Some(end) = cert.valid_to {
            let labels = vec![
                tenant.clone(),
                ("certificate_id", cert.id.to_string()),
                ("certificate", cert.name.raw().to_owned()),
            ];
            self.certificate.add(labels, seconds(end));
        }
    }

    pub(super) fn text(self, form: Exposition) -> String {
        let all = [
            self.enrollments,
            self.enrollments_max,
            self.can_enroll,
            self.created,
            self.expires,
            self.components,
            self.key_info,
            self.tenant_keys,
            self.tenant_keys_max,
            self.certificate,
            self.findings,
            self.success,
            self.at,
            self.took,
            self.tenant_info,
            self.build_info,
        ];
        exposition(&all, form)
    }
}

/// Returns the label of a tenant: its customer id, or the profile if its configuration cannot be used.
fn tenant(label: &TenantLabel) -> Label {
    ("tenant", label.tenant.clone().or_else(|| label.profile.clone()).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 have 53 bits for a long time")]
fn seconds(time: Timestamp) -> f64 {
    time.as_second() as f64
}

#[expect(clippy::cast_precision_loss, reason = "a tenant has not so many of anything")]
const fn count(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a tenant has not so many of anything")]
const fn number(number: usize) -> f64 {
    number as f64
}

fn flag(is_set: bool) -> f64 {
    if is_set { 1.0 } else { 0.0 }
}
