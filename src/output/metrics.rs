//! Metrics in the text format of Prometheus (0.0.4) and in `OpenMetrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A text form of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposition {
    /// Prometheus 0.0.4, which the textfile collector reads.
    Text,
    OpenMetrics,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// Its name ends in `_total`.
    Counter,
    Gauge,
    /// Its name ends in `_info`, and its value is 1.
    Info,
}

/// A label's name and value.
pub type Label = (&'static str, String);

/// The series of one name.
#[derive(Debug, Clone)]
pub struct Family {
    name: &'static str,
    kind: MetricKind,
    help: &'static str,
    /// By their labels, so that no two are the same.
    series: BTreeMap<Vec<Label>, f64>,
}

impl Family {
    pub const fn new(name: &'static str, kind: MetricKind, help: &'static str) -> Self {
        Self { name, kind, help, series: BTreeMap::new() }
    }

    /// Adds a series. Of two with the same labels the first counts: two profiles may lead to the same tenant.
    pub fn add(&mut self, labels: Vec<Label>, value: f64) {
        self.series.entry(labels).or_insert(value);
    }

    /// Adds a series, or keeps the one that is there if that is smaller.
    pub fn add_least(&mut self, labels: Vec<Label>, value: f64) {
        let known = self.series.entry(labels).or_insert(value);
        *known = known.min(value);
    }

    fn write(&self, exposition: Exposition, text: &mut String) {
        if self.series.is_empty() {
            return;
        }
        let (family, word) = match (exposition, self.kind) {
            (Exposition::Text, MetricKind::Counter) => (self.name, "counter"),
            (Exposition::Text, MetricKind::Info) | (_, MetricKind::Gauge) => (self.name, "gauge"),
            (Exposition::OpenMetrics, MetricKind::Counter) => {
                (self.name.strip_suffix("_total").unwrap_or(self.name), "counter")
            }
            (Exposition::OpenMetrics, MetricKind::Info) => {
                (self.name.strip_suffix("_info").unwrap_or(self.name), "info")
            }
        };
        let _ = writeln!(text, "# HELP {family} {}\n# TYPE {family} {word}", self.help);
        for (labels, value) in &self.series {
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(text, "{}{labels} {value}", self.name);
        }
    }
}

/// Writes a label's value. What a terminal obeys is written as an escape that is text to Prometheus.
fn escaped(value: &str) -> String {
    crate::domain::escape(value).replace('\\', "\\\\").replace('"', "\\\"")
}

/// Writes families in their order.
pub fn exposition(families: &[Family], exposition: Exposition) -> String {
    let mut text = String::new();
    for family in families {
        family.write(exposition, &mut text);
    }
    if exposition == Exposition::OpenMetrics {
        text.push_str("# EOF\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families() -> [Family; 2] {
        let mut total = Family::new("a_total", MetricKind::Counter, "Counts.");
        total.add(vec![("name", "say \"a\\b\"\n".to_owned())], 3.0);
        total.add(vec![("name", "say \"a\\b\"\n".to_owned())], 4.0);
        let mut info = Family::new("b_info", MetricKind::Info, "Describes.");
        info.add(Vec::new(), 1.0);
        [total, info]
    }

    #[test]
    fn both_forms_are_as_their_readers_expect() {
        assert_eq!(
            exposition(&families(), Exposition::Text),
            concat!(
                "# HELP a_total Counts.\n# TYPE a_total counter\n",
                "a_total{name=\"say \\\"a\\\\b\\\"\\\\n\"} 3\n",
                "# HELP b_info Describes.\n# TYPE b_info gauge\nb_info 1\n",
            )
        );
        assert_eq!(
            exposition(&families(), Exposition::OpenMetrics),
            concat!(
                "# HELP a Counts.\n# TYPE a counter\n",
                "a_total{name=\"say \\\"a\\\\b\\\"\\\\n\"} 3\n",
                "# HELP b Describes.\n# TYPE b info\nb_info 1\n# EOF\n",
            )
        );
    }

    #[test]
    fn of_two_readings_the_worse_is_kept_where_that_is_asked() {
        let mut gauge = Family::new("up", MetricKind::Gauge, "Up.");
        gauge.add_least(Vec::new(), 1.0);
        gauge.add_least(Vec::new(), 0.0);
        gauge.add_least(Vec::new(), 1.0);
        assert!(exposition(&[gauge], Exposition::Text).ends_with("up 0\n"));
    }
}
