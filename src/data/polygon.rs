//! Filling polygons on a pixel grid.

/// Calls `fill` for every pixel of a `width` x `height` image whose centre lies in the polygon (even-odd rule).
/// Points are in pixels; parts outside the image are skipped.
pub fn fill_polygon(
    points: &[[f32; 2]],
    width: usize,
    height: usize,
    mut fill: impl FnMut(usize, usize),
) {
    if points.len() < 3 || points.iter().flatten().any(|value| !value.is_finite()) {
        return;
    }
    let top = points.iter().map(|point| point[1]).fold(f32::MAX, f32::min);
    let bottom = points.iter().map(|point| point[1]).fold(f32::MIN, f32::max);
    let first = top.floor().clamp(0.0, height as f32) as usize;
    let last = bottom.ceil().clamp(0.0, height as f32) as usize;
    let mut crossings: Vec<f32> = Vec::new();
    for row in first..last {
        let y = row as f32 + 0.5;
        crossings.clear();
        let mut previous = points[points.len() - 1];
        for &point in points {
            if (point[1] > y) != (previous[1] > y) {
                let share = (y - point[1]) / (previous[1] - point[1]);
                crossings.push(point[0] + share * (previous[0] - point[0]));
            }
            previous = point;
        }
        crossings.sort_by(f32::total_cmp);
        for pair in crossings.chunks_exact(2) {
            // The first and last pixel centres between the two crossings.
            let from = (pair[0] - 0.5).ceil().clamp(0.0, width as f32) as usize;
            let to = (pair[1] - 0.5).ceil().clamp(0.0, width as f32) as usize;
            for column in from..to {
                fill(column, row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(points: &[[f32; 2]]) -> usize {
        let mut count = 0;
        fill_polygon(points, 20, 10, |x, y| {
            assert!(x < 20 && y < 10);
            count += 1;
        });
        count
    }

    #[test]
    fn areas_are_right_and_edges_are_clipped() {
        assert_eq!(area(&[[2.0, 1.0], [8.0, 1.0], [8.0, 5.0], [2.0, 5.0]]), 24);
        assert_eq!(
            area(&[[-50.0, -50.0], [50.0, -50.0], [50.0, 50.0], [-50.0, 50.0]]),
            200
        );
        assert_eq!(area(&[[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]), 45);
        assert_eq!(area(&[[1.0, 1.0], [2.0, 2.0]]), 0);
        assert_eq!(area(&[[1.0, 1.0], [f32::NAN, 2.0], [3.0, 3.0]]), 0);
    }
}
