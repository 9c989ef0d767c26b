//! What a service runs and what it ran before, for a roll back.

/// A revision of a task definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub arn: String,
    /// Of its containers, in their order.
    pub images: Vec<String>,
}

impl Revision {
    /// `shop-web:7`
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or(&self.arn)
    }

    pub fn images(&self) -> String {
        if self.images.is_empty() { "no image".into() } else { self.images.join(", ") }
    }
}

/// The revisions of a Region's service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revisions {
    pub region: String,
    /// What the service is to run now.
    pub now: Revision,
    /// The newest one before it that is still ACTIVE.
    pub before: Option<Revision>,
}

/// The number in `arn:aws:ecs:eu-west-1:1:task-definition/shop-web:7`.
pub fn number(arn: &str) -> Option<u32> {
    arn.rsplit_once(':')?.1.parse().ok()
}

/// The newest of `arns` before `now`.
pub fn before<'a>(arns: &'a [String], now: &str) -> Option<&'a String> {
    let now = number(now)?;
    arns.iter().filter(|arn| number(arn).is_some_and(|number| number < now)).max_by_key(|arn| number(arn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_before_is_the_newest_that_is_older() {
        let arns = ["a:1", "a:12", "a:9", "a:10"].map(String::from);
        assert_eq!(before(&arns, "a:12"), Some(&"a:10".to_string()));
        assert_eq!(before(&arns, "a:11"), Some(&"a:10".to_string()), "itself it may be INACTIVE");
        assert_eq!(before(&arns, "a:1"), None);
    }
}
