//! Roads: curves, junctions, sidewalks, markings, and the traffic on them.

use crate::things::class::Class;

use super::canvas::{Rgb, Stamp, mix};
use super::frame::{Bounds, Frame, rectangle, segment};
use super::surface::{Kind, Surface};
use super::vehicle::{half_size_m, vehicle};
use super::world::World;

/// A road along a polyline, in pixels.
#[derive(Debug, Clone)]
pub struct Road {
    points: Vec<(f32, f32)>,
    /// Half its width in pixels.
    pub half: f32,
    lanes: usize,
    paved: bool,
    sidewalk: f32,
}

impl Road {
    /// A road from `from` to `to`, bent towards `via`, `lanes` wide (3.3 m each).
    pub fn new(
        world: &World,
        (from, via, to): ((f32, f32), (f32, f32), (f32, f32)),
        lanes: usize,
        paved: bool,
    ) -> Self {
        let straight = segment(via, from, to).0 < 1.0;
        let pieces = if straight { 1 } else { 14 };
        let bend = |t: f32| {
            let (p, q, r) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            (
                p * from.0 + q * via.0 + r * to.0,
                p * from.1 + q * via.1 + r * to.1,
            )
        };
        let points = (0..=pieces)
            .map(|piece| bend(piece as f32 / pieces as f32))
            .collect();
        let half = world.m(lanes as f32 * 3.3 * 0.5 + if lanes > 1 { 0.8 } else { 0.3 });
        Self {
            points,
            half: half.max(1.0),
            lanes,
            paved,
            sidewalk: 0.0,
        }
    }

    /// The road with sidewalks `width` pixels wide on both sides.
    pub fn with_sidewalk(self, width: f32) -> Self {
        Self {
            sidewalk: width,
            ..self
        }
    }

    /// Length in pixels.
    pub fn length(&self) -> f32 {
        self.pieces()
            .map(|(a, b, _)| (a.0 - b.0).hypot(a.1 - b.1))
            .sum()
    }

    /// The place `along` pixels from its start and its direction there.
    pub fn at(&self, along: f32) -> Frame {
        let mut last = Frame::new(0.0, 0.0, 0.0);
        for (a, b, start) in self.pieces() {
            let length = (a.0 - b.0).hypot(a.1 - b.1).max(1e-6);
            let axis = ((b.0 - a.0) / length, (b.1 - a.1) / length);
            let on = (along - start).clamp(0.0, length);
            last = Frame {
                x: a.0 + axis.0 * on,
                y: a.1 + axis.1 * on,
                axis,
            };
            if along <= start + length {
                break;
            }
        }
        last
    }

    fn pieces(&self) -> impl Iterator<Item = ((f32, f32), (f32, f32), f32)> + '_ {
        let mut start = 0.0;
        self.points.windows(2).map(move |pair| {
            let piece = (pair[0], pair[1], start);
            start += (pair[0].0 - pair[1].0).hypot(pair[0].1 - pair[1].1);
            piece
        })
    }
}

/// Draws a network of at most eight roads with its markings.
pub fn draw(world: &mut World, roads: &[Road]) {
    let kind = world.pick(&[Kind::Asphalt, Kind::OldAsphalt, Kind::OldAsphalt]);
    let asphalt = Surface::new(kind, world);
    let dirt_kind = world.pick(&[Kind::Soil, Kind::RedSoil, Kind::Sand, Kind::Gravel]);
    let dirt = Surface::new(dirt_kind, world);
    let concrete = Surface::new(Kind::Concrete, world);
    for road in roads.iter().filter(|road| road.sidewalk > 0.0) {
        let stamp = world.ground(Class::Sidewalk);
        for (a, b, _) in road.pieces() {
            let reach = road.half + road.sidewalk;
            let bounds = Bounds::of(&[a, b], reach + 1.0);
            world.canvas.paint(
                bounds,
                stamp,
                |x, y| segment((x, y), a, b).0 - reach,
                |x, y, _| concrete.at(x, y),
            );
        }
    }
    let size = world.canvas.size;
    let mut covers = vec![0u8; size * size];
    for (place, road) in roads.iter().enumerate() {
        let stamp = world.ground(Class::Road);
        let surface = if road.paved { asphalt } else { dirt };
        for (a, b, _) in road.pieces() {
            let bounds = Bounds::of(&[a, b], road.half + 1.0);
            let half = road.half;
            world.canvas.paint(
                bounds,
                stamp,
                |x, y| segment((x, y), a, b).0 - half,
                |x, y, _| surface.at(x, y),
            );
            mark_cover(&mut covers, size, bounds, 1 << (place % 8), |x, y| {
                segment((x, y), a, b).0 < half
            });
        }
    }
    // Lines thinner than a pixel are visible but cannot be labelled.
    let fine = world.canvas.scale >= 2.2;
    if !fine && roads.iter().any(|road| road.paved) {
        world.unlabelled.push(Class::RoadMarking);
    }
    let style = world.count(0, 3);
    for (place, road) in roads
        .iter()
        .enumerate()
        .filter(|(_, road)| road.paved && road.lanes > 1)
    {
        if style == 3 && road.lanes == 2 {
            continue;
        }
        lines(world, road, &covers, 1 << (place % 8), style, fine);
        if world.chance(0.6) && world.canvas.scale > 1.4 {
            crosswalks(world, road, &covers, 1 << (place % 8));
        }
    }
}

