//! The file of lines: how it is opened, mended and moved aside.

#![cfg(feature = "audit-file")]

use std::io::Write as _;

use mcpgen_runtime::audit_file::Rotated;

#[test]
fn full_files_are_moved_aside_and_the_oldest_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let mut file = Rotated::open(&path, 20, 2).expect("it opens");
    for number in 0..6 {
        file.write_all(format!("line {number} ...\n").as_bytes()).expect("it is written");
    }
    drop(file);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).ok();
    assert_eq!(read("audit.jsonl").as_deref(), Some("line 5 ...\n"));
    assert_eq!(read("audit.jsonl.1").as_deref(), Some("line 4 ...\n"));
    assert_eq!(read("audit.jsonl.2").as_deref(), Some("line 3 ...\n"));
    assert_eq!(read("audit.jsonl.3"), None);
}

#[test]
fn a_line_begins_where_the_one_before_was_torn() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    std::fs::write(&path, "{\"time\":").expect("it is written");
    let mut file = Rotated::open(&path, 1000, 2).expect("it opens");
    assert!(Rotated::open(&path, 1000, 2).is_err(), "two processes write it");
    file.write_all(b"{}\n").expect("it is written");
    assert_eq!(std::fs::read_to_string(&path).ok().as_deref(), Some("{\"time\":\n{}\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let fresh = folder.path().join("fresh.jsonl");
        drop(Rotated::open(&fresh, 1000, 2).expect("it opens"));
        let mode = std::fs::metadata(&fresh).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
