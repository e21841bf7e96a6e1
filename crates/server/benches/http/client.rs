//! The least of an HTTP client: one connection, one request at a time, answers with a length. Requests are made
//! beforehand where they can be: it shares the server's cores and must not be what is measured.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Bytes that are read at once: more than any answer here has.
const BUFFER: usize = 4096;

pub(crate) struct Client {
    stream: TcpStream,
    /// What was read; the last answer is at its start.
    buffer: Vec<u8>,
}

/// A request as it is sent.
pub(crate) struct Request(Vec<u8>);

/// The body of an answer.
pub(crate) struct Answer<'a>(&'a [u8]);

impl Request {
    /// A request such as `GET /path`, with a JSON body unless that is empty.
    pub(crate) fn new(line: &str, body: &str) -> Self {
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let length = body.len();
        let head = "HTTP/1.1\r\nhost: localhost";
        Self(format!("{line} {head}\r\n{kind}content-length: {length}\r\n\r\n{body}").into())
    }
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(BUFFER) })
    }

    /// Sends a request and waits for its answer, which must be a success.
    pub(crate) async fn ask(&mut self, request: &Request) -> anyhow::Result<Answer<'_>> {
        let Self { stream, buffer } = self;
        stream.write_all(&request.0).await?;
        buffer.clear();
        let (head, length) = loop {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some((head, length)) = measure(buffer)?
                && buffer.len() >= head + length
            {
                break (head, length);
            }
        };
        if !buffer.starts_with(b"HTTP/1.1 2") {
            bail!("{}", String::from_utf8_lossy(buffer));
        }
        Ok(Answer(&buffer[head..head + length]))
    }
}

/// Bytes of an answer's head and of its body, once the whole head is there.
fn measure(bytes: &[u8]) -> anyhow::Result<Option<(usize, usize)>> {
    const LENGTH: &[u8] = b"content-length: ";
    let (mut at, mut length) = (0, None);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line == b"\r\n" {
            let length = length.context("an answer has a length")?;
            return Ok(Some((at, length)));
        }
        if let Some(digits) = line.strip_prefix(LENGTH) {
            length = Some(std::str::from_utf8(digits)?.trim_end().parse()?);
        }
    }
    Ok(None)
}

#[allow(dead_code, reason = "each benchmark reads what it needs")]
impl Answer<'_> {
    /// The members of that name, whole numbers, in the order of the answer.
    pub(crate) fn numbers(&self, name: &str) -> anyhow::Result<Vec<u64>> {
        let from = format!("\"{name}\":");
        let found = std::str::from_utf8(self.0)?.split(from.as_str()).skip(1);
        let digits = found.map(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next());
        digits.map(|digits| Ok(digits.unwrap_or_default().parse()?)).collect()
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        self.0.windows(text.len()).any(|found| found == text.as_bytes())
    }

    /// The member of that name, a text without escapes.
    pub(crate) fn text(&self, name: &str) -> anyhow::Result<String> {
        let from = format!("\"{name}\":\"");
        let (_, rest) = std::str::from_utf8(self.0)?.split_once(&from).context("it is there")?;
        Ok(rest.split('"').next().unwrap_or_default().to_owned())
    }
}
