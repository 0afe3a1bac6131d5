//! The classes that labels and phrases refer to.

use serde::{Deserialize, Serialize};

/// Classes of pixels and objects. The number of a class is stable: label maps and weights refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Class {
    BareLand = 0,
    Grass,
    Tree,
    Field,
    Water,
    Road,
    Pavement,
    Sidewalk,
    RoadMarking,
    ParkingLot,
    Building,
    Car,
    Truck,
    Bus,
    Plane,
    Ship,
    StorageTank,
    TennisCourt,
    BasketballCourt,
    SoccerField,
    BaseballField,
    TrackField,
    Pool,
    /// Umbrella over grass and trees; a label of its own if a source does not distinguish them.
    Vegetation,
    /// Umbrella over cars, trucks and buses.
    Vehicle,
    /// Panels on a roof or on the ground. Panels at one place are not separated.
    SolarPanel,
}

/// Label of a pixel about which nothing is known.
pub const UNKNOWN: u8 = 255;

/// Label of a pixel that belongs to none of the classes of its scene's labels; nothing else is known about it.
pub const OTHER: u8 = 254;

impl Class {
    /// Number of classes; ids run from 0 to `COUNT - 1`.
    pub const COUNT: usize = 26;

    /// Every class in the order of the ids.
    pub const ALL: [Class; Self::COUNT] = [
        Class::BareLand,
        Class::Grass,
        Class::Tree,
        Class::Field,
        Class::Water,
        Class::Road,
        Class::Pavement,
        Class::Sidewalk,
        Class::RoadMarking,
        Class::ParkingLot,
        Class::Building,
        Class::Car,
        Class::Truck,
        Class::Bus,
        Class::Plane,
        Class::Ship,
        Class::StorageTank,
        Class::TennisCourt,
        Class::BasketballCourt,
        Class::SoccerField,
        Class::BaseballField,
        Class::TrackField,
        Class::Pool,
        Class::Vegetation,
        Class::Vehicle,
        Class::SolarPanel,
    ];

    /// The number of the class in a label map.
    pub fn id(self) -> u8 {
        self as u8
    }

    /// The class with this number; `None` for [`UNKNOWN`], [`OTHER`] and other numbers out of range.
    pub fn from_id(id: u8) -> Option<Self> {
        Self::ALL.get(usize::from(id)).copied()
    }

