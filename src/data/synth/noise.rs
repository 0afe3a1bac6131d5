//! Noise that repeats every 256 units: several octaves, computed once and then looked up.

use std::sync::OnceLock;

const SIDE: usize = 256;

/// A multiple of the side, larger than any coordinate, so that coordinates may be negative.
const SHIFT: f32 = 16384.0;

/// A hash of two coordinates and a seed, spread evenly over 32 bits.
pub fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77) ^ seed;
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297A_2D39);
    h ^ h >> 15
}

/// White noise in -1..1 at a point of the grid.
pub fn white(x: i32, y: i32, seed: u32) -> f32 {
    hash(x, y, seed) as f32 * (2.0 / u32::MAX as f32) - 1.0
}

fn tile() -> &'static [f32; SIDE * SIDE] {
    static TILE: OnceLock<Box<[f32; SIDE * SIDE]>> = OnceLock::new();
    TILE.get_or_init(|| {
        let mut sum = Box::new([0.0f32; SIDE * SIDE]);
        let (mut amplitude, mut period, mut octave) = (1.0f32, 4usize, 0u32);
        while period <= SIDE / 2 {
            let cell = SIDE / period;
            for (place, value) in sum.iter_mut().enumerate() {
                let (x, y) = (place % SIDE, place / SIDE);
                let corner = |dx: usize, dy: usize| {
                    let (cx, cy) = ((x / cell + dx) % period, (y / cell + dy) % period);
                    white(cx as i32, cy as i32, 77 + octave)
                };
                let ease = |t: f32| t * t * (3.0 - 2.0 * t);
                let u = ease((x % cell) as f32 / cell as f32);
                let v = ease((y % cell) as f32 / cell as f32);
                let top = corner(0, 0) * (1.0 - u) + corner(1, 0) * u;
                let bottom = corner(0, 1) * (1.0 - u) + corner(1, 1) * u;
                *value += amplitude * (top * (1.0 - v) + bottom * v);
            }
            amplitude *= 0.62;
            period *= 2;
            octave += 1;
        }
        let variance = sum.iter().map(|v| v * v).sum::<f32>() / sum.len() as f32;
        let scale = 1.0 / variance.sqrt();
        sum.iter_mut().for_each(|value| *value *= scale);
        sum
    })
}

/// Noise of several octaves, of mean 0 and standard deviation 1; its coarsest blobs are 64 units wide.
pub fn fractal(x: f32, y: f32) -> f32 {
    let tile = tile();
    // For positive numbers truncation equals `floor`, and is far faster.
    let (x, y) = (x + SHIFT, y + SHIFT);
    let (fx, fy) = (x as u32, y as u32);
    let (u, v) = (x - fx as f32, y - fy as f32);
    let (x0, y0) = (fx as usize & (SIDE - 1), fy as usize & (SIDE - 1));
    let (x1, y1) = ((x0 + 1) & (SIDE - 1), (y0 + 1) & (SIDE - 1));
    let top = tile[y0 * SIDE + x0] * (1.0 - u) + tile[y0 * SIDE + x1] * u;
    let bottom = tile[y1 * SIDE + x0] * (1.0 - u) + tile[y1 * SIDE + x1] * u;
    top * (1.0 - v) + bottom * v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_repeats_is_smooth_and_centred() {
        assert!((fractal(3.3, 250.7) - fractal(259.3, -5.3)).abs() < 1e-3);
        assert!((fractal(10.0, 20.0) - fractal(10.01, 20.0)).abs() < 0.05);
        let values: Vec<f32> = (0..4096)
            .map(|i| fractal((i % 64) as f32 * 4.0, (i / 64) as f32 * 4.0))
            .collect();
        let mean = values.iter().sum::<f32>() / 4096.0;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / 4096.0;
        assert!(
            mean.abs() < 0.5 && (0.5..1.5).contains(&variance),
            "{mean} {variance}"
        );
    }
}
