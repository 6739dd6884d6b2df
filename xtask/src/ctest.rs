//! The C library as its users meet it: installed into a folder, its header compiled with every warning an error, its tests linked statically
//! under the sanitizers, dynamically as C++, and under valgrind; a Go program through the same header.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::c as package;
use crate::platform::Platform;

/// What the tests are compiled with: as strict as the compilers go.
const WARNINGS: [&str; 4] = ["-pedantic", "-Wall", "-Wextra", "-Werror"];
const C99: [&str; 1] = ["-std=c99"];
/// The same sources as C++: the header must do there, too.
const CPP11: [&str; 3] = ["-x", "c++", "-std=c++11"];
/// Wrong memory and undefined behaviour end the program, and memory that nobody freed fails it.
const SANITIZERS: [&str; 3] =
    ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/// Builds the library, and compiles and runs its tests.
///
/// # Errors
/// A compiler is missing (the text says how to get it), or something does not compile or hold.
pub fn run() -> Result<(), String> {
    let place = Place::find()?;
    let cc =
        compiler("CC", &["cc", "gcc", "clang"], "a C compiler (Debian and Ubuntu: apt-get install gcc)")?;
    let cxx = compiler(
        "CXX",
        &["c++", "g++", "clang++"],
        "a C++ compiler (Debian and Ubuntu: apt-get install g++)",
    )?;

    // First with the operation that panics, then without: what stays in the target folder is the library that is handed out.
    let panicking = place.install("panicking", &["--features", "panic-test"])?;
    let prefix = place.install("prefix", &[])?;

    headers_alone(&place, &prefix, &cc, &cxx)?;
    let panics =
        Program { name: "panics", language: &C99, flags: &["-DSTREAMTABLE_PANIC_TEST"], link: Link::Static };
    println!("  (one panic follows, on purpose)");
    test(&panics.compile(&place, &panicking, &cc)?, &[("RUST_BACKTRACE", "0")])?;
    let cpp = Program { name: "cpp-dynamic", language: &CPP11, flags: &[], link: Link::Dynamic };
    test(&cpp.compile(&place, &prefix, &cxx)?, &[])?;
    let plain = Program { name: "c-static", language: &C99, flags: &["-g"], link: Link::Static };
    memory_checked(&plain.compile(&place, &prefix, &cc)?)?;
    let sanitized = Program { name: "c-sanitized", language: &C99, flags: &SANITIZERS, link: Link::Static };
    let sanitized = sanitized.compile(&place, &prefix, &cc).map_err(|e| {
        format!("{e}\nthe sanitizers come with gcc (libasan, libubsan) and clang (compiler-rt); on musl they are missing")
    })?;
    test(&sanitized, &[("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1")])?;
    go(&place, &prefix)
}

/// Where things are.
struct Place {
    root: PathBuf,
    target: PathBuf,
    /// Of these tests alone, in the target folder.
    work: PathBuf,
    platform: Platform,
}

impl Place {
    fn find() -> Result<Place, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().ok_or("xtask lies in no workspace")?.to_path_buf();
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        let work = target.join("c-tests");
        fs::create_dir_all(&work).map_err(|e| format!("{}: {e}", work.display()))?;
        Ok(Place { root, target, work, platform: Platform::of_this_machine()? })
    }

    /// Builds the library and lays it out in a folder of this name.
    fn install(&self, name: &str, features: &[&str]) -> Result<PathBuf, String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut build = Command::new(cargo);
        build.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        build.args(["build", "--quiet", "-p", "streamtable-c"]).args(features);
        succeed(&mut build)?;
        let prefix = self.work.join(name);
        package::install(&self.root, &self.target.join("debug"), &self.platform, &prefix)?;
        Ok(prefix)
    }

    /// The test program's sources, in order.
    fn sources(&self) -> Result<Vec<PathBuf>, String> {
        let folder = self.root.join("bindings-c/tests");
        let unreadable = |e| format!("{}: {e}", folder.display());
        let mut sources = Vec::new();
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "c") {
                sources.push(path);
            }
        }
        sources.sort();
        Ok(sources)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Static,
    Dynamic,
}

/// One way to compile the test program.
struct Program<'a> {
    name: &'a str,
    language: &'a [&'a str],
    flags: &'a [&'a str],
    link: Link,
}

