//! Server-sent events out of bytes, as the HTML standard defines them, with limits on their size.

use std::collections::VecDeque;

/// Bytes of one line and of one event's data: more than any item has.
const BYTES_MAX: usize = 1024 * 1024;

/// A dispatched event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) event: String,
    pub(super) data: String,
}

/// Why a stream cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    #[error("an event has more than {BYTES_MAX} bytes")]
    TooLong,
    #[error("an event is not UTF-8")]
    NotText,
}

/// Puts lines together, whatever pieces the bytes come in.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    /// The last byte ended a line as a carriage return: a line feed after it belongs to it.
    after_return: bool,
    event: String,
    data: String,
    has_data: bool,
    ready: VecDeque<Message>,
}

impl Parser {
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        for byte in bytes {
            let after_return = std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if after_return => {}
                b'\n' => self.end_line()?,
                b'\r' => {
                    self.after_return = true;
                    self.end_line()?;
                }
                _ if self.line.len() < BYTES_MAX => self.line.push(*byte),
                _ => return Err(Broken::TooLong),
            }
        }
        Ok(())
    }

    pub(super) fn take(&mut self) -> Option<Message> {
        self.ready.pop_front()
    }

    fn end_line(&mut self) -> Result<(), Broken> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            self.dispatch();
            return Ok(());
        }
        let line = std::str::from_utf8(&line).map_err(|_| Broken::NotText)?;
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                if self.data.len() + value.len() >= BYTES_MAX {
                    return Err(Broken::TooLong);
                }
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(value);
            }
            // Comments have an empty field's name; ids and pauses are not used by our streams.
            _ => {}
        }
        Ok(())
    }

    fn dispatch(&mut self) {
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.has_data) {
            self.ready.push_back(Message { event, data });
        }
    }
}

#[cfg(test)]
mod tests;
