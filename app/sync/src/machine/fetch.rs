//! Fetching a snapshot: its start, then its parts page by page, again from where it failed.
//!
//! *Invariant:* at most one request is out; an answer to any other is ignored; rows of an epoch other than the
//! replica's are discarded (decision 13).

use super::backoff::Backoff;
use super::{Client, FetchId, Output, Stop, Tick, sorted};
use crate::frames::{PageRequest, Part, SCHEMA};
use crate::wire::{decode_page, decode_started};

#[derive(Debug)]
pub(super) struct Fetcher {
    task: Option<(Task, Progress)>,
    backoff: Backoff,
    last: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Task {
    Start,
    /// Asks as for a start, only to learn whether the person is still logged in.
    Probe,
    Page(PageRequest),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Progress {
    /// To be asked for at this instant.
    From(Tick),
    Asked(FetchId),
}

impl Fetcher {
    pub(super) fn new(seed: u64) -> Self {
        Self { task: None, backoff: Backoff::new(seed), last: 0 }
    }

    /// Whether anything is or will be asked for.
    pub(super) fn is_fetching(&self) -> bool {
        self.task.is_some()
    }

    pub(super) fn failures(&self) -> u32 {
        self.backoff.failures()
    }

    pub(super) fn due(&self) -> Option<Tick> {
        match self.task {
            Some((_, Progress::From(at))) => Some(at),
            Some((_, Progress::Asked(_))) | None => None,
        }
    }

    pub(super) fn stop(&mut self) {
        self.task = None;
    }

    /// Asks at once for what would have waited.
    pub(super) fn hurry(&mut self, now: Tick) {
        if let Some((_, Progress::From(at))) = &mut self.task {
            *at = now;
        }
    }

    fn ask(&mut self, task: Task, at: Tick) {
        self.task = Some((task, Progress::From(at)));
    }

    /// Takes the task that `fetch` answers.
    fn answered(&mut self, fetch: FetchId) -> Option<Task> {
        match self.task.take() {
            Some((task, Progress::Asked(asked))) if asked == fetch => Some(task),
            other => {
                self.task = other;
                None
            }
        }
    }
}

impl Client {
    /// Begins anew, keeping what is visible until the server has answered.
    pub(super) fn begin_snapshot(&mut self, now: Tick) {
        self.cursor = None;
        self.fetcher.ask(Task::Start, now);
    }

    /// Fetches the conversations again because the person's rights changed.
    pub(super) fn begin_conversation_pages(&mut self, now: Tick) {
        self.view.edit(crate::replica::Replica::begin_pages);
        self.fetcher.ask(Task::Page(PageRequest { part: Part::Open, after: None }), now);
    }

    /// A socket was not even opened, which a browser is not told the reason of.
    pub(super) fn probe(&mut self, now: Tick) {
        if !self.fetcher.is_fetching() {
            self.fetcher.ask(Task::Probe, now);
        }
    }

    pub(super) fn fetch_due(&mut self, now: Tick) {
        if self.fetcher.due().is_none_or(|due| due > now) {
            return;
        }
        let Some((task, progress)) = &mut self.fetcher.task else { return };
        self.fetcher.last += 1;
        let fetch = FetchId(self.fetcher.last);
        *progress = Progress::Asked(fetch);
        self.outputs.push_back(match task {
            Task::Start | Task::Probe => Output::FetchStart(fetch),
            Task::Page(request) => Output::FetchPage { fetch, request: request.clone() },
        });
    }

    pub(super) fn fetched(&mut self, now: Tick, fetch: FetchId, body: &[u8]) {
        match self.fetcher.answered(fetch) {
            Some(Task::Start) => self.started(now, body),
            Some(Task::Page(request)) => self.page(now, request, body),
            Some(Task::Probe) | None => {}
        }
    }

    pub(super) fn fetch_failed(&mut self, now: Tick, fetch: FetchId, status: u16) {
        let Some(task) = self.fetcher.answered(fetch) else { return };
        match status {
            401 | 403 => self.stop(Stop::SignedOut),
            _ if task == Task::Probe => {}
            // The server does not know where we were: from the beginning.
            400..500 => self.retry(Task::Start, now),
            _ => self.retry(task, now),
        }
    }

    fn retry(&mut self, task: Task, now: Tick) {
        let at = self.fetcher.backoff.fail(now);
        if task == Task::Start && self.cursor.take().is_some() {
            self.lose(now);
        }
        self.fetcher.ask(task, at);
    }

    fn started(&mut self, now: Tick, body: &[u8]) {
        let started = match decode_started(body) {
            Ok(started) if started.schema == SCHEMA => started,
            Ok(_) => return self.stop(Stop::NewVersion),
            Err(_) => return self.retry(Task::Start, now),
        };
        self.cursor = Some(started.seq);
        self.epoch = started.epoch;
        let atoms = sorted(started.atoms);
        self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| {
            replica.begin_snapshot(started.person, touched);
            replica.retain(&atoms, touched);
        });
        self.set_clock(now, started.now);
        self.fetcher.ask(Task::Page(PageRequest { part: Part::Reference, after: None }), now);
    }

    fn page(&mut self, now: Tick, request: PageRequest, body: &[u8]) {
        let page = match decode_page(body) {
            Ok(page) if page.epoch == self.epoch => page,
            Ok(_) | Err(_) => return self.page_refused(now, request),
        };
        self.fetcher.backoff.succeed();
        let (part, moment) = (request.part, self.business(now));
        let next = page.next.map(|after| PageRequest { part, after: Some(after) }).or(next_part(part));
        let finished = next.is_none();
        self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| {
            for (rev, row) in page.rows {
                match part {
                    Part::Reference | Part::Open => replica.put(rev, row, moment, touched),
                    Part::Finished => replica.put_finished(rev, row, moment, touched),
                }
            }
            if finished {
                replica.finish_pages(moment, touched);
            }
        });
        if next.as_ref().is_none_or(|next| next.part == Part::Finished) {
            self.usable = true;
            self.want_socket(now);
        }
        if let Some(next) = next {
            self.fetcher.ask(Task::Page(next), now);
        }
    }

    /// Rights changed on the way. With a socket the scope frame begins the pages anew, and the page is only asked again in
    /// case that was overtaken; without one nothing tells the new rights but another start.
    fn page_refused(&mut self, now: Tick, request: PageRequest) {
        let task = if self.link.is_down() { Task::Start } else { Task::Page(request) };
        self.retry(task, now);
    }
}

fn next_part(part: Part) -> Option<PageRequest> {
    let next = match part {
        Part::Reference => Part::Open,
        Part::Open => Part::Finished,
        Part::Finished => return None,
    };
    Some(PageRequest { part: next, after: None })
}
