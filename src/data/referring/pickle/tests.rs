//! What a pickle must not do, and what it may contain.

use super::*;

#[test]
fn code_is_never_run() {
    let calls: [&[u8]; 5] = [
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.",
        b"(S'true'\nios\nsystem\n.",
        b"\x80\x02Pname\n.",
        b"\x80\x02\x82\x01.",
    ];
    for bytes in calls {
        let error = Pickle::read(bytes).expect_err("a call");
        assert!(matches!(error, PickleError::Code { .. }), "{error}");
    }
    let error = Pickle::read(calls[1]).expect_err("a call").to_string();
    assert!(error.contains("posix.system"), "{error}");
}

#[test]
fn depth_and_sharing_cost_no_more_than_the_file() {
    // 100,000 lists, each in the next one.
    let mut bytes = b"]".repeat(100_000);
    bytes.extend(b"a".repeat(99_999));
    bytes.push(b'.');
    let deep = Pickle::read(&bytes).expect("a deep list");
    assert_eq!(deep.root().list().expect("a list").len(), 1);
    // Each list contains the previous one ten times: 10^60 values if they were copied.
    let mut bytes = b"]q\x00".to_vec();
    for level in 0..60u8 {
        bytes.extend([b'(']);
        bytes.extend([b'h', level].repeat(10));
        bytes.extend([b'l', b'q', level + 1]);
    }
    bytes.push(b'.');
    assert!(Pickle::read(&bytes).is_ok());
}

#[test]
fn damaged_bytes_are_errors() {
    let good: &[u8] = b"\x80\x02}q\x00(X\x01\x00\x00\x00aK\x05X\x01\x00\x00\x00b](K\x01K\x02eu.";
    let whole = Pickle::read(good).expect("a dict");
    assert_eq!(whole.root().get("a").and_then(Item::int), Some(5));
    assert_eq!(
        whole
            .root()
            .get("b")
            .and_then(Item::list)
            .map(|list| list.len()),
        Some(2)
    );
    for end in 0..good.len() {
        assert_eq!(
            Pickle::read(&good[..end]).err(),
            Some(PickleError::Truncated)
        );
    }
    for position in 0..good.len() {
        for value in 0..=255 {
            let mut bytes = good.to_vec();
            bytes[position] = value;
            // An error or other data, but no panic.
            let _ = Pickle::read(&bytes);
        }
    }
    for bytes in [
        b".".as_slice(),
        b"a.",
        b"(a.",
        b"e.",
        b"}K\x01s.",
        b"K\x01K\x02a.",
        b"h\x00.",
        b"{",
    ] {
        assert!(
            matches!(Pickle::read(bytes), Err(PickleError::Damaged { .. })),
            "{bytes:?}"
        );
    }
}
