//! A part of a scene, as an argument.

use std::str::FromStr;

use crate::vision::Window;

/// `X,Y,W,H` on the command line.
#[derive(Debug, Clone, Copy)]
pub struct SceneWindow(pub Window);

impl FromStr for SceneWindow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Result<Vec<usize>, _> =
            text.split(',').map(|part| part.trim().parse()).collect();
        match numbers.as_deref() {
            Ok(&[x, y, width, height]) if width > 0 && height > 0 => {
                Ok(Self(Window::new(x, y, width, height)))
            }
            _ => Err(format!(
                "{text:?} is not a window: give column,row,width,height in whole scene pixels"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_four_numbers() {
        let read = |text: &str| text.parse::<SceneWindow>().map(|window| window.0);
        assert_eq!(read("1,2, 30,40"), Ok(Window::new(1, 2, 30, 40)));
        for text in ["", "1,2,3", "1,2,0,4", "-1,2,3,4", "1,2,3,4,5", "a,b,c,d"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
