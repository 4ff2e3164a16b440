use clap::Parser;

use super::*;

fn settings(flags: &[&str]) -> Settings {
    Cli::try_parse_from([&["ciranda"], flags].concat()).expect("flags are known").settings
}

fn check(mode: Mode, flags: &[&str], env: &[(&str, &str)]) -> Result<Config, Faults> {
    let lookup = |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Config::check(mode, &settings(flags), &lookup)
}

fn faulty(result: Result<Config, Faults>) -> Vec<&'static str> {
    result.expect_err("it has faults").0.iter().map(|fault| fault.setting).collect()
}

#[test]
fn nothing_set_is_a_server_on_this_machine_with_a_private_database() {
    let config = check(Mode::Serve, &[], &[]).expect("the defaults hold");
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url.origin, "http://127.0.0.1:3000");
    assert!(!config.public_url.secure);
    assert!(config.database_url.is_none());
    assert_eq!(config.meta.graph_version, "v26.0");
}

#[test]
fn all_faults_are_told_at_once_and_each_with_a_remedy() {
    let flags = [
        "--listen",
        "here",
        "--public-url",
        "desk.example.com",
        "--meta-graph-version",
        "26",
        "--trusted-proxies",
        "10.0.0.0/99, x",
        "--meta-app-id",
        "app",
    ];
    let env = [
        ("DATABASE_URL", "mysql:nothing"),
        ("CIRANDA_MASTER_KEY", "short"),
        ("CIRANDA_SMTP_URL", "http://mail"),
        ("CIRANDA_META_APP_SECRET_FILE", "/nowhere/at/all"),
        ("CIRANDA_META_VERIFY_TOKEN", "a"),
        ("CIRANDA_META_VERIFY_TOKEN_FILE", "b"),
    ];
    let faults = check(Mode::Serve, &flags, &env).expect_err("it has faults");
    let mut found: Vec<_> = faults.0.iter().map(|fault| fault.setting).collect();
    found.sort_unstable();
    let expected = [
        "CIRANDA_LISTEN",
        "CIRANDA_MAIL_FROM",
        "CIRANDA_MASTER_KEY",
        "CIRANDA_META_APP_ID",
        "CIRANDA_META_APP_SECRET",
        "CIRANDA_META_GRAPH_VERSION",
        "CIRANDA_META_VERIFY_TOKEN",
        "CIRANDA_PUBLIC_URL",
        "CIRANDA_SMTP_URL",
        "CIRANDA_TRUSTED_PROXIES",
        "CIRANDA_TRUSTED_PROXIES",
        "DATABASE_URL",
    ];
    assert_eq!(found, expected);
    let text = faults.to_string();
    assert!(text.starts_with("the configuration has 12 faults:"), "{text}");
    assert!(faults.0.iter().all(|fault| !fault.remedy.is_empty() && text.contains(&fault.remedy)));
}

#[test]
fn the_demo_listens_on_loopback_only() {
    assert!(check(Mode::Demo, &["--listen", "[::1]:4000"], &[]).is_ok());
    assert_eq!(
        faulty(check(Mode::Demo, &["--listen", "0.0.0.0:3000", "--public-url", "http://localhost:3000"], &[])),
        ["CIRANDA_LISTEN"]
    );
}

#[test]
fn listening_to_others_needs_the_public_address_and_encryption() {
    assert_eq!(faulty(check(Mode::Serve, &["--listen", "0.0.0.0:80"], &[])), ["CIRANDA_PUBLIC_URL"]);
    assert_eq!(faulty(check(Mode::Serve, &["--public-url", "http://desk.example.com"], &[])), ["CIRANDA_PUBLIC_URL"]);
    assert_eq!(
        faulty(check(Mode::Serve, &["--public-url", "https://desk.example.com/x"], &[])),
        ["CIRANDA_PUBLIC_URL"]
    );
    let config = check(Mode::Serve, &["--listen", "0.0.0.0:80", "--public-url", "https://Desk.example.com/"], &[])
        .expect("complete");
    assert_eq!(config.public_url, PublicUrl { origin: "https://desk.example.com".to_owned(), secure: true });
}

#[test]
fn tokens_travel_encrypted_except_within_this_machine() {
    assert_eq!(
        faulty(check(Mode::Serve, &["--meta-graph-url", "http://graph.example.com"], &[])),
        ["CIRANDA_META_GRAPH_URL"]
    );
    assert!(check(Mode::Serve, &["--meta-graph-url", "http://127.0.0.1:9"], &[]).is_ok());
    assert!(check(Mode::Serve, &["--meta-graph-url", "http://[::1]:9"], &[]).is_ok());
}

#[test]
fn a_secret_may_stand_in_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    std::fs::write(&file, "from-a-file\n").expect("written");
    let config =
        check(Mode::Serve, &[], &[("CIRANDA_META_APP_SECRET_FILE", file.to_str().expect("plain"))]).expect("complete");
    assert_eq!(config.meta.app_secret.as_ref().map(Secret::expose), Some("from-a-file"));
    assert!(!format!("{config:?}").contains("from-a-file"));
}

#[test]
fn a_block_of_addresses_contains_its_own() {
    let block: AddressBlock = "10.1.0.0/16".parse().expect("a block");
    let holds = |block: &AddressBlock, text: &str| block.contains(text.parse().expect("an address"));
    assert!(holds(&block, "10.1.255.3"));
    assert!(holds(&block, "::ffff:10.1.2.3"));
    assert!(!holds(&block, "10.2.0.1"));
    assert!(!holds(&block, "::1"));
    let all: AddressBlock = "0.0.0.0/0".parse().expect("a block");
    assert!(holds(&all, "203.0.113.9"));
    let one: AddressBlock = "fd00::1".parse().expect("an address");
    assert!(holds(&one, "fd00::1") && !holds(&one, "fd00::2"));
}
