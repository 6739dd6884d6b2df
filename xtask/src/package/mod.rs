//! `cargo xtask package`: what people install, and proof that it can be installed.

pub(crate) mod c;

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::build::Profile;
use crate::environment::{Workspace, write};
use crate::process::{Show, succeed};
use crate::tally::Tally;

/// The files that were built.
#[derive(Debug)]
pub(crate) struct Packages {
    wheel: PathBuf,
    npm: PathBuf,
    c: PathBuf,
}

/// Builds every package into a folder, which is emptied first.
pub(crate) fn build_all(workspace: &Workspace, profile: Profile, folder: &Path) -> Result<Packages> {
    renew(folder)?;
    let built = workspace.target.join(if profile.is_release() { "release" } else { "debug" });
    let packages = Packages {
        wheel: wheel(workspace, profile, folder)?,
        npm: npm(workspace, folder)?,
        c: c::archive(&workspace.root, &built, folder)?,
    };
    for path in [&packages.wheel, &packages.npm, &packages.c] {
        let size = fs::metadata(path).map_err(|e| format!("{}: {e}", path.display()))?.len();
        println!("  {} ({} KiB)", path.display(), size / 1024);
    }
    Ok(packages)
}

/// Builds every package without optimisation, installs each into an empty folder and uses it there.
pub(crate) fn check(workspace: &Workspace) -> Result<Tally> {
    let packages = build_all(workspace, Profile::Debug, &workspace.target.join("package/dist"))?;
    let rooms = workspace.target.join("package/rooms");
    renew(&rooms)?;
    use_wheel(workspace, &packages.wheel, &rooms.join("python"))?;
    use_npm(workspace, &packages.npm, &rooms.join("node"))?;
    use_c(workspace, &packages.c, &rooms.join("c"))?;
    Ok(Tally { passed: 3, failed: 0 })
}

fn wheel(workspace: &Workspace, profile: Profile, folder: &Path) -> Result<PathBuf> {
    let mut maturin = workspace.python();
    maturin.args([
        "-m",
        "maturin",
        "build",
        "--quiet",
        "--manifest-path",
        "bindings-python/Cargo.toml",
        "--out",
    ]);
    succeed(maturin.arg(folder).args(profile.argument()), Show::OnFailure)?;
    only(folder, "whl")
}

/// The addon lies beside its sources already: the build put it there.
fn npm(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let mut npm = workspace.command("npm");
    npm.args(["pack", "--silent", "--pack-destination"]).arg(folder);
    succeed(npm.current_dir(workspace.root.join("bindings-node")), Show::OnFailure)?;
    only(folder, "tgz")
}

/// A program for each language that puts an item and finds it in the stream.
const USE_PYTHON: &str = r#"
import streamtable

