//! Lines of the audit in plain words: who did what to whom, and what was before and after.

use ciranda_api::{AuditKind, AuditLine, OpenCounts, Snapshot};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::person::{Availability, PersonStatus};
use ciranda_domain::settings::{
    AccessForm, DistributionForm, Fate, HoursForm, PersonForm, TeamFate, TeamForm, Thresholds,
};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::{t, tf};

use super::changes::{Difference, Differs, text};
use super::names::Names;
use super::summary;

/// What a kind of change is called in the filter.
pub const fn kind(kind: AuditKind) -> Say {
    match kind {
        AuditKind::TeamCreated => Say::KindTeamCreated,
        AuditKind::TeamSaved => Say::KindTeamSaved,
        AuditKind::TeamDeleted => Say::KindTeamDeleted,
        AuditKind::PersonInvited => Say::KindPersonInvited,
        AuditKind::InviteSentAgain => Say::KindInviteSentAgain,
        AuditKind::PersonSaved => Say::KindPersonSaved,
        AuditKind::PersonBlocked => Say::KindPersonBlocked,
        AuditKind::PersonUnblocked => Say::KindPersonUnblocked,
        AuditKind::PersonDeleted => Say::KindPersonDeleted,
        AuditKind::HoursSaved => Say::KindHoursSaved,
        AuditKind::ThresholdsSaved => Say::KindThresholdsSaved,
        AuditKind::AvailabilitySet => Say::KindAvailabilitySet,
        AuditKind::ViewedAs => Say::KindViewedAs,
        AuditKind::PreferredSet => Say::KindPreferredSet,
        AuditKind::AccessSaved => Say::KindAccessSaved,
    }
}

/// `Ana mudou a equipe Suporte`.
pub fn headline(line: &AuditLine, names: &Names<'_>) -> String {
    let who = line.who.map_or_else(|| t(Say::TheSystem).to_owned(), |who| names.person(who));
    let said = match line.kind {
        AuditKind::TeamCreated => Say::DidCreateTeam,
        AuditKind::TeamSaved => Say::DidSaveTeam,
        AuditKind::TeamDeleted => Say::DidDeleteTeam,
        AuditKind::PersonInvited => Say::DidInvite,
        AuditKind::InviteSentAgain => Say::DidInviteAgain,
        AuditKind::PersonSaved => Say::DidSavePerson,
        AuditKind::PersonBlocked => Say::DidBlock,
        AuditKind::PersonUnblocked => Say::DidUnblock,
        AuditKind::PersonDeleted => Say::DidDeletePerson,
        AuditKind::HoursSaved => Say::DidSaveHours,
        AuditKind::ThresholdsSaved => Say::DidSaveThresholds,
        AuditKind::AvailabilitySet => Say::DidSetAvailability,
        AuditKind::ViewedAs => Say::DidViewAs,
        AuditKind::PreferredSet => Say::DidSetPreferred,
        AuditKind::AccessSaved => Say::DidSaveAccess,
    };
    tf(said, &[&who, &subject(line, names)])
}

/// Whom or what it is about, by the name it had.
fn subject(line: &AuditLine, names: &Names<'_>) -> String {
    let named = line.after.iter().chain(&line.before).find_map(|snapshot| match snapshot {
        Snapshot::Team(form) => Some(form.name.clone()),
        Snapshot::Person(form) => Some(form.name.clone()),
        Snapshot::Preferred { contact, .. } => Some(contact.clone()),
        _ => None,
    });
    let known = || {
        let id = line.subject?;
        Some(match line.kind {
            AuditKind::TeamCreated | AuditKind::TeamSaved | AuditKind::TeamDeleted | AuditKind::ThresholdsSaved => {
                names.team(TeamId(id))
            }
            _ => names.person(PersonId(id)),
        })
    };
    named.or_else(known).unwrap_or_default()
}

