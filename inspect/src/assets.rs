//! The page and what it is made of, inside the program.

use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::header::HeaderValue;
use sha2::{Digest, Sha256};

/// A file of the page.
pub(crate) struct Asset {
    /// Where it is asked for.
    path: &'static str,
    pub(crate) content_type: &'static str,
    content: &'static [u8],
    packed: OnceLock<Vec<u8>>,
}

impl Asset {
    const fn new(path: &'static str, content: &'static [u8]) -> Asset {
        Asset { path, content_type: content_type(path), content, packed: OnceLock::new() }
    }

    /// Its content, packed with gzip when it is first asked for.
    pub(crate) fn packed(&'static self) -> &'static [u8] {
        self.packed.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(self.content).expect("memory takes all");
            encoder.finish().expect("memory takes all")
        })
    }
}

const fn content_type(path: &str) -> &'static str {
    match path.as_bytes() {
        [.., b'j', b's'] => "text/javascript; charset=utf-8",
        [.., b'c', b's', b's'] => "text/css; charset=utf-8",
        [.., b's', b'v', b'g'] => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    }
}

macro_rules! assets {
    ($($path:literal)*) => {
        [Asset::new("/", include_bytes!("../page/index.html")), $(Asset::new(concat!("/", $path), include_bytes!(concat!("../", $path))),)*]
    };
}

/// All files of the page.
static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    Vec::from(assets! {
        "page/api.js" "page/ask.js" "page/bar.js" "page/calls.js" "page/expression.js" "page/fate.js" "page/faults.js"
        "page/history.js" "page/html.js" "page/icon.svg" "page/item.js" "page/lineage.js" "page/live.js" "page/main.js"
        "page/mappings.js" "page/parts.js" "page/plane.js" "page/plot.js" "page/positions.js" "page/route.js"
        "page/stream.js" "page/style.css" "page/tables.js" "page/tail.js" "page/values.js" "page/views.css" "page/why.js"
        "vendor/hooks.mjs" "vendor/htm.mjs" "vendor/preact.mjs"
    })
});

/// The file that is asked for under a path.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    let path = path.strip_suffix("index.html").unwrap_or(path);
    ASSETS.iter().find(|asset| asset.path == path)
}

/// What the page may do: run its own scripts, and talk to nobody but us.
pub(crate) fn policy() -> HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let hash = STANDARD.encode(Sha256::digest(import_map()));
        let policy = format!(
            "default-src 'none'; script-src 'self' 'sha256-{hash}'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        HeaderValue::try_from(policy).expect("letters and digits")
    });
    POLICY.clone()
}

/// The text of the one script that stands in the page itself.
fn import_map() -> &'static [u8] {
    let page = std::str::from_utf8(ASSETS[0].content).expect("the page is UTF-8");
    let (_, rest) = page.split_once(r#"<script type="importmap">"#).expect("the page has an import map");
    rest.split_once("</script>").expect("it ends").0.as_bytes()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        for folder in ["page", "vendor"] {
            for entry in fs::read_dir(root.join(folder)).expect("a folder") {
                let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
                let is_served = [".js", ".mjs", ".css", ".svg"].iter().any(|end| name.ends_with(end));
                if is_served {
                    found.push(format!("/{folder}/{name}"));
                }
            }
        }
        found.push("/".to_owned());
        found.sort();
        let mut served: Vec<String> = ASSETS.iter().map(|asset| asset.path.to_owned()).collect();
        served.sort();
        assert_eq!(served, found);
    }

    #[test]
    fn all_of_it_is_small() {
        let bytes: usize = ASSETS.iter().map(|asset| asset.packed().len()).sum();
        assert!(bytes <= 100 * 1024, "{bytes} bytes");
    }

    #[test]
    fn the_policy_knows_the_import_map_alone() {
        let page = std::str::from_utf8(ASSETS[0].content).expect("UTF-8");
        let inline = page.matches("<script").count() - page.matches("<script type=\"module\" src=").count();
        assert_eq!(inline, 1, "one script stands in the page");
        assert!(!page.contains("style=") && !page.contains("<style"));
        assert!(policy().to_str().expect("a text").contains("script-src 'self' 'sha256-"));
    }
}
