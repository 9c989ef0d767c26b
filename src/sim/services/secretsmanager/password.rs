//! GetRandomPassword.

use super::refuse::{parameter, validation};
use crate::operation::{Answer, Caller};
use crate::world::World;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Ask {
    PasswordLength: Option<i64>,
    #[serde(default)]
    ExcludeCharacters: String,
    #[serde(default)]
    ExcludeNumbers: bool,
    #[serde(default)]
    ExcludePunctuation: bool,
    #[serde(default)]
    ExcludeUppercase: bool,
    #[serde(default)]
    ExcludeLowercase: bool,
    #[serde(default)]
    IncludeSpace: bool,
    RequireEachIncludedType: Option<bool>,
}

#[derive(Serialize)]
pub struct Password {
    RandomPassword: String,
}

/// API Reference, GetRandomPassword.
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const LONGEST: i64 = 4096;

pub fn get(world: &mut World, _: &Caller, ask: Ask) -> Answer<Password> {
    let length = ask.PasswordLength.unwrap_or(32);
    if !(1..=LONGEST).contains(&length) {
        let (bound, limit) = if length < 1 { ("greater", 1) } else { ("less", LONGEST) };
        return Err(validation(format!(
            "1 validation error detected: Value '{length}' at 'passwordLength' failed to satisfy constraint: Member must have value {bound} than or equal to {limit}"
        )));
    }
    let kinds = [
        (!ask.ExcludeLowercase, "abcdefghijklmnopqrstuvwxyz"),
        (!ask.ExcludeUppercase, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (!ask.ExcludeNumbers, "0123456789"),
        (!ask.ExcludePunctuation, PUNCTUATION),
        (ask.IncludeSpace, " "),
    ];
    let kinds: Vec<Vec<char>> = kinds
        .into_iter()
        .filter(|(included, _)| *included)
        .map(|(_, letters)| letters.chars().filter(|letter| !ask.ExcludeCharacters.contains(*letter)).collect())
        .filter(|letters: &Vec<char>| !letters.is_empty())
        .collect();
    let each = ask.RequireEachIncludedType.unwrap_or(true);
    let all: Vec<char> = kinds.iter().flatten().copied().collect();
    if all.is_empty() {
        return Err(parameter("There are no characters left to make a password of."));
    }
    if each && length < kinds.len() as i64 {
        return Err(parameter("Password length is too short based on the required types."));
    }
    let chance = &mut world.chance.secrets;
    let mut draw = |letters: &[char]| letters[chance.below(letters.len() as u64) as usize];
    let mut password: Vec<char> = (0..length).map(|_| draw(&all)).collect();
    if each {
        password.splice(..kinds.len(), kinds.iter().map(|letters| draw(letters)));
        for at in (1..password.len()).rev() {
            password.swap(at, chance.below(at as u64 + 1) as usize);
        }
    }
    Ok(Password { RandomPassword: password.into_iter().collect() })
}
