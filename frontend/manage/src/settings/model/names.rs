//! Who is who, also those who are gone: history keeps their names.

use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::t;

/// Names of people and teams.
pub struct Names<'a> {
    pub organisation: &'a Organisation,
}

impl<'a> Names<'a> {
    /// Of an account.
    pub const fn of(organisation: &'a Organisation) -> Self {
        Self { organisation }
    }

    /// A person's name.
    pub fn person(&self, id: PersonId) -> String {
        self.organisation.people.get(&id).map_or_else(|| t(Say::Somebody).to_owned(), |person| person.name.clone())
    }

    /// A team's name.
    pub fn team(&self, id: TeamId) -> String {
        self.organisation.teams.get(&id).map_or_else(|| t(Say::SomeTeam).to_owned(), |team| team.name.clone())
    }
}

/// Several in one line: `Ana, Bruno e Davi`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => [&most.join(", "), " ", t(Say::And), " ", last].concat(),
    }
}
