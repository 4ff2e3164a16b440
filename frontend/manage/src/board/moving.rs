//! Moving a conversation to a person or a team: dragged onto their row, or chosen in a dialog with the keyboard.
//!
//! *Invariant:* what the rules refuse is told at once and nothing leaves; what they allow becomes one call of the desk.

use std::mem::{Discriminant, discriminant};

use ciranda_domain::access::{Action, may};
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_sync::calls::Call;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_text::{Key, refusals};
use ciranda_ui::parts::avatar::Avatar;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::show::transfer::{self, Into, PersonChoice, TeamChoice, matches};
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::lanes::take_over;
use super::{Above, Shown, use_shown};

/// Where a conversation can be put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    Person(PersonId),
    Team(TeamId),
}

/// A row was taken up.
pub fn start(shown: Shown, id: ConversationId, event: &web_sys::DragEvent) {
    if let Some(transfer) = event.data_transfer() {
        // Some browsers drag nothing that carries no data.
        _ = transfer.set_data("text/plain", &id.to_string());
        transfer.set_effect_allowed("move");
    }
    shown.dragged.set(Some(id));
}

/// A row is above somebody who may take it.
pub fn over(shown: Shown, event: &web_sys::DragEvent) {
    if shown.dragged.get_untracked().is_some() {
        event.prevent_default();
    }
}

/// While a row is taken up, everybody who may be given it stands out.
pub fn class(shown: Shown, target: Target) -> &'static str {
    let Some(id) = shown.dragged.get() else { return "" };
    let fits = shown.link.known.with(|known| {
        let Some(head) = known.heads.get(&id) else { return false };
        let organisation = &known.reference.organisation;
        match target {
            Target::Person(person) => transfer::people(organisation, head).iter().any(|choice| choice.id == person),
            Target::Team(team) => transfer::teams(organisation, head).iter().any(|choice| choice.id == team),
        }
    });
    if fits { "takes" } else { "" }
}

/// A row was let go of above a person or team.
pub fn dropped(shown: Shown, target: Target, event: &web_sys::DragEvent) {
    event.prevent_default();
    if let Some(id) = shown.dragged.get_untracked() {
        shown.dragged.set(None);
        give(shown, id, target);
    }
}

/// Gives a conversation to a person or team, asking in which of their teams where that is not clear.
fn give(shown: Shown, id: ConversationId, target: Target) {
    let choice = match target {
        Target::Team(team) => return send(shown, id, Call::TransferToTeam { conversation: id, team }),
        Target::Person(person) => shown.link.known.with_untracked(|known| {
            let head = known.heads.get(&id)?;
            transfer::people(&known.reference.organisation, head).into_iter().find(|choice| choice.id == person)
        }),
    };
    match choice.map(|choice| (choice.id, choice.into)) {
        Some((person, Into::Team(team))) => send(shown, id, Call::TransferToPerson { conversation: id, person, team }),
        Some((person, Into::Ask(_))) => shown.above.set(Some(Above::Ask(id, person))),
        None => shown.link.say(t(Say::MoveNobody)),
    }
}

/// Whoever was full already may still be given one more; it is said (decision 1).
pub fn warn(shown: Shown, id: ConversationId, person: PersonId, team: TeamId) {
    let warning = shown.link.known.with_untracked(|known| {
        let head = known.heads.get(&id)?;
        transfer::warning(words(), &known.reference.organisation, (person, team), head, &known.loads())
    });
    if let Some(warning) = warning {
        shown.link.say(&warning);
    }
}

/// Sends the call if the rules allow it.
fn send(shown: Shown, id: ConversationId, call: Call) {
    let refused = shown.link.known.with_untracked(|known| {
        let (actor, head) = (known.reference.organisation.actor(known.me?)?, known.heads.get(&id)?);
        let refusal = may(&actor, Action::Transfer, head).err()?;
        Some(refusals::explain(words(), &refusal.into(), &known.reference.organisation))
    });
    shown.above.set(None);
    if let Some(told) = refused {
        shown.link.say(&told);
        return;
    }
    if let Call::TransferToPerson { person, team, .. } = call {
        warn(shown, id, person, team);
    }
    let before = shown.link.known.with_untracked(|known| known.heads.get(&id).map(|head| (head.team, head.state)));
    super::lanes::leave_from(shown, id);
    shown.moving.update(|moving| _ = moving.insert(id));
    shown.link.call(call);
    // The mark goes with the first change of the row, or after a while when the move was refused.
    let moved = Memo::new(move |_| {
        shown.link.known.with(|known| known.heads.get(&id).map(|head| (head.team, head.state)) != before)
    });
    let clear = move || shown.moving.update(|moving| _ = moving.remove(&id));
    Effect::new(move |_| {
        if moved.get() {
            clear();
        }
    });
    set_timeout(clear, std::time::Duration::from_secs(3));
}