fn mark_cover(
    covers: &mut [u8],
    size: usize,
    bounds: Bounds,
    bit: u8,
    inside: impl Fn(f32, f32) -> bool,
) {
    let (x0, y0, x1, y1) = bounds.edges;
    let limit = |value: f32| value.clamp(0.0, size as f32) as usize;
    for y in limit(y0)..limit(y1) {
        for x in limit(x0)..limit(x1) {
            if inside(x as f32 + 0.5, y as f32 + 0.5) {
                covers[y * size + x] |= bit;
            }
        }
    }
}

fn lines(world: &mut World, road: &Road, covers: &[u8], bit: u8, style: usize, fine: bool) {
    let width = world.m(0.1).max(if fine { 0.5 } else { 0.32 });
    let (dash, period) = (world.m(3.0), world.m(if style == 1 { 12.0 } else { 8.0 }));
    let lane = (road.half * 2.0 - world.m(1.2)) / road.lanes as f32;
    let edge = road.half - world.m(0.5);
    let size = world.canvas.size;
    let yellow: Rgb = [214.0, 178.0, 84.0];
    let white: Rgb = [226.0, 226.0, 222.0];
    let wear = world.range(0.55, 1.0);
    let stamp = Stamp {
        label: Some(Class::RoadMarking.id()),
        owner: None,
        flat: true,
    };
    let lanes = road.lanes as i32;
    let edges = style == 1 || lanes > 2;
    for (a, b, start) in road.pieces() {
        let length = (a.0 - b.0).hypot(a.1 - b.1).max(1e-6);
        let frame = Frame {
            x: a.0,
            y: a.1,
            axis: ((b.0 - a.0) / length, (b.1 - a.1) / length),
        };
        let distance = |x: f32, y: f32| {
            let (u, v) = frame.local(x, y);
            if u < 0.0 || u >= length || covers[y as usize * size + x as usize] != bit {
                return 1.0;
            }
            let mut nearest = f32::MAX;
            for line in 1..lanes {
                let offset = line as f32 * lane - lanes as f32 * lane * 0.5;
                let centre = line * 2 == lanes;
                let across = if centre && style != 2 && lanes > 2 {
                    // A double line in the middle of a wide road.
                    ((v - offset).abs() - width * 1.6).abs() - width * 0.8
                } else {
                    (v - offset).abs() - width
                };
                let solid = centre && style != 2;
                let gap = ((start + u).rem_euclid(period) - dash * 0.5).abs() - dash * 0.5;
                nearest = nearest.min(if solid { across } else { across.max(gap) });
            }
            if edges {
                nearest = nearest.min((v.abs() - edge).abs() - width * 0.8);
            }
            nearest
        };
        let bounds = Bounds::of(&[a, b], road.half + 1.0);
        world.canvas.paint(bounds, stamp, distance, |x, y, below| {
            let (_, v) = frame.local(x, y);
            let paint = if style == 0 && v.abs() < lane * 0.3 {
                yellow
            } else {
                white
            };
            mix(below, paint, wear)
        });
    }
}

fn crosswalks(world: &mut World, road: &Road, covers: &[u8], bit: u8) {
    let size = world.canvas.size;
    let length = road.length();
    let count = world.count(0, 2);
    for _ in 0..count {
        let along = world.range(0.1, 0.9) * length;
        let frame = road.at(along);
        let (deep, stripe) = (world.m(1.6), world.m(1.1).max(2.4));
        let half = road.half - world.m(0.3);
        let stamp = Stamp {
            label: Some(Class::RoadMarking.id()),
            owner: None,
            flat: true,
        };
        let distance = |x: f32, y: f32| {
            let (u, v) = frame.local(x, y);
            if covers[y as usize * size + x as usize] != bit {
                return 1.0;
            }
            let stripes = ((v / stripe).rem_euclid(1.0) - 0.5).abs() * stripe - stripe * 0.25;
            rectangle((u, v), deep, half).max(stripes)
        };
        world
            .canvas
            .paint(frame.bounds(deep, half), stamp, distance, |_, _, below| {
                mix(below, [228.0, 228.0, 224.0], 0.85)
            });
    }
}

/// Vehicles driving on the roads and parked along them: `driving` and `parked` per hundred metres.
pub fn traffic(world: &mut World, roads: &[Road], driving: f32, parked: f32) {
    for road in roads {
        let length = road.length();
        let hundreds = length / world.m(100.0);
        for (rate, by_kerb) in [(driving, false), (parked, true)] {
            let count = (rate * hundreds + world.range(0.0, 1.0)) as usize;
            for _ in 0..count.min(60) {
                let class = match world.count(0, 19) {
                    0 if !by_kerb => Class::Bus,
                    1 | 2 if !by_kerb => Class::Truck,
                    3 => Class::Truck,
                    _ => Class::Car,
                };
                let along = world.range(0.0, length);
                let mut frame = road.at(along);
                let side = world.pick(&[-1.0f32, 1.0]);
                let (a, b) = half_size_m(class);
                let away = if by_kerb {
                    road.half - world.m(b + 0.25)
                } else if road.lanes > 1 {
                    let lane = world.count(0, (road.lanes / 2).saturating_sub(1)) as f32;
                    (lane + 0.5) * world.m(3.3)
                } else {
                    0.0
                };
                frame = frame.moved(0.0, side * away.min(road.half - world.m(b)));
                frame.axis = (frame.axis.0 * side, frame.axis.1 * side);
                let (a, b) = (world.m(a + 0.7), world.m(b + 0.2));
                if world.is_free(
                    &frame,
                    a,
                    b,
                    &[Class::Road, Class::RoadMarking, Class::Sidewalk],
                ) {
                    vehicle(world, frame, class);
                }
            }
        }
    }
}
