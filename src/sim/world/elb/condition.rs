//! Conditions of rules, and whether a request meets them.

use super::HttpAsk;

/// One condition; any of its values suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Case-sensitive, against the path without the query.
    Path(Vec<String>),
    /// Any case.
    Host(Vec<String>),
    /// Exact.
    Method(Vec<String>),
    /// Key (`None`: any) and value, any case.
    Query(Vec<(Option<String>, String)>),
}

impl Condition {
    /// The field as AWS names it.
    pub fn field(&self) -> &'static str {
        match self {
            Condition::Path(_) => "path-pattern",
            Condition::Host(_) => "host-header",
            Condition::Method(_) => "http-request-method",
            Condition::Query(_) => "query-string",
        }
    }

    pub fn holds(&self, ask: &HttpAsk) -> bool {
        let (path, query) = ask.path.split_once('?').unwrap_or((&ask.path, ""));
        match self {
            Condition::Path(patterns) => patterns.iter().any(|pattern| matches(pattern, path)),
            Condition::Host(patterns) => {
                let host = ask.host.to_ascii_lowercase();
                patterns.iter().any(|pattern| matches(&pattern.to_ascii_lowercase(), &host))
            }
            Condition::Method(methods) => methods.contains(&ask.method),
            Condition::Query(wanted) => query.split('&').any(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                wanted.iter().any(|(wanted_key, wanted_value)| {
                    let same =
                        |pattern: &str, text: &str| matches(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase());
                    wanted_key.as_ref().is_none_or(|wanted_key| same(wanted_key, key)) && same(wanted_value, value)
                })
            }),
        }
    }
}

/// `*` stands for any run of characters, `?` for exactly one.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::elb::Scheme;
    use proptest::prelude::*;

    fn get(host: &str, path: &str) -> HttpAsk {
        HttpAsk { method: "GET".into(), scheme: Scheme::Http, host: host.into(), path: path.into(), port: 80 }
    }

    #[test]
    fn patterns() {
        for (pattern, text, met) in [
            ("/.tandem/switch/*", "/.tandem/switch/us-east-1", true),
            ("/.tandem/switch/*", "/.tandem/switch", false),
            ("*", "", true),
            ("/a?c", "/abc", true),
            ("/a?c", "/ac", false),
            ("/*/b/*c", "/x/b/b/zc", true),
            ("/img/*", "/IMG/x", false),
            ("", "/", false),
        ] {
            assert_eq!(matches(pattern, text), met, "{pattern} on {text}");
        }
    }

    #[test]
    fn fields() {
        assert!(Condition::Host(vec!["*.Example.com".into()]).holds(&get("app.example.COM", "/")));
        assert!(Condition::Path(vec!["/a".into()]).holds(&get("h", "/a?x=1")), "the query is no part of the path");
        assert!(!Condition::Path(vec!["/A".into()]).holds(&get("h", "/a")));
        assert!(Condition::Query(vec![(Some("V".into()), "1*".into())]).holds(&get("h", "/?u=2&v=12")));
        assert!(!Condition::Query(vec![(Some("v".into()), "2".into())]).holds(&get("h", "/?u=2&v=12")));
        assert!(!Condition::Method(vec!["POST".into()]).holds(&get("h", "/")));
    }

    proptest! {
        #[test]
        fn a_text_matches_itself_and_what_it_is_wrapped_in(text in "[a-z/.]{0,12}", more in "[a-z/.]{0,6}") {
            prop_assert!(matches(&text, &text));
            let wrapped = format!("{more}{text}{more}");
            let pattern = format!("*{text}*");
            prop_assert!(matches(&pattern, &wrapped));
            prop_assert_eq!(matches(&text, &wrapped), more.is_empty());
        }
    }
}
