//! The unknowns of the API, as switches.

use std::sync::Arc;

/// What `enabled: false` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    Stops,
    IsKeptAndStopsNothing,
    IsNotKept,
}

/// What the API makes of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Kept,
    /// Only so many bytes are kept.
    Cut(usize),
    Capital,
    /// A PUT does not change the name.
    Frozen,
}

/// The unknowns of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub unique_names: bool,
    pub readable: bool,
    pub enabled: Enabled,
    pub lags: bool,
    pub limit_below_uses: bool,
    pub names: Names,
}

impl World {
    pub fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for bits in 0_u8..16 {
            for enabled in [Enabled::Stops, Enabled::IsKeptAndStopsNothing, Enabled::IsNotKept] {
                worlds.push(Self {
                    unique_names: bits & 1 != 0,
                    readable: bits & 2 == 0,
                    enabled,
                    lags: bits & 4 != 0,
                    limit_below_uses: bits & 8 != 0,
                    names: Names::Kept,
                });
            }
        }
        worlds
    }

    /// Returns what is kept of a name.
    pub fn kept(&self, name: &str) -> Arc<str> {
        match self.names {
            Names::Kept | Names::Frozen => name.into(),
            Names::Cut(bytes) => name[..name.len().min(bytes)].into(),
            Names::Capital => name.to_uppercase().into(),
        }
    }

    /// The worlds in which names, texts and lists differ; how a key is stopped does not.
    pub fn eight() -> Vec<Self> {
        let plain = |world: &Self| world.enabled == Enabled::Stops && !world.limit_below_uses;
        Self::all().into_iter().filter(plain).collect()
    }
}
