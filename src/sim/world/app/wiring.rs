//! How a task knows where its state is.

use crate::doc::Doc;

/// What the environment of a task's first container says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wiring {
    /// `DB_HOST`: what it connects to for reads and for writes.
    pub database: Option<String>,
    /// `SESSIONS_TABLE`.
    pub sessions: Option<String>,
}

impl Wiring {
    /// From a container definition as ECS keeps it.
    pub fn of(container: &Doc) -> Self {
        let environment = container.get("environment").and_then(Doc::as_array);
        let value = |name: &str| {
            let entry = environment?.iter().find(|entry| entry["name"] == name)?;
            entry["value"].as_str().filter(|value| !value.is_empty()).map(str::to_string)
        };
        Self { database: value("DB_HOST"), sessions: value("SESSIONS_TABLE") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_environment_tells_and_may_be_silent() {
        let told = json!({"environment": [
            {"name": "SESSIONS_TABLE", "value": "shop-sessions"},
            {"name": "DB_HOST", "value": "x.cluster-ro-1.eu-west-1.rds.amazonaws.com"},
        ]});
        let wiring = Wiring::of(&told);
        assert_eq!(wiring.sessions.as_deref(), Some("shop-sessions"));
        assert_eq!(wiring.database.as_deref(), Some("x.cluster-ro-1.eu-west-1.rds.amazonaws.com"));
        assert_eq!(Wiring::of(&json!({})), Wiring::default());
    }
}
