//! The circle as a picture: people around, an arrow to the next one, a dot for each conversation at whoever holds it.
//!
//! *Invariant:* everything is placed by attributes of the SVG, so the content policy has nothing to refuse; the picture
//! has one label, and what it shows is told beside it.

use std::f64::consts::TAU;

use ciranda_domain::person::Availability;
use ciranda_domain::time::Moment;
use ciranda_text::avatar::{hue, initials};
use ciranda_text::catalogue::circle::Circle as Say;
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::Team;
use super::model::{Holder, Play};

/// Half the side of the picture, and the distance of people from its middle.
const HALF: f64 = 150.0;
const RADIUS: f64 = 104.0;

/// The picture at an instant.
#[component]
pub fn Drawing(team: Memo<Team>, played: Memo<Play>, now: Memo<Moment>) -> impl IntoView {
    let label = move || {
        let team = team.read();
        let next = played.read().next(now.get()).map_or_else(|| t(Say::OpenToTeam).to_owned(), |next| team.name(next));
        tf(Say::Picture, &[&team.scene.members.len().to_string(), &next])
    };
    view! {
        <svg class="circle-drawing" viewBox="0 0 300 300" role="img" aria-label=label>
            <circle class="circle-line" cx=HALF cy=HALF r=RADIUS></circle>
            {move || arrow(&team.read(), &played.read(), now.get())}
            {move || people(&team.read())}
            {move || dots(&team.read(), &played.read(), now.get())}
        </svg>
    }
}

/// Where the `n`th of `of` sits, at a distance from the middle; the first one at the top, the others clockwise.
fn place(n: usize, of: usize, distance: f64) -> (f64, f64) {
    #[allow(clippy::cast_precision_loss)] // A team's people.
    let angle = TAU * (n as f64) / (of.max(1) as f64) - TAU / 4.0;
    (HALF + distance * angle.cos(), HALF + distance * angle.sin())
}

fn round(n: f64) -> String {
    format!("{n:.1}")
}

fn seat(team: &Team, person: ciranda_domain::ids::PersonId) -> Option<usize> {
    team.scene.members.iter().position(|member| member.person == person)
}

fn arrow(team: &Team, played: &Play, now: Moment) -> Option<impl IntoView + use<>> {
    let at = seat(team, played.next(now)?)?;
    let ((from_x, from_y), (x, y)) =
        (place(at, team.scene.members.len(), 14.0), place(at, team.scene.members.len(), 58.0));
    Some(view! {
        <g class="circle-arrow">
            <line x1=round(from_x) y1=round(from_y) x2=round(x) y2=round(y)></line>
            <circle cx=round(x) cy=round(y) r="5"></circle>
        </g>
    })
}

fn people(team: &Team) -> Vec<impl IntoView + use<>> {
    let of = team.scene.members.len();
    let draw = |(n, member): (usize, &ciranda_domain::distribution::Member)| {
        let (x, y) = place(n, of, RADIUS);
        let name = team.name(member.person);
        let class = if member.availability == Availability::Available { "circle-person" } else { "circle-person off" };
        view! {
            <g class=class data-hue=hue(&name)>
                <circle cx=round(x) cy=round(y) r="19"></circle>
                <text x=round(x) y=round(y + 4.0)>{initials(&name)}</text>
                <text class="circle-name" x=round(x) y=round(y + 32.0)>{name.clone()}</text>
            </g>
        }
    };
    team.scene.members.iter().enumerate().map(draw).collect()
}

/// Dots beside whoever holds the conversation; those open to the team lie in the middle.
fn dots(team: &Team, played: &Play, now: Moment) -> Vec<impl IntoView + use<>> {
    let of = team.scene.members.len();
    let mut beside = vec![0_usize; of];
    let mut middle = 0_usize;
    let mut drawn = Vec::new();
    for (n, way) in played.ways.iter().enumerate() {
        let Some(holder) = way.at(now) else { continue };
        let (class, at) = match holder {
            Holder::Offered { to, .. } => ("soon", seat(team, to)),
            Holder::Started { by } => ("open", seat(team, by)),
            Holder::Team | Holder::Queue => ("shut", None),
        };
        let (x, y) = match at {
            Some(at) => {
                let (x, y) = place(at, of, RADIUS);
                let slot = beside[at];
                beside[at] += 1;
                #[allow(clippy::cast_precision_loss)] // Ten conversations at most.
                let angle = TAU * (slot as f64) / 10.0 - TAU / 4.0;
                (x + 27.0 * angle.cos(), y + 27.0 * angle.sin())
            }
            None => {
                middle += 1;
                #[allow(clippy::cast_precision_loss)] // As above.
                let slot = (middle - 1) as f64;
                (HALF - 34.0 + (slot % 5.0) * 17.0, HALF - 8.0 + (slot / 5.0).floor() * 17.0)
            }
        };
        let class = ["circle-dot ", class].concat();
        drawn.push(view! {
            <g class=class>
                <circle cx=round(x) cy=round(y) r="8"></circle>
                <text x=round(x) y=round(y + 3.0)>{(n + 1).to_string()}</text>
            </g>
        });
    }
    drawn
}
