//! What a built file asks of the system it is loaded on, and what it tells of the machine it was built on.

use std::fs;
use std::path::Path;

use memchr::memmem;
use object::Endianness;
use object::elf::{DT_NEEDED, FileHeader64};
use object::read::elf::{Dyn, FileHeader, SectionHeader};

use crate::Result;
use crate::environment::entries;
use crate::platform::{GLIBC, Platform, System};

type Header = FileHeader64<Endianness>;

/// Libraries that every system has on which a process runs that loads ours.
const GNU: [&str; 9] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
];
const MUSL: [&str; 3] = ["libc.so", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

/// What an ELF file asks for and carries.
#[derive(Debug, Default)]
pub(super) struct Elf {
    /// Libraries.
    pub(super) needed: Vec<String>,
    /// Versions of their symbols, such as `GLIBC_2.17`.
    pub(super) versions: Vec<String>,
    /// Sections for debuggers.
    pub(super) debugging: Vec<String>,
}

impl Elf {
    pub(super) fn read(bytes: &[u8]) -> object::Result<Elf> {
        let header = Header::parse(bytes)?;
        let endian = header.endian()?;
        let sections = header.sections(endian, bytes)?;
        let mut elf = Elf::default();
        if let Some((entries, link)) = sections.dynamic(endian, bytes)? {
            let strings = sections.strings(endian, bytes, link)?;
            for entry in entries.iter().filter(|entry| entry.tag32(endian) == Some(DT_NEEDED)) {
                elf.needed.push(text(entry.string(endian, strings)?));
            }
        }
        if let Some((mut libraries, link)) = sections.gnu_verneed(endian, bytes)? {
            let strings = sections.strings(endian, bytes, link)?;
            while let Some((_, mut versions)) = libraries.next()? {
                while let Some(version) = versions.next()? {
                    elf.versions.push(text(version.name(endian, strings)?));
                }
            }
        }
        for section in sections.iter() {
            let name = text(sections.section_name(endian, section)?);
            if name.starts_with(".debug_") || (name == ".symtab" && section.sh_size(endian) > 0) {
                elf.debugging.push(name);
            }
        }
        Ok(elf)
    }

    /// What keeps it from being handed out for a platform.
    pub(super) fn complaints(&self, platform: &Platform) -> Vec<String> {
        let allowed: &[&str] = if platform.system == System::Musl { &MUSL } else { &GNU };
        let foreign = self.needed.iter().filter(|library| !allowed.contains(&library.as_str()));
        let newer = self.versions.iter().filter(|version| is_too_new(version));
        foreign
            .map(|library| format!("needs {library}, which not every system has"))
            .chain(
                newer.map(|version| {
                    format!("needs {version}, which is newer than glibc {}.{}", GLIBC.0, GLIBC.1)
                }),
            )
            .chain(self.debugging.iter().map(|section| format!("has {section}, which is for debuggers")))
            .collect()
    }
}

/// Whether a version of symbols is not in the oldest C library that is served.
fn is_too_new(version: &str) -> bool {
    let Some(number) = version.strip_prefix("GLIBC_") else {
        // Those of the compiler's own library have not changed for long: 4.2.0 of 2007 has all that unwinding takes.
        return !version.starts_with("GCC_3.") && !version.starts_with("GCC_4.");
    };
    let mut parts = number.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) > GLIBC,
        // GLIBC_PRIVATE, which is of one version.
        _ => true,
    }
}

/// Looks at every file of a folder, or at one.
///
/// # Errors
/// What keeps files from being handed out, a line each; what cannot be read.
pub(super) fn examine<'f>(
    path: &Path,
    platform: &Platform,
    folders: impl Iterator<Item = &'f Path> + Clone,
) -> Result<()> {
    let mut complaints = Vec::new();
    look(path, platform, &folders, &mut complaints)?;
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

fn look<'f>(
    path: &Path,
    platform: &Platform,
    folders: &(impl Iterator<Item = &'f Path> + Clone),
    complaints: &mut Vec<String>,
) -> Result<()> {
    if path.is_symlink() {
        return Ok(());
    }
    if path.is_dir() {
        return entries(path)?.iter().try_for_each(|entry| look(entry, platform, folders, complaints));
    }
    let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut complain = |what: String| complaints.push(format!("{} {what}", path.display()));
    if bytes.starts_with(b"\x7fELF") {
        let elf = Elf::read(&bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        elf.complaints(platform).into_iter().for_each(&mut complain);
    }
    paths_in(&bytes, folders.clone()).into_iter().for_each(|told| complain(format!("tells {told}")));
    Ok(())
}

/// Paths below these folders that stand in a file, the first of each folder.
pub(super) fn paths_in<'f>(bytes: &[u8], folders: impl Iterator<Item = &'f Path>) -> Vec<String> {
    let found = folders.filter_map(|folder| {
        let folder = folder.display().to_string();
        let at = memmem::find(bytes, folder.as_bytes()).filter(|_| folder.len() > 1)?;
        let path = bytes[at..].iter().take(120).take_while(|byte| byte.is_ascii_graphic());
        Some(path.map(|byte| char::from(*byte)).collect())
    });
    found.collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for good in ["GLIBC_2.2.5", "GLIBC_2.17", "GCC_3.0", "GCC_4.2.0"] {
            assert!(!is_too_new(good), "{good}");
        }
        for bad in ["GLIBC_2.18", "GLIBC_2.100", "GLIBC_3.0", "GLIBC_PRIVATE", "GCC_7.0.0", "ZLIB_1.2"] {
            assert!(is_too_new(bad), "{bad}");
        }
    }

    /// This program was linked by the machine's own linker, for debugging: it has all that is looked for.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_that_is_not_to_be_handed_out_is_told_so() {
        let program = env::current_exe().expect("a program");
        let bytes = fs::read(&program).expect("readable");
        let elf = Elf::read(&bytes).expect("a program");
        assert!(elf.needed.iter().any(|library| library.starts_with("libc.")), "{:?}", elf.needed);
        let platform = Platform::of_this_machine().expect("a platform");
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let told = examine(&program, &platform, std::iter::once(source)).expect_err("for debugging");
        assert!(told.contains("has .debug_line"), "{told}");
        assert!(told.contains(&format!("tells {}", source.display())), "{told}");
        // It asks for what a C library newer than 2.17 has where it was built on one, as nearly always.
        let is_new = elf.versions.iter().any(|version| is_too_new(version));
        assert_eq!(is_new, told.contains("is newer than glibc 2.17"), "{:?}", elf.versions);
    }

    #[test]
    fn paths_are_found_in_any_bytes() {
        let folders = [Path::new("/one/two"), Path::new("/three"), Path::new("/")];
        let bytes = b"\0\x01/one/two/core/src/a.rs\0/thre /four";
        assert_eq!(paths_in(bytes, folders.into_iter()), ["/one/two/core/src/a.rs"]);
    }
}
