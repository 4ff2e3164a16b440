//! Which page of Ajustes an address names.

use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_text::catalogue::settings::Settings as Say;
use uuid::Uuid;

/// A page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Teams,
    NewTeam,
    Team(TeamId),
    People,
    NewPerson,
    Person(PersonId),
    /// What somebody sees and hears.
    As(PersonId),
    Hours,
    Access,
    Audit,
}

/// A part of Ajustes, as the navigation shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    Teams,
    People,
    Hours,
    Access,
    Audit,
}

impl Section {
    /// All of them in order.
    pub const ALL: [Self; 5] = [Self::Teams, Self::People, Self::Hours, Self::Access, Self::Audit];

    /// Its name.
    pub const fn title(self) -> Say {
        match self {
            Self::Teams => Say::Teams,
            Self::People => Say::People,
            Self::Hours => Say::Hours,
            Self::Access => Say::Access,
            Self::Audit => Say::Audit,
        }
    }

    /// Its name where there is little room.
    pub const fn label(self) -> Say {
        match self {
            Self::Hours => Say::HoursShort,
            Self::Teams | Self::People | Self::Access | Self::Audit => self.title(),
        }
    }

    /// Its first page.
    pub const fn place(self) -> Place {
        match self {
            Self::Teams => Place::Teams,
            Self::People => Place::People,
            Self::Hours => Place::Hours,
            Self::Access => Place::Access,
            Self::Audit => Place::Audit,
        }
    }
}

impl Place {
    /// The page of an address. One that leads nowhere leads to the first page of what it begins with.
    pub fn of(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty()).skip(1);
        let (section, which, more) = (parts.next(), parts.next(), parts.next());
        let id = which.and_then(|id| id.parse::<Uuid>().ok());
        match (section, which, id, more) {
            (Some("equipes"), Some("nova"), _, _) => Self::NewTeam,
            (Some("equipes"), _, Some(id), _) => Self::Team(TeamId(id)),
            (Some("usuarios"), Some("novo"), _, _) => Self::NewPerson,
            (Some("usuarios"), _, Some(id), Some("ver-como")) => Self::As(PersonId(id)),
            (Some("usuarios"), _, Some(id), _) => Self::Person(PersonId(id)),
            (Some("usuarios"), ..) => Self::People,
            (Some("horario"), ..) => Self::Hours,
            (Some("acesso"), ..) => Self::Access,
            (Some("auditoria"), ..) => Self::Audit,
            _ => Self::Teams,
        }
    }

    /// Its address.
    pub fn address(self) -> String {
        match self {
            Self::Teams => "/ajustes/equipes".to_owned(),
            Self::NewTeam => "/ajustes/equipes/nova".to_owned(),
            Self::Team(id) => format!("/ajustes/equipes/{id}"),
            Self::People => "/ajustes/usuarios".to_owned(),
            Self::NewPerson => "/ajustes/usuarios/novo".to_owned(),
            Self::Person(id) => format!("/ajustes/usuarios/{id}"),
            Self::As(id) => format!("/ajustes/usuarios/{id}/ver-como"),
            Self::Hours => "/ajustes/horario".to_owned(),
            Self::Access => "/ajustes/acesso".to_owned(),
            Self::Audit => "/ajustes/auditoria".to_owned(),
        }
    }

    /// The part it belongs to.
    pub const fn section(self) -> Section {
        match self {
            Self::Teams | Self::NewTeam | Self::Team(_) => Section::Teams,
            Self::People | Self::NewPerson | Self::Person(_) | Self::As(_) => Section::People,
            Self::Hours => Section::Hours,
            Self::Access => Section::Access,
            Self::Audit => Section::Audit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_page_and_a_page_its_address() {
        let id = Uuid::from_u128(7);
        let places = [
            Place::Teams,
            Place::NewTeam,
            Place::Team(TeamId(id)),
            Place::People,
            Place::NewPerson,
            Place::Person(PersonId(id)),
            Place::As(PersonId(id)),
            Place::Hours,
            Place::Access,
            Place::Audit,
        ];
        for place in places {
            assert_eq!(Place::of(&place.address()), place);
        }
    }

    #[test]
    fn what_leads_nowhere_leads_to_the_first_page_of_its_part() {
        assert_eq!(Place::of("/ajustes"), Place::Teams);
        assert_eq!(Place::of("/ajustes/"), Place::Teams);
        assert_eq!(Place::of("/ajustes/equipes/xyz"), Place::Teams);
        assert_eq!(Place::of("/ajustes/usuarios/1"), Place::People);
        assert_eq!(Place::of("/ajustes/nada"), Place::Teams);
    }
}
