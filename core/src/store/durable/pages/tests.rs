//! Pages by themselves: what is read is what was written, or an error.

mod redb_on_pages;

use super::*;
use crate::entropy::Entropy;
use crate::store::vfs::simulated::{DiskCall, DiskFault, SimDisk};
use crate::store::vfs::{Opened, Vfs};

const NAME: &str = "index";
const PAGE: u64 = BLOCK as u64;

fn random(seed: u64) -> impl FnMut() -> u64 {
    let entropy = Entropy::seeded(seed);
    move || entropy.next()
}

fn create(disk: &SimDisk) -> Pages {
    let file = disk.open(NAME, Opened::New).unwrap();
    disk.sync_folder("").unwrap();
    Pages::create(file).unwrap()
}

fn open(disk: &SimDisk) -> io::Result<Pages> {
    Pages::open(disk.open(NAME, Opened::Existing)?)
}

fn fail(disk: &SimDisk, call: impl Into<Option<DiskCall>>, nth: u64, lasting: bool) {
    disk.plan(DiskFault { call: call.into(), prefix: String::new(), nth, lasting, kind: ErrorKind::Other });
}

fn read(pages: &Pages, offset: u64, count: usize) -> io::Result<Vec<u8>> {
    let mut out = vec![0; count];
    pages.read(offset, &mut out).map(|()| out)
}

/// A synced file of blocks 0 to 2999 in three groups, each filled with its number.
fn filled(disk: &SimDisk) -> Pages {
    let pages = create(disk);
    pages.set_len(3000 * PAGE).unwrap();
    let bytes: Vec<u8> = (0..3000).flat_map(|block| [block as u8; BLOCK]).collect();
    pages.write(0, &bytes).unwrap();
    pages.sync_data().unwrap();
    pages
}

#[test]
fn any_range_is_read_and_written_across_blocks_and_groups() {
    let disk = SimDisk::new(1);
    let pages = filled(&disk);
    let mut expected: Vec<u8> = (0..3000).flat_map(|block| [block as u8; BLOCK]).collect();
    let mut random = random(1);
    let mut draw = |most: usize| (random() % most as u64) as usize;
    let borders = [0, 1, 2, 1024, 1025, 1026, 2048, 2049, 2990].map(|block| block * BLOCK);
    for step in 0..400 {
        let start = borders[draw(borders.len())] + draw(2 * BLOCK);
        let range = start..(start + draw(5 * BLOCK)).min(expected.len());
        if step % 2 == 0 {
            expected[range.clone()].fill(step as u8);
            pages.write(range.start as u64, &expected[range.clone()]).unwrap();
        }
        assert_eq!(read(&pages, range.start as u64, range.len()).unwrap(), expected[range]);
    }
    pages.sync_data().unwrap();
    let pages = open(&disk).unwrap();
    assert_eq!(StorageBackend::len(&pages).unwrap(), 3000 * PAGE);
    assert_eq!(read(&pages, 0, expected.len()).unwrap(), expected);
}

