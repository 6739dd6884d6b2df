//! What goes wrong with a disk.

use std::io::ErrorKind;

use streamtable::simulation::{DiskCall, DiskFault, SimDisk};

use crate::random::Random;

/// One thing that goes wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    None,
    /// A call fails, once or from then on.
    Call(DiskFault),
    /// There is room for so many more bytes.
    Full(u64),
}

/// Kinds of calls that change something, and the errors they may end with.
const CALLS: [(DiskCall, &[ErrorKind]); 10] = [
    (DiskCall::Write, &[ErrorKind::Other, ErrorKind::StorageFull]),
    (DiskCall::Write, &[ErrorKind::Other, ErrorKind::StorageFull]),
    (DiskCall::Sync, &[ErrorKind::Other]),
    (DiskCall::Sync, &[ErrorKind::Other]),
    (DiskCall::Allocate, &[ErrorKind::StorageFull, ErrorKind::Other]),
    (DiskCall::SetLen, &[ErrorKind::StorageFull]),
    (DiskCall::Open, &[ErrorKind::PermissionDenied, ErrorKind::StorageFull]),
    (DiskCall::Rename, &[ErrorKind::Other]),
    (DiskCall::Remove, &[ErrorKind::Other]),
    (DiskCall::SyncFolder, &[ErrorKind::Other]),
];

/// Draws one, or none.
pub(super) fn draw_fault(random: &mut Random) -> Fault {
    match random.below(10) {
        0..3 => Fault::None,
        3 => Fault::Full(random.below(3 << 20)),
        // The power goes at some call, whatever it is: nothing works from there on.
        4 => Fault::Call(DiskFault {
            call: None,
            prefix: String::new(),
            nth: 1 + random.below(1500),
            lasting: true,
            kind: ErrorKind::Other,
        }),
        _ => {
            let (call, kinds) = CALLS[random.below(CALLS.len() as u64) as usize];
            let often = matches!(call, DiskCall::Write | DiskCall::Sync);
            Fault::Call(DiskFault {
                call: Some(call),
                prefix: ["", "log", "index"][random.below(3) as usize].to_owned(),
                nth: 1 + random.below(if often { 400 } else { 6 }),
                lasting: random.chance(30),
                kind: kinds[random.below(kinds.len() as u64) as usize],
            })
        }
    }
}

impl Fault {
    pub(super) fn plan(&self, disk: &SimDisk) {
        match self {
            Fault::None => {}
            Fault::Call(fault) => disk.plan(fault.clone()),
            Fault::Full(room) => disk.set_capacity(Some(disk.used() + room)),
        }
    }

    /// Plans it, or reading that fails, where an opening meets it.
    pub(super) fn plan_for_opening(self, disk: &SimDisk, random: &mut Random) {
        match self {
            Fault::None => disk.plan(DiskFault {
                call: Some(DiskCall::Read),
                prefix: String::new(),
                nth: 1 + random.below(30),
                lasting: random.chance(30),
                kind: [ErrorKind::Other, ErrorKind::UnexpectedEof][random.below(2) as usize],
            }),
            Fault::Call(fault) => disk.plan(DiskFault { nth: 1 + fault.nth % 12, ..fault }),
            Fault::Full(room) => disk.set_capacity(Some(disk.used() + room % (1 << 18))),
        }
    }
}

/// For each kind of call: that each of the first `most` of them fails, once and from then on, in the log, in the index and anywhere.
pub fn every_fault(most: u64) -> Vec<DiskFault> {
    let mut faults: Vec<DiskFault> = Vec::new();
    for (call, kinds) in CALLS {
        for &kind in kinds {
            for prefix in ["", "log", "index"] {
                for lasting in [false, true] {
                    faults.extend((1..=most).map(|nth| DiskFault {
                        call: Some(call),
                        prefix: prefix.to_owned(),
                        nth,
                        lasting,
                        kind,
                    }));
                }
            }
        }
    }
    faults.extend((1..=8 * most).map(|nth| DiskFault {
        call: None,
        prefix: String::new(),
        nth,
        lasting: true,
        kind: ErrorKind::Other,
    }));
    faults.sort_by_key(|fault| {
        (fault.call, fault.nth, fault.prefix.clone(), fault.lasting, format!("{:?}", fault.kind))
    });
    faults.dedup();
    faults
}
