//! The disk itself: what it keeps, loses and refuses.

use std::collections::BTreeSet;

use super::*;

fn random(seed: u64) -> impl FnMut() -> u64 {
    let entropy = Entropy::seeded(seed);
    move || entropy.next()
}

fn new_file(disk: &SimDisk, name: &str) -> Arc<dyn VfsFile> {
    disk.open(name, Opened::New).unwrap()
}

fn fault(call: DiskCall, nth: u64, lasting: bool, kind: ErrorKind) -> DiskFault {
    DiskFault { call: Some(call), prefix: String::new(), nth, lasting, kind }
}

/// What many power losses leave of a file; `None` for no file.
fn leftovers(disk: &SimDisk, name: &str) -> BTreeSet<Option<Vec<u8>>> {
    (0..2000).map(|seed| disk.crash(&mut random(seed)).contents(name).ok()).collect()
}

#[test]
fn reads_see_writes_and_zeros_between_them() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    file.write_at(&[1; 10], 4090).unwrap();
    file.write_at(&[2; 3], 4095).unwrap();
    assert_eq!(file.len().unwrap(), 4100);
    let bytes = disk.contents("a").unwrap();
    assert_eq!(bytes[..4090], [0; 4090]);
    assert_eq!(bytes[4090..], [1, 1, 1, 1, 1, 2, 2, 2, 1, 1]);
    let mut buffer = [0; 4];
    assert_eq!(file.read_at(&mut buffer, 4097).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    file.set_len(4096).unwrap();
    file.set_len(4100).unwrap();
    file.read_at(&mut buffer, 4095).unwrap();
    assert_eq!(buffer, [2, 0, 0, 0], "what was cut off is zero when it comes back");
}

#[test]
fn a_power_loss_keeps_what_is_synced_and_may_take_the_rest() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.sync_folder("").unwrap();
    file.write_at(b"old", 0).unwrap();
    file.sync().unwrap();
    file.write_at(b"new", 0).unwrap();
    let expected = [Some(b"old".to_vec()), Some(b"new".to_vec())].into();
    assert_eq!(leftovers(&disk, "a"), expected);
    assert_eq!(disk.kill().contents("a").unwrap(), b"new");
    assert_eq!(leftovers(&disk.kill(), "a"), expected, "what a kill kept is not synced by that");
    file.sync().unwrap();
    assert_eq!(leftovers(&disk, "a"), [Some(b"new".to_vec())].into());
}

#[test]
fn writes_are_lost_in_any_order_and_torn_at_sectors() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.sync_folder("").unwrap();
    file.set_len(2048).unwrap();
    file.sync().unwrap();
    file.write_at(&[1; 1024], 256).unwrap();
    file.write_at(&[2; 256], 1792).unwrap();
    let mut seen = BTreeSet::new();
    for left in leftovers(&disk, "a") {
        let left = left.unwrap();
        assert_eq!(left.len(), 2048);
        // Sector borders lie at 512, 1024 and 1536; between them and the ends of the writes, bytes are alike.
        let stretches = [0..256, 256..512, 512..1024, 1024..1280, 1280..1792, 1792..2048];
        seen.insert(stretches.map(|stretch| {
            let bytes = &left[stretch];
            assert!(bytes.iter().all(|byte| *byte == bytes[0]));
            bytes[0]
        }));
    }
    let all: BTreeSet<[u8; 6]> =
        (0..16u8).map(|bits| [0, bits & 1, bits >> 1 & 1, bits >> 2 & 1, 0, 2 * (bits >> 3)]).collect();
    assert_eq!(seen, all, "every subset of sectors, and the later write without the earlier one");
}

#[test]
fn names_are_safe_after_their_folder_and_are_lost_from_the_end() {
    let disk = SimDisk::new(1);
    disk.create_folder("log").unwrap();
    for name in ["log/1", "log/2", "log/3"] {
        new_file(&disk, name).sync().unwrap();
    }
    disk.rename("log/1", "log/4").unwrap();
    let names = |disk: &SimDisk| disk.files().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let crashes = |disk: &SimDisk| -> BTreeSet<Vec<String>> {
        (0..200).map(|seed| names(&disk.crash(&mut random(seed)))).collect()
    };
    let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let steps: [&[&str]; 5] =
        [&[], &["log/1"], &["log/1", "log/2"], &["log/1", "log/2", "log/3"], &["log/2", "log/3", "log/4"]];
    assert_eq!(crashes(&disk), steps.iter().map(|names| owned(names)).collect());
    disk.sync_folder("log").unwrap();
    assert_eq!(
        crashes(&disk),
        [owned(steps[0]), owned(steps[4])].into(),
        "the folder itself is not safe yet"
    );
    disk.sync_folder("").unwrap();
    assert_eq!(crashes(&disk), [owned(steps[4])].into());
    disk.remove("log/2").unwrap();
    assert_eq!(crashes(&disk), [owned(steps[4]), owned(&["log/3", "log/4"])].into());
}