with streamtable.open() as db:
    db.create_table(
        TableName="Things",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    db.put_item(TableName="Things", Item={"id": {"S": "a"}})
    arn = db.describe_table(TableName="Things")["Table"]["LatestStreamArn"]
    shard = db.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = db.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = db.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert [r["dynamodb"]["NewImage"] for r in records] == [{"id": {"S": "a"}}], records
"#;

fn use_wheel(workspace: &Workspace, wheel: &Path, room: &Path) -> Result<()> {
    succeed(workspace.python().args(["-m", "venv"]).arg(room), Show::OnFailure)?;
    let python = room.join("bin/python");
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"];
    succeed(workspace.command(&python).args(install).arg(wheel), Show::OnFailure)?;
    let program = room.join("use.py");
    write(&program, USE_PYTHON)?;
    // Started in its own folder, so that nothing of the source tree can be imported by accident.
    succeed(workspace.command(&python).arg(&program).current_dir(room), Show::OnFailure).map(|_| ())
}

const USE_NODE: &str = r#"
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { open } from 'streamtable';

assert.equal(typeof createRequire(import.meta.url)('streamtable').open, 'function', 'CommonJS');
const db = open();
await db.createTable({
  TableName: 'Things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
});
await db.putItem({ TableName: 'Things', Item: { id: { S: 'a' } } });
const { Table } = await db.describeTable({ TableName: 'Things' });
const StreamArn = Table.LatestStreamArn;
const { StreamDescription } = await db.describeStream({ StreamArn });
const { ShardId } = StreamDescription.Shards[0];
const { ShardIterator } = await db.getShardIterator({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
const { Records } = await db.getRecords({ ShardIterator });
assert.deepEqual(Records.map((record) => record.dynamodb.NewImage), [{ id: { S: 'a' } }]);
db.close();
"#;

fn use_npm(workspace: &Workspace, tarball: &Path, room: &Path) -> Result<()> {
    write(&room.join("package.json"), "{\"private\": true}\n")?;
    write(&room.join("use.mjs"), USE_NODE)?;
    let mut install = workspace.command("npm");
    install
        .args(["install", "--offline", "--no-audit", "--no-fund", "--silent"])
        .arg(tarball)
        .current_dir(room);
    succeed(&mut install, Show::OnFailure)?;
    succeed(workspace.command("node").arg("use.mjs").current_dir(room), Show::OnFailure).map(|_| ())
}

const USE_C: &str = r#"
#include <stdio.h>
#include <streamtable.h>
#include <string.h>

static int call(streamtable_database *db, const char *operation, const char *input, const char *expected)
{
    streamtable_buffer *out = NULL;
    int good = streamtable_call(db, operation, input, strlen(input), &out) == STREAMTABLE_STATUS_OK
        && strstr(streamtable_buffer_data(out), expected) != NULL;
    if (!good) fprintf(stderr, "%s: %s\n", operation, out ? streamtable_buffer_data(out) : "no answer");
    streamtable_buffer_free(out);
    return good;
}

int main(void)
{
    streamtable_database *db = NULL;
    streamtable_buffer *error = NULL;
    int good = streamtable_open(NULL, NULL, &db, &error) == STREAMTABLE_STATUS_OK
        && call(db, "CreateTable", "{\"TableName\":\"abc\",\"BillingMode\":\"PAY_PER_REQUEST\","
                "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
                "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}", "CREATING")
        && call(db, "PutItem", "{\"TableName\":\"abc\",\"Item\":{\"id\":{\"S\":\"a\"}}}", "{}")
        && call(db, "GetItem", "{\"TableName\":\"abc\",\"Key\":{\"id\":{\"S\":\"a\"}}}", "{\"id\":{\"S\":\"a\"}}");
    streamtable_buffer_free(error);
    streamtable_free(db);
    return good ? 0 : 1;
}
"#;

/// Unpacks the archive and links with it through its pkg-config file, or by hand where there is no pkg-config.
fn use_c(workspace: &Workspace, archive: &Path, room: &Path) -> Result<()> {
    renew(room)?;
    let mut tar = workspace.command("tar");
    succeed(tar.args(["-xzf"]).arg(archive).args(["--strip-components=1", "-C"]).arg(room), Show::OnFailure)?;
    write(&room.join("use.c"), USE_C)?;
    let mut cc = workspace.command("cc");
    cc.args([
        "-std=c99",
        "-pedantic",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Iinclude",
        "use.c",
        "-Llib",
        "-lstreamtable",
    ]);
    succeed(cc.args(["-o", "use"]).current_dir(room), Show::OnFailure)?;
    let mut program = workspace.command(room.join("use"));
    succeed(program.current_dir(room).env("LD_LIBRARY_PATH", room.join("lib")), Show::OnFailure)?;
    use_manual(workspace, room)
}

/// Copies the program of the manual and the lines that link it, as a reader does, and runs what comes of them; under valgrind, if that is there.
fn use_manual(workspace: &Workspace, room: &Path) -> Result<()> {
    let manual = fs::read_to_string(room.join("README.md")).map_err(|e| format!("the manual: {e}"))?;
    write(&room.join("program.c"), fenced(&manual, "c")?)?;
    if !is_there(workspace, "pkg-config") {
        return Ok(());
    }
    let lines = fenced(&manual, "text")?.replace("$PWD/streamtable", "$PWD");
    let mut shell = workspace.command("sh");
    succeed(shell.args(["-ec", &lines]).current_dir(room), Show::OnFailure)?;
    for name in ["program", "program-static"] {
        let program = room.join(name);
        let mut run = if is_there(workspace, "valgrind") {
            let mut valgrind = workspace.command("valgrind");
            let suppressions =
                format!("--suppressions={}", room.join("share/streamtable/valgrind.supp").display());
            valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--show-leak-kinds=all"]);
            valgrind.args(["--errors-for-leak-kinds=all", &suppressions]).arg(&program);
            valgrind
        } else {
            workspace.command(&program)
        };
        succeed(run.current_dir(room), Show::OnFailure)?;
    }
    Ok(())
}

/// The first block of a text that is fenced as this language.
fn fenced<'a>(text: &'a str, language: &str) -> Result<&'a str> {
    let begin = format!("```{language}\n");
    let block = text.split_once(&begin).and_then(|(_, rest)| Some(rest.split_once("```")?.0));
    block.ok_or_else(|| format!("the manual has no block of {language}"))
}

fn is_there(workspace: &Workspace, program: &str) -> bool {
    workspace.command(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// An empty folder.
fn renew(folder: &Path) -> Result<()> {
    let explain = |e: std::io::Error| format!("{}: {e}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(explain)?;
    }
    fs::create_dir_all(folder).map_err(explain)
}

/// The one file of a folder with this ending.
fn only(folder: &Path, ending: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == ending)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => Err(format!("{} does not hold one .{ending} file", folder.display())),
    }
}
