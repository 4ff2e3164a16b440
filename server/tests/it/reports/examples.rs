//! Worked examples, one or two for each metric. The shop is open from 08:00 to 18:00; its first day is a Tuesday.

use ciranda_api::Cell;
use ciranda_domain::person::Availability;
use ciranda_domain::report::{Age, By, Hours, Metric};
use ciranda_domain::time::Span;
use ciranda_server::reports;
use ciranda_sync::calls::Call;

use super::*;
use crate::desk::world::{EXAMPLE, FREE, Setting};
use crate::settings::Desk;
use crate::settings::hours::each_open_day;

#[tokio::test]
async fn a_first_answer_is_counted_from_the_first_message_to_the_first_text_of_a_person() {
    let shop = World::new(FREE).await;
    for (phone, minute) in [(JOANA, 5), (BIA, 20), (CAIO, 40)] {
        shop.at("09:00").await;
        shop.write(phone, "oi").await;
        shop.write(phone, "tudo bem?").await;
        shop.at(&format!("09:{minute:02}")).await;
        start(&shop, "Ana", phone).await;
        answer(&shop, "Ana", phone).await;
    }
    assert_eq!(lengths(&figure(&shop, Metric::FirstResponse).await), (3, minutes(20), minutes(40)));
    assert_eq!(lengths(&figure(&shop, Metric::Wait).await), (3, minutes(20), minutes(40)));
    shop.at("10:00").await;
    shop.write(JOANA, "e agora?").await;
    shop.write(JOANA, "oi?").await;
    let next = figure(&shop, Metric::NextResponse).await;
    assert_eq!((next.n, next.running), (0, 1), "what nobody answered yet is counted beside");
    shop.at("10:07").await;
    answer(&shop, "Ana", JOANA).await;
    answer(&shop, "Ana", JOANA).await;
    let next = figure(&shop, Metric::NextResponse).await;
    assert_eq!((lengths(&next), next.running), ((1, minutes(7), minutes(7)), 0));
}

#[tokio::test]
async fn an_automatic_reply_is_no_answer_and_the_night_is_no_business_time() {
    let shop = World::new(Setting { auto_reply: Some("Voltamos amanhã"), ..FREE }).await;
    shop.at("17:50").await;
    shop.write(BIA, "oi").await;
    shop.at("20:00").await;
    shop.write(JOANA, "oi").await;
    assert_eq!(figure(&shop, Metric::FirstResponse).await.running, 2);
    shop.at("+1 08:10").await;
    for phone in [JOANA, BIA] {
        start(&shop, "Ana", phone).await;
        answer(&shop, "Ana", phone).await;
    }
    let calendar = figure(&shop, Metric::FirstResponse).await;
    assert_eq!(lengths(&calendar), (2, minutes(12 * 60 + 10), minutes(14 * 60 + 20)));
    let business = figure_of(&shop, Metric::FirstResponse, Hours::Business).await;
    assert_eq!(lengths(&business), (2, minutes(10), minutes(20)));
}

#[tokio::test]
async fn a_day_begins_at_midnight_of_the_accounts_zone_and_a_case_belongs_to_the_day_it_began() {
    let shop = World::new(FREE).await;
    shop.at("23:59").await;
    shop.write(JOANA, "oi").await;
    shop.at("+1 00:01").await;
    shop.write(BIA, "oi").await;
    start(&shop, "Ana", JOANA).await;
    answer(&shop, "Ana", JOANA).await;
    let query = ReportQuery { by: By::Day, metrics: vec![Metric::Arrivals, Metric::FirstResponse], ..question() };
    let report = ask(&shop, "Rosa", &query).await;
    let told: Vec<_> =
        report.rows.iter().map(|r| (r.cell, r.figures[0].n, r.figures[1].n, r.figures[1].running)).collect();
    assert_eq!(told, [(Cell::Day(day(0)), 1, 1, 0), (Cell::Day(day(1)), 1, 0, 1), (Cell::Day(day(2)), 0, 0, 0)]);
    assert_eq!(report.today, day(1));
}

