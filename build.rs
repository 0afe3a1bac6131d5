//! Writes the definitions of EPSG codes as one text, for the scene worker's wasm modules.

#[cfg(feature = "scene")]
#[path = "src/geo/epsg_writer.rs"]
mod epsg_writer;

#[cfg(feature = "scene")]
fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/geo/epsg_writer.rs");
    let all = (0..=u16::MAX).filter_map(|code| {
        let found = crs_definitions::from_code(code)?;
        Some((code, found.proj4))
    });
    let folder = std::env::var_os("OUT_DIR").ok_or(std::io::ErrorKind::NotFound)?;
    let path = std::path::Path::new(&folder).join("epsg.txt");
    std::fs::write(path, epsg_writer::table(all))
}

#[cfg(not(feature = "scene"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
