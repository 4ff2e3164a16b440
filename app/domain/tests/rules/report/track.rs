//! The facts that follow from a conversation's lines, by worked examples; the desk is open from 08:00 to 18:00.

use std::collections::BTreeMap;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::message::{Body, Content, Delivery, Fact as Told, Kind, Why};
use ciranda_domain::report::track::Stands;
use ciranda_domain::report::{Belongs, Changes, Fact, FactKind, Ground, Measure, Metric, Track};
use ciranda_domain::time::{Moment, Span};

use crate::distribution::rig::eight_to_six;
use crate::fixtures::*;

/// A conversation of Suporte on WhatsApp, and the rows that its lines made.
pub struct Book {
    track: Track,
    rows: BTreeMap<u32, Fact>,
    /// Where the conversation's head says it is.
    team: TeamId,
}

/// A fact without its numbers: from, until, person.
pub type Row = (Moment, Option<Moment>, Option<PersonId>);

impl Book {
    /// It came at nine and Bruno is its first designee.
    pub fn new() -> Self {
        let mut book = Self { track: Track::default(), rows: BTreeMap::new(), team: SUPORTE };
        book.told(at(9, 0), received()).hears(at(9, 0), Kind::Text);
        book.told(at(9, 0), offered(BRUNO, Why::TheirTurn));
        book
    }

    /// As [`Book::new`], and Bruno started it at 09:05.
    pub fn started() -> Self {
        let mut book = Self::new();
        book.told(at(9, 5), Told::Started { by: BRUNO });
        book
    }

    fn see(&mut self, at: Moment, content: &Content) -> &mut Self {
        let (calendar, mut changes) = (eight_to_six(), Changes::default());
        let ground = Ground { calendar: &calendar, channel: ChannelKind::WhatsApp, team: self.team };
        self.track.see(at, content, &ground, &mut changes);
        for gone in changes.gone {
            assert_eq!(self.rows.remove(&gone.no), Some(gone), "only what was written goes");
        }
        for new in changes.new {
            assert_eq!(self.rows.insert(new.no, new), None, "a number is given once");
        }
        self
    }

    pub fn told(&mut self, at: Moment, fact: Told) -> &mut Self {
        self.see(at, &Content::Fact(fact))
    }

    pub fn hears(&mut self, at: Moment, kind: Kind) -> &mut Self {
        self.see(at, &Content::Inbound { body: Body::Placeholder { kind, caption: None } })
    }

    pub fn says(&mut self, at: Moment, author: PersonId) -> &mut Self {
        let body = Body::Text("Olá".to_owned());
        self.see(at, &Content::Outbound { author, body, delivery: Delivery::Queued })
    }

    pub fn of(&self, kind: FactKind) -> Vec<Row> {
        self.rows.values().filter(|fact| fact.kind == kind).map(|fact| (fact.at, fact.until, fact.person)).collect()
    }
}

pub fn received() -> Told {
    Told::Received { channel_name: "Loja".to_owned() }
}

fn offered(to: PersonId, why: Why) -> Told {
    Told::Designated { to, attempt: 1, why }
}

pub fn concluded(by: PersonId) -> Told {
    Told::Concluded { by: Some(by) }
}

#[test]
fn from_arrival_to_conclusion_every_figure_has_its_fact() {
    let mut book = Book::new();
    book.told(at(9, 10), offered(DAVI, Why::LimitReached { from: BRUNO }));
    assert_eq!(book.of(FactKind::Arrival), [(at(9, 0), None, None)], "nobody took charge of it yet");
    book.told(at(9, 12), Told::Started { by: DAVI }).says(at(9, 15), DAVI).says(at(9, 16), DAVI);
    book.hears(at(9, 40), Kind::Text).hears(at(9, 41), Kind::Text).says(at(9, 50), EVA);
    book.told(at(10, 0), concluded(DAVI));
    let facts: Vec<_> = book.rows.values().map(|fact| (fact.kind, fact.at, fact.until, fact.person)).collect();
    assert_eq!(
        facts,
        [
            (FactKind::Arrival, at(9, 0), None, Some(DAVI)),
            (FactKind::Offer, at(9, 0), None, Some(BRUNO)),
            (FactKind::Overflow, at(9, 0), None, Some(BRUNO)),
            (FactKind::Offer, at(9, 10), None, Some(DAVI)),
            (FactKind::Wait, at(9, 0), Some(at(9, 12)), Some(DAVI)),
            (FactKind::FirstResponse, at(9, 0), Some(at(9, 15)), Some(DAVI)),
            (FactKind::NextResponse, at(9, 40), Some(at(9, 50)), Some(EVA)),
            (FactKind::Handle, at(9, 12), Some(at(10, 0)), Some(DAVI)),
            (FactKind::Conclusion, at(10, 0), None, Some(DAVI)),
            (FactKind::Resolution, at(9, 0), Some(at(10, 0)), Some(DAVI)),
        ]
    );
    assert_eq!(book.track.stands, Stands::Finished);
}

