//! Files behind a port, so that tests can have a full disk or none.

use std::io;
use std::path::{Path, PathBuf};

/// Where configuration is read from, and recordings are written to.
pub trait Disk: Send + Sync {
    /// The whole file as text.
    ///
    /// # Errors
    /// As the operating system says, and `InvalidData` when it is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The whole file.
    ///
    /// # Errors
    /// As the operating system says.
    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read(path).map(String::into_bytes)
    }

    /// The paths of what lies in the folder, in no order. A disk that knows no folders has none.
    ///
    /// # Errors
    /// As the operating system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::Error::new(io::ErrorKind::NotFound, format!("no folder {}", folder.display())))
    }

    /// A new file, readable by its owner only. A disk that is only read from makes none.
    ///
    /// # Errors
    /// `AlreadyExists` when there is anything of that name, else as the operating system says.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn io::Write + Send>> {
        Err(io::Error::new(io::ErrorKind::ReadOnlyFilesystem, format!("no new file {}", path.display())))
    }

    /// A file with this text in the place of what stood there, readable by its owner only, in folders that are
    /// made where they are missing. Whoever reads it finds the old text or the new one, never a part.
    ///
    /// # Errors
    /// As [`Self::create_new`].
    fn replace(&self, path: &Path, _text: &str) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::ReadOnlyFilesystem, format!("no new file {}", path.display())))
    }

    /// A new file that grows, readable by its owner only, in folders that are made where they are missing.
    ///
    /// # Errors
    /// As [`Self::create_new`].
    fn create_durable(&self, path: &Path) -> io::Result<Box<dyn Durable>> {
        Err(io::Error::new(io::ErrorKind::ReadOnlyFilesystem, format!("no new file {}", path.display())))
    }
}

/// A file that grows, and is on the disk when it says so.
pub trait Durable: Send {
    /// Adds the bytes, and returns when they would survive a power cut.
    ///
    /// # Errors
    /// As the operating system says; a part of them may stand there then.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// The machine's file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }

    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn io::Write + Send>> {
        Ok(Box::new(own().create_new(true).open(path)?))
    }

    fn replace(&self, path: &Path, text: &str) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension("new");
        io::Write::write_all(&mut own().create(true).truncate(true).open(&beside)?, text.as_bytes())?;
        std::fs::rename(&beside, path)
    }

    fn create_durable(&self, path: &Path) -> io::Result<Box<dyn Durable>> {
        if let Some(folder) = path.parent() {
            let mut folders = std::fs::DirBuilder::new();
            folders.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
            folders.create(folder)?;
        }
        let file = own().create_new(true).open(path)?;
        // a file whose name is not on the disk is lost with all that is in it
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(Box::new(file))
    }
}

/// To write a file that nobody else may read.
fn own() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl Durable for std::fs::File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(self, bytes)?;
        self.sync_data()
    }
}