/// What was before and after, a line each.
pub fn details(line: &AuditLine, names: &Names<'_>) -> Vec<Difference> {
    match (&line.before, &line.after) {
        (Some(Snapshot::Team(before)), Some(Snapshot::Team(after))) => TeamForm::differences(before, after, names),
        (None, Some(Snapshot::Team(after))) => {
            let mut told = vec![one(t(Say::Level), "", t(summary::level(after.level).0))];
            told.extend(TeamForm::differences(&no_team(after), after, names));
            told
        }
        (Some(Snapshot::Person(before)), Some(Snapshot::Person(after))) => {
            PersonForm::differences(before, after, names)
        }
        (None, Some(Snapshot::Person(after))) => {
            let mut told = vec![
                one(t(Say::Email), "", &text(&after.email)),
                one(t(Say::Profile), "", t(summary::profile(after.profile))),
            ];
            told.extend(PersonForm::differences(&nobody(after), after, names));
            told
        }
        (Some(Snapshot::Hours(before)), Some(Snapshot::Hours(after))) => HoursForm::differences(before, after, names),
        (Some(Snapshot::Access(before)), Some(Snapshot::Access(after))) => {
            AccessForm::differences(before, after, names)
        }
        (Some(Snapshot::Thresholds(before)), Some(Snapshot::Thresholds(after))) => {
            Thresholds::differences(before, after, names)
        }
        (None, Some(Snapshot::Thresholds(after))) => Thresholds::differences(&Thresholds::default(), after, names),
        (before, Some(Snapshot::Availability(after))) => {
            let before = match before {
                Some(Snapshot::Availability(before)) => available(*before),
                _ => "",
            };
            vec![one(t(Key::Availability), before, available(*after))]
        }
        (before, Some(Snapshot::Status(after))) => {
            let before = match before {
                Some(Snapshot::Status(before) | Snapshot::PersonGone { status: before, .. }) => status(*before),
                _ => "",
            };
            vec![one(t(Say::Status), before, status(*after))]
        }
        (Some(Snapshot::Preferred { person: before, .. }), Some(Snapshot::Preferred { person: after, .. })) => {
            let name = |person: &Option<PersonId>| {
                person.map_or_else(|| t(Key::PreferredNobody).to_owned(), |id| names.person(id))
            };
            vec![one(t(Key::Preferred), &name(before), &name(after))]
        }
        (_, Some(Snapshot::TeamGone { open, fate })) => gone(*open, fate.map(|fate| team_fate(fate, names))),
        (_, Some(Snapshot::PersonGone { open, fate, .. })) => gone(*open, fate.map(|fate| person_fate(fate, names))),
        _ => Vec::new(),
    }
}

fn one(what: &str, before: &str, after: &str) -> Difference {
    Difference { what: what.to_owned(), before: before.to_owned(), after: after.to_owned() }
}

fn no_team(after: &TeamForm) -> TeamForm {
    // The level has no state before and is told by itself; the headline says the name.
    let (name, level) = (after.name.clone(), after.level);
    TeamForm {
        name,
        is_default: false,
        instead_of: None,
        level,
        distribution: DistributionForm::default(),
        people: vec![],
    }
}

fn nobody(after: &PersonForm) -> PersonForm {
    // As with a new team: e-mail and profile are told by themselves.
    PersonForm {
        name: after.name.clone(),
        email: after.email.clone(),
        phone: String::new(),
        profile: after.profile,
        memberships: vec![],
    }
}

fn available(availability: Availability) -> &'static str {
    t(match availability {
        Availability::Available => Key::Available,
        Availability::Unavailable => Key::Unavailable,
    })
}

fn status(status: PersonStatus) -> &'static str {
    t(match status {
        PersonStatus::Active => Say::Active,
        PersonStatus::Blocked => Say::Blocked,
        PersonStatus::Deleted => Say::Deleted,
    })
}

fn gone(open: OpenCounts, fate: Option<String>) -> Vec<Difference> {
    // What only waited for somebody passes on without being asked about.
    let passed_on = (open.pending > 0).then(|| t(Say::WerePassedOn).to_owned());
    fate.or(passed_on).map(|fate| one(t(Say::OpenThen), &summary::counted(open), &fate)).into_iter().collect()
}

fn team_fate(fate: TeamFate, names: &Names<'_>) -> String {
    match fate {
        TeamFate::Conclude => t(Say::WereConcluded).to_owned(),
        TeamFate::MoveTo(team) => tf(Say::WereMoved, &[&names.team(team)]),
    }
}

