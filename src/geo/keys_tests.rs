use super::*;

#[test]
fn broken_directories_are_errors() {
    for keys in [
        vec![1, 1, 0],
        vec![1, 1, 0, 2, 1024, 0, 1, 1],
        vec![2, 1, 0, 0],
    ] {
        assert!(KeyDirectory::read(&keys, &[], "").is_err());
    }
    let keys = [1, 1, 0, 1, Key::CITATION, 34737, 60, 9];
    let cut = KeyDirectory::read(&keys, &[], "short|").unwrap();
    assert_eq!(cut.citation(), "");
}
