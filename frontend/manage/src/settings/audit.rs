//! The audit: who changed what and when, with filters.

use ciranda_api::{AuditFilter, AuditKind, AuditLine, ErrorCode};
use ciranda_domain::ids::PersonId;
use ciranda_domain::settings::fold;
use ciranda_domain::time::{Moment, Span};
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::bar::differences;
use super::model::audit::{details, headline, kind};
use super::store::{Store, use_store};
use super::{failed, skeleton, zones};
use crate::fields::{self, About};

/// Since when.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Period {
    Day,
    Week,
    Month,
    All,
}

impl Period {
    const fn span(self) -> Option<Span> {
        match self {
            Self::Day => Some(Span::days(1)),
            Self::Week => Some(Span::days(7)),
            Self::Month => Some(Span::days(30)),
            Self::All => None,
        }
    }
}

/// What is asked and what came; cheap to copy.
#[derive(Clone, Copy)]
struct Asked {
    store: Store,
    who: RwSignal<Option<PersonId>>,
    kind: RwSignal<Option<AuditKind>>,
    subject: RwSignal<Option<Uuid>>,
    period: RwSignal<Period>,
    lines: RwSignal<Option<Vec<AuditLine>>>,
    next: RwSignal<Option<String>>,
    failed: RwSignal<Option<ErrorCode>>,
    /// Which question the lines answer: a late answer to an earlier one is dropped.
    turn: RwSignal<u32>,
    busy: RwSignal<bool>,
}

impl Asked {
    fn filter(self) -> AuditFilter {
        let now = self.store.link.now.get_untracked();
        let from = self.period.get_untracked().span().map(|span| Moment(now.0 - span.0));
        AuditFilter {
            who: self.who.get_untracked(),
            kind: self.kind.get_untracked(),
            subject: self.subject.get_untracked(),
            from,
            until: None,
        }
    }

    fn ask(self, more: bool) {
        let turn = self.turn.get_untracked() + 1;
        self.turn.set(turn);
        self.busy.set(true);
        self.failed.set(None);
        let before = if more { self.next.get_untracked() } else { None };
        let filter = self.filter();
        spawn_local(async move {
            let answer = ciranda_api::audit(filter, before).await;
            // A later question was asked, or the page was left.
            if self.turn.try_get_untracked() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => {
                    self.next.set(page.next);
                    self.lines.update(|lines| {
                        if more {
                            lines.get_or_insert_default().extend(page.lines);
                        } else {
                            *lines = Some(page.lines);
                        }
                    });
                }
                Err(error) => self.failed.set(Some(error.code)),
            }
        });
    }
}

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let store = use_store();
    let asked = Asked {
        store,
        who: RwSignal::new(None),
        kind: RwSignal::new(None),
        subject: RwSignal::new(None),
        period: RwSignal::new(Period::Month),
        lines: RwSignal::new(None),
        next: RwSignal::new(None),
        failed: RwSignal::new(None),
        turn: RwSignal::new(0),
        busy: RwSignal::new(false),
    };
    Effect::new(move |_| {
        asked.who.track();
        asked.kind.track();
        asked.subject.track();
        asked.period.track();
        asked.ask(false);
    });
    let again = Callback::new(move |()| asked.ask(false));
    let body = move || {
        if let Some(code) = asked.failed.get() {
            return failed(code, again).into_any();
        }
        match asked.lines.get() {
            None => skeleton().into_any(),
            Some(lines) if lines.is_empty() => view! { <p class="page-note">{t(Say::AuditEmpty)}</p> }.into_any(),
            Some(lines) => list(asked, &lines).into_any(),
        }
    };
    view! {
        {filters(asked)}
        <div aria-busy=move || asked.busy.get().to_string()>{body}</div>
    }
}

fn filters(asked: Asked) -> impl IntoView {
    let store = asked.store;
    let (people, teams) = untrack(|| {
        store.organisation(|organisation| {
            let mut people: Vec<_> = organisation.people.values().map(|one| (one.id, one.name.clone())).collect();
            people.sort_by_key(|(_, name)| fold(name));
            let mut teams: Vec<_> = organisation.teams.values().map(|one| (one.id, one.name.clone())).collect();
            teams.sort_by_key(|(_, name)| fold(name));
            (people, teams)
        })
    });
    let any = || t(Say::Anything).to_owned();
    let whos: Vec<_> = std::iter::once((None, t(Say::Anybody).to_owned()))
        .chain(people.iter().map(|(id, name)| (Some(*id), name.clone())))
        .collect();
    let kinds: Vec<_> =
        std::iter::once((None, any())).chain(AuditKind::ALL.map(|one| (Some(one), t(kind(one)).to_owned()))).collect();
    let subjects: Vec<_> = std::iter::once((None, any()))
        .chain(teams.into_iter().map(|(id, name)| (Some(id.0), [t(Say::Team), " ", &name].concat())))
        .chain(people.into_iter().map(|(id, name)| (Some(id.0), name)))
        .collect();
    let periods = vec![
        (Period::Day, t(Say::LastDay).to_owned()),
        (Period::Week, t(Say::LastWeek).to_owned()),
        (Period::Month, t(Say::LastMonth).to_owned()),
        (Period::All, t(Say::Ever).to_owned()),
    ];
    let (who, what, subject, period) = (asked.who, asked.kind, asked.subject, asked.period);
    view! {
        <div class="filters">
            {fields::select(&About::plain("audit-who", t(Say::AuditWho)), whos, who.into(), Callback::new(move |one| who.set(one)))}
            {fields::select(&About::plain("audit-kind", t(Say::AuditKind)), kinds, what.into(), Callback::new(move |one| what.set(one)))}
            {fields::select(&About::plain("audit-subject", t(Say::AuditSubject)), subjects, subject.into(), Callback::new(move |one| subject.set(one)))}
            {fields::select(&About::plain("audit-period", t(Say::AuditPeriod)), periods, period.into(), Callback::new(move |one| period.set(one)))}
        </div>
    }
}

fn list(asked: Asked, lines: &[AuditLine]) -> impl IntoView + use<> {
    let store = asked.store;
    let line = |line: &AuditLine| {
        let (headline, details) = untrack(|| store.names(|names| (headline(line, names), details(line, names))));
        let more = (!details.is_empty()).then(|| differences(&details));
        view! { <li class="audit-line"><p><b>{headline}</b><time class="num">{zones::stamp(store, line.at)}</time></p>{more}</li> }
    };
    let more = move || {
        asked.next.get().map(|_| {
            view! { <div class="panel-foot"><button disabled=move || asked.busy.get() on:click=move |_| asked.ask(true)>{t(Say::More)}</button></div> }
        })
    };
    view! { <section class="panel"><ol class="audit">{lines.iter().map(line).collect_view()}</ol>{more}</section> }
}
