//! Kept connections, and as little of a client as can be: what is measured is the server.

use crate::capture::Ask;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A kept connection.
pub struct Line {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Line {
    pub fn open(address: &str) -> Self {
        Self { address: address.into(), stream: None, buffer: vec![] }
    }

    /// Sends the request and reads the whole answer; connects anew when the server has hung up.
    ///
    /// # Errors
    /// The status, when it is not 2xx, or what went wrong.
    pub fn ask(&mut self, ask: &Ask) -> Result<(), String> {
        self.send(ask)?;
        self.receive()
    }

    /// Sends the request.
    ///
    /// # Errors
    /// When there is no connection.
    pub fn send(&mut self, ask: &Ask) -> Result<(), String> {
        self.sent(ask).map_err(|error| error.to_string())
    }

    /// Reads the whole answer to what was sent.
    ///
    /// # Errors
    /// The status, when it is not 2xx, or what went wrong.
    pub fn receive(&mut self) -> Result<(), String> {
        match self.received() {
            Ok(200..300) => Ok(()),
            Ok(status) => Err(format!("HTTP {status}")),
            Err(error) => Err(error.to_string()),
        }
    }

    fn sent(&mut self, ask: &Ask) -> io::Result<()> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream
            }
        };
        stream.write_all(&bytes(&self.address, ask))?;
        self.stream = Some(stream);
        Ok(())
    }

    fn received(&mut self) -> io::Result<u16> {
        let mut stream = self.stream.take().ok_or(io::ErrorKind::NotConnected)?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            more(&mut stream, &mut self.buffer)?;
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let header = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if header("transfer-encoding:") == Some("chunked") {
            while !self.buffer.ends_with(b"0\r\n\r\n") {
                more(&mut stream, &mut self.buffer)?;
            }
        } else {
            let length: usize = header("content-length:").and_then(|length| length.parse().ok()).unwrap_or(0);
            while self.buffer.len() < head + length {
                more(&mut stream, &mut self.buffer)?;
            }
        }
        if header("connection:") != Some("close") && text.starts_with("http/1.1") {
            self.stream = Some(stream);
        }
        text.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    let mut part = [0; 64 * 1024];
    match stream.read(&mut part)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => {
            buffer.extend_from_slice(&part[..read]);
            Ok(())
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn bytes(host: &str, ask: &Ask) -> Vec<u8> {
    let request = &ask.request;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let mut bytes = format!("{} {path} HTTP/1.1\r\nhost: {host}\r\n", request.method()).into_bytes();
    for (name, value) in
        request.headers().iter().filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length"))
    {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", request.body().len()).as_bytes());
    bytes.extend_from_slice(request.body());
    bytes
}
