//! Pages under redb and by themselves.

use std::sync::Arc;

use redb::{Database, ReadableDatabase, TableDefinition};

use super::*;
use crate::store::vfs::scratch::Scratch;
use crate::store::vfs::{DiskVfs, Opened, Vfs};

const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rows");

fn open_database(pages: Pages) -> Database {
    Database::builder().set_cache_size(1 << 16).create_with_backend(pages).unwrap()
}

#[test]
fn redb_finds_on_disk_what_it_wrote() {
    let scratch = Scratch::new("pages-redb");
    let disk = DiskVfs::new(scratch.path());
    let file: Arc<dyn VfsFile> = disk.open("index", Opened::New).unwrap();
    let database = open_database(Pages::create(file).unwrap());
    for round in 0..20u64 {
        let mut transaction = database.begin_write().unwrap();
        transaction.set_quick_repair(true);
        {
            let mut table = transaction.open_table(TABLE).unwrap();
            for i in 0..300u64 {
                table.insert(i * 20 + round, vec![round as u8; 100 + i as usize * 30].as_slice()).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
    drop(database);
    let database = open_database(Pages::open(disk.open("index", Opened::Existing).unwrap()).unwrap());
    let table = database.begin_read().unwrap().open_table(TABLE).unwrap();
    for i in 0..6000u64 {
        let value = table.get(i).unwrap().unwrap();
        assert_eq!(value.value(), vec![(i % 20) as u8; 100 + (i / 20) as usize * 30], "row {i}");
    }
}