    /// The usual name in the singular.
    pub fn name(self) -> &'static str {
        self.names().first().map_or("thing", |names| names.0)
    }

    /// Names that a phrase may use, `(singular, plural)`, the usual one first. Some are taken from the class lists of
    /// RRSIS-D (DIOR), RefSegRS (SkyScapes) and RISBench (DOTA).
    pub fn names(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Class::BareLand => &[
                ("bare land", "bare land"),
                ("bare ground", "bare ground"),
                ("bare soil", "bare soil"),
            ],
            Class::Grass => &[("grass", "grass"), ("low vegetation", "low vegetation")],
            Class::Tree => &[("tree", "trees")],
            Class::Field => &[
                ("field", "fields"),
                ("farmland", "farmland"),
                ("farm field", "farm fields"),
                ("cropland", "cropland"),
            ],
            Class::Water => &[("water", "water"), ("water area", "water areas")],
            Class::Road => &[("road", "roads"), ("street", "streets")],
            Class::Pavement => &[("paved area", "paved areas")],
            Class::Sidewalk => &[("sidewalk", "sidewalks"), ("footpath", "footpaths")],
            Class::RoadMarking => &[("road marking", "road markings")],
            Class::ParkingLot => &[("parking lot", "parking lots"), ("car park", "car parks")],
            Class::Building => &[
                ("building", "buildings"),
                ("building", "buildings"),
                ("roof", "roofs"),
                ("rooftop", "rooftops"),
            ],
            Class::Car => &[("car", "cars"), ("small vehicle", "small vehicles")],
            Class::Truck => &[("truck", "trucks"), ("lorry", "lorries")],
            Class::Bus => &[("bus", "buses")],
            Class::Plane => &[
                ("airplane", "airplanes"),
                ("plane", "planes"),
                ("aircraft", "aircraft"),
            ],
            Class::Ship => &[("ship", "ships"), ("boat", "boats"), ("vessel", "vessels")],
            Class::StorageTank => &[
                ("storage tank", "storage tanks"),
                ("tank", "tanks"),
                ("oil tank", "oil tanks"),
            ],
            Class::TennisCourt => &[("tennis court", "tennis courts")],
            Class::BasketballCourt => &[("basketball court", "basketball courts")],
            Class::SoccerField => &[
                ("soccer field", "soccer fields"),
                ("football pitch", "football pitches"),
                ("soccer ball field", "soccer ball fields"),
            ],
            Class::BaseballField => &[
                ("baseball field", "baseball fields"),
                ("baseball diamond", "baseball diamonds"),
            ],
            Class::TrackField => &[
                ("ground track field", "ground track fields"),
                ("running track", "running tracks"),
            ],
            Class::Pool => &[("swimming pool", "swimming pools"), ("pool", "pools")],
            Class::Vegetation => &[("vegetation", "vegetation"), ("greenery", "greenery")],
            Class::Vehicle => &[("vehicle", "vehicles"), ("motor vehicle", "motor vehicles")],
            Class::SolarPanel => &[
                ("solar panel", "solar panels"),
                ("photovoltaic panel", "photovoltaic panels"),
            ],
        }
    }

    /// The labels that belong to the class: its own and, for an umbrella, those of the classes that it covers. Markings
    /// are part of the road that they are painted on, and solar panels are part of the roof that carries them.
    pub fn members(self) -> &'static [Class] {
        match self {
            Class::Vegetation => &[Class::Vegetation, Class::Grass, Class::Tree],
            Class::Vehicle => &[Class::Vehicle, Class::Car, Class::Truck, Class::Bus],
            Class::Road => &[Class::Road, Class::RoadMarking],
            Class::Building => &[Class::Building, Class::SolarPanel],
            // `ALL` is in the order of the ids, so this slice contains only the class itself.
            _ => {
                let id = self as usize;
                &ALL[id..=id]
            }
        }
    }

    /// Whether a pixel with this label belongs to the class.
    pub fn covers(self, label: u8) -> bool {
        self.id() == label || self.members().iter().any(|member| member.id() == label)
    }

    /// Whether the class is a ground that comes in patches, unlike roads, which are one network.
    pub fn is_area(self) -> bool {
        matches!(
            self,
            Class::BareLand | Class::Grass | Class::Water | Class::Vegetation
        )
    }

    /// Whether the class is a ground or a surface rather than something countable.
    pub fn is_ground(self) -> bool {
        matches!(
            self,
            Class::BareLand
                | Class::Grass
                | Class::Water
                | Class::Road
                | Class::Pavement
                | Class::Sidewalk
                | Class::RoadMarking
                | Class::Vegetation
                | Class::SolarPanel
        )
    }

    /// Classes that people might include when they name this one. If one of them is in an image, a phrase for all of
    /// this class would be ambiguous.
    pub fn rivals(self) -> &'static [Class] {
        match self {
            Class::Water => &[Class::Pool],
            Class::Grass | Class::Vegetation => &[
                Class::Field,
                Class::SoccerField,
                Class::BaseballField,
                Class::TrackField,
            ],
            Class::BareLand => &[Class::Field, Class::BaseballField],
            Class::Field => &[Class::SoccerField, Class::BaseballField, Class::TrackField],
            Class::SoccerField => &[Class::TrackField],
            Class::Pavement => &[Class::ParkingLot, Class::Road, Class::Sidewalk],
            _ => &[],
        }
    }

    /// Whether its objects have colours worth naming.
    pub fn has_colour(self) -> bool {
        matches!(
            self,
            Class::Building
                | Class::Car
                | Class::Truck
                | Class::Bus
                | Class::Vehicle
                | Class::Ship
                | Class::Plane
                | Class::StorageTank
                | Class::TennisCourt
                | Class::BasketballCourt
                | Class::Field
        )
    }
}

static ALL: [Class; Class::COUNT] = Class::ALL;

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassSet(u32);

impl ClassSet {
    /// No class.
    pub const NONE: Self = Self(0);
    /// Every class.
    pub const ALL: Self = Self((1 << Class::COUNT) - 1);

    /// The set of these classes.
    pub fn of(classes: &[Class]) -> Self {
        Self(classes.iter().fold(0, |bits, class| bits | 1 << class.id()))
    }

    /// Whether the class is in the set.
    pub fn contains(self, class: Class) -> bool {
        self.0 >> class.id() & 1 == 1
    }

    /// Adds a class.
    pub fn insert(&mut self, class: Class) {
        self.0 |= 1 << class.id();
    }

    /// The numbers of its classes as bits; the lowest bit is class 0.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The classes that are in either set.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Removes a class.
    pub fn remove(&mut self, class: Class) {
        self.0 &= !(1 << class.id());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_their_places_and_umbrellas_cover() {
        for (place, class) in Class::ALL.iter().enumerate() {
            assert_eq!(usize::from(class.id()), place);
            assert_eq!(Class::from_id(class.id()), Some(*class));
            assert!(class.covers(class.id()) && !class.names().is_empty());
            assert!(!class.covers(UNKNOWN));
        }
        assert_eq!(Class::from_id(UNKNOWN), None);
        assert!(Class::Vehicle.covers(Class::Bus.id()) && !Class::Car.covers(Class::Bus.id()));
        assert!(Class::Vegetation.covers(Class::Tree.id()));
    }

    #[test]
    fn a_set_holds_what_is_put_in() {
        let mut set = ClassSet::of(&[Class::Road, Class::Pool]);
        assert!(set.contains(Class::Road) && !set.contains(Class::Tree));
        set.remove(Class::Road);
        set.insert(Class::Tree);
        assert!(!set.contains(Class::Road) && set.contains(Class::Tree));
        assert!(
            Class::ALL
                .iter()
                .all(|&class| ClassSet::ALL.contains(class))
        );
    }
}
