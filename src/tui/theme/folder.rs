//! The user's own themes: a folder of `NAME.toml`.

use super::{Source, Warning};
use crate::host::Disk;
use std::io::ErrorKind;
use std::path::Path;

/// A larger file is no theme.
const LARGEST: usize = 256 << 10;

/// The themes in the folder, by name, and what could not be read. A folder that is not there has none.
pub fn read(disk: &dyn Disk, folder: &Path) -> (Vec<Source>, Vec<Warning>) {
    let mut warnings = vec![];
    let mut paths = match disk.list(folder) {
        Ok(paths) => paths,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => vec![],
        Err(error) => {
            let text = format!("the folder of themes cannot be read: {error}");
            warnings.push(Warning::new("", Some(folder), 1, &text));
            vec![]
        }
    };
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut sources = vec![];
    for path in paths {
        match file(disk, &path) {
            Ok(source) => sources.push(source),
            Err(warning) => warnings.push(warning),
        }
    }
    (sources, warnings)
}

/// One theme file. Its name is that of the file.
///
/// # Errors
/// What kept it from being read.
pub fn file(disk: &dyn Disk, path: &Path) -> Result<Source, Warning> {
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let name = crate::model::text::clean(&name);
    match disk.read(path) {
        Ok(text) if text.len() > LARGEST => {
            Err(Warning::new(&name, Some(path), 1, "is larger than 256 KiB: this is no theme"))
        }
        Ok(text) => Ok(Source { name, text, file: Some(path.to_path_buf()) }),
        Err(error) => Err(Warning::new(&name, Some(path), 1, &format!("cannot be read: {error}"))),
    }
}
