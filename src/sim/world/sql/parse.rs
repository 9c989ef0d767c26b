//! Text to one statement, and names.

use super::error::{Sql, no_table, refuse, syntax, too_deep, unsupported};
use super::log::Undo;
use super::table::Tables;
use super::{Outcome, Parameters, change, insert, roles, schema, select};
use crate::moment::Moment;
use sqlparser::ast::{Ident, ObjectName, ObjectNamePart, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

/// The longest statement, characters (RDS Data API model, `SqlStatement`).
pub const MAX_STATEMENT: usize = 65_536;

/// How many operators and key words a statement may have (assumed): a tree is at most so deep.
const MAX_OPERATORS: usize = 1000;

/// How deep parentheses and calls may nest (assumed).
const MAX_NESTING: usize = 18;

/// What a statement is run with.
pub(super) struct Setting<'a> {
    pub(super) parameters: &'a Parameters,
    /// What `now()` is.
    pub(super) now: Moment,
    /// Who says it; `None`: the owner.
    pub(super) user: Option<&'a str>,
}

impl Tables {
    /// Runs one statement. When it is refused, what it changed before is in `undo`.
    pub(super) fn run(&mut self, sql: &str, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
        match parse(sql)? {
            Statement::Query(query) => select::run(self, &query, setting),
            Statement::Insert(insert) => insert::run(self, &insert, setting, undo),
            Statement::Update(update) => change::update(self, &update, setting, undo),
            Statement::Delete(delete) => change::delete(self, &delete, setting, undo),
            Statement::CreateTable(create) => schema::create(self, &create, setting, undo),
            Statement::CreateIndex(create) => schema::index(self, &create, setting, undo),
            drop @ Statement::Drop { .. } => schema::drop(self, &drop, setting, undo),
            Statement::CreateRole(create) => roles::create(self, &create, setting, undo),
            Statement::AlterRole { name, operation } => roles::alter(self, &name, &operation, setting, undo),
            Statement::Grant(grant) => roles::grant(self, &grant, setting, undo),
            Statement::StartTransaction { .. } | Statement::Commit { .. } | Statement::Rollback { .. } => {
                unsupported("transaction control in SQL (use BeginTransaction) is")
            }
            _ => {
                let words = sql.split_whitespace().filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
                let words: Vec<String> = words.take(2).map(str::to_uppercase).collect();
                unsupported(format!("{} is", words.join(" ")))
            }
        }
    }
}

/// Reads one statement.
pub(super) fn parse(sql: &str) -> Sql<Statement> {
    if sql.len() > MAX_STATEMENT {
        return refuse("54000", format!("statement is longer than {MAX_STATEMENT} bytes"));
    }
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, sql).tokenize().or_else(|e| syntax(one_line(&e.message)))?;
    if tokens.iter().filter(|token| deepens(token)).count() > MAX_OPERATORS {
        return refuse("54001", "statement is too complex");
    }
    let (tokens, user) = users_are_roles(tokens);
    let mut parser = Parser::new(&dialect).with_recursion_limit(MAX_NESTING).with_tokens(tokens);
    match parser.parse_statements() {
        Ok(mut statements) if statements.len() < 2 => match statements.pop() {
            Some(Statement::CreateRole(mut create)) => {
                create.login = create.login.or(user.then_some(true));
                Ok(Statement::CreateRole(create))
            }
            Some(statement) => Ok(statement),
            None => syntax("syntax error at end of input"),
        },
        Ok(_) => refuse("42601", super::MULTISTATEMENTS),
        Err(ParserError::RecursionLimitExceeded) => Err(too_deep()),
        Err(ParserError::TokenizerError(message) | ParserError::ParserError(message)) => syntax(near(&message)),
    }
}

/// `CREATE USER` is `CREATE ROLE` for a role that may log in, and the parser takes it for another database's; tells
/// whether it was said.
fn users_are_roles(mut tokens: Vec<Token>) -> (Vec<Token>, bool) {
    let mut words = tokens.iter_mut().filter(|token| !matches!(token, Token::Whitespace(_)));
    let is = |token: &Token, keyword| matches!(token, Token::Word(word) if word.keyword == keyword);
    if let (Some(create), Some(user)) = (words.next(), words.next())
        && is(create, Keyword::CREATE)
        && is(user, Keyword::USER)
    {
        *user = Token::make_keyword("ROLE");
        return (tokens, true);
    }
    (tokens, false)
}

/// Whether a token can make the tree of a statement deeper.
fn deepens(token: &Token) -> bool {
    match token {
        Token::Word(word) => !matches!(
            word.keyword,
            Keyword::NoKeyword | Keyword::NULL | Keyword::TRUE | Keyword::FALSE | Keyword::DEFAULT
        ),
        Token::Whitespace(_) | Token::Comma | Token::LParen | Token::RParen | Token::Colon => false,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => false,
        _ => true,
    }
}

/// PostgreSQL's words for what the parser found: `Expected: .., found: X`.
fn near(message: &str) -> String {
    let Some((_, found)) = message.rsplit_once("found: ") else {
        return format!("syntax error: {}", one_line(message));
    };
    let found = found.split(" at Line:").next().unwrap_or(found).trim();
    if found == "EOF" {
        "syntax error at end of input".into()
    } else {
        format!("syntax error at or near \"{}\"", one_line(found))
    }
}

/// Without what would not stand in one line of a message.
fn one_line(text: &str) -> String {
    text.chars().take(200).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// A name: folded to lower case unless it is quoted.
pub(super) fn name(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

/// The last part of a name that may have the schema before it.
pub(super) fn object(object: &ObjectName) -> Sql<String> {
    let parts: Option<Vec<String>> = object.0.iter().map(|part| part.as_ident().map(name)).collect();
    match parts.as_deref() {
        Some([only]) => Ok(only.clone()),
        Some([schema, last]) if schema == "public" => Ok(last.clone()),
        Some([schema, _]) => refuse("3F000", format!("schema \"{schema}\" does not exist")),
        _ => unsupported(format!("the name {object} is")),
    }
}

/// A table that must be there. A schema that is not there is no error of its own then.
pub(super) fn relation(name: &ObjectName) -> Sql<String> {
    object(name).map_err(|error| if error.state == "3F000" { no_table(&name.to_string()) } else { error })
}

/// The only part of a name.
pub(super) fn single(object: &ObjectName) -> Option<String> {
    match object.0.as_slice() {
        [ObjectNamePart::Identifier(ident)] => Some(name(ident)),
        _ => None,
    }
}
