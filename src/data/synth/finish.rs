//! From a drawing to pixels: haze, colour cast, softness and sensor noise.

use rand::RngExt;

use crate::vision::image::RgbImage;

use super::noise::white;
use super::world::World;

/// The image that a camera would have taken of the drawing.
pub fn develop(world: &mut World) -> RgbImage {
    let size = world.canvas.size;
    let soft = match world.count(0, 9) {
        0..=3 => 0.0,
        4..=7 => world.range(0.15, 0.6),
        _ => world.range(0.6, 1.1),
    };
    if soft > 0.0 {
        blur(&mut world.canvas.rgb, size, soft);
    }
    let gain = world.range(0.82, 1.2);
    let gamma = world.range(0.82, 1.2);
    let haze = if world.chance(0.4) {
        world.range(0.0, 0.28)
    } else {
        world.range(0.0, 0.08)
    };
    let veil = [
        world.range(170.0, 205.0),
        world.range(180.0, 208.0),
        world.range(188.0, 222.0),
    ];
    let cast: [f32; 3] = std::array::from_fn(|_| world.range(0.94, 1.06));
    let chroma = world.range(0.68, 1.1);
    let noise = world.range(0.0, 5.0);
    let coarse = world.chance(0.5);
    let seed: u32 = world.rng.random();
    // Gamma by table: computing a power per pixel would cost as much as all the rest.
    let table: [f32; 1024] = std::array::from_fn(|i| (i as f32 / 1023.0).powf(gamma) * 255.0);
    let scale = gain * (1023.0 / 255.0);
    let tone = |value: f32| table[(value * scale) as u16 as usize & 1023];
    let limit = 255.0 / gain;
    let pure = cast.map(|cast| cast * chroma * (1.0 - haze));
    let mixed = cast.map(|cast| cast * (1.0 - chroma) * (1.0 - haze));
    let added = veil.map(|veil| veil * haze);
    let shift = usize::from(coarse);
    let mut image = RgbImage::filled(size, size, [0; 3]);
    let rows = image.pixels_mut().chunks_exact_mut(size * 3);
    for (y, (out, row)) in rows.zip(world.canvas.rgb.chunks_exact(size)).enumerate() {
        for (x, (bytes, rgb)) in out.chunks_exact_mut(3).zip(row).enumerate() {
            let toned = rgb.map(|value| tone(value.clamp(0.0, limit)));
            let grey = 0.3 * toned[0] + 0.59 * toned[1] + 0.11 * toned[2];
            let speck = white((x >> shift) as i32, (y >> shift) as i32, seed) * noise;
            for (channel, byte) in bytes.iter_mut().enumerate() {
                let value = toned[channel] * pure[channel] + grey * mixed[channel];
                *byte = (value + added[channel] + speck) as u8;
            }
        }
    }
    image
}

/// A 3 x 3 blur, similar to a binomial one; with `amount` 1 the centre keeps half of the weight in each direction.
fn blur(rgb: &mut [[f32; 3]], size: usize, amount: f32) {
    let side = amount / 4.0;
    let centre = 1.0 - 2.0 * side;
    let mix = |a: [f32; 3], b: [f32; 3], c: [f32; 3]| -> [f32; 3] {
        std::array::from_fn(|i| (a[i] + c[i]) * side + b[i] * centre)
    };
    for row in rgb.chunks_exact_mut(size) {
        let mut before = row[0];
        for x in 0..size {
            let after = row[(x + 1).min(size - 1)];
            let here = row[x];
            row[x] = mix(before, here, after);
            before = here;
        }
    }
    let mut before: Vec<[f32; 3]> = rgb[..size].to_vec();
    for y in 0..size {
        let next = (y + 1).min(size - 1) * size;
        for x in 0..size {
            let here = rgb[y * size + x];
            rgb[y * size + x] = mix(before[x], here, rgb[next + x]);
            before[x] = here;
        }
    }
}
