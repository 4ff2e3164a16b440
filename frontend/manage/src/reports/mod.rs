//! Reports: the numbers of a period with their definitions, compared by day, team, person or channel.
//!
//! *Invariant:* every number is a button that opens exactly the rows it counts; what a chart draws is in its table too.
//! An answer to a question that is no longer the one on screen is thrown away.

mod ask;
mod cards;
mod compare;
mod filters;
mod model;
mod rows;
#[cfg(test)]
mod tests;

use ciranda_api::{ApiError, Cell, Choices, ErrorCode, Part, Report, ReportQuery, ReportRows};
use ciranda_domain::report::{By, DayNumber, Hours, Metric};
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_ui::browser;
use ciranda_ui::show::calendar::Calendar;
use ciranda_ui::t;
use leptos::prelude::*;

use crate::link::{Link, use_link};
use crate::rights;
use model::{Chosen, Preset, Unsound};

/// An answer as it stands.
#[derive(Clone, PartialEq, Debug)]
enum Answer {
    Coming,
    Came(Report),
    Refused(ApiError),
}

/// What is asked of the server, or why nothing can be.
type Asked = Result<ReportQuery, Unsound>;

/// A number whose rows are looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Opened {
    asked: ReportRows,
    title: String,
}

/// What is asked. It outlives the screen: whoever looks at a row's conversation comes back to the same question.
#[derive(Clone, Copy)]
pub struct Question {
    preset: RwSignal<Preset>,
    chosen: RwSignal<Chosen>,
    /// What it is narrowed to; period and key are put in when it is asked.
    narrowed: RwSignal<ReportQuery>,
    by: RwSignal<By>,
    metric: RwSignal<Metric>,
    /// What it can be narrowed to, as the last answer had it.
    choices: RwSignal<Choices>,
}

impl Question {
    /// The last seven days of everything, and arrivals by day.
    #[must_use]
    pub fn begin() -> Self {
        let nothing = DayNumber(0);
        let (team, person, channel) = (None, None, None);
        Self {
            preset: RwSignal::new(Preset::Week),
            chosen: RwSignal::new(Chosen::default()),
            narrowed: RwSignal::new(ReportQuery {
                from: nothing,
                to: nothing,
                metrics: Vec::new(),
                by: By::None,
                team,
                person,
                channel,
                hours: Hours::Calendar,
            }),
            by: RwSignal::new(By::Day),
            metric: RwSignal::new(Metric::Arrivals),
            choices: RwSignal::new(Choices::default()),
        }
    }
}

/// What the parts of the screen share; cheap to copy.
#[derive(Clone, Copy)]
struct Shown {
    link: Link,
    question: Question,
    /// The numbers of the whole period, and the same by key.
    whole: RwSignal<Answer>,
    compared: RwSignal<Answer>,
    opened: RwSignal<Option<Opened>>,
    /// Raised to ask once more.
    again: RwSignal<u32>,
}

impl Shown {
    /// The question by a key, about these metrics or all, or why there is none; nothing before the account's day is
    /// known.
    fn query(self, by: By, metrics: Vec<Metric>) -> Option<Asked> {
        let today = self.today()?;
        let Question { preset, chosen, narrowed, .. } = self.question;
        let period = preset.get().period(today, chosen.get());
        Some(period.map(|period| ReportQuery { from: period.from, to: period.to, by, metrics, ..narrowed.get() }))
    }

    /// The account's day; reactive.
    fn today(self) -> Option<DayNumber> {
        self.link.known.with(|known| known.reference.account.is_some()).then_some(())?;
        let day = self.link.calendar().day(self.link.now.get_untracked());
        i32::try_from(day).ok().map(DayNumber)
    }

    /// What of the account's conversations is counted for the viewer, where it is not all of them.
    fn bounds(self) -> Option<Say> {
        self.link.known.with(|known| {
            let organisation = &known.reference.organisation;
            let actor = organisation.actor(known.me?)?;
            let overseen = organisation.teams.keys().filter(|team| actor.oversees(**team)).count();
            match overseen {
                0 => Some(Say::OwnOnly),
                _ if overseen < organisation.teams.len() => Some(Say::SeenOnly),
                _ => None,
            }
        })
    }