#[test]
fn an_arrival_that_is_started_in_the_same_step_was_never_written_without_its_person() {
    let (calendar, mut track, mut changes) = (eight_to_six(), Track::default(), Changes::default());
    let ground = Ground { calendar: &calendar, channel: ChannelKind::WhatsApp, team: SUPORTE };
    for (at, fact) in [(at(9, 0), received()), (at(9, 1), Told::Started { by: BRUNO })] {
        track.see(at, &Content::Fact(fact), &ground, &mut changes);
    }
    assert_eq!(changes.gone, []);
    let people: Vec<_> = changes.new.iter().map(|fact| (fact.kind, fact.person)).collect();
    assert_eq!(people, [(FactKind::Arrival, Some(BRUNO)), (FactKind::Wait, Some(BRUNO))]);
}

#[test]
fn the_night_is_no_business_time() {
    let mut book = Book::new();
    book.told(at(17, 50), Told::Started { by: BRUNO }).says(at(17, 50), BRUNO);
    book.hears(at(17, 50), Kind::Text).says(at(24 + 8, 10), BRUNO);
    let next = book.rows.values().find(|fact| fact.kind == FactKind::NextResponse).expect("answered");
    assert_eq!((next.length(), next.business), (Some(Span::minutes(14 * 60 + 20)), Some(Span::minutes(20))));
}

#[test]
fn a_reaction_asks_nothing() {
    let mut book = Book::started();
    book.says(at(9, 6), BRUNO).hears(at(9, 30), Kind::Reaction).says(at(9, 40), BRUNO);
    assert_eq!(book.of(FactKind::NextResponse), []);
}

#[test]
fn only_a_first_burst_that_was_concluded_unanswered_is_told() {
    let mut book = Book::started();
    book.told(at(9, 30), concluded(EVA));
    assert_eq!(
        book.of(FactKind::FirstResponse),
        [(at(9, 0), None, Some(BRUNO))],
        "the responsible's, not the closer's"
    );
    assert_eq!(book.of(FactKind::Conclusion), [(at(9, 30), None, Some(BRUNO))]);
    let mut book = Book::started();
    book.says(at(9, 6), BRUNO).hears(at(9, 20), Kind::Text).told(at(9, 30), concluded(BRUNO));
    assert_eq!(book.of(FactKind::FirstResponse), [(at(9, 0), Some(at(9, 6)), Some(BRUNO))]);
    assert_eq!(book.of(FactKind::NextResponse), []);
}

#[test]
fn who_comes_back_without_an_answer_has_waited_for_the_first_one_since_the_first_message() {
    let customer_first = |book: &mut Book| {
        book.hears(at(10, 0), Kind::Text).told(at(10, 0), Told::Returned { to: BRUNO });
    };
    let fact_first = |book: &mut Book| {
        book.told(at(10, 0), Told::Returned { to: BRUNO }).hears(at(10, 0), Kind::Text);
    };
    for back in [&customer_first as &dyn Fn(&mut Book), &fact_first] {
        let mut book = Book::started();
        book.told(at(9, 30), concluded(BRUNO));
        back(&mut book);
        assert_eq!(book.of(FactKind::FirstResponse), [], "it is not over");
        assert_eq!(book.track.asked.map(|asked| (asked.at, book.track.answered)), Some((at(9, 0), false)));
        book.says(at(10, 20), BRUNO).hears(at(10, 30), Kind::Text).says(at(10, 40), BRUNO);
        assert_eq!(book.of(FactKind::FirstResponse), [(at(9, 0), Some(at(10, 20)), Some(BRUNO))]);
        assert_eq!(book.of(FactKind::NextResponse), [(at(10, 30), Some(at(10, 40)), Some(BRUNO))]);
        // Concluded once more without an answer it is told once.
        let mut book = Book::started();
        book.told(at(9, 30), concluded(BRUNO));
        back(&mut book);
        book.told(at(11, 0), concluded(DAVI));
        assert_eq!(book.of(FactKind::FirstResponse), [(at(9, 0), None, Some(BRUNO))]);
    }
}

#[test]
fn a_pending_one_that_is_concluded_waited_for_nobody() {
    let mut book = Book::new();
    book.told(at(9, 30), concluded(EVA));
    assert_eq!(book.of(FactKind::Wait), [(at(9, 0), None, None)]);
    assert_eq!(book.of(FactKind::Arrival), [(at(9, 0), None, None)]);
    assert_eq!(book.of(FactKind::Conclusion), [(at(9, 30), None, Some(EVA))]);
}