fn person_fate(fate: Fate, names: &Names<'_>) -> String {
    match fate {
        Fate::Conclude => t(Say::WereConcluded).to_owned(),
        Fate::Transfer(person) => tf(Say::WereMoved, &[&names.person(person)]),
        Fate::ReturnToQueue => t(Say::WereReturned).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ciranda_domain::organisation::Organisation;
    use ciranda_domain::person::Profile;
    use ciranda_domain::team::Level;
    use ciranda_domain::time::Moment;
    use uuid::Uuid;

    use super::*;

    fn line(kind: AuditKind, before: Option<Snapshot>, after: Option<Snapshot>) -> AuditLine {
        AuditLine { id: Uuid::nil(), at: Moment(0), who: None, kind, subject: None, before, after }
    }

    fn team(name: &str) -> TeamForm {
        let distribution = DistributionForm::default();
        TeamForm {
            name: name.to_owned(),
            is_default: false,
            instead_of: None,
            level: Level::Team,
            distribution,
            people: vec![],
        }
    }

    #[test]
    fn a_line_says_who_did_what_and_what_differs() {
        let organisation = Organisation::default();
        let names = Names::of(&organisation);
        let renamed =
            line(AuditKind::TeamSaved, Some(Snapshot::Team(team("Vendas"))), Some(Snapshot::Team(team("Vendas Sul"))));
        assert_eq!(headline(&renamed, &names), "O sistema mudou a equipe Vendas Sul");
        assert_eq!(details(&renamed, &names), [one("Nome", "“Vendas”", "“Vendas Sul”")]);
        let created = line(AuditKind::TeamCreated, None, Some(Snapshot::Team(team("Vendas"))));
        assert_eq!(headline(&created, &names), "O sistema criou a equipe Vendas");
        assert_eq!(details(&created, &names), [one("Acesso aos atendimentos", "", "Equipe")]);
        let gil = PersonForm {
            name: "Gil".to_owned(),
            email: "gil@loja.example".to_owned(),
            phone: String::new(),
            profile: Profile::Attendant,
            memberships: vec![],
        };
        let invited = line(AuditKind::PersonInvited, None, Some(Snapshot::Person(gil)));
        assert_eq!(headline(&invited, &names), "O sistema convidou Gil");
        assert_eq!(
            details(&invited, &names),
            [one("E-mail", "", "“gil@loja.example”"), one("Perfil", "", "Atendente")]
        );
    }

    #[test]
    fn a_deletion_says_what_became_of_the_conversations() {
        let organisation = Organisation::default();
        let names = Names::of(&organisation);
        let open = OpenCounts { pending: 2, in_progress: 1 };
        let after = Snapshot::PersonGone { status: PersonStatus::Deleted, open, fate: Some(Fate::ReturnToQueue) };
        let gone = line(AuditKind::PersonDeleted, None, Some(after));
        let told = details(&gone, &names);
        assert_eq!(told[0].before, "2 esperando, 1 em andamento");
        assert_eq!(told[0].after, t(Say::WereReturned));
        let open = OpenCounts { pending: 1, in_progress: 0 };
        let after = Snapshot::PersonGone { status: PersonStatus::Blocked, open, fate: None };
        let told = details(&line(AuditKind::PersonBlocked, None, Some(after)), &names);
        assert_eq!((told[0].before.as_str(), told[0].after.as_str()), ("1 esperando", "passadas adiante"));
    }

    #[test]
    fn what_is_said_of_unseen_conversations_is_told_as_on_or_off() {
        let organisation = Organisation::default();
        let names = Names::of(&organisation);
        let access = |counts_unseen| Some(Snapshot::Access(AccessForm { counts_unseen }));
        let on = line(AuditKind::AccessSaved, access(false), access(true));
        assert_eq!(headline(&on, &names), "O sistema mudou o que se diz dos atendimentos que alguém não vê");
        assert_eq!(details(&on, &names), [one("Contar os atendimentos que a pessoa não vê", "não", "sim")]);
    }

    #[test]
    fn every_kind_has_words_of_its_own() {
        let mut words: Vec<_> = AuditKind::ALL.map(|one| t(kind(one))).to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), AuditKind::ALL.len());
    }
}
