//! What a profile lets agents do: `[profiles.NAME.mcp]`.

use serde::Deserialize;

use crate::domain::{AgentAction, AgentLimits, ParseAgentActionError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentText {
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
    max_uses: Option<u64>,
    max_writes: Option<u32>,
}

impl AgentText {
    /// Reads the table; an error is the key that is wrong, and why.
    pub(super) fn read(self) -> Result<AgentLimits, (String, String)> {
        let action = |text: &String| {
            text.parse::<AgentAction>()
                .map_err(|error: ParseAgentActionError| ("mcp.allow".to_owned(), error.to_string()))
        };
        let group = |text: &String| {
            glob::Pattern::new(text).map_err(|error| ("mcp.groups".to_owned(), error.msg.to_owned()))
        };
        let groups: Vec<glob::Pattern> = self.groups.iter().map(group).collect::<Result<_, _>>()?;
        Ok(AgentLimits {
            allowed: self.allow.iter().map(action).collect::<Result<_, _>>()?,
            groups: if groups.is_empty() { Vec::new() } else { vec![groups] },
            max_uses: self.max_uses,
            max_writes: self.max_writes,
        })
    }
}
