//! How the shop of the tests is founded: straight into the tables, as its owner.

use ciranda_server::store::codes::Code;
use sqlx::PgConnection;

use super::world::{PEOPLE, Setting, World};

/// Account, people, teams, memberships and a channel.
pub async fn arrange(shop: &World, owner: &mut PgConnection, setting: Setting) {
    let hours = r#"{"week":[[{"from":480,"until":1080}],[{"from":480,"until":1080}],[{"from":480,"until":1080}],
        [{"from":480,"until":1080}],[{"from":480,"until":1080}],[],[]],"exceptions":{}}"#;
    run(owner, "insert into account (account_id, name, zone, calendar, auto_reply, created_at) values ($1, 'Loja', 'America/Sao_Paulo', $2::jsonb, $3, 0)", |q| {
        q.bind(shop.account.0).bind(hours).bind(setting.auto_reply)
    })
    .await;
    run(owner, "insert into account_seq (account_id) values ($1)", |q| q.bind(shop.account.0)).await;
    for (number, name) in (1_i32..).zip(PEOPLE) {
        let profile = match name {
            "Rosa" => 0_i16,
            _ => 1,
        };
        let unavailable = i16::from(name == "Carla");
        run(owner, "with made as (insert into person (account_id, id, number, name, email, profile, availability, created_at) values ($1, $2, $3, $4, $7, $5, $6, $3)) insert into sign_in (login, account_id, person_id) values ($7, $1, $2)", |q| {
            q.bind(shop.account.0).bind(shop.person(name).0).bind(number).bind(name).bind(profile).bind(unavailable).bind(email_of(shop, name))
        })
        .await;
    }
    for (number, team, first) in [(1_i32, shop.team, true), (2, shop.other_team, false)] {
        run(owner, "insert into team (account_id, id, number, name, is_default, level, distributes, overflows, overflow_limit_ms, overflow_maximum_ms, capacity, strategy, weight_whatsapp) values ($1, $2, $3, 'Equipe ' || $3, $4, 1, $5, $6, $7, $8, $9, $10, $11)", |q| {
            q.bind(shop.account.0)
                .bind(team.0)
                .bind(number)
                .bind(first)
                .bind(first && setting.distributes)
                .bind(first && setting.maximum_minutes.is_some())
                .bind(setting.limit_minutes * 60_000)
                .bind(setting.maximum_minutes.unwrap_or(60) * 60_000)
                .bind(setting.capacity.filter(|_| first))
                .bind(setting.strategy.code())
                .bind(setting.weight)
        })
        .await;
    }
    for name in ["Ana", "Bruno", "Carla", "Davi", "Eva"] {
        run(
            owner,
            "insert into membership (account_id, team_id, person_id, attends, supervises) values ($1, $2, $3, $4, $5)",
            |q| {
                q.bind(shop.account.0)
                    .bind(shop.team.0)
                    .bind(shop.person(name).0)
                    .bind(name != "Eva")
                    .bind(name == "Eva")
            },
        )
        .await;
    }
    run(
        owner,
        "insert into membership (account_id, team_id, person_id, attends, supervises) values ($1, $2, $3, true, false)",
        |q| q.bind(shop.account.0).bind(shop.other_team.0).bind(shop.person("Davi").0),
    )
    .await;
    run(owner, "insert into channel (account_id, id, kind, name, address, provider_id) values ($1, $2, 1, 'WhatsApp da loja', '+55 11 4000-0000', $3)", |q| {
        q.bind(shop.account.0).bind(shop.channel.0).bind(shop.channel.0.to_string())
    })
    .await;
    run(owner, "insert into channel_route (kind, provider_id, account_id, channel_id) values (1, $3, $1, $2)", |q| {
        q.bind(shop.account.0).bind(shop.channel.0).bind(shop.channel.0.to_string())
    })
    .await;
}

/// People of different shops have different addresses.
pub fn email_of(shop: &World, name: &str) -> String {
    format!("{}@{}.example", name.to_lowercase(), shop.account.0.simple())
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

async fn run<'q>(owner: &mut PgConnection, sql: &'static str, bind: impl FnOnce(Query<'q>) -> Query<'q>) {
    bind(sqlx::query(sql)).execute(owner).await.expect("arranged");
}
