//! What `ciranda doctor` says, and `ciranda admin create`.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::ChannelId;
use ciranda_server::admin;
use ciranda_server::config::Mode;
use ciranda_server::doctor::{Finding, findings};
use ciranda_server::postgres::Role;
use ciranda_server::secrets::{Place, Secrets};
use ciranda_server::store;
use ciranda_server::store::setup::{self, NewChannel};

use crate::rig::{TestApp, fresh_id};

/// What is wrong, as one text.
async fn wrong(test: &TestApp, role: Role) -> String {
    let all = findings(&test.app, role).await;
    let wrong = all.into_iter().filter(|finding| matches!(finding, Finding::Wrong(_)));
    wrong.map(|finding| finding.to_string()).collect::<Vec<_>>().join("\n")
}

async fn channel(test: &TestApp, name: &str, sealed_by: &Secrets) -> ChannelId {
    let account = setup::accounts(&test.app.pool).await.expect("asked")[0];
    let id = ChannelId(fresh_id());
    let provider_id = id.to_string();
    let mut scoped = store::begin(&test.app, account).await.expect("begun");
    let channel = NewChannel {
        id,
        kind: ChannelKind::WhatsApp,
        name,
        address: "+55 11 4000-0000",
        provider_id: &provider_id,
        waba_id: "1",
        team: None,
        credential: sealed_by.seal(Place::channel_credential(account, id.0), b"token").expect("sealed"),
    };
    scoped.insert_channel(&channel).await.expect("made");
    scoped.commit().await.expect("committed");
    id
}

#[tokio::test]
async fn a_bare_installation_is_told_what_it_lacks() {
    let test = TestApp::start().await;
    let text = wrong(&test, Role::Unbound).await;
    for said in ["CIRANDA_META_APP_SECRET", "CIRANDA_SMTP_URL", "create role ciranda_app", "ciranda admin create"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[tokio::test]
async fn a_sound_installation_has_nothing_wrong() {
    let env = [("CIRANDA_META_APP_SECRET", "s"), ("CIRANDA_SMTP_URL", "smtp://127.0.0.1:9")];
    let test = TestApp::with(Mode::Serve, &env).await;
    admin::create(&test.app, "Loja", "Rita", "rita@loja.example", "UTC").await.expect("created");
    channel(&test, "Balcão", &test.app.secrets).await;
    assert_eq!(wrong(&test, Role::Plain).await, "");
}

#[tokio::test]
async fn credentials_that_do_not_open_or_expire_are_named() {
    let env = [("CIRANDA_META_APP_SECRET", "s"), ("CIRANDA_SMTP_URL", "smtp://127.0.0.1:9")];
    let test = TestApp::with(Mode::Serve, &env).await;
    admin::create(&test.app, "Loja", "Rita", "rita@loja.example", "UTC").await.expect("created");
    channel(&test, "Trancado", &Secrets::new(&[8; 32]).expect("32 bytes")).await;
    let soon = channel(&test, "Vencendo", &test.app.secrets).await;
    let late = channel(&test, "Vencido", &test.app.secrets).await;
    for (id, hours) in [(soon, 75), (late, -1)] {
        sqlx::query("update channel set credential_expires_at = now() + make_interval(hours => $2) where id = $1")
            .bind(id.0)
            .bind(hours)
            .execute(&mut test.db.owner().await)
            .await
            .expect("done");
    }
    let kept = "insert into envelope (body, state, note) values ('x', 2, 'unknown channel WhatsApp 999')";
    sqlx::query(kept).execute(&test.app.pool).await.expect("kept");
    let text = wrong(&test, Role::Plain).await;
    for said in [
        "Trancado of Loja does not open",
        "Vencendo of Loja has a credential that expires in 3 days",
        "Vencido of Loja has a credential that has expired",
        "1 webhooks name a number",
        "Set aside 1 times: unknown channel WhatsApp 999.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(text.lines().count(), 5, "{text}");
}

#[tokio::test]
async fn an_account_is_not_made_of_nonsense() {
    let test = TestApp::start().await;
    for (account, name, email, zone, said) in [
        (" ", "Rita", "rita@loja.example", "UTC", "--account"),
        ("Loja", "", "rita@loja.example", "UTC", "--name"),
        ("Loja", "Rita", "11987654321", "UTC", "--email"),
        ("Loja", "Rita", "rita@loja.example", "Mars/Olympus", "--zone"),
    ] {
        let error = admin::create(&test.app, account, name, email, zone).await.expect_err("refused");
        assert!(format!("{error:#}").contains(said), "{error:#}");
    }
    assert!(setup::accounts(&test.app.pool).await.expect("asked").is_empty());
}
