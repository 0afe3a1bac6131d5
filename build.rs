//! Writes the definitions of EPSG codes as one text, for the scene worker's wasm module.

#[cfg(feature = "scene")]
fn main() -> std::io::Result<()> {
    use std::fmt::Write;

    println!("cargo::rerun-if-changed=build.rs");
    let mut lines = String::new();
    for code in 0..=u16::MAX {
        if let Some(found) = crs_definitions::from_code(code) {
            writeln!(lines, "{code} {}", found.proj4).map_err(std::io::Error::other)?;
        }
    }
    let folder = std::env::var_os("OUT_DIR").ok_or(std::io::ErrorKind::NotFound)?;
    std::fs::write(std::path::Path::new(&folder).join("epsg.txt"), lines)
}

#[cfg(not(feature = "scene"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