    /// Puts a metric into the chart; by day, where it cannot be told by what is chosen.
    fn compare(self, metric: Metric) {
        let Question { by, metric: compared, .. } = self.question;
        if !metric.splits(by.get_untracked()) {
            by.set([By::Day, By::Team, By::Person].into_iter().find(|by| metric.splits(*by)).unwrap_or_default());
        }
        compared.set(metric);
    }

    fn open(self, query: &ReportQuery, cell: Cell, metric: Metric, part: Part, title: String) {
        let asked = ReportRows { query: query.clone(), cell, metric, part, after: None };
        self.opened.set(Some(Opened { asked, title }));
    }
}

fn use_shown() -> Shown {
    expect_context::<Shown>()
}

/// The screen.
#[component]
pub fn ReportsScreen() -> impl IntoView {
    browser::set_title(&[t(Say::Title), " · ", t(ciranda_text::Key::Product)].concat());
    let shown = Shown {
        link: use_link(),
        question: expect_context::<Question>(),
        whole: RwSignal::new(Answer::Coming),
        compared: RwSignal::new(Answer::Coming),
        opened: RwSignal::new(None),
        again: RwSignal::new(0),
    };
    provide_context(shown);
    ask::follow(shown);
    let connected = ask::connected(shown);
    rights::retract(shown.link, move || {
        let open = shown.opened.with_untracked(Option::is_some);
        shown.opened.set(None);
        open
    });
    let bounds = Memo::new(move |_| shown.bounds());
    let barred = Memo::new(move |_| {
        shown.whole.with(|answer| matches!(answer, Answer::Refused(error) if error.code == ErrorCode::NotAllowed))
    });
    view! {
        <main class="page reports">
            <header><h1>{t(Say::Title)}</h1></header>
            {move || (!barred.get()).then(|| view! { <filters::Filters/> })}
            {move || match shown.whole.get() {
                Answer::Coming => view! { <p class="page-note" role="status">{t(Say::Loading)}</p> }.into_any(),
                Answer::Refused(error) => refused(shown, &error).into_any(),
                Answer::Came(report) if model::is_empty(&report) => view! { <p class="page-note" role="status">{t(Say::Empty)}</p> }.into_any(),
                Answer::Came(report) => view! {
                    {move || (connected.get() == Some(false)).then(|| view! { <p class="report-note" role="status">{t(Say::OfflineNumbers)}</p> })}
                    {move || bounds.get().map(|said| view! { <p class="report-note">{t(said)}</p> })}
                    <compare::Compare/>
                    <cards::Cards report/>
                }
                .into_any(),
            }}
        </main>
        {move || shown.opened.get().map(|opened| view! { <rows::Rows opened/> })}
    }
}

/// Why there are no numbers, and what to do.
fn refused(shown: Shown, error: &ApiError) -> impl IntoView + use<> {
    let why = match (error.code, error.field.as_deref()) {
        (ErrorCode::NotAllowed, _) => Say::Restricted,
        (ErrorCode::Offline, _) => Say::Offline,
        (ErrorCode::Invalid, Some("to")) => Say::Backwards,
        (ErrorCode::Invalid, Some(Unsound::MISSING)) => Say::DaysMissing,
        (ErrorCode::Invalid, _) => Say::TooLong,
        (ErrorCode::NotFound, _) => Say::NotThere,
        (
            ErrorCode::SignedOut
            | ErrorCode::TooMany
            | ErrorCode::BadCode
            | ErrorCode::BadLink
            | ErrorCode::DemoOnly
            | ErrorCode::Unavailable,
            _,
        ) => Say::Failed,
    };
    let helps = matches!(why, Say::Offline | Say::Failed);
    view! {
        <div class="page-note" role="alert">
            <p>{t(why)}</p>
            {helps.then(|| view! { <button on:click=move |_| shown.again.update(|n| *n += 1)>{t(Say::Again)}</button> })}
        </div>
    }
}
