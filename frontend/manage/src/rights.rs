//! What was fetched of the server goes from an open screen with the right to see it (decision 13).
//!
//! *Invariant:* only a loss closes anything. Names, availability and what somebody may see besides take nothing away.

use ciranda_domain::access::Atom;
use ciranda_domain::person::Profile;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_ui::t;
use leptos::prelude::*;

use crate::link::{Known, Link};

/// All that decides what this person is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Rights {
    /// Decides which screens there are; who is made restricted may keep every atom and has no reports all the same.
    profile: Profile,
    atoms: Vec<Atom>,
}

impl Rights {
    fn of(known: &Known) -> Option<Self> {
        let actor = known.reference.organisation.actor(known.me?)?;
        Some(Self { profile: actor.profile, atoms: actor.atoms().to_vec() })
    }

    /// Whether something that was seen may be seen no more.
    fn lose(&self, after: &Self) -> bool {
        let restricted = after.profile == Profile::Restricted && self.profile != Profile::Restricted;
        restricted || self.atoms.iter().any(|atom| !after.atoms.contains(atom))
    }
}

/// Calls `close` whenever this person comes to see less, for as long as the present owner lives, and says why where it
/// closed something.
pub fn retract(link: Link, close: impl Fn() -> bool + 'static) {
    // While nothing is known, what was known last holds: a first load takes nothing away.
    let rights = Memo::new(move |before: Option<&Option<Rights>>| {
        link.known.with(Rights::of).or_else(|| before.cloned().flatten())
    });
    Effect::new(move |before: Option<Option<Rights>>| {
        let after = rights.get();
        if let (Some(before), Some(after)) = (before.flatten(), &after)
            && before.lose(after)
            && close()
        {
            link.say(t(Say::SightChanged));
        }
        after
    });
}

#[cfg(test)]
mod tests {
    use ciranda_domain::ids::{PersonId, PersonNumber, TeamId, TeamNumber};
    use ciranda_domain::person::{Availability, Person, PersonStatus};
    use ciranda_domain::team::{Distribution, Level, Membership, Team};
    use ciranda_domain::time::Moment;
    use ciranda_sync::replica::Reference;
    use ciranda_sync::rows::Row;
    use uuid::Uuid;

    use super::*;

    const EVA: PersonId = PersonId(Uuid::from_u128(1));
    const SUPPORT: TeamId = TeamId(Uuid::from_u128(2));

    /// Eva's account as one change leaves it.
    fn rights(change: impl FnOnce(&mut Person, &mut Team, &mut Membership)) -> Option<Rights> {
        let mut eva = Person {
            id: EVA,
            number: PersonNumber(1),
            name: "Eva".to_owned(),
            profile: Profile::Attendant,
            availability: Availability::Available,
            status: PersonStatus::Active,
            created_at: Moment(0),
        };
        let mut team = Team {
            id: SUPPORT,
            number: TeamNumber(1),
            name: "Suporte".to_owned(),
            is_default: true,
            level: Level::Team,
            distribution: Distribution::Off,
            deleted: false,
        };
        let mut membership = Membership { team: SUPPORT, person: EVA, attends: false, supervises: true };
        change(&mut eva, &mut team, &mut membership);
        let reference = Reference::of([Row::Person(eva), Row::Team(team), Row::Membership(membership)]);
        Rights::of(&Known { me: Some(EVA), reference, ..Known::default() })
    }

    #[test]
    fn a_loss_is_told_from_what_takes_nothing_away() {
        let Some(before) = rights(|_, _, _| {}) else { panic!("Eva is known") };
        let lost = |after: Option<Rights>| after.map(|after| before.lose(&after));
        assert_eq!(lost(rights(|_, _, membership| membership.supervises = false)), Some(true));
        assert_eq!(lost(rights(|eva, _, _| eva.profile = Profile::Restricted)), Some(true));
        assert_eq!(lost(rights(|eva, _, _| eva.profile = Profile::Administrator)), Some(false));
        assert_eq!(lost(rights(|eva, _, _| eva.name = "Eva Maria".to_owned())), Some(false));
        assert_eq!(lost(rights(|eva, _, _| eva.availability = Availability::Unavailable)), Some(false));
        assert_eq!(lost(rights(|_, team, _| team.name = "Suporte Sul".to_owned())), Some(false));
        assert_eq!(lost(rights(|_, _, membership| membership.attends = true)), Some(false));
        assert_eq!(Rights::of(&Known::default()), None);
    }
}
