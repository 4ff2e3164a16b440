//! What the supervisors' board asks besides what the desk already holds.

use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::settings::Thresholds;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::backend::backend;
use crate::error::ApiError;

/// Beside the replicated rows: who has the desk open, and from when on a team's numbers ask for attention.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BoardAside {
    /// People with a socket open, who attend in a team that the caller oversees.
    pub present: Vec<PersonId>,
    /// Of the teams that the caller oversees; a team that set none is left out.
    pub thresholds: Vec<(TeamId, Thresholds)>,
}

/// For supervisors and administrators; [`crate::ErrorCode::NotAllowed`] for everybody else.
#[server(name = BoardFn, endpoint = "board", input = Json, output = Json)]
pub async fn board() -> Result<BoardAside, ApiError> {
    backend()?.board().await
}
