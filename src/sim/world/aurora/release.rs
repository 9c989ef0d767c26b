//! A version of an engine, and where an upgrade leads from it.

/// Engine, version, the quarter in which it came, and whether it forwards writes inside of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release(pub &'static str, pub &'static str, pub u8, pub bool);

impl Release {
    /// `16` of `16.6`, `8.0` of `8.0.mysql_aurora.3.08.0`.
    pub fn major(&self) -> &'static str {
        let end = if self.0 == "aurora-mysql" { ".mysql_aurora" } else { "." };
        self.1.split_once(end).map_or(self.1, |(major, _)| major)
    }

    /// The family of parameter groups that it takes.
    pub fn family(&self) -> String {
        format!("{}{}", self.0, self.major())
    }

    pub fn description(&self) -> String {
        match self.1.split_once(".mysql_aurora.") {
            Some((major, minor)) => format!("Aurora MySQL {minor} (compatible with MySQL {major})"),
            None => format!("Aurora PostgreSQL (compatible with PostgreSQL {})", self.1),
        }
    }

    /// Whether it is upgraded to another: to a later minor version, or to a later major one that came no earlier.
    pub fn leads_to(&self, other: &Self) -> bool {
        let number = |release: &Self| release.major().parse::<f32>().unwrap_or_default();
        self.0 == other.0
            && match number(self).total_cmp(&number(other)) {
                std::cmp::Ordering::Less => other.2 >= self.2,
                std::cmp::Ordering::Equal => other.2 > self.2,
                std::cmp::Ordering::Greater => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn upgrades_lead_forward() {
        let (old, new) =
            (Release("aurora-postgresql", "16.6", 2, true), Release("aurora-postgresql", "16.10", 5, true));
        assert!(old.leads_to(&new) && !new.leads_to(&old) && !old.leads_to(&old));
        let next = Release("aurora-postgresql", "17.4", 3, true);
        assert!(old.leads_to(&next) && !new.leads_to(&next), "17.4 came before 16.10");
        assert_eq!((old.major(), old.family()), ("16", "aurora-postgresql16".into()));
        let mysql = Release("aurora-mysql", "8.0.mysql_aurora.3.08.0", 2, true);
        assert_eq!((mysql.major(), mysql.family()), ("8.0", "aurora-mysql8.0".into()));
        assert_eq!(mysql.description(), "Aurora MySQL 3.08.0 (compatible with MySQL 8.0)");
    }
}