#[tokio::test]
async fn an_answer_within_twelve_hours_reopens_and_the_resolution_runs_to_the_last_conclusion() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    shop.at("09:10").await;
    start(&shop, "Ana", JOANA).await;
    answer(&shop, "Ana", JOANA).await;
    shop.at("09:30").await;
    conclude(&shop, "Ana", JOANA).await;
    assert_eq!(lengths(&figure(&shop, Metric::Resolution).await), (1, minutes(30), minutes(30)));
    assert_eq!(lengths(&figure(&shop, Metric::Handle).await), (1, minutes(20), minutes(20)));
    shop.at("11:00").await;
    shop.write(JOANA, "voltei").await;
    let resolution = figure(&shop, Metric::Resolution).await;
    assert_eq!((resolution.n, resolution.running), (0, 1), "it is open again");
    let reopenings = figure(&shop, Metric::Reopenings).await;
    assert_eq!((reopenings.n, reopenings.of), (1, Some(1)));
    shop.at("11:15").await;
    conclude(&shop, "Ana", JOANA).await;
    assert_eq!(lengths(&figure(&shop, Metric::Resolution).await), (1, minutes(135), minutes(135)));
    assert_eq!(figure(&shop, Metric::Arrivals).await.n, 1, "the customer came once");
    assert_eq!(figure(&shop, Metric::Conclusions).await.n, 2);
    let next = figure(&shop, Metric::NextResponse).await;
    assert_eq!((next.n, next.running, next.without), (0, 0, 0), "nobody had to answer it");
}

#[tokio::test]
async fn a_first_message_that_is_concluded_without_an_answer_is_told_and_not_dropped() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    shop.at("09:10").await;
    start(&shop, "Ana", JOANA).await;
    conclude(&shop, "Ana", JOANA).await;
    let first = figure(&shop, Metric::FirstResponse).await;
    assert_eq!((first.n, first.running, first.without, first.median), (0, 0, 1, None));
    // Back within twelve hours the customer still waits for it.
    shop.at("10:00").await;
    shop.write(JOANA, "alguém?").await;
    let first = figure(&shop, Metric::FirstResponse).await;
    assert_eq!((first.n, first.running, first.without), (0, 1, 0));
    shop.at("10:20").await;
    answer(&shop, "Ana", JOANA).await;
    let first = figure(&shop, Metric::FirstResponse).await;
    assert_eq!((lengths(&first), first.without), ((1, minutes(80), minutes(80)), 0));
}

#[tokio::test]
async fn passing_on_begins_another_wait_and_ends_a_persons_time() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    shop.at("09:10").await;
    start(&shop, "Ana", JOANA).await;
    shop.at("09:30").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::TransferToTeam { conversation, team: shop.other_team }).await;
    shop.at("09:35").await;
    start(&shop, "Davi", JOANA).await;
    assert_eq!(figure(&shop, Metric::Transfers).await.n, 1);
    assert_eq!(lengths(&figure(&shop, Metric::Wait).await), (2, minutes(5), minutes(10)));
    let handle = figure(&shop, Metric::Handle).await;
    assert_eq!((lengths(&handle), handle.running), ((1, minutes(20), minutes(20)), 1));
    let by_team = ReportQuery { by: By::Team, metrics: vec![Metric::Arrivals, Metric::Wait], ..question() };
    let report = ask(&shop, "Rosa", &by_team).await;
    let told: BTreeSet<_> = report.rows.iter().map(|row| (row.cell, row.figures[0].n, row.figures[1].n)).collect();
    assert_eq!(told, BTreeSet::from([(Cell::Team(shop.team), 1, 1), (Cell::Team(shop.other_team), 0, 1)]));
}

#[tokio::test]
async fn who_let_an_offer_pass_has_it_counted() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "Ana");
    shop.at("09:12").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
    start(&shop, "Bruno", JOANA).await;
    let query = ReportQuery { by: By::Person, metrics: vec![Metric::Overflow], ..question() };
    let report = ask(&shop, "Rosa", &query).await;
    let told: Vec<_> = report.rows.iter().map(|row| (row.name.as_str(), row.figures[0].n, row.figures[0].of)).collect();
    assert_eq!(told, [("Ana", 1, Some(1)), ("Bruno", 0, Some(1))]);
}

#[tokio::test]
async fn a_hop_of_an_outage_counts_against_nobody() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let down = ciranda_domain::distribution::Outage { from: at(9, 5), until: at(9, 31) };
    shop.app().memory.was_down(down);
    shop.at("09:31").await;
    shop.tick().await;
    let overflow = figure(&shop, Metric::Overflow).await;
    assert!(overflow.of > Some(1), "it was offered on: {overflow:?}");
    let hops = shop.facts(shop.with(JOANA).await.id).await;
    let counted = hops.iter().filter(|(_, fact)| {
        use ciranda_domain::message::{Fact, Why};
        matches!(fact, Fact::Designated { why: Why::LimitReached { .. }, .. })
    });
    assert_eq!(overflow.n, counted.count() as u64, "{hops:?}");
    assert_eq!(overflow.n, 0);
}

