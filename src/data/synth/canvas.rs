//! The canvas of a scene: colours, labels, owners and shadows.

use super::frame::Bounds;

/// Linear RGB, 0 to 255.
pub type Rgb = [f32; 3];

/// Properties besides colour that painting sets, on pixels that it covers by at least half.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stamp {
    /// New label; `None` keeps the present one.
    pub label: Option<u8>,
    /// New owner, 0 for no owner; `None` keeps the present one.
    pub owner: Option<u16>,
    /// Whether it lies flat, so that a shadow on the ground falls on it too.
    pub flat: bool,
}

/// The sun: where shadows fall and how dark they are.
#[derive(Debug, Clone, Copy)]
pub struct Light {
    /// Unit direction in which shadows fall.
    pub direction: (f32, f32),
    /// Length of a shadow, as a share of the height of the thing that casts it.
    pub slant: f32,
    /// Share of the light that shadows remove.
    pub depth: f32,
}

impl Light {
    /// Brightness of a roof face whose outward direction in the plane is `(x, y)`: near 1.
    pub fn on_slope(&self, (x, y): (f32, f32)) -> f32 {
        1.0 - 0.2 * (x * self.direction.0 + y * self.direction.1)
    }
}

/// The drawing.
#[derive(Debug, Clone)]
pub struct Canvas {
    /// Width and height in pixels.
    pub size: usize,
    /// Colours, `[size, size]`.
    pub rgb: Vec<Rgb>,
    /// Class ids, `[size, size]`.
    pub labels: Vec<u8>,
    /// Number of the object that a pixel belongs to, 0 for none, `[size, size]`.
    pub owners: Vec<u16>,
    shade: Vec<f32>,
    /// Pixels per metre.
    pub scale: f32,
    /// The sun.
    pub light: Light,
}

impl Canvas {
    /// An empty square canvas.
    pub fn new(size: usize, scale: f32, light: Light) -> Self {
        Self {
            size,
            rgb: vec![[0.0; 3]; size * size],
            labels: vec![0; size * size],
            owners: vec![0; size * size],
            shade: vec![0.0; size * size],
            scale,
            light,
        }
    }

    /// Pixel range of bounds within the canvas.
    fn clip(&self, bounds: Bounds) -> (usize, usize, usize, usize) {
        let (x0, y0, x1, y1) = bounds.edges;
        let limit = |value: f32| value.clamp(0.0, self.size as f32) as usize;
        (
            limit(x0.floor()),
            limit(y0.floor()),
            limit(x1.ceil()),
            limit(y1.ceil()),
        )
    }

    /// Fills a shape given by its signed distance in pixels, with soft edges. `ink` returns the colour of a pixel from
    /// the pixel's centre and the colour below.
    pub fn paint(
        &mut self,
        bounds: Bounds,
        stamp: Stamp,
        distance: impl Fn(f32, f32) -> f32,
        ink: impl Fn(f32, f32, Rgb) -> Rgb,
    ) {
        let (x0, y0, x1, y1) = self.clip(bounds);
        for row in y0..y1 {
            let y = row as f32 + 0.5;
            for column in x0..x1 {
                let x = column as f32 + 0.5;
                let cover = (0.5 - distance(x, y)).min(1.0);
                if cover <= 0.0 {
                    continue;
                }
                let at = row * self.size + column;
                let below = self.rgb[at];
                let mut colour = ink(x, y, below);
                if stamp.flat {
                    let light = 1.0 - self.light.depth * self.shade[at];
                    colour = colour.map(|value| value * light);
                } else {
                    self.shade[at] *= 1.0 - cover;
                }
                self.rgb[at] = mix(below, colour, cover);
                if cover >= 0.5 {
                    if let Some(label) = stamp.label {
                        self.labels[at] = label;
                    }
                    if let Some(owner) = stamp.owner {
                        self.owners[at] = owner;
                    }
                }
            }
        }
    }