/// What somebody counts on who chooses where a conversation goes: its team, and who is at work on it. To whom it is
/// offered is no part of it: offers pass on by themselves every few minutes, what one may choose stays the same, and the
/// choice ends the offer whoever has it.
fn whereabouts(head: &Conversation) -> (TeamId, Discriminant<State>, Option<PersonId>) {
    (head.team, discriminant(&head.state), head.responsible())
}

/// Who has a conversation and whether it is only offered to them: what somebody is asked about who takes it from them.
fn hands(head: &Conversation) -> (Discriminant<State>, Option<PersonId>) {
    (discriminant(&head.state), head.holder())
}

/// Closes a dialog about a conversation once that is no longer as it was when it was asked about, or is out of sight, and
/// says with whom it is: nobody does to it what they did not mean.
pub fn close_when_changed<T>(shown: Shown, id: ConversationId, of: fn(&Conversation) -> T)
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let standing = Memo::new(move |_| shown.link.known.with(|known| known.heads.get(&id).map(of)));
    let (asked, opened) = (standing.get_untracked(), shown.above.get_untracked());
    let name = shown.link.contact(id);
    Effect::new(move |_| {
        // Whoever has acted, or has lost the right to, has closed it already and needs no word.
        if standing.get() == asked || shown.above.get_untracked() != opened {
            return;
        }
        shown.above.set(None);
        let found = shown.link.known.with_untracked(|known| known.heads.get(&id).map(Conversation::holder));
        shown.link.say(&match found {
            Some(Some(holder)) => tf(Say::ChangedWith, &[&name, &untrack(|| shown.link.person(holder))]),
            Some(None) => tf(Say::ChangedMeanwhile, &[&name]),
            // The words of whoever loses the right to see it: which of the two is noticed first makes no difference.
            None => t(Say::SightChanged).to_owned(),
        });
    });
}

/// The dialog: people and teams by name.
#[component]
pub fn MoveDialog(id: ConversationId) -> impl IntoView {
    let shown = use_shown();
    close_when_changed(shown, id, whereabouts);
    let typed = RwSignal::new(String::new());
    let name = shown.link.contact(id);
    let hits = Memo::new(move |_| {
        let found = shown.link.known.with(|known| {
            let head = known.heads.get(&id)?;
            let organisation = &known.reference.organisation;
            Some((transfer::people(organisation, head), transfer::teams(organisation, head)))
        });
        let (mut people, mut teams) = found.unwrap_or_default();
        typed.with(|typed| {
            people.retain(|person| matches(&person.name, typed));
            teams.retain(|team| matches(&team.name, typed));
        });
        (people, teams)
    });
    let enter = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            match hits.get_untracked() {
                (people, teams) if people.len() == 1 && teams.is_empty() => {
                    give(shown, id, Target::Person(people[0].id))
                }
                (people, teams) if people.is_empty() && teams.len() == 1 => give(shown, id, Target::Team(teams[0].id)),
                _ => {}
            }
        }
    };
    let close = Callback::new(move |()| shown.above.set(None));
    let nobody = move || hits.with(|(people, teams)| people.is_empty() && teams.is_empty());
    view! {
        <Sheet title=tf(Say::MoveTitle, &[&name]) close>
            <div class="sheet-body">
                <input type="text" autocomplete="off" autofocus on:keydown=enter aria-label=t(Say::MoveFilter) placeholder=t(Say::MoveFilter)
                    prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
                {move || hits.with(|(people, _)| {
                    let buttons = people.iter().map(|person| person_button(shown, id, person)).collect_view();
                    (!people.is_empty()).then(|| view! { <div class="pick"><h3>{t(Say::MoveToPerson)}</h3>{buttons}</div> })
                })}
                {move || hits.with(|(_, teams)| {
                    let buttons = teams.iter().map(|team| team_button(shown, id, team)).collect_view();
                    (!teams.is_empty()).then(|| view! { <div class="pick"><h3>{t(Say::MoveToTeam)}</h3>{buttons}</div> })
                })}
                {move || nobody().then(|| view! { <p>{t(Say::MoveNobody)}</p> })}
            </div>
            <footer>{take_over_button(shown, id, "")}</footer>
        </Sheet>
    }
}

