//! Access control lists as text: Microsoft's security descriptor definition language.

/// What one entry of an access control list allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowed {
    pub rights: u32,
    /// Whom: a SID, or its short name.
    pub whom: String,
}

/// An owner, and what who may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Security {
    pub owner: String,
    /// `None` if there is no list: all may do all.
    pub allowed: Option<Vec<Allowed>>,
}

pub(super) const READ_DATA: u32 = 0x1;
/// In a directory: add a file.
pub(super) const WRITE_DATA: u32 = 0x2;
/// In a directory: add a directory.
pub(super) const APPEND_DATA: u32 = 0x4;
pub(super) const DELETE_CHILD: u32 = 0x40;
pub(super) const DELETE: u32 = 0x0001_0000;
pub(super) const WRITE_DAC: u32 = 0x0004_0000;
pub(super) const WRITE_OWNER: u32 = 0x0008_0000;

const ALL: u32 = 0x001f_01ff;
const READ: u32 = 0x0012_0089;
const WRITE: u32 = 0x0012_0116;
const EXECUTE: u32 = 0x0012_00a0;

/// The names of rights, as they are for files.
const RIGHTS: [(&str, u32); 21] = [
    ("GA", ALL),
    ("GR", READ),
    ("GW", WRITE),
    ("GX", EXECUTE),
    ("FA", ALL),
    ("FR", READ),
    ("FW", WRITE),
    ("FX", EXECUTE),
    ("RC", 0x0002_0000),
    ("SD", DELETE),
    ("WD", WRITE_DAC),
    ("WO", WRITE_OWNER),
    ("CC", READ_DATA),
    ("DC", WRITE_DATA),
    ("LC", APPEND_DATA),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", DELETE_CHILD),
    ("LO", 0x80),
    ("CR", 0x100),
];

impl Security {
    /// Reads the text; what is not understood allows all.
    pub(super) fn read(text: &str) -> Self {
        let (owner, list) = match text.split_once("D:") {
            Some((owner, list)) => (owner, Some(list)),
            None => (text, None),
        };
        let owner = owner.strip_prefix("O:").unwrap_or_default();
        let owner = owner.split_once("G:").map_or(owner, |(owner, _)| owner);
        let list = list.filter(|list| !list.starts_with("NO_ACCESS_CONTROL"));
        let list = list.map(|list| list.split_once("S:").map_or(list, |(list, _)| list));
        let allowed = list.map(|list| list.split('(').skip(1).filter_map(entry).collect());
        Self { owner: owner.to_owned(), allowed }
    }

    /// True if one who is not among the trusted has one of these rights.
    pub(super) fn others_may(&self, rights: u32, trusts: impl Fn(&str) -> bool) -> bool {
        let Some(allowed) = &self.allowed else { return true };
        allowed.iter().any(|entry| entry.rights & rights != 0 && !trusts(&entry.whom))
    }
}

/// Reads `A;FLAGS;RIGHTS;OBJECT;INHERITED;SID…)`; `None` if it allows nothing here.
fn entry(text: &str) -> Option<Allowed> {
    let parts: Vec<&str> = text.split(')').next().unwrap_or_default().split(';').collect();
    let [kind, flags, rights, _, _, whom, ..] = parts.as_slice() else {
        return Some(Allowed { rights: u32::MAX, whom: String::new() });
    };
    let is_denial = matches!(*kind, "D" | "OD" | "XD");
    let is_for_children_only = flags.as_bytes().chunks(2).any(|flag| flag == b"IO");
    (!is_denial && !is_for_children_only)
        .then(|| Allowed { rights: rights_of(rights), whom: (*whom).to_owned() })
}

fn rights_of(text: &str) -> u32 {
    if let Some(hex) = text.strip_prefix("0x") {
        return u32::from_str_radix(hex, 16).map_or(u32::MAX, specific);
    }
    let right = |name: &[u8]| RIGHTS.iter().find(|(known, _)| known.as_bytes() == name);
    text.as_bytes()
        .chunks(2)
        .map(|name| right(name).map_or(u32::MAX, |(_, bits)| *bits))
        .fold(0, |all, one| all | one)
}

/// Takes the rights that have one name for all kinds of objects as those of files.
fn specific(rights: u32) -> u32 {
    let generic = [(0x1000_0000, ALL), (0x8000_0000, READ), (0x4000_0000, WRITE), (0x2000_0000, EXECUTE)];
    generic.into_iter().filter(|(bit, _)| rights & bit != 0).fold(rights, |all, (_, bits)| all | bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: &str = "S-1-5-21-1-2-3-1001";

    fn others_may(list: &str, rights: u32) -> bool {
        Security::read(&format!("O:{ME}{list}")).others_may(rights, |whom| ["SY", "BA", ME].contains(&whom))
    }

    #[test]
    fn an_owner_and_a_list_are_read() {
        let read =
            Security::read("O:S-1-5-21-1-2-3-1001G:DUD:PAI(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)S:(ML;;NW;;;LW)");
        assert_eq!(read.owner, ME);
        let allowed = |rights, whom: &str| Allowed { rights, whom: whom.to_owned() };
        assert_eq!(read.allowed.unwrap(), [allowed(ALL, "SY"), allowed(0x0012_00a9, "BU")]);
    }

    #[test]
    fn others_are_all_who_are_not_trusted() {
        let private = format!("D:P(A;;FA;;;{ME})(A;;FA;;;SY)");
        assert!(!others_may(&private, u32::MAX));
        for whom in ["WD", "BU", "AU", "S-1-5-21-1-2-3-1002"] {
            let list = format!("{private}(A;;FR;;;{whom})");
            assert!(others_may(&list, READ_DATA) && !others_may(&list, WRITE_DATA | DELETE), "{whom}");
        }
        assert!(others_may("D:(A;;GA;;;WD)", WRITE_DAC) && others_may("D:(A;;0x10000000;;;WD)", DELETE));
        assert!(others_may("D:(A;;CCDC;;;BU)", WRITE_DATA) && !others_may("D:(A;;CCRC;;;BU)", WRITE_DATA));
    }

    #[test]
    fn what_denies_and_what_is_for_children_only_allows_nothing() {
        assert!(!others_may("D:(D;;FA;;;WD)(A;OICIIO;FA;;;WD)(A;CIIOID;GA;;;BU)", u32::MAX));
    }

    #[test]
    fn no_list_and_what_is_not_understood_allow_all() {
        for list in ["", "D:NO_ACCESS_CONTROL", "D:(A;;??;;;WD)", "D:(A;;0xzz;;;WD)", "D:(odd)"] {
            assert!(others_may(list, WRITE_OWNER), "{list}");
        }
        assert!(!others_may("D:", u32::MAX), "an empty list allows nothing");
    }
}
