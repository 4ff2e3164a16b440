//! The live board: queue, people and alerts of the teams that somebody oversees, as they are this instant.
//!
//! *Invariant:* every number is a button that opens exactly the rows it counts. What is shown is [`model`]'s to say; acts
//! go through the desk.

mod alerts;
mod aside;
mod figures;
mod lanes;
pub mod model;
mod moving;
mod people;
mod rows;
mod today;
mod why;

use std::collections::BTreeSet;

use ciranda_api::BoardAside;
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_text::catalogue::board::Board as Say;
use ciranda_ui::browser;
use ciranda_ui::t;
use leptos::prelude::*;

use crate::link::{Link, use_link};
use crate::rights;
use model::{Board, Number};

/// What lies above the board; at most one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Above {
    /// The rows that a number counts.
    Rows(Number),
    Move(ConversationId),
    /// In which team the person goes on with it.
    Ask(ConversationId, PersonId),
    Why(ConversationId),
    /// Whether somebody's conversation is taken from them.
    TakeOver(ConversationId),
    /// The rows behind one of today's numbers.
    Today(today::Number),
}

/// What the parts of the screen share; cheap to copy.
#[derive(Clone, Copy)]
struct Shown {
    link: Link,
    team: RwSignal<Option<TeamId>>,
    board: Memo<Option<Board>>,
    /// What the server tells besides; the last answer.
    aside: RwSignal<BoardAside>,
    /// Today's numbers; the last answer, and whether the newest question was answered.
    today: RwSignal<today::Read>,
    above: RwSignal<Option<Above>>,
    /// The conversation under the pointer's button.
    dragged: RwSignal<Option<ConversationId>>,
    /// Moved and not yet seen to have moved.
    moving: RwSignal<BTreeSet<ConversationId>>,
    /// The place of the row that was acted upon last, until the focus has gone on from there.
    left: StoredValue<Option<u32>>,
}

impl Shown {
    fn open(self, number: Number) {
        self.above.set(Some(Above::Rows(number)));
    }

    /// A number; reactive.
    fn count(self, number: Number) -> usize {
        self.board.with(|board| board.as_ref().map_or(0, |board| board.count(number)))
    }

    /// Closes what lies above when somebody comes to see less; says whether there was anything to close. The rows of a
    /// number that is still there stay: they are those that the desk holds, and go by themselves.
    fn retract(self) -> bool {
        let Some(above) = self.above.get_untracked() else { return false };
        let is_there = |number: Number| {
            let overseen = |board: &Board| number.team.is_none_or(|team| board.teams.iter().any(|(id, _)| *id == team));
            self.board.with_untracked(|board| board.as_ref().is_some_and(overseen))
        };
        if matches!(above, Above::Rows(number) if is_there(number)) {
            return false;
        }
        self.above.set(None);
        true
    }
}

/// The screen.
#[component]
pub fn BoardScreen() -> impl IntoView {
    let link = use_link();
    browser::set_title(&[t(ciranda_text::Key::Board), " · ", t(ciranda_text::Key::Product)].concat());
    let team = RwSignal::new(None);
    let shown = Shown {
        link,
        team,
        board: Memo::new(move |_| {
            let now = link.now.get();
            link.known.with(|known| Board::of(known, team.get(), now))
        }),
        aside: RwSignal::new(BoardAside::default()),
        today: RwSignal::new(today::Read::default()),
        above: RwSignal::new(None),
        dragged: RwSignal::new(None),
        moving: RwSignal::new(BTreeSet::new()),
        left: StoredValue::new(None),
    };
    provide_context(shown);
    aside::follow(shown);
    today::follow(shown);
    rights::retract(link, move || shown.retract());
    let entitled = Memo::new(move |_| shown.board.with(Option::is_some));
    let known = Memo::new(move |_| link.known.with(|known| known.me.is_some()));
    view! {
        <main class="page board">
            <header>
                <h1>{t(ciranda_text::Key::Board)}</h1>
                <Freshness/>
                <TeamFilter/>
            </header>
            {move || match (known.get(), entitled.get()) {
                (_, true) => view! {
                    <alerts::Alerts/>
                    <figures::Figures/>
                    <div class="two">
                        <lanes::Queue/>
                        <div class="stack"><people::People/><figures::Teams/></div>
                    </div>
                }.into_any(),
                (true, false) => view! { <p class="page-note">{t(Say::Refused)}</p> }.into_any(),
                (false, false) => view! { <p class="page-note" role="status">{t(ciranda_text::Key::Opening)}</p> }.into_any(),
            }}
        </main>
        {move || shown.above.get().map(|above| match above {
            Above::Rows(number) => view! { <rows::Rows number/> }.into_any(),
            Above::Move(id) => view! { <moving::MoveDialog id/> }.into_any(),
            Above::Ask(id, person) => view! { <moving::AskTeam id person/> }.into_any(),
            Above::Why(id) => view! { <why::WhyDialog id/> }.into_any(),
            Above::TakeOver(id) => view! { <moving::TakeOver id/> }.into_any(),
            Above::Today(number) => view! { <today::Rows number/> }.into_any(),
        })}
    }
}

fn use_shown() -> Shown {
    expect_context::<Shown>()
}

/// Whether what is shown is as the server has it.
#[component]
fn Freshness() -> impl IntoView {
    let link = use_link();
    let live = Memo::new(move |_| link.known.with(|known| known.live));
    view! {
        <span class=move || if live.get() { "connection open" } else { "connection soon" } role="status"
            title=move || if live.get() { t(Say::LiveTitle) } else { "" }>
            {move || t(if live.get() { Say::LiveNow } else { Say::CatchingUp })}
        </span>
    }
}

#[component]
fn TeamFilter() -> impl IntoView {
    let shown = use_shown();
    let teams = Memo::new(move |_| {
        shown.board.with(|board| board.as_ref().map(|board| board.teams.clone()).unwrap_or_default())
    });
    let choose = move |event| {
        let value = event_target_value(&event);
        shown.team.set(value.parse().ok().map(TeamId));
    };
    move || {
        let teams = teams.get();
        (teams.len() > 1).then(|| {
            let options = teams.into_iter().map(|(id, name)| view! { <option value=id.to_string()>{name}</option> });
            view! {
                <select class="page-filter" aria-label=t(Say::TeamFilter) on:change=choose>
                    <option value="">{t(Say::AllTeams)}</option>
                    {options.collect_view()}
                </select>
            }
        })
    }
}
