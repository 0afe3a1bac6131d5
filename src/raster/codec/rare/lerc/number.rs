//! The types of number that a blob can hold.

use super::bits::Input;

/// A number of a pixel.
pub trait Number: Copy + Default {
    /// Reads one, low byte first.
    fn read(input: &mut Input<'_>) -> Option<Self>;
    /// Appends its bytes, low byte first.
    fn write(self, bytes: &mut Vec<u8>);
    /// Its value.
    fn real(self) -> f64;
    /// The number with that value; integers are truncated.
    fn of(value: f64) -> Self;
    /// NaN, or 0 for integers.
    fn none() -> Self;
}

macro_rules! number {
    ($kind:ty, $none:expr) => {
        impl Number for $kind {
            fn read(input: &mut Input<'_>) -> Option<Self> {
                let bytes = input.take(size_of::<Self>())?;
                Some(Self::from_le_bytes(bytes.try_into().ok()?))
            }

            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn real(self) -> f64 {
                self as f64
            }

            fn of(value: f64) -> Self {
                value as Self
            }

            fn none() -> Self {
                $none
            }
        }
    };
}

number!(i8, 0);
number!(u8, 0);
number!(i16, 0);
number!(u16, 0);
number!(i32, 0);
number!(u32, 0);
number!(f32, Self::NAN);
number!(f64, Self::NAN);

/// Numbers to which Huffman-coded differences are added.
pub trait Wrapping: Number {
    /// The sum, wrapped around at the ends of the range.
    fn plus(self, other: Self) -> Self;
    /// The number that a Huffman code stands for, if this type can be coded.
    fn coded(code: u32) -> Option<Self>;
}

macro_rules! wrapping {
    ($kind:ty, $sum:expr, $coded:expr) => {
        impl Wrapping for $kind {
            fn plus(self, other: Self) -> Self {
                $sum(self, other)
            }

            fn coded(code: u32) -> Option<Self> {
                $coded(code)
            }
        }
    };
}

wrapping!(i8, i8::wrapping_add, |code: u32| Some(
    (code as u8).wrapping_sub(128) as i8
));
wrapping!(u8, u8::wrapping_add, |code: u32| Some(code as u8));
wrapping!(i16, i16::wrapping_add, |_| None);
wrapping!(u16, u16::wrapping_add, |_| None);
wrapping!(i32, i32::wrapping_add, |_| None);
wrapping!(u32, u32::wrapping_add, |_| None);
wrapping!(f32, |a, b| a + b, |_| None);
wrapping!(f64, |a, b| a + b, |_| None);

/// Reads a number of data type `data_type`.
pub fn read_as(input: &mut Input<'_>, data_type: u32) -> Option<f64> {
    Some(match data_type {
        0 => i8::read(input)?.real(),
        1 => u8::read(input)?.real(),
        2 => i16::read(input)?.real(),
        3 => u16::read(input)?.real(),
        4 => i32::read(input)?.real(),
        5 => u32::read(input)?.real(),
        6 => f32::read(input)?.real(),
        7 => f64::read(input)?,
        _ => return None,
    })
}