#[test]
fn decision_9_what_runs_out_in_an_outage_of_ours_counts_against_nobody() {
    let mut book = Book::new();
    book.told(at(9, 10), offered(DAVI, Why::LimitReachedDuringOutage { from: BRUNO }));
    book.told(at(10, 0), Told::Released { why: Why::MaximumReachedDuringOutage });
    assert_eq!(book.of(FactKind::Overflow), []);
    let mut book = Book::new();
    book.told(at(10, 0), Told::Released { why: Why::MaximumReached });
    assert_eq!(
        book.of(FactKind::Overflow),
        [(at(9, 0), None, Some(BRUNO))],
        "the maximum counts against the designee, on the day of the offer"
    );
}

#[test]
fn passing_on_is_a_transfer_and_taking_over_is_none() {
    let mut book = Book::started();
    book.told(at(9, 30), Told::TransferredToPerson { by: EVA, to: EVA, team: SUPORTE, because: None });
    assert_eq!(book.of(FactKind::Transfer), []);
    book.told(at(9, 40), Told::TransferredToPerson { by: EVA, to: GIL, team: GERAL, because: None });
    book.told(at(9, 50), Told::TransferredToTeam { by: GIL, from: GERAL, to: SUPORTE, because: None });
    book.told(at(9, 55), Told::Started { by: DAVI });
    assert_eq!(book.of(FactKind::Transfer), [(at(9, 40), None, Some(EVA)), (at(9, 50), None, Some(GIL))]);
    let handled = [(at(9, 5), at(9, 30), BRUNO), (at(9, 30), at(9, 40), EVA), (at(9, 40), at(9, 50), GIL)];
    let handled = handled.map(|(from, until, by)| (from, Some(until), Some(by)));
    assert_eq!(book.of(FactKind::Handle), handled);
    let teams = book.rows.values().filter(|fact| fact.kind == FactKind::Handle).map(|fact| fact.team);
    assert_eq!(teams.collect::<Vec<_>>(), [SUPORTE, SUPORTE, GERAL], "each in the team it was in then");
    let waits = [(at(9, 0), at(9, 5), BRUNO), (at(9, 50), at(9, 55), DAVI)];
    assert_eq!(book.of(FactKind::Wait), waits.map(|(from, until, by)| (from, Some(until), Some(by))));
}

#[test]
fn a_fact_belongs_to_the_team_of_its_lines_whatever_the_head_says_by_then() {
    let mut book = Book::new();
    book.team = GERAL;
    book.told(at(9, 5), Told::Started { by: BRUNO });
    assert!(book.rows.values().all(|fact| fact.team == SUPORTE), "{:?}", book.rows);
}

#[test]
fn what_comes_back_within_twelve_hours_is_not_resolved_until_it_is_concluded_again() {
    for back in [Told::Returned { to: BRUNO }, Told::ReturnedToTeam { from: Some(BRUNO) }, Told::Queued] {
        let mut book = Book::started();
        book.says(at(9, 6), BRUNO).told(at(9, 30), concluded(BRUNO)).told(at(10, 0), back.clone());
        let reopened = [(at(9, 30), None, Some(BRUNO))];
        assert_eq!(book.of(FactKind::Reopening), reopened, "on the day of the conclusion it is a share of: {back:?}");
        assert_eq!(book.of(FactKind::Resolution), [], "{back:?}");
        if !matches!(back, Told::Returned { .. }) {
            assert_eq!(book.track.stands, Stands::Pending { since: at(10, 0) });
            book.told(at(10, 0), offered(DAVI, Why::TheirTurn)).told(at(10, 5), Told::Started { by: DAVI });
        }
        book.told(at(11, 0), concluded(DAVI));
        assert_eq!(book.of(FactKind::Reopening).len(), 1, "distribution speaks of it again and reopens nothing");
        let resolutions = book.of(FactKind::Resolution);
        assert_eq!(resolutions.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(at(9, 0), Some(at(11, 0)))]);
    }
}

#[test]
fn what_a_person_restarted_is_no_wait_of_the_customers() {
    let mut book = Book::started();
    book.says(at(9, 6), BRUNO).told(at(9, 30), concluded(BRUNO));
    book.told(at(30, 0), Told::Restarted { by: DAVI }).told(at(31, 0), concluded(DAVI));
    assert_eq!(book.of(FactKind::Resolution), [(at(9, 0), Some(at(9, 30)), Some(BRUNO))], "the first one stays");
    assert_eq!(book.of(FactKind::Reopening), []);
    assert_eq!(book.of(FactKind::Handle)[1], (at(30, 0), Some(at(31, 0)), Some(DAVI)));
}

