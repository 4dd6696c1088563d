//! Sorting views by one of their fields.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::column::Cell;
use super::record::{Record, bare};
use super::view::View;

/// What is compared: times as times, numbers and ids as numbers, texts without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SortKey {
    Time(Timestamp),
    Number(u128),
    Text(String),
    /// It comes last.
    Null,
}

impl SortKey {
    fn of<V: View>(view: &V, field: &str) -> Self {
        let column = V::COLUMNS.iter().find(|column| matches!(column.name.fields, [own] if *own == field));
        if let Some(Cell::Age(time)) = column.map(|column| (column.cell)(view)) {
            return Self::Time(time);
        }
        let record = Record::of(view);
        let value = record.get(field);
        if value.is_null() {
            return Self::Null;
        }
        let number = value.as_u64().map(u128::from).or_else(|| value.as_str()?.parse().ok());
        number.map_or_else(|| Self::Text(bare(value).to_lowercase()), Self::Number)
    }

    fn text(&self) -> String {
        match self {
            Self::Time(time) => time.to_string().to_lowercase(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Null => String::new(),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Time(left), Self::Time(right)) => left.cmp(right),
            (Self::Number(left), Self::Number(right)) => left.cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (left, right) => (*left == Self::Null)
                .cmp(&(*right == Self::Null))
                .then_with(|| left.text().cmp(&right.text())),
        }
    }
}

/// Sorts views by one field, and keeps the order of those that are equal in it.
pub fn sort<V: View>(views: &mut Vec<V>, field: &str, descending: bool) {
    let mut keyed: Vec<(SortKey, V)> =
        views.drain(..).map(|view| (SortKey::of(&view, field), view)).collect();
    keyed.sort_by(|(left, _), (right, _)| {
        let order = left.compare(right);
        if descending { order.reverse() } else { order }
    });
    views.extend(keyed.into_iter().map(|(_, view)| view));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ProvisioningKey;
    use crate::output::{KeyView, samples};

    fn sorted(field: &str, keys: &[ProvisioningKey]) -> Vec<String> {
        let mut views: Vec<KeyView> = keys.iter().map(KeyView::from).collect();
        sort(&mut views, field, false);
        views.iter().map(|view| bare(Record::of(view).get("id"))).collect()
    }

    #[test]
    fn times_are_compared_as_times_whatever_their_spelling() {
        let at = |id: &str, time: &str| ProvisioningKey {
            id: id.parse().unwrap(),
            created_at: time.parse().ok(),
            expires_at: time.parse().ok(),
            ..samples::key()
        };
        // As text, `.5Z` stands before `Z`.
        let keys = [
            at("3", "none"),
            at("2", "2026-11-01T12:00:00.5Z"),
            at("1", "2026-11-01T12:00:00Z"),
            at("0", "-000100-11-01T12:00:00Z"),
        ];
        assert_eq!(sorted("created_at", &keys), ["0", "1", "2", "3"]);
        assert_eq!(sorted("expires_at", &keys), ["0", "1", "2", "3"]);
    }

    #[test]
    fn ids_and_numbers_are_compared_as_numbers_and_words_as_text() {
        assert_eq!(sorted("id", &samples::keys()), ["4001", "5150", "6221", "7003"]);
        assert_eq!(sorted("max_usage", &samples::keys()), ["4001", "5150", "7003", "6221"]);
        assert_eq!(sorted("status", &samples::keys()), ["7003", "4001", "5150", "6221"]);
    }
}
