//! How a colour looks to those who lack a cone: the matrices of Machado, Oliveira and Fernandes,
//! "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0,
//! applied in linear light.

use super::contrast::{Linear, linear};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vision {
    Usual,
    Protanopia,
    Deuteranopia,
    Tritanopia,
}

impl Vision {
    pub const ALL: [Vision; 4] = [Vision::Usual, Vision::Protanopia, Vision::Deuteranopia, Vision::Tritanopia];

    pub fn words(self) -> &'static str {
        match self {
            Vision::Usual => "as seen",
            Vision::Protanopia => "in protanopia",
            Vision::Deuteranopia => "in deuteranopia",
            Vision::Tritanopia => "in tritanopia",
        }
    }

    /// The colour as this eye sees it.
    pub fn sees(self, rgb: [u8; 3]) -> Linear {
        let light = linear(rgb);
        let row = |row: [f64; 3]| (row[0] * light[0] + row[1] * light[1] + row[2] * light[2]).clamp(0.0, 1.0);
        match self {
            Vision::Usual => light,
            Vision::Protanopia => PROTANOPIA.map(row),
            Vision::Deuteranopia => DEUTERANOPIA.map(row),
            Vision::Tritanopia => TRITANOPIA.map(row),
        }
    }
}

const PROTANOPIA: [[f64; 3]; 3] =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTERANOPIA: [[f64; 3]; 3] =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
const TRITANOPIA: [[f64; 3]; 3] =
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::difference::difference;

    #[test]
    fn greys_look_the_same_to_everyone() {
        for vision in Vision::ALL {
            let seen = vision.sees([128; 3]);
            assert!(difference(seen, linear([128; 3])) < 0.1, "{vision:?}: {seen:?}");
        }
    }

    #[test]
    fn each_eye_confuses_its_own_pair() {
        let apart = |vision: Vision, one, other| difference(vision.sees(one), vision.sees(other));
        let (red, green) = ([180, 100, 60], [120, 130, 60]);
        assert!(apart(Vision::Usual, red, green) > 25.0);
        for blind in [Vision::Protanopia, Vision::Deuteranopia] {
            assert!(apart(blind, red, green) < 15.0, "{blind:?}");
        }
        let (blue, teal) = ([80, 120, 190], [60, 130, 130]);
        assert!(apart(Vision::Tritanopia, blue, teal) < apart(Vision::Deuteranopia, blue, teal));
    }
}
