//! `cargo xtask package`: what people install. What is made for Linux can be loaded where glibc is 2.17 or newer, has its symbols in files apart, tells
//! no path of the machine that built it, and is the same whenever it is built.

mod archive;
mod binary;
pub(crate) mod c;
mod portable;
mod symbols;
pub(crate) mod trial;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use sha2::{Digest, Sha256};

use self::portable::{Linking, Portable};
use crate::environment::{Workspace, entries, read, write};
use crate::platform::{Platform, System};
use crate::process::{Show, succeed};
use crate::{Result, build};

/// Where the digests of all that is handed out stand.
const DIGESTS: &str = "SHA256SUMS";

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Order {
    /// What to build; everything there is for the target, if nothing is named.
    parts: Vec<Part>,
    /// For which target, such as `x86_64-unknown-linux-musl`: this machine's, if none is named.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Build all of it once more in another folder; fail if anything differs.
    #[arg(long)]
    twice: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Part {
    /// The Python package.
    Wheel,
    /// The library that Node.js loads: one file of the npm package.
    Addon,
    /// The npm package, of all addons that lie in `dist/addons`.
    Npm,
    /// The C library.
    C,
    /// The program `streamtable`.
    Server,
}

/// Builds what is asked for into `dist`, looks at it, and uses it where that is possible.
///
/// # Errors
/// It cannot be built, is not fit to be handed out, or is not the same twice.
pub(crate) fn make(workspace: &Workspace, order: &Order) -> Result<()> {
    let own = Platform::of_this_machine()?;
    let platform = order.target.as_deref().map_or_else(|| Ok(own.clone()), Platform::named)?;
    let parts: Vec<Part> = Part::value_variants()
        .iter()
        .filter(
            |part| if order.parts.is_empty() { part.is_for(&platform) } else { order.parts.contains(part) },
        )
        .copied()
        .collect();
    let dist = workspace.root.join("dist");
    let made = build_all(&Portable::new(workspace, platform.clone())?, &parts, &dist)?;
    for path in &made {
        let size = fs::metadata(path).map_err(|e| format!("{}: {e}", path.display()))?.len();
        println!("  {} ({} KiB)", path.display(), size / 1024);
    }
    if platform == own {
        made.iter().try_for_each(|path| try_out(workspace, path))?;
    }
    if order.twice {
        let again = Workspace { target: workspace.target.join("again"), ..workspace.clone() };
        let elsewhere = again.target.join("dist");
        build_all(&Portable::new(&again, platform)?, &parts, &elsewhere)?;
        compare(&dist, &elsewhere)?;
        fs::remove_dir_all(&again.target).map_err(|e| format!("{}: {e}", again.target.display()))?;
    }
    Ok(())
}

impl Part {
    fn is_for(self, platform: &Platform) -> bool {
        // The files of the C library have no names on Windows yet.
        self != Part::C || platform.system != System::Windows
    }
}

fn build_all(portable: &Portable<'_>, parts: &[Part], dist: &Path) -> Result<Vec<PathBuf>> {
    let (addons, symbols) = (dist.join("addons"), dist.join("symbols"));
    for folder in [&addons, &symbols] {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let mut made = Vec::new();
    for part in parts {
        made.push(match part {
            Part::Wheel => wheel(portable, dist)?,
            Part::Addon => addon(portable, dist)?,
            Part::Npm => npm(portable.workspace, &addons, dist)?,
            Part::C => c_archive(portable, dist)?,
            Part::Server => server(portable, dist)?,
        });
    }
    digests(dist)?;
    Ok(made)
}

fn wheel(portable: &Portable<'_>, dist: &Path) -> Result<PathBuf> {
    let workspace = portable.workspace;
    let stage = workspace.target.join("package/wheel");
    renew(&stage)?;
    portable.wheel(&stage)?;
    let wheel = only(&stage, "whl")?;
    let tool = |arguments: [&Path; 2], into: &str, folder: &Path| {
        let mut tool = workspace.python();
        tool.env("SOURCE_DATE_EPOCH", portable.epoch().to_string());
        tool.args(["-m", "wheel"]).args(arguments).arg(into).arg(folder);
        succeed(&mut tool, Show::OnFailure)
    };
    let unpacked = stage.join("unpacked");
    tool(["unpack".as_ref(), &wheel], "--dest", &unpacked)?;
    let contents = entries(&unpacked)?.pop().ok_or("an empty wheel")?;
    if portable.platform.is_linux() {
        let library = contents.join("streamtable/_streamtable.abi3.so");
        symbols::put_apart(portable, &library, &dist.join("symbols"), "python")?;
    } else {
        symbols::collect(portable, "_streamtable", &dist.join("symbols"))?;
    }
    let name = contents.file_name().expect("an entry has a name").to_string_lossy();
    // The list of what the library is made of names this folder.
    let lists = entries(&contents.join(format!("{name}.dist-info/sboms")))?;
    lists.iter().try_for_each(|list| portable.conceal(list))?;
    portable.examine(&contents)?;
    let packed = stage.join("packed");
    fs::create_dir_all(&packed).map_err(|e| format!("{}: {e}", packed.display()))?;
    tool(["pack".as_ref(), &contents], "--dest-dir", &packed)?;
    let packed = only(&packed, "whl")?;
    let to = dist.join(packed.file_name().expect("a wheel has a name"));
    copy(&packed, &to).map(|()| to)
}

fn addon(portable: &Portable<'_>, dist: &Path) -> Result<PathBuf> {
    portable.build(&[build::NODE], Linking::Loaded)?;
    let addon = dist.join("addons").join(portable.platform.addon());
    copy(&portable.built().join(portable.platform.library("streamtable_node")), &addon)?;
    symbols::part(portable, &addon, "streamtable_node", dist, "node")?;
    portable.examine(&addon)?;
    Ok(addon)
}

/// Packs the addons of all platforms that lie in a folder.
fn npm(workspace: &Workspace, addons: &Path, dist: &Path) -> Result<PathBuf> {
    let (from, stage) = (workspace.root.join("bindings-node"), workspace.target.join("package/npm"));
    renew(&stage)?;
    let package: serde_json::Value = serde_json::from_str(&read(&from, "package.json")?)
        .map_err(|e| format!("bindings-node/package.json: {e}"))?;
    let named = package["files"].as_array().into_iter().flatten().filter_map(|name| name.as_str());
    for name in named.filter(|name| !name.contains('*')).chain(["package.json", "README.md", ".npmrc"]) {
        copy_all(&from.join(name), &stage.join(name))?;
    }
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&workspace.root.join(license), &stage.join(license))?;
    }
    let found = entries(addons)?;
    if found.is_empty() {
        return Err(format!("{} holds no addon: build one first", addons.display()));
    }
    for addon in found {
        copy(&addon, &stage.join(addon.file_name().expect("an entry has a name")))?;
    }
    let mut npm = workspace.command("npm");
    npm.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(dist);
    succeed(npm.current_dir(&stage), Show::OnFailure)?;
    only(dist, "tgz")
}

