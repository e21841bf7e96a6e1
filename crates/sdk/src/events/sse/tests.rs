//! Events in whatever pieces they come, and bytes that are none.

use super::{BYTES_MAX, Broken, Message, Parser};

fn parse(bytes: &[u8], piece: usize) -> Vec<(String, String)> {
    let mut parser = Parser::default();
    for piece in bytes.chunks(piece) {
        parser.feed(piece).unwrap();
    }
    let taken = std::iter::from_fn(|| parser.take());
    taken.map(|Message { event, data }| (event, data)).collect()
}

#[test]
fn events_are_the_same_whatever_pieces_they_come_in() {
    let text = ": still here\n\nevent: cancelled\ndata: {\"item\":\r\ndata: \"ä\"}\r\n\r\nevent: lost\n\ndata\n\n\
                data:x\rid: 7\rretry: 5\rnonsense: 1\r\revent: unfinished\ndata: never";
    let pair = |event: &str, data: &str| (event.to_owned(), data.to_owned());
    let want = [pair("cancelled", "{\"item\":\n\"ä\"}"), pair("", ""), pair("", "x")];
    for piece in 1..text.len() {
        assert_eq!(parse(text.as_bytes(), piece), want, "in pieces of {piece}");
    }
}

#[test]
fn an_endless_line_and_endless_data_are_cut_off() {
    let mut parser = Parser::default();
    assert_eq!(parser.feed(&vec![b'x'; BYTES_MAX + 1]), Err(Broken::TooLong));
    let mut parser = Parser::default();
    let line = format!("data: {}\n", "x".repeat(BYTES_MAX / 4));
    let fed: Vec<_> = (0..5).map(|_| parser.feed(line.as_bytes())).collect();
    assert_eq!(fed.last(), Some(&Err(Broken::TooLong)));
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let mut parser = Parser::default();
    assert_eq!(parser.feed(b"data: \xff\xfe\n"), Err(Broken::NotText));
}
