//! What stands where in the lists of the desk.

use ciranda_domain::access::Tab;
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::ConversationId;
use ciranda_domain::time::Span;
use uuid::Uuid;

use crate::fixture::{ANA, BRUNO, Bench, CHAT, MORNING, offered, row};

/// What is offered to oneself comes first: its time runs. Then comes what has stood as it does the longest.
#[test]
fn what_is_offered_to_oneself_comes_before_what_waits_longer() {
    let mut bench = Bench::live();
    let at = |minutes| MORNING + Span::minutes(minutes);
    let waits = |id: u128, pending| Conversation {
        id: ConversationId(Uuid::from_u128(id)),
        state: State::Pending(pending),
        ..offered()
    };
    let to = |designee, minutes| {
        let (since, deadline) = (at(minutes), Some(at(minutes + 10)));
        Pending::Designated { designee, since, deadline, max_deadline: deadline, attempt: 1 }
    };
    let heads = [
        waits(21, to(ANA, 9)),
        waits(22, Pending::Open { since: at(5) }),
        waits(23, to(BRUNO, 1)),
        waits(24, to(ANA, 7)),
    ];
    bench.delta(0, heads.iter().map(row).collect());
    let shown: Vec<u128> = bench.client.view().tab(Tab::New).map(|id| id.0.as_u128()).collect();
    assert_eq!(shown, [24, 21, CHAT.0.as_u128(), 23, 22]);
}