impl Program<'_> {
    fn compile(&self, place: &Place, prefix: &Path, compiler: &OsString) -> Result<PathBuf, String> {
        let program = place.work.join(self.name);
        let mut command = Command::new(compiler);
        command.args(self.language).args(WARNINGS).args(self.flags).arg("-pthread");
        command.arg("-I").arg(prefix.join("include")).args(place.sources()?);
        // The language named above was for the sources.
        command.args(["-x", "none"]).arg("-o").arg(&program);
        let lib = prefix.join("lib");
        match self.link {
            Link::Static => command
                .arg(lib.join("libstreamtable.a"))
                .args(package::libs_private(&place.platform).split(' ')),
            Link::Dynamic => {
                let mut path = OsString::from("-Wl,-rpath,");
                path.push(&lib);
                command.arg("-L").arg(&lib).arg("-lstreamtable").arg(path)
            }
        };
        succeed(&mut command)?;
        Ok(program)
    }
}

/// Each header compiles by itself, whichever language reads it, and twice in one file.
fn headers_alone(place: &Place, prefix: &Path, cc: &OsString, cxx: &OsString) -> Result<(), String> {
    for header in ["streamtable.h", "streamtable_operations.h"] {
        let source = place.work.join("header.c");
        let text = format!("#include <{header}>\n#include <{header}>\nint unused;\n");
        fs::write(&source, text).map_err(|e| format!("{}: {e}", source.display()))?;
        for (compiler, language) in [(cc, &C99[..]), (cxx, &CPP11[..])] {
            let mut command = Command::new(compiler);
            command.args(language).args(WARNINGS).arg("-fsyntax-only");
            command.arg("-I").arg(prefix.join("include")).arg(&source);
            succeed(&mut command)?;
        }
    }
    println!("  the headers compile as C99 and as C++11");
    Ok(())
}

fn test(program: &Path, variables: &[(&str, &str)]) -> Result<(), String> {
    println!("  {}", program.file_name().unwrap_or(program.as_os_str()).to_string_lossy());
    succeed(Command::new(program).envs(variables.iter().copied()).env(FOLDER, empty_folder(program)?))
}

/// The variable that names a folder for the databases of the tests.
const FOLDER: &str = "STREAMTABLE_TEST_FOLDER";

/// An empty folder beside a test program.
fn empty_folder(program: &Path) -> Result<PathBuf, String> {
    let folder = program.with_extension("databases");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder)
}

/// Under valgrind where there is one: it sees what the sanitizers do not, the Rust side.
fn memory_checked(program: &Path) -> Result<(), String> {
    if answers("valgrind", "--version").is_none() {
        println!("  no valgrind: the tests run without it");
        return test(program, &[]);
    }
    println!("  {} under valgrind", program.file_name().unwrap_or(program.as_os_str()).to_string_lossy());
    let mut command = Command::new("valgrind");
    // The standard library keeps a few bytes per thread for as long as the program runs: reachable, or possibly lost, but no leak.
    command.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
    command.args(["--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"]).arg(program);
    command.env(FOLDER, empty_folder(program)?);
    succeed(&mut command)
}

/// The Go example, built against the installed library by way of its pkg-config file, or of plain flags where there is no pkg-config.
fn go(place: &Place, prefix: &Path) -> Result<(), String> {
    if answers("go", "version").is_none() {
        println!("  no go: its example is skipped");
        return Ok(());
    }
    let lib = prefix.join("lib");
    let mut command = Command::new("go");
    command.current_dir(place.root.join("examples/go")).arg("run");
    command.env("CGO_ENABLED", "1").env("GOFLAGS", "-mod=mod").env("GOTOOLCHAIN", "local");
    if answers("pkg-config", "--version").is_some() {
        command.env("PKG_CONFIG_PATH", lib.join("pkgconfig"));
    } else {
        command.args(["-tags", "plain"]);
        command.env("CGO_CFLAGS", format!("-I{}", prefix.join("include").display()));
        command.env("CGO_LDFLAGS", format!("-L{} -lstreamtable", lib.display()));
    }
    let path = if cfg!(target_os = "macos") { "DYLD_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    command.env(path, &lib).arg(".");
    println!("  the Go example");
    succeed(&mut command)
}

/// The compiler a variable names, or the first of the usual ones that answers.
fn compiler(variable: &str, usual: &[&str], what: &str) -> Result<OsString, String> {
    if let Some(named) = env::var_os(variable).filter(|named| !named.is_empty()) {
        return Ok(named);
    }
    usual
        .iter()
        .find(|name| answers(name, "--version").is_some())
        .map(OsString::from)
        .ok_or_else(|| format!("the tests of the C library need {what}, or {variable} naming one"))
}

/// Whether a program is there and answers its question about itself.
fn answers(program: &str, question: &str) -> Option<()> {
    let output = Command::new(program).arg(question).output().ok()?;
    output.status.success().then_some(())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{command:?} cannot be started: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}
