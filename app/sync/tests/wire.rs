//! Bytes from the network: nothing in them makes the decoder panic, and what it accepts is what was meant.

use ciranda_domain::ids::{ConversationId, MessageId};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, MAX_DOWN, MAX_UP, Op, Up};
use ciranda_sync::rows::{Atom, Epoch, RowId, Seq};
use ciranda_sync::wire::{
    Malformed, decode_down, decode_page, decode_started, decode_up, encode, encode_delta, encode_op, encode_scope,
};
use proptest::prelude::*;
use rand::rngs::SmallRng;
use rand::{Rng, RngCore, SeedableRng};
use uuid::Uuid;

#[test]
fn random_bytes_never_panic() {
    let mut random = SmallRng::seed_from_u64(1);
    for _ in 0..200_000 {
        let mut bytes = vec![0; random.random_range(0..200)];
        random.fill_bytes(&mut bytes);
        // Small first bytes reach deeper: they name a variant that exists.
        if let Some(first) = bytes.first_mut() {
            *first %= 12;
        }
        decode_everything(&bytes);
    }
}

#[test]
fn a_frame_cut_or_changed_anywhere_never_panics() {
    let mut random = SmallRng::seed_from_u64(2);
    let frame = encode(&Up::Mutate { first: 1, calls: vec![send("bom dia"), Call::Nothing, send("até logo")] });
    for length in 0..frame.len() {
        assert_eq!(decode_up(&frame[..length]), Err(Malformed::Unreadable));
    }
    for _ in 0..50_000 {
        let mut changed = frame.clone();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(0..changed.len());
            changed[at] = random.random();
        }
        decode_everything(&changed);
    }
}

#[test]
fn a_length_that_claims_more_than_there_is_is_refused_without_being_believed() {
    // `Mutate` from 1 with a list of 2^62 calls.
    let mut bytes = vec![1, 1];
    bytes.extend([0x80; 8]);
    bytes.push(0x40);
    assert_eq!(decode_up(&bytes), Err(Malformed::Unreadable));
}

#[test]
fn an_oversized_frame_is_refused_unread() {
    let limit = MAX_UP;
    assert_eq!(decode_up(&vec![0; limit + 1]), Err(Malformed::Oversized { length: limit + 1, limit }));
    let limit = MAX_DOWN;
    assert_eq!(decode_down(&vec![0; limit + 1]), Err(Malformed::Oversized { length: limit + 1, limit }));
}

#[test]
fn bytes_after_a_frame_are_refused() {
    let mut bytes = encode(&Up::Ping(1));
    bytes.push(0);
    assert_eq!(decode_up(&bytes), Err(Malformed::Unreadable));
}

proptest! {
    #[test]
    fn a_delta_put_together_from_encoded_ops_is_the_delta(
        (from, to, acked) in any::<(u64, u64, u64)>(),
        rows in prop::collection::vec(any::<(u64, u128)>(), 0..300),
    ) {
        let ops: Vec<_> = rows.iter().map(|(rev, id)| remove(*rev, *id)).collect();
        let encoded: Vec<_> = ops.iter().map(encode_op).collect();
        let slices: Vec<_> = encoded.iter().map(Vec::as_slice).collect();
        let (from, to) = (Seq(from), Seq(to));
        let delta = Down::Delta { from, to, acked, ops: ops.clone() };
        prop_assert_eq!(encode_delta(from, to, acked, &slices), encode(&delta));
        let (epoch, atoms) = (Epoch(3), vec![Atom(1), Atom(-1)]);
        let together = encode_scope(from, to, acked, epoch, &atoms, &slices);
        prop_assert_eq!(together, encode(&Down::Scope { from, to, acked, epoch, atoms, ops }));
    }
}

fn decode_everything(bytes: &[u8]) {
    _ = decode_up(bytes);
    _ = decode_down(bytes);
    _ = decode_page(bytes);
    _ = decode_started(bytes);
}

fn send(text: &str) -> Call {
    let (conversation, message) = (ConversationId(Uuid::from_u128(1)), MessageId(Uuid::from_u128(2)));
    Call::Send { conversation, message, text: text.to_owned() }
}

fn remove(rev: u64, id: u128) -> Op {
    Op::Remove { rev: Seq(rev), row: RowId::Conversation(ConversationId(Uuid::from_u128(id))) }
}