#[test]
fn an_arrival_begins_anew_and_gives_no_number_twice() {
    let mut book = Book::started();
    book.told(at(9, 30), concluded(BRUNO)).told(at(10, 0), received());
    assert_eq!(book.of(FactKind::Arrival), [(at(9, 0), None, Some(BRUNO)), (at(10, 0), None, None)]);
}

#[test]
fn a_window_that_ends_unanswered_is_lost_once() {
    let mut book = Book::started();
    // The later message of the burst moves the end; a reaction does not, on WhatsApp, nor does an older one come late.
    book.hears(at(10, 0), Kind::Text).hears(at(11, 0), Kind::Reaction).hears(at(9, 30), Kind::Text);
    book.told(at(24 + 9, 59), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), []);
    let note = Content::Note { author: EVA, text: "Cuidado".to_owned(), mentions: Vec::new() };
    book.see(at(24 + 10, 0), &note);
    assert_eq!(book.of(FactKind::WindowLost), [], "the customer never sees a note");
    book.told(at(24 + 10, 0), Told::AutoReplied);
    let lost = [(at(24 + 10, 0), None, Some(BRUNO))];
    assert_eq!(book.of(FactKind::WindowLost), lost, "at its very end");
    // A message of the same instant that comes late opens no other window.
    book.told(at(24 + 11, 0), Told::AutoReplied).hears(at(10, 0), Kind::Text);
    book.told(at(24 + 12, 0), Told::AutoReplied).says(at(24 + 13, 0), BRUNO);
    assert_eq!(book.of(FactKind::WindowLost), lost);
    assert_eq!(book.of(FactKind::FirstResponse), [(at(9, 0), Some(at(24 + 13, 0)), Some(BRUNO))]);
}

#[test]
fn a_window_whose_burst_was_answered_is_not_lost() {
    let mut book = Book::started();
    book.says(at(9, 6), BRUNO).told(at(50, 0), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), []);
    // Pending, it is nobody's loss.
    let mut book = Book::new();
    book.told(at(50, 0), Told::Queued);
    assert_eq!(book.of(FactKind::WindowLost), [(at(24 + 9, 0), None, None)]);
}

/// A conversation of several days with every fact in it, each on another day or hour than the others.
fn eventful() -> Book {
    let day = |number: i64, hour: i64| at(24 * number + hour, 0);
    let mut book = Book::new();
    book.told(day(1, 9), offered(DAVI, Why::LimitReached { from: BRUNO }));
    book.told(day(2, 9), Told::Started { by: DAVI }).says(day(3, 9), DAVI);
    book.told(day(4, 9), Told::TransferredToPerson { by: DAVI, to: EVA, team: SUPORTE, because: None });
    book.hears(day(5, 9), Kind::Text).says(day(6, 10), EVA);
    book.told(day(7, 23), concluded(EVA)).told(day(8, 2), Told::Returned { to: EVA }).told(day(9, 9), concluded(EVA));
    book
}

#[test]
fn every_metric_belongs_to_the_day_that_its_definition_says() {
    let book = eventful();
    for metric in Metric::ALL {
        let definition = metric.definition();
        let Some(kind) = definition.measure.counted() else {
            assert_eq!(definition.belongs(), None, "{metric:?}");
            continue;
        };
        let facts: Vec<&Fact> = book.rows.values().filter(|fact| fact.kind == kind).collect();
        let began = |fact: &Fact| fact.until.is_some_and(|until| until > fact.at);
        let at_once =
            |days: &[i64]| facts.iter().map(|fact| fact.at.since(at(0, 0)).0 / 86_400_000).eq(days.iter().copied());
        let kept = match definition.belongs() {
            Some(Belongs::Began) => facts.iter().all(|fact| began(fact)),
            Some(Belongs::Happened) => facts.iter().all(|fact| fact.until.is_none()),
            Some(Belongs::Concluded) => at_once(&[7]),
            Some(Belongs::Offered) => at_once(&[0]),
            // Those of the first burst and of the later one, each 24 hours after it.
            Some(Belongs::WindowEnded) => at_once(&[1, 6]),
            None => false,
        };
        assert!(kept && !facts.is_empty(), "{metric:?}: {facts:?}");
    }
}

#[test]
fn only_what_its_definition_says_is_cut_short() {
    let mut book = Book::new();
    book.told(at(9, 10), Told::TransferredToTeam { by: EVA, from: SUPORTE, to: GERAL, because: None })
        .told(at(9, 30), concluded(EVA));
    let mut returned = eventful();
    returned.hears(at(240, 0), Kind::Text).told(at(241, 0), concluded(EVA));
    for metric in Metric::ALL {
        let Measure::Length(kind) = metric.definition().measure else { continue };
        let cut =
            book.rows.values().chain(returned.rows.values()).any(|fact| fact.kind == kind && fact.until.is_none());
        assert_eq!(cut, metric.definition().cut().is_some(), "{metric:?}");
    }
}
