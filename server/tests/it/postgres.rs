//! The private cluster and the second net of tenancy.

use sqlx::Row;
use uuid::Uuid;

use crate::rig::{TestApp, TestDb, fresh_id};

async fn account(db: &TestDb, name: &str) -> Uuid {
    let id = fresh_id();
    sqlx::query("insert into account (account_id, name, zone, calendar, created_at) values ($1, $2, 'America/Sao_Paulo', '{}', 0)")
        .bind(id)
        .bind(name)
        .execute(&mut db.owner().await)
        .await
        .expect("the owner may write");
    id
}

#[tokio::test]
async fn a_query_sees_only_the_account_of_its_scope_and_nothing_without_one() {
    let db = TestDb::new().await;
    let (one, other) = (account(&db, "Uma").await, account(&db, "Outra").await);
    let pool = db.pool();
    let mut tx = pool.begin().await.expect("begun");

    let unscoped = sqlx::query("select account_id from account").fetch_all(&mut *tx).await.expect("asked");
    assert!(unscoped.is_empty(), "without a scope nothing is visible");

    sqlx::query("select set_config('ciranda.account', $1, true)")
        .bind(one.to_string())
        .execute(&mut *tx)
        .await
        .expect("set");
    let rows = sqlx::query("select account_id from account").fetch_all(&mut *tx).await.expect("asked");
    assert_eq!(rows.iter().map(|row| row.get::<Uuid, _>(0)).collect::<Vec<_>>(), [one]);
    let foreign = sqlx::query("update account set name = 'x' where account_id = $1")
        .bind(other)
        .execute(&mut *tx)
        .await
        .expect("asked");
    assert_eq!(foreign.rows_affected(), 0, "another account's row is out of reach by its id as well");
    let smuggled = sqlx::query("insert into account_seq (account_id) values ($1)").bind(other).execute(&mut *tx).await;
    assert!(smuggled.is_err(), "a row of another account cannot be written");
    tx.rollback().await.expect("rolled back");

    let mut later = pool.begin().await.expect("begun");
    let left = sqlx::query("select account_id from account").fetch_all(&mut *later).await.expect("asked");
    assert!(left.is_empty(), "the scope ends with its transaction");
}

#[tokio::test]
async fn every_tenant_table_is_under_forced_row_level_security() {
    let db = TestDb::new().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id'
         where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not (c.relrowsecurity and c.relforcerowsecurity)
         order by 1",
    )
    .fetch_all(&mut db.owner().await)
    .await
    .expect("asked");
    let installation = ["channel_route", "due", "login_code", "session", "sign_in"];
    assert_eq!(open, installation, "only the listed installation tables stand outside");
}

#[tokio::test]
async fn a_server_answers_on_a_database_of_its_own() {
    let rig = TestApp::start().await;
    let answer = reqwest::get(rig.url("/livez")).await.expect("answered");
    assert_eq!(answer.status(), 200);
    rig.stop().await;
}