    /// Casts the shadow of a shape `height` pixels tall, except onto pixels whose label is `spared`. Shadows do not
    /// add up.
    pub fn shadow(
        &mut self,
        bounds: Bounds,
        height: f32,
        spared: impl Fn(u8) -> bool,
        distance: impl Fn(f32, f32) -> f32,
    ) {
        let length = height * self.light.slant;
        let (dx, dy) = (
            self.light.direction.0 * length,
            self.light.direction.1 * length,
        );
        let (left, top, right, bottom) = bounds.edges;
        let swept = Bounds {
            edges: (
                left + dx.min(0.0),
                top + dy.min(0.0),
                right + dx.max(0.0),
                bottom + dy.max(0.0),
            ),
        };
        // One sample every few pixels of the sweep: shapes are wider than that.
        let steps = ((length / 2.5).ceil() as usize).clamp(1, 8);
        let (x0, y0, x1, y1) = self.clip(swept);
        let depth = self.light.depth;
        for row in y0..y1 {
            for column in x0..x1 {
                let at = row * self.size + column;
                if spared(self.labels[at]) {
                    continue;
                }
                let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
                let mut nearest = f32::MAX;
                for step in 0..=steps {
                    let t = step as f32 / steps as f32;
                    nearest = nearest.min(distance(x - t * dx, y - t * dy));
                    if nearest < -0.8 {
                        break;
                    }
                }
                let cover = (0.5 - nearest * 0.7).clamp(0.0, 1.0);
                let old = self.shade[at];
                if cover > old {
                    let gain = (1.0 - depth * cover) / (1.0 - depth * old);
                    let [r, g, b] = self.rgb[at];
                    // Shadows are lit by the sky, so they are a little bluer.
                    self.rgb[at] = [r * gain, g * gain, b * (gain + (1.0 - gain) * 0.08)];
                    self.shade[at] = cover;
                }
            }
        }
    }

    /// The label at a point, or `None` outside the canvas.
    pub fn label_at(&self, x: f32, y: f32) -> Option<u8> {
        let inside = x >= 0.0 && y >= 0.0 && x < self.size as f32 && y < self.size as f32;
        inside.then(|| self.labels[y as usize * self.size + x as usize])
    }

    /// Whether the point is on the canvas, or outside by at most `margin` pixels.
    pub fn holds(&self, x: f32, y: f32, margin: f32) -> bool {
        let far = self.size as f32 + margin;
        x >= -margin && y >= -margin && x < far && y < far
    }
}

/// `a` and `b` mixed, `share` of `b`.
pub fn mix(a: Rgb, b: Rgb, share: f32) -> Rgb {
    [
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    ]
}

/// A colour made brighter or darker.
pub fn lit(colour: Rgb, light: f32) -> Rgb {
    colour.map(|value| value * light)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synth::frame::circle;

    #[test]
    fn painting_covers_and_shadows_do_not_add_up() {
        let light = Light {
            direction: (1.0, 0.0),
            slant: 1.0,
            depth: 0.5,
        };
        let mut canvas = Canvas::new(32, 1.0, light);
        canvas.rgb.fill([100.0; 3]);
        let disc = |x: f32, y: f32| circle((x - 10.0, y - 16.0), 5.0);
        let bounds = Bounds::around(10.0, 16.0, 7.0);
        canvas.shadow(bounds, 8.0, |_| false, disc);
        let once = canvas.rgb[16 * 32 + 20][0];
        canvas.shadow(bounds, 8.0, |_| false, disc);
        assert_eq!(canvas.rgb[16 * 32 + 20][0], once);
        assert!(once < 55.0 && canvas.rgb[16 * 32 + 2][0] > 99.0);
        let stamp = Stamp {
            label: Some(9),
            owner: Some(1),
            flat: false,
        };
        canvas.paint(bounds, stamp, disc, |_, _, _| [250.0; 3]);
        let covered = canvas.owners.iter().filter(|&&owner| owner == 1).count() as f32;
        assert!((covered - 78.5).abs() < 8.0, "{covered}");
        assert_eq!(canvas.label_at(10.0, 16.0), Some(9));
        assert_eq!(canvas.label_at(-1.0, 16.0), None);
    }
}
