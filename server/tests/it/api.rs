//! The server functions as the browser calls them.

use ciranda_api::{PATHS, register};
use leptos::server_fn::axum::server_fn_paths;

#[test]
fn every_server_function_is_registered_at_its_stable_path() {
    register();
    let mut registered: Vec<_> = server_fn_paths().map(|(path, _)| path).collect();
    registered.sort_unstable();
    let mut listed = PATHS;
    listed.sort_unstable();
    assert_eq!(registered, listed, "the explicit list and the functions there are");
    let stable = [
        "/api/fn/audit",
        "/api/fn/block_person",
        "/api/fn/board",
        "/api/fn/create_team",
        "/api/fn/delete_person",
        "/api/fn/delete_team",
        "/api/fn/enter",
        "/api/fn/enter_as",
        "/api/fn/explain",
        "/api/fn/invite_person",
        "/api/fn/preview_delete_person",
        "/api/fn/preview_delete_team",
        "/api/fn/redeem_link",
        "/api/fn/report",
        "/api/fn/report_rows",
        "/api/fn/request_code",
        "/api/fn/resend_invite",
        "/api/fn/save_access",
        "/api/fn/save_hours",
        "/api/fn/save_person",
        "/api/fn/save_team",
        "/api/fn/set_availability_of",
        "/api/fn/settings",
        "/api/fn/sign_in_options",
        "/api/fn/sign_out",
        "/api/fn/today",
        "/api/fn/unblock_person",
        "/api/fn/view_as",
        "/api/fn/whoami",
    ];
    assert_eq!(listed, stable, "a tab of an older version must still find them");
}
