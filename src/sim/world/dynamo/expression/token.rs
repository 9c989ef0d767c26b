//! Tokens, and a reader of them that never goes too deep.

/// A token of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A name, a keyword or a number of a list.
    Word(String),
    /// `#name`
    Name(String),
    /// `:value`
    Value(String),
    /// `=`, `<>`, `<=`, `(`, `[`, ...
    Sign(&'static str),
}

const SIGNS: &[&str] = &["<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-"];

/// The longest expression (Developer Guide, limits: 4 KB).
const LONGEST: usize = 4096;

/// Splits an expression.
///
/// # Errors
/// A syntax error as DynamoDB words it.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    if text.trim().is_empty() {
        return Err("The expression can not be empty;".into());
    }
    if text.len() > LONGEST {
        return Err(format!("Expression size has exceeded the maximum allowed size; expression size: {}", text.len()));
    }
    let mut found = vec![];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let named = matches!(first, '#' | ':');
        let body = if named { &rest[1..] } else { rest };
        let length = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(body.len());
        if length > 0 {
            let word = body[..length].to_string();
            found.push(match first {
                '#' => Token::Name(format!("#{word}")),
                ':' => Token::Value(format!(":{word}")),
                _ => Token::Word(word),
            });
            rest = body[length..].trim_start();
            continue;
        }
        let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
            let near: String = rest.chars().take(10).collect();
            return Err(format!("Syntax error; token: \"{first}\", near: \"{near}\""));
        };
        found.push(Token::Sign(sign));
        rest = rest[sign.len()..].trim_start();
    }
    Ok(found)
}

/// How deep an expression may be nested.
const DEEPEST: usize = 64;

/// Reads tokens one after the other.
pub struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    pub fn new(text: &str) -> Result<Self, String> {
        Ok(Self { tokens: tokens(text)?, at: 0, depth: 0 })
    }

    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub fn peek_after(&self) -> Option<&Token> {
        self.tokens.get(self.at + 1)
    }

    pub fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    /// Takes this sign if it is next.
    pub fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(sign)) if *sign == wanted);
        self.at += usize::from(found);
        found
    }

    pub fn must(&mut self, wanted: &str) -> Result<(), String> {
        if self.sign(wanted) { Ok(()) } else { Err(self.error()) }
    }

    /// Takes this keyword, in any case, if it is next.
    pub fn keyword(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    pub fn must_keyword(&mut self, wanted: &str) -> Result<(), String> {
        if self.keyword(wanted) { Ok(()) } else { Err(self.error()) }
    }

    pub fn over(&self) -> Result<(), String> {
        if self.peek().is_none() { Ok(()) } else { Err(self.error()) }
    }

    /// One level deeper; refuses what is too deep.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth >= DEEPEST {
            return Err("The expression is nested too deeply".into());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub fn error(&self) -> String {
        let text = |token: &Token| match token {
            Token::Word(word) | Token::Name(word) | Token::Value(word) => word.clone(),
            Token::Sign(sign) => (*sign).to_string(),
        };
        let token = self.peek().map_or_else(|| "<EOF>".into(), text);
        let from = self.at.saturating_sub(1);
        let near: Vec<String> = self.tokens.iter().skip(from).take(3).map(text).collect();
        format!("Syntax error; token: \"{token}\", near: \"{}\"", near.join(" "))
    }
}