#[test]
fn a_removed_file_is_read_on_by_whoever_has_it_open_and_then_gone() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    file.write_at(b"x", 0).unwrap();
    file.sync().unwrap();
    disk.sync_folder("").unwrap();
    disk.remove("a").unwrap();
    let mut buffer = [0];
    file.read_at(&mut buffer, 0).unwrap();
    assert_eq!(&buffer, b"x");
    drop(file);
    assert_eq!(leftovers(&disk, "a"), [None, Some(b"x".to_vec())].into());
    assert_eq!(disk.used(), 4096, "its space is free when its name is gone for certain");
    disk.sync_folder("").unwrap();
    assert_eq!(disk.used(), 0);
}

#[test]
fn planned_calls_fail_once_or_from_then_on() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.plan(fault(DiskCall::Write, 2, false, ErrorKind::Other));
    disk.plan(fault(DiskCall::Read, 1, true, ErrorKind::UnexpectedEof));
    disk.plan(DiskFault {
        prefix: "log/".into(),
        ..fault(DiskCall::Open, 1, true, ErrorKind::PermissionDenied)
    });
    let writes: Vec<bool> = (0..4).map(|_| file.write_at(b"x", 0).is_ok()).collect();
    assert_eq!(writes, [true, false, true, true]);
    for _ in 0..3 {
        assert_eq!(file.read_at(&mut [0], 0).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
    disk.create_folder("log").unwrap();
    let refused = disk.open("log/1", Opened::New).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    assert!(refused.to_string().contains("log/1"), "{refused}");
    new_file(&disk, "b");
    disk.repair();
    file.read_at(&mut [0], 0).unwrap();
    new_file(&disk, "log/1");
    let calls = DiskCall::ALL.map(|call| disk.calls(call));
    assert_eq!(calls, [4, 4, 4, 0, 0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn every_kind_of_call_can_fail() {
    for call in DiskCall::ALL {
        let disk = SimDisk::new(1);
        let file = new_file(&disk, "a");
        file.write_at(b"x", 0).unwrap();
        disk.plan(fault(call, 1, false, ErrorKind::Other));
        let outcomes = [
            disk.open("a", Opened::Existing).map(drop),
            file.read_at(&mut [0], 0),
            file.write_at(b"x", 0),
            file.sync(),
            file.allocate(10),
            file.set_len(1),
            disk.rename("a", "b"),
            disk.remove(if call == DiskCall::Rename { "a" } else { "b" }),
            disk.create_folder("c"),
            disk.sync_folder(""),
            disk.list("").map(drop),
        ];
        let failed: Vec<DiskCall> = DiskCall::ALL
            .into_iter()
            .zip(&outcomes)
            .filter(|(_, o)| o.is_err())
            .map(|(call, _)| call)
            .collect();
        assert_eq!(failed, [call]);
    }
}

#[test]
fn the_power_goes_at_any_call() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.plan(DiskFault { call: None, ..fault(DiskCall::Write, 3, true, ErrorKind::Other) });
    file.write_at(b"x", 0).unwrap();
    file.sync().unwrap();
    disk.sync_folder("").unwrap_err();
    file.write_at(b"y", 0).unwrap_err();
    file.read_at(&mut [0], 0).unwrap_err();
    assert_eq!(leftovers(&disk, "a"), [None, Some(b"x".to_vec())].into());
}

#[test]
fn a_later_sync_does_not_make_up_for_a_failed_one() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.sync_folder("").unwrap();
    file.write_at(b"aa", 0).unwrap();
    file.sync().unwrap();
    file.write_at(b"bb", 0).unwrap();
    disk.plan(fault(DiskCall::Sync, 1, false, ErrorKind::Other));
    file.sync().unwrap_err();
    file.write_at(b"c", 1).unwrap();
    file.sync().unwrap();
    assert_eq!(disk.contents("a").unwrap(), b"bc", "the file shows it all the same");
    assert_eq!(leftovers(&disk, "a"), [Some(b"ac".to_vec()), Some(b"bc".to_vec())].into());
    file.sync().unwrap();
    assert_eq!(leftovers(&disk, "a").len(), 2);
    file.write_at(b"dd", 0).unwrap();
    file.sync().unwrap();
    assert_eq!(leftovers(&disk, "a"), [Some(b"dd".to_vec())].into(), "what is written again is safe");
}

#[test]
fn a_failed_write_may_have_begun() {
    let begun: BTreeSet<Vec<u8>> = (0..50)
        .map(|seed| {
            let disk = SimDisk::new(seed);
            let file = new_file(&disk, "a");
            disk.plan(fault(DiskCall::Write, 1, false, ErrorKind::Other));
            file.write_at(&[1; 1200], 0).unwrap_err();
            disk.contents("a").unwrap()
        })
        .collect();
    assert_eq!(begun, [vec![], vec![1; 512], vec![1; 1024]].into());
}

#[test]
fn a_full_disk_refuses_what_needs_new_space_alone() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.set_capacity(Some(3 * 4096));
    file.allocate(8192).unwrap();
    file.write_at(&[1; 8192], 0).unwrap();
    assert_eq!(disk.used(), 8192);
    file.write_at(&[1; 4096], 8192).unwrap();
    file.write_at(&[2; 12288], 0).unwrap();
    assert_eq!(file.write_at(&[1], 12288).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(file.allocate(12289).unwrap_err().kind(), ErrorKind::StorageFull);
    assert_eq!(file.len().unwrap(), 12288);
    file.set_len(1 << 40).unwrap();
    assert_eq!(disk.used(), 12288, "a hole takes no space");
    file.set_len(4096).unwrap();
    new_file(&disk, "b").write_at(&[1; 8192], 0).unwrap();
    assert_eq!(
        disk.kill().open("b", Opened::Existing).unwrap().allocate(8193).unwrap_err().kind(),
        ErrorKind::StorageFull
    );
}

#[test]
fn a_read_only_disk_can_be_read() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    file.write_at(b"x", 0).unwrap();
    disk.set_read_only(true);
    file.read_at(&mut [0], 0).unwrap();
    assert_eq!(disk.list("").unwrap(), ["a"]);
    for refused in [
        file.write_at(b"y", 0),
        file.set_len(0),
        file.allocate(9),
        disk.rename("a", "b"),
        disk.remove("a"),
        disk.create_folder("c"),
        disk.open("a", Opened::Existing).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::ReadOnlyFilesystem);
    }
    assert_eq!(disk.contents("a").unwrap(), b"x");
}

