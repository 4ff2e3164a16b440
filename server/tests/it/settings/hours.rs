//! Hours that change while deadlines run, and what customers are told outside them.

use ciranda_api::Saved;
use ciranda_domain::message::Content;
use ciranda_domain::settings::{DayForm, HoursForm};
use ciranda_server::hub;
use serde_json::json;

use super::Desk;
use crate::desk::world::EXAMPLE;
use crate::live::opening::until_told;
use crate::rig::Browser;

const JOANA: &str = "5511900000001";

impl Desk {
    pub async fn change_hours(&self, change: impl FnOnce(&mut HoursForm)) -> Saved {
        let mut entry = self.settings().await.hours;
        change(&mut entry.form);
        self.ok("save_hours", json!({ "rev": entry.rev, "form": entry.form })).await
    }
}

/// Changes every day that is open.
pub fn each_open_day(form: &mut HoursForm, change: impl Fn(&mut DayForm)) {
    form.week.iter_mut().filter(|day| day.open).for_each(change);
}

#[tokio::test]
async fn a_changed_calendar_moves_open_deadlines_by_the_time_they_had_left() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    shop.at("11:55").await;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "Ana");
    // Lunch from noon to one: five of the ten minutes are left until after it.
    desk.change_hours(|form| each_open_day(form, |day| day.lunch = true)).await;
    shop.at("13:04").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Ana", "the clock stood still at lunch");
    shop.at("13:06").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
}

#[tokio::test]
async fn the_saved_text_is_told_once_in_a_closed_period_and_names_the_contact() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    desk.change_hours(|form| {
        form.replies = true;
        form.auto_reply = "Oi, [NOME_CONTATO]! Voltamos às 8h.".into();
    })
    .await;
    shop.at("20:00").await;
    for text in ["oi", "tem alguém?"] {
        shop.write(JOANA, text).await;
    }
    let id = shop.with(JOANA).await.id;
    let told: Vec<String> = shop
        .lines(id)
        .await
        .into_iter()
        .filter(|line| matches!(line.message.content, Content::Fact(_)))
        .filter_map(|line| line.told.map(|(text, _)| text))
        .collect();
    assert_eq!(told, [format!("Oi, Cliente {JOANA}! Voltamos às 8h.")]);
    desk.change_hours(|form| form.replies = false).await;
    shop.at("+1 20:00").await;
    shop.write(JOANA, "e agora?").await;
    let lines = shop.lines(id).await.into_iter().filter(|line| line.told.is_some()).count();
    assert_eq!(lines, 1, "switched off nothing more is told");
}

#[tokio::test]
async fn an_account_that_is_always_open_keeps_its_week_and_its_text_for_when_it_is_not() {
    let desk = Desk::new(EXAMPLE).await;
    desk.change_hours(|form| {
        form.replies = true;
        form.auto_reply = "Voltamos às 8h.".into();
    })
    .await;
    let before = desk.settings().await.hours.form;
    desk.change_hours(|form| (form.limited, form.replies) = (false, false)).await;
    let off = desk.settings().await.hours.form;
    assert_eq!(off, HoursForm { limited: false, replies: false, ..before.clone() });
    desk.change_hours(|form| (form.limited, form.replies) = (true, true)).await;
    assert_eq!(desk.settings().await.hours.form, before);
}

/// Decision 4: the notice comes when the account opens, whether by the clock or by hand, and once.
#[tokio::test]
async fn hours_that_open_the_account_are_an_opening_for_what_came_while_it_was_closed() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    shop.at("19:00").await;
    shop.write(JOANA, "oi").await;
    let ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    desk.change_hours(|form| each_open_day(form, |day| day.until = "20:00".into())).await;
    ana.until("the hours are there", |client| client.view().reference().hours().is_some()).await;
    until_told(&ana, &[1]).await;
    shop.at("+1 08:00").await;
    shop.tick().await;
    shop.write("5511900000002", "bom dia").await;
    until_told(&ana, &[1]).await;
}

/// Hours that are changed in the night move the notice to the new opening.
#[tokio::test]
async fn an_opening_that_is_put_earlier_in_the_night_is_told_then() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    shop.at("22:00").await;
    shop.write(JOANA, "oi").await;
    let ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    desk.change_hours(|form| each_open_day(form, |day| day.from = "07:00".into())).await;
    shop.at("+1 06:59").await;
    shop.tick().await;
    assert_eq!(ana.openings(), Vec::<u32>::new());
    shop.at("+1 07:00").await;
    shop.tick().await;
    until_told(&ana, &[1]).await;
}