fn c_archive(portable: &Portable<'_>, dist: &Path) -> Result<PathBuf> {
    portable.build(&["streamtable-c"], Linking::Loaded)?;
    let stage = portable.workspace.target.join("package/c");
    renew(&stage)?;
    let names = [portable.platform.library("streamtable_c"), "libstreamtable_c.a".to_owned()];
    for name in &names {
        copy(&portable.built().join(name), &stage.join(name))?;
    }
    symbols::part(portable, &stage.join(&names[0]), "streamtable_c", dist, "c")?;
    if portable.platform.is_linux() {
        symbols::remove(portable, &stage.join(&names[1]))?;
    }
    portable.examine(&stage)?;
    c::archive(&portable.workspace.root, &stage, &portable.platform, portable.epoch(), dist)
}

fn server(portable: &Portable<'_>, dist: &Path) -> Result<PathBuf> {
    portable.build(&[build::SERVER], Linking::Own)?;
    let name = format!("streamtable-{}-{}", env!("CARGO_PKG_VERSION"), portable.platform.triple);
    let stage = portable.workspace.target.join("package").join(&name);
    renew(&stage)?;
    let program = portable.platform.program("streamtable");
    copy(&portable.built().join(&program), &stage.join(&program))?;
    symbols::part(portable, &stage.join(&program), "streamtable", dist, "server")?;
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&portable.workspace.root.join(file), &stage.join(file))?;
    }
    portable.examine(&stage)?;
    let packed = dist.join(format!("{name}.tar.gz"));
    archive::pack(&stage, portable.epoch(), &packed)?;
    Ok(packed)
}