fn take_over_button(shown: Shown, id: ConversationId, class: &'static str) -> Option<impl IntoView> {
    let allowed = shown.link.known.with_untracked(|known| {
        let (actor, head) = (known.reference.organisation.actor(known.me?)?, known.heads.get(&id)?);
        let action = match head.state {
            State::Pending(_) => Action::Start,
            State::InProgress { .. } | State::Finished(_) => Action::TakeOver,
        };
        may(&actor, action, head).ok()
    });
    let press = move |_| {
        shown.above.set(None);
        take_over(shown, id);
    };
    allowed
        .map(|()| view! { <button class=class autofocus=!class.is_empty() on:click=press>{t(Say::TakeOver)}</button> })
}

/// Asks before somebody's conversation is taken from them.
#[component]
pub fn TakeOver(id: ConversationId) -> impl IntoView {
    let shown = use_shown();
    let close = Callback::new(move |()| shown.above.set(None));
    close_when_changed(shown, id, hands);
    let asked = shown.link.known.with_untracked(|known| {
        let head = known.heads.get(&id)?;
        Some((head.holder()?, matches!(head.state, State::Pending(_))))
    });
    let told = asked.map(|(holder, offered)| {
        tf(if offered { Say::TakeOffered } else { Say::TakeOverAsk }, &[&shown.link.person(holder)])
    });
    view! {
        <Sheet title=tf(Say::TakeOverTitle, &[&shown.link.contact(id)]) close>
            <div class="sheet-body"><p>{told}</p></div>
            <footer>{take_over_button(shown, id, "main")}</footer>
        </Sheet>
    }
}

fn person_button(shown: Shown, id: ConversationId, person: &PersonChoice) -> impl IntoView + use<> {
    let available = person.availability == ciranda_domain::person::Availability::Available;
    let target = Target::Person(person.id);
    let full = shown
        .link
        .known
        .with_untracked(|known| transfer::at_limit(&known.reference.organisation, person, &known.loads()));
    view! {
        <button on:click=move |_| give(shown, id, target)>
            <Avatar name=person.name.clone() class="av small" available=Some(available)/>
            <span>{person.name.clone()}</span>
            {(!available).then(|| view! { <small class="no">{t(Say::Away)}</small> })}
            {full.map(|(held, most)| view! {
                <small class="no">{tf(Key::AtLimit, &[&held.to_string(), &most.to_string()])}</small>
            })}
        </button>
    }
}

fn team_button(shown: Shown, id: ConversationId, team: &TeamChoice) -> impl IntoView + use<> {
    let target = Target::Team(team.id);
    view! {
        <button on:click=move |_| give(shown, id, target)>
            <span class="glyph"><Glyph icon=Icon::Team/></span>
            <span>{team.name.clone()}</span>
        </button>
    }
}

/// Asks in which of their teams a person goes on with it.
#[component]
pub fn AskTeam(id: ConversationId, person: PersonId) -> impl IntoView {
    let shown = use_shown();
    close_when_changed(shown, id, whereabouts);
    let close = Callback::new(move |()| shown.above.set(None));
    let teams = shown.link.known.with_untracked(|known| {
        let head = known.heads.get(&id)?;
        let found =
            transfer::people(&known.reference.organisation, head).into_iter().find(|choice| choice.id == person)?;
        match found.into {
            Into::Team(_) => None,
            Into::Ask(teams) => Some(teams),
        }
    });
    let button = move |(team, name): (TeamId, String)| {
        let press = move |_| send(shown, id, Call::TransferToPerson { conversation: id, person, team });
        view! { <button on:click=press><span class="glyph"><Glyph icon=Icon::Team/></span><span>{name}</span></button> }
    };
    view! {
        <Sheet title=tf(Say::MoveTitle, &[&shown.link.contact(id)]) close>
            <div class="sheet-body">
                <p>{tf(Say::MoveAsk, &[&shown.link.person(person)])}</p>
                <div class="pick">{teams.unwrap_or_default().into_iter().map(button).collect_view()}</div>
            </div>
        </Sheet>
    }
}
