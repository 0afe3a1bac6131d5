//! Class names as people write them in label files.

use crate::things::class::{Class, OTHER, UNKNOWN};
use crate::things::material::Material;

/// What a name in a label file means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A class.
    Class(Class),
    /// The pixel belongs to none of the labelled classes.
    Other,
    /// The name is not known here.
    Unknown,
}

impl Meaning {
    /// The meaning of a name: a class, a denial such as `not road`, or neither. Text after a comma or a bracket is
    /// an explanation and is ignored.
    pub fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let base = name.split([',', '(']).next().unwrap_or_default().trim();
        match base {
            "background" | "other" | "nothing" => return Self::Other,
            // Walls and slabs are not buildings, and the data does not say what they are instead.
            "unfinished building" | "foundation" => return Self::Other,
            "land" => return Self::Class(Class::BareLand),
            "tree or grass" | "plant" => return Self::Class(Class::Vegetation),
            "van" => return Self::Class(Class::Car),
            "path" | "pavement for walking" => return Self::Class(Class::Sidewalk),
            "house" => return Self::Class(Class::Building),
            _ => {}
        }
        if ["not ", "neither ", "no "]
            .iter()
            .any(|denial| base.starts_with(denial))
        {
            return Self::Other;
        }
        let named = |class: &Class| {
            class
                .names()
                .iter()
                .any(|(one, many)| *one == base || *many == base)
        };
        Class::ALL
            .into_iter()
            .find(named)
            .map_or(Self::Unknown, Self::Class)
    }

    /// The label of a pixel with this meaning.
    pub fn label(self) -> u8 {
        match self {
            Self::Class(class) => class.id(),
            Self::Other => OTHER,
            Self::Unknown => UNKNOWN,
        }
    }
}

/// Reads `roof_material`; "concerte" is a misspelling found in the data.
pub fn material(name: &str) -> Option<Material> {
    match name {
        "concrete" | "concerte" => Some(Material::Concrete),
        "tin" | "metal" | "metal sheet" => Some(Material::Tin),
        "clay_tiles" => Some(Material::ClayTiles),
        "thatch" => Some(Material::Thatch),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_people_write_them() {
        for (name, meaning) in [
            (
                "building, metal sheet roof",
                Meaning::Class(Class::Building),
            ),
            (
                "tree or grass, not told apart",
                Meaning::Class(Class::Vegetation),
            ),
            (
                "vegetation (1, 2 and 4 together)",
                Meaning::Class(Class::Vegetation),
            ),
            ("swimming pool", Meaning::Class(Class::Pool)),
            ("Trees", Meaning::Class(Class::Tree)),
            ("parking lot", Meaning::Class(Class::ParkingLot)),
            ("neither plant nor pool", Meaning::Other),
            ("not road", Meaning::Other),
            ("foundation", Meaning::Other),
            ("unknown", Meaning::Unknown),
            ("solar panel", Meaning::Class(Class::SolarPanel)),
            ("windmill", Meaning::Unknown),
        ] {
            assert_eq!(Meaning::of(name), meaning, "{name}");
        }
    }
}