#[tokio::test]
async fn a_window_that_ends_unanswered_is_lost_whether_or_not_anything_happens_afterwards() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    shop.write(BIA, "oi").await;
    shop.at("10:00").await;
    start(&shop, "Ana", BIA).await;
    answer(&shop, "Ana", BIA).await;
    shop.at("+1 08:59").await;
    assert_eq!(figure(&shop, Metric::WindowsLost).await.n, 0);
    shop.at("+1 09:01").await;
    assert_eq!(figure(&shop, Metric::WindowsLost).await.n, 1, "nothing was written yet");
    start(&shop, "Ana", JOANA).await;
    assert_eq!(figure(&shop, Metric::WindowsLost).await.n, 1, "and it is not counted twice");
    let query = ReportQuery { by: By::Day, metrics: vec![Metric::WindowsLost], ..question() };
    let lost: Vec<_> = ask(&shop, "Rosa", &query).await.rows.iter().map(|row| row.figures[0].n).collect();
    assert_eq!(lost, [0, 1, 0], "on the day on which the window ended");
}

#[tokio::test]
async fn a_window_that_ends_unanswered_after_a_restart_is_lost_and_one_that_ends_concluded_is_not() {
    let shop = World::new(FREE).await;
    for phone in [JOANA, BIA] {
        shop.write(phone, "oi").await;
        start(&shop, "Ana", phone).await;
        conclude(&shop, "Ana", phone).await;
    }
    shop.at("20:00").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Bruno", Call::Restart { conversation }).await;
    shop.at("+1 08:59").await;
    assert_eq!(figure(&shop, Metric::WindowsLost).await.n, 0);
    shop.at("+1 09:01").await;
    assert_eq!(figure(&shop, Metric::WindowsLost).await.n, 1, "nothing was written yet");
    let query = ReportQuery { by: By::Person, metrics: vec![Metric::WindowsLost], ..question() };
    assert_eq!(numbers_have_their_rows(&shop, "Rosa", &query).await, 1);
    let today = reports::today(shop.app(), viewer(&shop, "Eva")).await.expect("answered");
    assert_eq!(today.all.windows_lost, 1, "the board says what the report says");
    conclude(&shop, "Bruno", JOANA).await;
    let report = ask(&shop, "Rosa", &query).await;
    let told: Vec<_> = report.rows.iter().map(|row| (row.name.as_str(), row.figures[0].n)).collect();
    assert_eq!(told, [("Bruno", 1)], "and it is not counted twice");
}

#[tokio::test]
async fn the_backlog_tells_how_old_the_open_ones_are() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    shop.at("12:00").await;
    shop.write(BIA, "oi").await;
    shop.write(CAIO, "oi").await;
    start(&shop, "Ana", CAIO).await;
    conclude(&shop, "Ana", CAIO).await;
    let backlog = figure(&shop, Metric::Backlog).await;
    assert_eq!((backlog.n, aged(&backlog, Age::UnderAnHour), aged(&backlog, Age::UnderFourHours)), (2, 1, 1));
}

fn occupancy_of(shop: &World, name: &str) -> ReportQuery {
    ReportQuery { person: Some(shop.person(name)), metrics: vec![Metric::Occupancy], ..question() }
}

#[tokio::test]
async fn occupancy_is_the_time_with_a_conversation_of_the_available_time() {
    let shop = World::new(FREE).await;
    for phone in [JOANA, BIA] {
        shop.write(phone, "oi").await;
        start(&shop, "Ana", phone).await;
    }
    shop.at("10:00").await;
    conclude(&shop, "Ana", JOANA).await;
    shop.at("11:00").await;
    conclude(&shop, "Ana", BIA).await;
    shop.at("12:00").await;
    shop.ok("Ana", Call::SetAvailability { availability: Availability::Unavailable }).await;
    shop.at("13:00").await;
    let query = occupancy_of(&shop, "Ana");
    for (hours, available) in [(Hours::Calendar, minutes(12 * 60)), (Hours::Business, minutes(4 * 60))] {
        let report = ask(&shop, "Rosa", &ReportQuery { hours, ..query.clone() }).await;
        let figure = &report.rows[0].figures[0];
        let occupied = figure.occupied.map(|(busy, available)| (rounded(Some(busy)), rounded(Some(available))));
        assert_eq!((figure.n, occupied), (2, Some((minutes(120), available))), "{figure:?}");
    }
}

