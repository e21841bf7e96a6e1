//! The least of an HTTP client: one connection, one request at a time, answers with a length.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub(crate) struct Client {
    stream: TcpStream,
    host: String,
    /// What was read; the last answer is at its start.
    buffer: Vec<u8>,
}

/// The body of an answer.
pub(crate) struct Answer<'a>(&'a str);

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host: address.to_string(), buffer: Vec::new() })
    }

    /// Sends a request, such as `GET /path`, and waits for its answer, which must be a success.
    pub(crate) async fn ask(&mut self, line: &str, body: &str) -> anyhow::Result<Answer<'_>> {
        let Self { stream, host, buffer } = self;
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let request = format!(
            "{line} HTTP/1.1\r\nhost: {host}\r\n{kind}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        buffer.clear();
        loop {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
                continue;
            };
            let length = length(std::str::from_utf8(&buffer[..head])?)?;
            if buffer.len() >= head + 4 + length {
                break;
            }
        }
        let text = std::str::from_utf8(buffer)?;
        let (head, body) = text.split_once("\r\n\r\n").context("the loop has found it")?;
        if !head.starts_with("HTTP/1.1 2") {
            bail!("{line}: {text}");
        }
        Ok(Answer(body))
    }
}

fn length(head: &str) -> anyhow::Result<usize> {
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.trim().parse()?);
        }
    }
    bail!("an answer without a length: {head}")
}

impl Answer<'_> {
    /// The member of that name, a text without escapes.
    pub(crate) fn text(&self, name: &str) -> anyhow::Result<String> {
        let from = format!("\"{name}\":\"");
        let (_, rest) = self.0.split_once(&from).context("the member is there")?;
        Ok(rest.split('"').next().unwrap_or_default().to_owned())
    }
}
