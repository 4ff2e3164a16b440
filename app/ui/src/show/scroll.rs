//! Which rows of a long list are worth having in the document.
//!
//! *Invariant:* the window is cut before rows are built, so the cost of a scroll does not grow with the list.

use std::ops::Range;

/// The height of a row and of the space below it, `--row` of the style sheet.
pub const ROW: f64 = 74.0;

/// Rows kept above and below what is visible.
const SPARE: usize = 8;

/// The rows to build for a scroll position.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Pixels of a screen, never negative.
pub fn visible(top: f64, height: f64, rows: usize) -> Range<usize> {
    let first = (top.max(0.0) / ROW) as usize;
    let last = ((top.max(0.0) + height.max(0.0)) / ROW) as usize + 1;
    first.saturating_sub(SPARE).min(rows)..(last + SPARE).min(rows)
}

/// Where to scroll so that a row is wholly visible; `None` when it is.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Lists are far shorter than 2^52.
pub fn reveal(row: usize, top: f64, height: f64) -> Option<f64> {
    let start = row as f64 * ROW;
    if start < top {
        Some(start)
    } else if start + ROW > top + height {
        Some(start + ROW - height)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_costs_a_screenful() {
        assert_eq!(visible(0.0, 740.0, 100_000), 0..19);
        assert_eq!(visible(7400.0, 740.0, 100_000), 92..119);
        assert_eq!(visible(7_399_260.0, 740.0, 100_000), 99_982..100_000);
    }

    #[test]
    fn a_short_or_shrunk_list_stays_within_bounds() {
        assert_eq!(visible(0.0, 740.0, 3), 0..3);
        assert_eq!(visible(9999.0, 740.0, 2), 2..2);
        assert_eq!(visible(0.0, 0.0, 0), 0..0);
    }

    #[test]
    fn revealing_moves_no_more_than_needed() {
        assert_eq!(reveal(5, 0.0, 740.0), None);
        assert_eq!(reveal(10, 0.0, 740.0), Some(74.0));
        assert_eq!(reveal(2, 300.0, 740.0), Some(148.0));
    }
}
