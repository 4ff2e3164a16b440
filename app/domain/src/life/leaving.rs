//! What becomes of open conversations when whoever holds them, or their team, goes (product.md 8 and 19).

use crate::conversation::{Archive, Conversation, Pending, State};
use crate::ids::{PersonId, TeamId};
use crate::life::{Outcome, Told, conclude};
use crate::message::{Ended, Fact};
use crate::organisation::Organisation;
use crate::settings::{Fate, TeamFate, receiving_team};
use crate::time::Moment;

/// A conversation in progress whose responsible goes, by the word of the administrator `by`. Where the receiver cannot
/// take it any more it returns to the queue. Nothing when it is not in progress.
#[must_use]
pub fn leave(
    head: &Conversation,
    fate: Fate,
    by: PersonId,
    organisation: &Organisation,
    now: Moment,
) -> Option<Outcome> {
    let held = head.responsible()?;
    let because = Some(Ended::Attendance(held));
    let receiver = match fate {
        Fate::Conclude => return Some(conclude(head, Some(by), Archive::Immediately, now)),
        Fate::ReturnToQueue => None,
        Fate::Transfer(to) if to == held => None,
        Fate::Transfer(to) => receiving_team(to, head.team, organisation).map(|team| (to, team)),
    };
    Some(match receiver {
        Some((to, team)) => {
            let mut outcome = Outcome::of(head, State::InProgress { responsible: to, since: now });
            outcome.head.team = team;
            outcome.head.received_from = (to != by).then_some(by);
            outcome.facts.push(Fact::TransferredToPerson { by, to, team, because });
            outcome
        }
        None => {
            let team = if organisation.has_team(head.team) { Some(head.team) } else { organisation.default_team() };
            queue(head, team.unwrap_or(head.team), (by, because), now)
        }
    })
}

/// An open conversation whose team goes. Moved, one in progress stays with its responsible where they can take it in the
/// other team, and joins the pending ones there otherwise. Nothing when it is finished or elsewhere by now.
#[must_use]
pub fn leave_team(
    head: &Conversation,
    fate: TeamFate,
    by: PersonId,
    organisation: &Organisation,
    now: Moment,
) -> Option<Outcome> {
    if matches!(head.state, State::Finished(_)) {
        return None;
    }
    let to = match fate {
        TeamFate::Conclude => return Some(conclude(head, Some(by), Archive::Immediately, now)),
        TeamFate::MoveTo(team) if organisation.has_team(team) => team,
        TeamFate::MoveTo(_) => organisation.default_team().unwrap_or(head.team),
    };
    let because = Some(Ended::Team(head.team));
    let stays = head.responsible().filter(|held| receiving_team(*held, to, organisation) == Some(to));
    Some(match stays {
        Some(responsible) => {
            let mut outcome = Outcome::of(head, State::InProgress { responsible, since: now });
            outcome.head.team = to;
            outcome.head.received_from = head.received_from;
            outcome.facts.push(Fact::TransferredToPerson { by, to: responsible, team: to, because });
            outcome
        }
        None => queue(head, to, (by, because), now),
    })
}

fn queue(head: &Conversation, team: TeamId, (by, because): (PersonId, Option<Ended>), now: Moment) -> Outcome {
    let mut outcome = Outcome::of(head, State::Pending(Pending::Open { since: now }));
    outcome.head.team = team;
    outcome.facts.push(Fact::TransferredToTeam { by, from: head.team, to: team, because });
    outcome.leave_pending(head);
    outcome.told.push(Told::Enqueued { team });
    outcome
}
