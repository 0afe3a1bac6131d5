//! Places on the ground and signed distances to shapes: negative inside, in pixels.

/// A rotated system of coordinates: `u` along its axis, `v` to the right of it.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Origin in image pixels.
    pub x: f32,
    /// Origin in image pixels.
    pub y: f32,
    /// Direction of the axis.
    pub axis: (f32, f32),
}

/// A half-open range of pixels, possibly outside the image.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Left, top, right, bottom in pixels.
    pub edges: (f32, f32, f32, f32),
}

impl Bounds {
    /// The box around a circle.
    pub fn around(x: f32, y: f32, radius: f32) -> Self {
        Self {
            edges: (x - radius, y - radius, x + radius, y + radius),
        }
    }

    /// The box around points, widened by `margin` pixels.
    pub fn of(points: &[(f32, f32)], margin: f32) -> Self {
        let far = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        let (x0, y0, x1, y1) = points.iter().fold(far, |(x0, y0, x1, y1), &(x, y)| {
            (x0.min(x), y0.min(y), x1.max(x), y1.max(y))
        });
        Self {
            edges: (x0 - margin, y0 - margin, x1 + margin, y1 + margin),
        }
    }
}

impl Frame {
    /// A frame at `(x, y)` whose axis points at `angle` radians.
    pub fn new(x: f32, y: f32, angle: f32) -> Self {
        Self {
            x,
            y,
            axis: (angle.cos(), angle.sin()),
        }
    }

    /// Image pixels to frame coordinates.
    pub fn local(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.x, y - self.y);
        (
            dx * self.axis.0 + dy * self.axis.1,
            dy * self.axis.0 - dx * self.axis.1,
        )
    }

    /// Frame coordinates to image pixels.
    pub fn world(&self, u: f32, v: f32) -> (f32, f32) {
        (
            self.x + u * self.axis.0 - v * self.axis.1,
            self.y + u * self.axis.1 + v * self.axis.0,
        )
    }

    /// The same axis at another origin, given in frame coordinates.
    pub fn moved(&self, u: f32, v: f32) -> Self {
        let (x, y) = self.world(u, v);
        Self {
            x,
            y,
            axis: self.axis,
        }
    }

    /// The frame turned by quarter turns.
    pub fn quarter(&self) -> Self {
        Self {
            axis: (-self.axis.1, self.axis.0),
            ..*self
        }
    }

    /// Its angle in radians.
    pub fn angle(&self) -> f32 {
        self.axis.1.atan2(self.axis.0)
    }

    /// The pixel box around a rectangle of half sides `a`, `b`, widened by two pixels.
    pub fn bounds(&self, a: f32, b: f32) -> Bounds {
        let half_width = a * self.axis.0.abs() + b * self.axis.1.abs() + 2.0;
        let half_height = a * self.axis.1.abs() + b * self.axis.0.abs() + 2.0;
        let (x, y) = (self.x, self.y);
        Bounds {
            edges: (
                x - half_width,
                y - half_height,
                x + half_width,
                y + half_height,
            ),
        }
    }
}

/// Distance to a rectangle of half sides `a`, `b`.
pub fn rectangle((u, v): (f32, f32), a: f32, b: f32) -> f32 {
    let (du, dv) = (u.abs() - a, v.abs() - b);
    if du <= 0.0 || dv <= 0.0 {
        du.max(dv)
    } else {
        (du * du + dv * dv).sqrt()
    }
}

/// Distance to a rectangle with corners rounded by `radius`.
pub fn rounded((u, v): (f32, f32), a: f32, b: f32, radius: f32) -> f32 {
    rectangle((u, v), a - radius, b - radius) - radius
}

/// Distance to a circle around the origin.
pub fn circle((u, v): (f32, f32), radius: f32) -> f32 {
    (u * u + v * v).sqrt() - radius
}

/// Distance to the segment from `a` to `b`, and the share of the way at which it is nearest.
pub fn segment((x, y): (f32, f32), a: (f32, f32), b: (f32, f32)) -> (f32, f32) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = (dx * dx + dy * dy).max(1e-9);
    let t = (((x - a.0) * dx + (y - a.1) * dy) / length).clamp(0.0, 1.0);
    let (ex, ey) = (x - a.0 - t * dx, y - a.1 - t * dy);
    ((ex * ex + ey * ey).sqrt(), t)
}

/// Distance to a simple polygon.
pub fn polygon((x, y): (f32, f32), points: &[(f32, f32)]) -> f32 {
    let mut inside = false;
    let mut nearest = f32::MAX;
    let mut previous = points[points.len() - 1];
    for &point in points {
        nearest = nearest.min(segment((x, y), previous, point).0);
        if (point.1 > y) != (previous.1 > y) {
            let cross = (previous.0 - point.0) * (y - point.1) / (previous.1 - point.1) + point.0;
            inside ^= x < cross;
        }
        previous = point;
    }
    if inside { -nearest } else { nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_invert_and_distances_have_the_right_sign() {
        let frame = Frame::new(10.0, 5.0, 0.7);
        let (x, y) = frame.world(3.0, -2.0);
        let (u, v) = frame.local(x, y);
        assert!((u - 3.0).abs() < 1e-4 && (v + 2.0).abs() < 1e-4);
        assert!((rectangle((5.0, 0.0), 3.0, 2.0) - 2.0).abs() < 1e-6);
        assert!((rectangle((0.0, 0.0), 3.0, 2.0) + 2.0).abs() < 1e-6);
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        assert!((polygon((1.0, 2.0), &square) + 1.0).abs() < 1e-6);
        assert!((polygon((6.0, 2.0), &square) - 2.0).abs() < 1e-6);
        assert_eq!(segment((2.0, 3.0), (0.0, 0.0), (4.0, 0.0)), (3.0, 0.5));
    }
}