/// Installs a package into an empty folder and uses it there, where it is one that is installed.
fn try_out(workspace: &Workspace, path: &Path) -> Result<()> {
    let name = path.file_name().expect("a package has a name").to_string_lossy();
    if name.ends_with(".whl") {
        trial::use_wheel(workspace, path)
    } else if name.ends_with(".tgz") {
        trial::use_npm(workspace, path)
    } else if name.starts_with("streamtable-c-") {
        trial::use_c(workspace, path)
    } else {
        Ok(())
    }
}

/// The digests of all files below a folder, by their names there.
fn digests_of(folder: &Path, below: &Path, found: &mut BTreeMap<String, String>) -> Result<()> {
    for path in entries(below)? {
        if path.is_dir() {
            digests_of(folder, &path, found)?;
            continue;
        }
        let name = path.strip_prefix(folder).expect("it lies below").display().to_string();
        let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if name != DIGESTS {
            found.insert(name, digest);
        }
    }
    Ok(())
}

/// Writes the digests of what lies in a folder, as `sha256sum --check` reads them.
fn digests(dist: &Path) -> Result<()> {
    let mut found = BTreeMap::new();
    digests_of(dist, dist, &mut found)?;
    let lines: String = found.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
    write(&dist.join(DIGESTS), &lines)
}

/// Fails if a file that was built again is not the same.
fn compare(first: &Path, second: &Path) -> Result<()> {
    let (mut one, mut other) = (BTreeMap::new(), BTreeMap::new());
    digests_of(first, first, &mut one)?;
    digests_of(second, second, &mut other)?;
    let different: Vec<&str> = other
        .iter()
        .filter(|(name, digest)| one.get(*name) != Some(digest))
        .map(|(name, _)| name.as_str())
        .collect();
    println!("  {} files were built twice", other.len());
    if different.is_empty() { Ok(()) } else { Err(format!("not the same twice: {}", different.join(", "))) }
}

/// An empty folder.
fn renew(folder: &Path) -> Result<()> {
    let explain = |e: std::io::Error| format!("{}: {e}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(explain)?;
    }
    fs::create_dir_all(folder).map_err(explain)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let explain = |e| format!("{} cannot be copied to {}: {e}", from.display(), to.display());
    fs::copy(from, to).map(drop).map_err(explain)
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return copy(from, to);
    }
    renew(to)?;
    let inside = entries(from)?;
    inside
        .iter()
        .try_for_each(|entry| copy_all(entry, &to.join(entry.file_name().expect("an entry has a name"))))
}

/// The one file of a folder with this ending.
fn only(folder: &Path, ending: &str) -> Result<PathBuf> {
    let mut found: Vec<PathBuf> =
        entries(folder)?.into_iter().filter(|p| p.extension().is_some_and(|e| e == ending)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => Err(format!("{} does not hold one .{ending} file", folder.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_two_builds_is_told_by_name() {
        let scratch = std::env::temp_dir().join(format!("streamtable-digests-{}", std::process::id()));
        let (one, other) = (scratch.join("one"), scratch.join("other"));
        for folder in [&one, &other] {
            write(&folder.join("same"), "same").expect("a file");
            write(&folder.join("below/changed"), "one").expect("a file");
            digests(folder).expect("readable");
        }
        compare(&one, &other).expect("the same");
        write(&other.join("below/changed"), "another").expect("a file");
        let told = compare(&one, &other).expect_err("not the same");
        let sums = fs::read_to_string(one.join(DIGESTS)).expect("written");
        fs::remove_dir_all(&scratch).expect("ours");
        assert_eq!(told.replace('\\', "/"), "not the same twice: below/changed");
        // The digest of `one` as `sha256sum` gives it.
        assert!(
            sums.starts_with("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  below"),
            "{sums}"
        );
    }
}
