//! Tests of the batch format: its bytes, fixed for ever, and what is found to be wrong with it.

use expect_test::{Expect, expect};

use super::*;

const RECORDS: [Record<'static>; 2] =
    [Record { tag: 7, bytes: b"hello" }, Record { tag: 8, bytes: b"" }];

fn encoded(offset: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&mut bytes, offset, Position(3), &RECORDS);
    bytes
}

/// Changes a batch and compares what reading it says.
#[track_caller]
fn check(change: impl FnOnce(&mut Vec<u8>), want: Expect) {
    let mut bytes = encoded(64);
    change(&mut bytes);
    let got = match decode_header(&bytes, 64) {
        None => "no header".to_owned(),
        Some(header) => match verify(&bytes, header) {
            Ok(()) => "whole".to_owned(),
            Err(Wrong { at, position, mismatch }) => format!(
                "byte {at}, position {position}: expected {}, found {}",
                mismatch.expected, mismatch.found
            ),
        },
    };
    want.assert_eq(&got);
}

#[test]
fn the_bytes_of_a_batch_do_not_change_between_releases() {
    let lines: Vec<String> = encoded(64).chunks(16).map(|line| format!("{line:02x?}")).collect();
    expect![[r#"
        [7c, ba, 07, f1, 6b, b2, 01, 6a, 60, 00, 00, 00, 02, 00, 00, 00]
        [03, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, b3, 9a, d5, e7]
        [05, 00, 00, 00, 52, ea, b7, 12, 03, 00, 00, 00, 00, 00, 00, 00]
        [07, 68, 65, 6c, 6c, 6f, 00, 00, 00, 00, bc, 9f, 43, 5c, 04, 00]
        [00, 00, 00, 00, 00, 00, 08, ff, ff, ff, ff, 00, 00, 00, 00, 00]
        [00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, b3, 9a, d5, e7]"#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn a_batch_reads_back_as_it_was_written() {
    let bytes = encoded(64);
    assert_eq!(bytes.len(), encoded_len(&RECORDS));
    let read: Vec<_> =
        frames(&bytes).map(|(_, frame)| (frame.position, frame.tag, frame.bytes)).collect();
    assert_eq!(read, [(Position(3), 7, &b"hello"[..]), (Position(4), 8, b"")]);
    check(|_| {}, expect!["whole"]);
}

#[test]
fn a_batch_is_not_valid_at_another_offset() {
    let bytes = encoded(64);
    assert!(decode_header(&bytes, 96).is_none());
}

#[test]
fn what_is_wrong_is_named() {
    check(|bytes| bytes[16] ^= 1, expect!["no header"]);
    check(
        |bytes| bytes[HEADER] ^= 1,
        expect!["byte 32, position 3: expected crc 12b7ea52, found 88cfb953"],
    );
    check(
        |bytes| bytes[HEADER + 3] ^= 1,
        expect!["byte 32, position 3: expected the length of a frame, found 16777221"],
    );
    check(
        |bytes| bytes[HEADER + 17] ^= 1,
        expect!["byte 32, position 3: expected crc 12b7ea52, found 2fd7c3e2"],
    );
    check(
        |bytes| bytes[HEADER..HEADER + 4].fill(0xff),
        expect!["byte 32, position 3: expected a frame, found the end of the batch"],
    );
    check(
        |bytes| bytes[HEADER + 22 + 17 + 5] ^= 1,
        expect!["byte 71, position 5: expected the end of the batch, found other bytes"],
    );
}

#[test]
fn unwritten_sectors_are_told_from_sectors_of_zeros() {
    let zeros = vec![0; 2000];
    let mut bytes = Vec::new();
    encode(&mut bytes, 96, Position(0), &[Record { tag: 0, bytes: &zeros }]);
    let header = decode_header(&bytes, 96).unwrap();
    assert!(!body_looks_torn(&bytes, 96, header));
    let mut flipped = bytes.clone();
    flipped[1000] ^= 1;
    assert!(!body_looks_torn(&flipped, 96, header), "a flip among zeros");
    let mut torn = bytes.clone();
    let last_sector = (96 + bytes.len()) / SECTOR * SECTOR - 96;
    torn[last_sector..].fill(0);
    assert!(body_looks_torn(&torn, 96, header), "the last sector is missing");
}
