//! Every story of the folder is told as it was when somebody last read it and agreed.

fn told(name: &str) -> String {
    let path = format!("{}/stories/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    ciranda_dist::tell(&std::fs::read_to_string(path).expect("a story")).expect("it can be understood")
}

#[test]
fn the_circle() {
    insta::assert_snapshot!(told("circle"));
}

#[test]
fn the_night() {
    insta::assert_snapshot!(told("night"));
}

#[test]
fn everybody_is_full() {
    insta::assert_snapshot!(told("full"));
}

#[test]
fn the_least_recent() {
    insta::assert_snapshot!(told("least_recent"));
}

#[test]
fn the_least_loaded() {
    insta::assert_snapshot!(told("least_loaded"));
}

#[test]
fn a_line_that_cannot_be_understood_is_named() {
    let fault = |script: &str| format!("{:#}", ciranda_dist::tell(script).expect_err("it makes no sense"));
    for (script, said) in [
        ("", "members"),
        ("members Ana\n08:00 arrives joana\n07:00 passes", "line 3: “07:00 passes”: it happens before"),
        ("members Ana\n08:00 starts joana Ana", "joana has not arrived"),
        ("members Ana\n08:00 arrives joana prefers Eva", "Eva is not among the members"),
        ("members Ana\n8h30 passes", "8h30 is no time of day"),
        ("circle limit x maximum 60\nmembers Ana", "line 1"),
        ("members Ana\n08:00 dances", "line 2"),
        ("members Ana\n08:00 arrives joana on pigeon", "pigeon is no kind of channel"),
        ("members Ana\n08:00 arrives joana by night", "arrives CONVERSATION"),
        ("least-loaded without overflow weights instagram\nmembers Ana", "followed by its weight"),
        ("circle without overflow weight 3\nmembers Ana", "after that only"),
        ("members Ana\n08:00 passes\nfree", "settings change at a time"),
        ("open 12:00-08:00\nmembers Ana", "later than the one before"),
    ] {
        assert!(fault(script).contains(said), "{said}: {}", fault(script));
    }
}
