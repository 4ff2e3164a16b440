//! One's own changes on top of what somebody else saved meanwhile.
//!
//! *Invariant:* what one did not touch is as they left it; what one touched is as one left it. Nothing else.

use std::collections::BTreeMap;

use ciranda_domain::settings::{AccessForm, DistributionForm, HoursForm, PersonForm, RoleForm, TeamForm, Thresholds};
use ciranda_domain::team::Membership;

/// A form that can be merged.
pub trait Merge {
    /// `base` is what both began with.
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self;
}

fn pick<T: PartialEq + Clone>(base: &T, mine: &T, theirs: &T) -> T {
    if mine == base { theirs.clone() } else { mine.clone() }
}

/// Lines by their key, each as a value of its own; one that is missing is a value too.
fn lines<K: Ord + Copy, T: PartialEq + Clone>(base: &[T], mine: &[T], theirs: &[T], key: impl Fn(&T) -> K) -> Vec<T> {
    let keyed = |lines: &[T]| lines.iter().map(|line| (key(line), line.clone())).collect::<BTreeMap<K, T>>();
    let (base, mine, theirs) = (keyed(base), keyed(mine), keyed(theirs));
    let mut keys: Vec<K> = mine.keys().chain(theirs.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().filter_map(|key| pick(&base.get(&key), &mine.get(&key), &theirs.get(&key)).cloned()).collect()
}

impl Merge for TeamForm {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        Self {
            name: pick(&base.name, &mine.name, &theirs.name),
            is_default: pick(&base.is_default, &mine.is_default, &theirs.is_default),
            instead_of: pick(&base.instead_of, &mine.instead_of, &theirs.instead_of),
            level: pick(&base.level, &mine.level, &theirs.level),
            distribution: DistributionForm::merged(&base.distribution, &mine.distribution, &theirs.distribution),
            people: lines(&base.people, &mine.people, &theirs.people, |line: &RoleForm| line.person),
        }
    }
}

impl Merge for DistributionForm {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        Self {
            on: pick(&base.on, &mine.on, &theirs.on),
            overflow: pick(&base.overflow, &mine.overflow, &theirs.overflow),
            limit: pick(&base.limit, &mine.limit, &theirs.limit),
            maximum: pick(&base.maximum, &mine.maximum, &theirs.maximum),
            capacity: pick(&base.capacity, &mine.capacity, &theirs.capacity),
            strategy: pick(&base.strategy, &mine.strategy, &theirs.strategy),
            weights: pick(&base.weights, &mine.weights, &theirs.weights),
        }
    }
}

impl Merge for PersonForm {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        Self {
            name: pick(&base.name, &mine.name, &theirs.name),
            email: pick(&base.email, &mine.email, &theirs.email),
            phone: pick(&base.phone, &mine.phone, &theirs.phone),
            profile: pick(&base.profile, &mine.profile, &theirs.profile),
            memberships: lines(&base.memberships, &mine.memberships, &theirs.memberships, |line: &Membership| {
                line.team
            }),
        }
    }
}

impl Merge for AccessForm {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        Self { counts_unseen: pick(&base.counts_unseen, &mine.counts_unseen, &theirs.counts_unseen) }
    }
}

impl Merge for HoursForm {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        Self {
            limited: pick(&base.limited, &mine.limited, &theirs.limited),
            week: std::array::from_fn(|day| pick(&base.week[day], &mine.week[day], &theirs.week[day])),
            // Lines have no key while they are being written, so all of them are one value.
            exceptions: pick(&base.exceptions, &mine.exceptions, &theirs.exceptions),
            zone: pick(&base.zone, &mine.zone, &theirs.zone),
            replies: pick(&base.replies, &mine.replies, &theirs.replies),
            auto_reply: pick(&base.auto_reply, &mine.auto_reply, &theirs.auto_reply),
        }
    }
}

impl Merge for Thresholds {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        Self {
            queue: pick(&base.queue, &mine.queue, &theirs.queue),
            oldest_minutes: pick(&base.oldest_minutes, &mine.oldest_minutes, &theirs.oldest_minutes),
            passed: pick(&base.passed, &mine.passed, &theirs.passed),
            window_minutes: pick(&base.window_minutes, &mine.window_minutes, &theirs.window_minutes),
        }
    }
}

impl<A: Merge, B: Merge> Merge for (A, B) {
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        (A::merged(&base.0, &mine.0, &theirs.0), B::merged(&base.1, &mine.1, &theirs.1))
    }
}

#[cfg(test)]
mod tests {
    use ciranda_domain::ids::PersonId;
    use ciranda_domain::team::Level;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn team(name: &str, people: &[RoleForm]) -> TeamForm {
        TeamForm {
            name: name.to_owned(),
            is_default: false,
            instead_of: None,
            level: Level::Team,
            distribution: DistributionForm::default(),
            people: people.to_vec(),
        }
    }

    #[test]
    fn what_one_touched_stays_and_the_rest_is_theirs() {
        let role = |n, attends, supervises| RoleForm { person: person(n), attends, supervises };
        let base = team("Vendas", &[role(1, true, false), role(2, true, false), role(3, true, false)]);
        let mine = team("Vendas Sul", &[role(1, true, true), role(3, true, false), role(4, true, false)]);
        let mut theirs = team("Vendas", &[role(1, true, false), role(2, true, false), role(5, false, true)]);
        theirs.level = Level::Everyone;
        let merged = TeamForm::merged(&base, &mine, &theirs);
        assert_eq!(merged.name, "Vendas Sul");
        assert_eq!(merged.level, Level::Everyone);
        // 1 changed by me, 2 removed by me, 3 removed by them, 4 added by me, 5 added by them.
        assert_eq!(merged.people, [role(1, true, true), role(4, true, false), role(5, false, true)]);
    }

    #[test]
    fn without_changes_of_ones_own_it_is_theirs() {
        let (base, theirs) = (team("A1", &[]), team("B2", &[]));
        assert_eq!(TeamForm::merged(&base, &base, &theirs), theirs);
        let set = Thresholds { queue: Some(4), ..Thresholds::default() };
        assert_eq!(Thresholds::merged(&Thresholds::default(), &Thresholds::default(), &set), set);
    }
}