#[test]
fn places_outside_the_file_are_refused() {
    let pages = create(&SimDisk::new(1));
    pages.set_len(2 * PAGE).unwrap();
    for (offset, count) in [(2 * PAGE, 1), (0, 2 * BLOCK + 1), (PAGE, BLOCK + 1), (u64::MAX, 2)] {
        assert_eq!(read(&pages, offset, count).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(pages.write(offset, &vec![0; count]).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(pages.set_len(1000).unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_block_never_written_is_an_error_until_part_of_it_is() {
    let pages = create(&SimDisk::new(1));
    pages.set_len(3 * PAGE).unwrap();
    let refused = read(&pages, PAGE, 10).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidData);
    assert_eq!(refused.to_string(), "block 1 of the index was never written");
    pages.write(PAGE + 5, &[7]).unwrap();
    assert_eq!(read(&pages, PAGE, 8).unwrap(), [0, 0, 0, 0, 0, 7, 0, 0]);
    assert_eq!(read(&pages, 2 * PAGE, 1).unwrap_err().kind(), ErrorKind::InvalidData);
}

#[test]
fn what_is_cut_off_does_not_come_back() {
    for (short, long) in [(10, 2500), (1025, 2500), (1500, 2500), (0, 2500), (1, 3)] {
        for synced in [false, true] {
            let disk = SimDisk::new(1);
            let pages = filled(&disk);
            pages.set_len(short * PAGE).unwrap();
            if synced {
                pages.sync_data().unwrap();
                assert_eq!(disk.files()[0].1, layout::physical_len(short * PAGE), "space is given back");
            }
            pages.set_len(long * PAGE).unwrap();
            pages.sync_data().unwrap();
            for pages in [pages, open(&disk).unwrap()] {
                for block in 0..long {
                    let outcome = read(&pages, block * PAGE, BLOCK);
                    match block {
                        0 if short == 0 => assert_eq!(outcome.unwrap(), [0; BLOCK]),
                        _ if block < short => assert_eq!(outcome.unwrap(), [block as u8; BLOCK]),
                        _ => assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidData, "block {block}"),
                    }
                }
            }
        }
    }
}

#[test]
fn a_flipped_bit_anywhere_is_noticed_or_harmless() {
    let disk = SimDisk::new(1);
    drop(filled(&disk));
    let expected: Vec<u8> = (0..3000).flat_map(|block| [block as u8; BLOCK]).collect();
    let physical = disk.files()[0].1;
    let mut random = random(2);
    // Places in both slots, in each group's checksums, in blocks.
    let mut starts = vec![(0, SLOT as u64), (SLOT as u64, SLOT as u64), (FRONT, physical - FRONT)];
    starts.extend((0..3).map(|group| (checksums_at(group), BLOCK as u64)));
    for (start, count) in starts {
        for _ in 0..60 {
            let (byte, bit) = (start + random() % count, (random() % 8) as u8);
            disk.flip(NAME, byte, bit).unwrap();
            let pages = open(&disk).unwrap();
            let mut broken = 0;
            for (block, right) in expected.chunks_exact(BLOCK).enumerate() {
                match read(&pages, block as u64 * PAGE, BLOCK) {
                    Ok(bytes) => assert!(bytes == right, "byte {byte}: block {block} is wrong"),
                    Err(e) => {
                        assert_eq!(e.kind(), ErrorKind::InvalidData);
                        broken += 1;
                    }
                }
            }
            let unused = byte >= checksums_at(2) + (2999 - 2048) * 4 && byte < checksums_at(2) + BLOCK as u64;
            assert_eq!(broken, u64::from(byte >= FRONT && !unused), "byte {byte}");
            disk.flip(NAME, byte, bit).unwrap();
        }
    }
}

#[test]
fn without_a_good_header_or_its_end_it_is_no_index() {
    let disk = SimDisk::new(1);
    drop(filled(&disk));
    let physical = disk.files()[0].1;
    for len in [physical - 1, physical - PAGE, checksums_at(1), FRONT, FRONT - 1, 5, 0] {
        let damaged = disk.kill();
        damaged.truncate(NAME, len).unwrap();
        let refused = open(&damaged).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidData);
        assert!(refused.to_string().contains("cut short"), "{refused}");
    }
    disk.flip(NAME, 7, 0).unwrap();
    drop(open(&disk).unwrap());
    disk.flip(NAME, SLOT as u64 + 5000, 0).unwrap();
    assert_eq!(open(&disk).unwrap_err().kind(), ErrorKind::InvalidData);
}

#[test]
fn a_power_loss_leaves_the_published_header_and_its_blocks() {
    for seed in 0..300 {
        let disk = SimDisk::new(seed);
        let mut random = random(seed);
        let pages = create(&disk);
        pages.set_len(1500 * PAGE).unwrap();
        // The header says which of two versions of each block counts; the other is overwritten.
        let place = |block: u64, version: u8| (2 * block + u64::from(version % 2) + 1) * PAGE;
        let write = |version: u8| {
            for block in (0..700).step_by(50) {
                pages.write(place(block, version), &[version; BLOCK])?;
            }
            pages.write(0, &[version; 320])?;
            pages.sync_data()
        };
        write(1).unwrap();
        let last = 2 + (random() % 5) as u8;
        let (call, most) = [(DiskCall::Write, 20), (DiskCall::Sync, 4)][(random() % 2) as usize];
        (2..last).for_each(|version| write(version).unwrap());
        fail(&disk, call, 1 + random() % most, true);
        let done = write(last).is_ok();
        let after = disk.crash(&mut random);
        // A flip in one header on top of it must not bring an older one back whose blocks are gone.
        if random().is_multiple_of(2) {
            after.flip(NAME, (random() % 2) * SLOT as u64 + random() % SLOT as u64, 0).unwrap();
        }
        // The flip may have hit the only good header, which is an error and no more.
        let Ok(pages) = open(&after) else { continue };
        let version = read(&pages, 0, 1).unwrap()[0];
        assert!(version == last || (version == last - 1 && !done), "seed {seed}: {version}, not {last}");
        for block in (0..700).step_by(50) {
            let bytes = read(&pages, place(block, version), BLOCK).unwrap();
            assert_eq!(bytes, [version; BLOCK], "seed {seed}");
        }
    }
}

#[test]
fn after_a_crash_the_headers_are_made_equal_before_anything_is_written() {
    let disk = SimDisk::new(1);
    let pages = filled(&disk);
    let headers = |disk: &SimDisk| {
        let bytes = disk.contents(NAME).unwrap();
        [bytes[..SLOT].to_vec(), bytes[SLOT..2 * SLOT].to_vec()]
    };
    pages.write(0, &[99]).unwrap();
    fail(&disk, DiskCall::Sync, 1, true);
    pages.sync_data().unwrap_err();
    let after = disk.kill();
    let [a, b] = headers(&after);
    assert_ne!(a, b, "the second header was not written");
    let pages = open(&after).unwrap();
    assert_eq!(read(&pages, 0, 1).unwrap(), [99]);
    assert_eq!(headers(&after), [a, b], "opening writes nothing");
    pages.write(5 * PAGE, &[1; BLOCK]).unwrap();
    let [a, b] = headers(&after);
    assert_eq!(a, b);
    pages.write(0, &[98]).unwrap();
    pages.sync_data().unwrap();
    let [a, b] = headers(&after);
    assert_eq!((a[0], a == b), (98, true));
}

#[test]
fn a_failed_sync_is_the_last_one() {
    for nth in 1..=3 {
        let disk = SimDisk::new(1);
        let pages = filled(&disk);
        let before = disk.calls(DiskCall::Sync);
        pages.write(0, &[99]).unwrap();
        pages.write(PAGE, &[99; BLOCK]).unwrap();
        fail(&disk, DiskCall::Sync, nth, false);
        pages.sync_data().unwrap_err();
        assert_eq!(disk.calls(DiskCall::Sync), before + nth);
        pages.sync_data().unwrap_err();
        pages.write(PAGE, &[98; BLOCK]).unwrap_err();
        pages.set_len(9000 * PAGE).unwrap_err();
        assert_eq!(disk.calls(DiskCall::Sync), before + nth, "nothing was tried again");
        assert_eq!(read(&pages, PAGE, BLOCK).unwrap(), [99; BLOCK], "reading goes on");
    }
}

#[test]
fn what_a_failed_write_left_is_not_read() {
    let disk = SimDisk::new(1);
    let pages = filled(&disk);
    fail(&disk, DiskCall::Write, 1, false);
    pages.write(PAGE, &[9; 3 * BLOCK]).unwrap_err();
    for block in 1..4 {
        assert_eq!(read(&pages, block * PAGE, BLOCK).unwrap_err().kind(), ErrorKind::InvalidData);
    }
    pages.write(PAGE, &[9; 3 * BLOCK]).unwrap();
    pages.sync_data().unwrap();
    assert_eq!(read(&open(&disk).unwrap(), PAGE, 3 * BLOCK).unwrap(), [9; 3 * BLOCK]);
}

#[test]
fn nothing_to_sync_costs_nothing() {
    let disk = SimDisk::new(1);
    let pages = filled(&disk);
    let calls = || [DiskCall::Write, DiskCall::Sync].map(|call| disk.calls(call));
    let before = calls();
    pages.sync_data().unwrap();
    assert_eq!(calls(), before);
    pages.write(0, &[1]).unwrap();
    pages.sync_data().unwrap();
    assert_eq!(calls(), [before[0] + 2, before[1] + 2], "a header alone: each slot, synced");
    pages.write(PAGE, &[1; BLOCK]).unwrap();
    pages.sync_data().unwrap();
    assert_eq!(
        calls(),
        [before[0] + 4, before[1] + 3],
        "a block alone: it and its checksums, synced together"
    );
}
