//! Rings that empty with the time left. The arc is an SVG attribute, so the content policy has nothing to refuse.

use leptos::prelude::*;

use crate::show::ring::Ring;

/// A ring with its counter.
pub fn ring(ring: &Ring) -> impl IntoView + use<> {
    let class = ["ring ", ring.tone.class()].concat();
    let long = ring.counter.len() > 4;
    view! {
        <span class=class title=ring.title.clone()>
            {circle(ring.percent)}
            <b aria-hidden="true" class:long=long>{ring.counter.clone()}</b>
            <span class="sr">{ring.title.clone()}</span>
        </span>
    }
}

/// The small ring inside a chip.
pub fn mini(percent: i64) -> impl IntoView {
    view! { <span class="ring mini" aria-hidden="true">{circle(percent)}</span> }
}

fn circle(percent: i64) -> impl IntoView {
    let dash = [&percent.clamp(0, 100).to_string(), " 100"].concat();
    view! {
        <svg viewBox="0 0 36 36" aria-hidden="true">
            <circle class="track" cx="18" cy="18" r="15.5"></circle>
            <circle class="arc" cx="18" cy="18" r="15.5" pathLength="100" stroke-dasharray=dash></circle>
        </svg>
    }
}