#[test]
fn damage_survives_a_power_loss() {
    let disk = SimDisk::new(1);
    let file = new_file(&disk, "a");
    disk.sync_folder("").unwrap();
    file.write_at(&[0, 0, 0], 0).unwrap();
    disk.flip("a", 1, 3).unwrap();
    disk.truncate("a", 2).unwrap();
    assert_eq!(leftovers(&disk, "a"), [Some(vec![0, 8])].into());
    assert_eq!(disk.flip("a", 2, 0).unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(disk.flip("b", 0, 0).unwrap_err().kind(), ErrorKind::NotFound);
    file.write_at(b"x", 0).unwrap();
    assert_eq!(disk.contents("a").unwrap(), [b'x', 8], "open files go on");
}

#[test]
fn names_that_are_not_there_or_in_the_way_are_refused() {
    let disk = SimDisk::new(1);
    new_file(&disk, "a");
    disk.create_folder("log").unwrap();
    disk.create_folder("log").unwrap();
    disk.create_folder("").unwrap();
    let kind = |outcome: io::Result<()>| outcome.unwrap_err().kind();
    assert_eq!(kind(disk.open("a", Opened::New).map(drop)), ErrorKind::AlreadyExists);
    assert_eq!(kind(disk.open("b", Opened::Existing).map(drop)), ErrorKind::NotFound);
    assert_eq!(kind(disk.open("log", Opened::Existing).map(drop)), ErrorKind::IsADirectory);
    assert_eq!(kind(disk.open("no/b", Opened::New).map(drop)), ErrorKind::NotFound);
    assert_eq!(kind(disk.open("a/b", Opened::New).map(drop)), ErrorKind::NotADirectory);
    assert_eq!(kind(disk.create_folder("a")), ErrorKind::NotADirectory);
    assert_eq!(kind(disk.rename("b", "c")), ErrorKind::NotFound);
    assert_eq!(kind(disk.rename("a", "log")), ErrorKind::IsADirectory);
    assert_eq!(kind(disk.rename("a", "log/a")), ErrorKind::Unsupported);
    assert_eq!(kind(disk.remove("b")), ErrorKind::NotFound);
    assert_eq!(kind(disk.list("no").map(drop)), ErrorKind::NotFound);
    assert_eq!(kind(disk.sync_folder("no")), ErrorKind::NotFound);
    assert_eq!(disk.list("").unwrap(), ["a", "log"]);
}