#[tokio::test]
async fn a_day_gone_by_keeps_the_business_hours_it_had() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    shop.at("+1 08:00").await;
    let hours = Hours::Business;
    let available = async |from: i32| {
        let query = ReportQuery { from: day(from), to: day(from), hours, ..occupancy_of(shop, "Ana") };
        ask(shop, "Rosa", &query).await.rows[0].figures[0].occupied.map(|(_, available)| rounded(Some(available)))
    };
    assert_eq!(available(0).await, Some(minutes(10 * 60)));
    desk.change_hours(|form| each_open_day(form, |day| day.until = "12:00".into())).await;
    shop.at("+2 09:00").await;
    assert_eq!(available(0).await, Some(minutes(10 * 60)));
    assert_eq!(available(1).await, Some(minutes(4 * 60)));
}

#[tokio::test]
async fn the_rows_of_occupancy_are_in_the_hours_that_were_asked_for() {
    let shop = World::new(FREE).await;
    shop.at("17:00").await;
    shop.write(JOANA, "oi").await;
    start(&shop, "Ana", JOANA).await;
    shop.at("19:00").await;
    conclude(&shop, "Ana", JOANA).await;
    let query = occupancy_of(&shop, "Ana");
    for (hours, length) in [(Hours::Calendar, minutes(120)), (Hours::Business, minutes(60))] {
        let query = ReportQuery { hours, ..query.clone() };
        let found = rows(&shop, "Rosa", &query, Cell::All, Metric::Occupancy, Part::Counted).await;
        let [held] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(rounded(held.length), length, "{hours:?}");
    }
}

#[tokio::test]
async fn what_was_given_to_somebody_who_is_away_has_its_row_and_no_share() {
    let shop = World::new(FREE).await;
    shop.ok("Bruno", Call::SetAvailability { availability: Availability::Unavailable }).await;
    shop.at("+1 09:00").await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    let bruno = shop.person("Bruno");
    shop.ok("Rosa", Call::TransferToPerson { conversation, person: bruno, team: shop.team }).await;
    shop.at("+1 10:00").await;
    let metrics = vec![Metric::Occupancy];
    let query = ReportQuery { from: day(1), to: day(1), by: By::Person, metrics, ..question() };
    let report = ask(&shop, "Rosa", &query).await;
    let row = report.rows.iter().find(|row| row.cell == Cell::Person(Some(bruno))).expect("told of");
    assert_eq!((row.figures[0].n, row.figures[0].occupied), (1, Some((Span(0), Span(0)))));
    numbers_have_their_rows(&shop, "Rosa", &query).await;
}

#[tokio::test]
async fn what_runs_out_belongs_to_the_day_of_the_offer_so_that_no_share_exceeds_the_whole() {
    let shop = World::new(EXAMPLE).await;
    shop.at("17:55").await;
    shop.write(JOANA, "oi").await;
    shop.at("+1 08:06").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
    for (number, told) in [(0, (1, Some(1))), (1, (0, Some(1)))] {
        let query = ReportQuery { from: day(number), to: day(number), metrics: vec![Metric::Overflow], ..question() };
        let figure = ask(&shop, "Rosa", &query).await.rows[0].figures[0].clone();
        assert_eq!((figure.n, figure.of), told, "day {number}");
    }
}

#[tokio::test]
async fn the_board_is_told_the_numbers_of_today() {
    let shop = World::new(EXAMPLE).await;
    shop.at("+0 09:00").await;
    shop.write(JOANA, "oi").await;
    shop.at("09:04").await;
    start(&shop, "Ana", JOANA).await;
    answer(&shop, "Ana", JOANA).await;
    shop.write(BIA, "oi").await;
    let today = reports::today(shop.app(), viewer(&shop, "Eva")).await.expect("answered");
    assert_eq!(today.day, day(0));
    let [(team, numbers)] = today.teams[..] else { panic!("she oversees one: {today:?}") };
    assert_eq!((team, numbers), (shop.team, today.all));
    assert_eq!((numbers.arrivals, numbers.answered, numbers.unanswered, numbers.offers), (2, 1, 1, 2));
    assert_eq!(rounded(numbers.first_median), minutes(4));
    assert!(reports::today(shop.app(), viewer(&shop, "Ana")).await.is_err(), "she oversees nothing");
    shop.at("+1 09:00").await;
    let tomorrow = reports::today(shop.app(), viewer(&shop, "Rosa")).await.expect("answered");
    assert_eq!((tomorrow.all.arrivals, tomorrow.all.unanswered, tomorrow.teams.len()), (0, 0, 2));
    assert!(tomorrow.at.since(today.at) > Span::hours(23));
}
