//! The bytes of every kind of frame, row, call and body, as they travel. A line of `bytes.txt` may be added, never
//! changed: an old tab must still understand a new server until it has been told to reload.

mod samples;

use ciranda_sync::wire::{decode_down, decode_page, decode_started, decode_up, encode};

#[test]
fn every_frame_row_and_call_keeps_its_bytes() {
    let committed = include_str!("bytes.txt");
    let today: String = lines().iter().map(|(name, bytes)| format!("{name} {}\n", hex::encode(bytes))).collect();
    let changed: Vec<_> = today.lines().filter(|line| !committed.lines().any(|known| known == *line)).collect();
    let lost: Vec<_> = committed.lines().filter(|line| !today.lines().any(|known| known == *line)).collect();
    assert!(
        changed.is_empty() && lost.is_empty(),
        "bytes differ from tests/golden/bytes.txt.\nA new variant: add these lines.\n{}\nLines that no longer hold (raise \
         SCHEMA if that is really meant):\n{}",
        changed.join("\n"),
        lost.join("\n"),
    );
}

#[test]
fn every_sample_comes_back_from_its_bytes() {
    for (_, up) in samples::ups() {
        assert_eq!(decode_up(&encode(&up)).as_ref(), Ok(&up));
    }
    for (_, down) in samples::downs() {
        assert_eq!(decode_down(&encode(&down)).as_ref(), Ok(&down));
    }
    assert_eq!(decode_page(&encode(&samples::page())), Ok(samples::page()));
    assert_eq!(decode_started(&encode(&samples::started())), Ok(samples::started()));
}

fn lines() -> Vec<(String, Vec<u8>)> {
    let mut lines = Vec::new();
    lines.extend(samples::ups().into_iter().map(|(name, up)| (format!("up.{name}"), encode(&up))));
    lines.extend(samples::downs().into_iter().map(|(name, down)| (format!("down.{name}"), encode(&down))));
    lines.extend(samples::calls().into_iter().map(|(name, call)| (format!("call.{name}"), encode(&call))));
    lines.extend(samples::refusals().into_iter().map(|(name, refusal)| (format!("refused.{name}"), encode(&refusal))));
    lines.extend(samples::rows().into_iter().map(|(name, row)| (format!("row.{name}"), encode(&row))));
    lines.extend(samples::row_ids().into_iter().map(|(name, id)| (format!("row_id.{name}"), encode(&id))));
    lines.push(("body.started".to_owned(), encode(&samples::started())));
    lines.push(("body.page".to_owned(), encode(&samples::page())));
    lines
}
