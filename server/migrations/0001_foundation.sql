-- The first migration: installation tables, tenant tables under forced row-level security, and their indexes.
--
-- Conventions. Business instants are bigint milliseconds since the Unix epoch (domain::time::Moment), so that the
-- demo's clock can shift them; machine time (sessions, codes, leases) is timestamptz. Every tenant table leads with
-- account_id. `rev` is the number of the account's sequence that last wrote the row; `audience` is bigint[] of atoms.

-- ---------------------------------------------------------------- installation tables (no account scope)

create table installation (
    only_row boolean primary key default true check (only_row),
    clock_offset_ms bigint not null default 0
);
insert into installation default values;

create table envelope (
    arrival bigint generated always as identity primary key,
    received_at timestamptz not null default now(),
    body bytea not null,
    -- 0 to be processed, 1 processed, 2 unknown channel, 3 broken
    state smallint not null default 0,
    -- For the operator: what it holds besides messages, or why it was set aside; nothing of its content.
    note text
);
create index envelope_open on envelope (arrival) where state = 0;
create index envelope_kept on envelope (received_at) where state <> 0;

create table channel_route (
    kind smallint not null,
    provider_id text not null,
    account_id uuid not null,
    channel_id uuid not null,
    primary key (kind, provider_id)
);

create table sign_in (
    -- Lower-cased e-mail or E.164 digits; a phone only finds the person, the code goes to the e-mail (decision 37).
    login text not null,
    account_id uuid not null,
    person_id uuid not null,
    primary key (login, account_id)
);

create table login_code (
    id uuid primary key,
    account_id uuid not null,
    person_id uuid not null,
    login text not null,
    -- SHA-256 of code and salt; a one-time link has kind 2 and a long secret.
    kind smallint not null,
    secret_hash bytea not null,
    attempts smallint not null default 0,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index login_code_login on login_code (login, created_at);
create index login_code_secret on login_code (secret_hash) where kind = 2;

create table login_attempt (
    -- Buckets of the rate limit: by login and by address, kept a day.
    bucket text not null,
    at timestamptz not null default now()
);
create index login_attempt_bucket on login_attempt (bucket, at);

create table session (
    id_hash bytea primary key,
    account_id uuid not null,
    person_id uuid not null,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    revoked_at timestamptz,
    agent text not null default ''
);
create index session_person on session (account_id, person_id);

create table due (
    -- 1 overflow of a team, 2 outbox of a contact identity, 3 waiting texts of a conversation, 4 its read receipt
    kind smallint not null,
    account_id uuid not null,
    subject uuid not null,
    -- Never later than the next thing to do; earlier costs only a look.
    due_at bigint not null,
    primary key (kind, account_id, subject)
);
create index due_at on due (kind, due_at);

create table server_beat (
    -- When any server last worked, in machine time and business time: a gap is an outage (decision 9).
    only_row boolean primary key default true check (only_row),
    at timestamptz not null,
    business_at bigint not null
);

-- ---------------------------------------------------------------- tenant tables

create table account (
    account_id uuid primary key,
    name text not null,
    zone text not null,
    -- domain::calendar, serialised
    calendar jsonb not null,
    auto_reply text,
    next_person_number int not null default 1,
    next_team_number int not null default 1,
    created_at bigint not null,
    rev bigint not null default 1
);

-- Number 1 is the making of the account: what it begins with has revision 1, and revision 0 says "unknown".
create table account_seq (
    account_id uuid primary key references account,
    seq bigint not null default 1,
    -- The oldest number that can still be replayed from sync_log.
    floor bigint not null default 1,
    -- The number of the newest change of a reference row (account, person, team, membership, channel): what a server
    -- remembers of them is good as long as this stands still.
    reference bigint not null default 0
) with (fillfactor = 20);

create table person (
    account_id uuid not null references account,
    id uuid not null,
    number int not null,
    name text not null,
    email text,
    phone text,
    profile smallint not null,
    availability smallint not null default 0,
    status smallint not null default 0,
    archive_preference smallint not null default 0,
    created_at bigint not null,
    -- Raised with every change of the person's rights.
    epoch bigint not null default 0,
    rev bigint not null default 1,
    primary key (account_id, id),
    unique (account_id, number)
);

create table team (
    account_id uuid not null references account,
    id uuid not null,
    number int not null,
    name text not null,
    is_default boolean not null default false,
    level smallint not null,
    distributes boolean not null default false,
    overflows boolean not null default false,
    overflow_limit_ms bigint not null default 600000,
    overflow_maximum_ms bigint not null default 3600000,
    capacity int,
    -- The arrow of the ring: who receives the next new conversation.
    arrow uuid,
    -- The last instant the team's engine was stepped to; a server whose clock is behind cannot go back before it.
    clock bigint not null default 0,
    deleted_at bigint,
    rev bigint not null default 1,
    primary key (account_id, id),
    unique (account_id, number)
);
create unique index team_default on team (account_id) where is_default and deleted_at is null;

create table membership (
    account_id uuid not null,
    team_id uuid not null,
    person_id uuid not null,
    attends boolean not null,
    supervises boolean not null,
    rev bigint not null default 1,
    primary key (account_id, team_id, person_id),
    foreign key (account_id, team_id) references team (account_id, id),
    foreign key (account_id, person_id) references person (account_id, id)
);

create table channel (
    account_id uuid not null references account,
    id uuid not null,
    kind smallint not null,
    name text not null,
    address text not null,
    -- Phone number id, page id or Instagram id at Meta.
    provider_id text not null,
    waba_id text,
    -- The team that receives this channel's new conversations; the account's default team when unset (TEAM-02).
    team_id uuid,
    -- Sealed with the master key, bound to this row.
    credential bytea,
    credential_expires_at timestamptz,
    -- The provider's code since which nothing leaves from here until somebody reconnects it; the next acceptance clears it.
    down_code int,
    down_at bigint,
    rev bigint not null default 1,
    primary key (account_id, id),
    unique (account_id, kind, provider_id),
    foreign key (account_id, team_id) references team (account_id, id)
);

create table contact (
    account_id uuid not null references account,
    id uuid not null,
    name text not null,
    created_at bigint not null,
    primary key (account_id, id)
);

create table contact_identity (
    account_id uuid not null,
    id uuid not null,
    contact_id uuid not null,
    kind smallint not null,
    -- Digits with country code, as last seen; phone_key folds the Brazilian and Mexican variants.
    phone text,
    phone_key text,
    user_id text,
    primary key (account_id, id),
    foreign key (account_id, contact_id) references contact (account_id, id)
);
create unique index contact_identity_user on contact_identity (account_id, user_id, kind) where user_id is not null;
create index contact_identity_phone on contact_identity (account_id, phone_key) where phone_key is not null;

-- The messaging window, by channel and contact identity (decision 18).
create table messaging_window (
    account_id uuid not null,
    channel_id uuid not null,
    identity_id uuid not null,
    last_counted bigint,
    refused_at bigint,
    -- When the automatic reply last went out: at most once in a closed period (OVF-10).
    auto_replied_at bigint,
    primary key (account_id, channel_id, identity_id)
) with (fillfactor = 70);

create table conversation (
    account_id uuid not null,
    id uuid not null,
    channel_id uuid not null,
    contact_id uuid not null,
    identity_id uuid not null,
    team_id uuid not null,
    -- 1 queued, 2 designated, 3 open, 4 in progress, 5 finished
    phase smallint not null,
    since bigint not null,
    designee uuid,
    deadline bigint,
    max_deadline bigint,
    attempt int not null default 0,
    -- When this pending stay entered distribution.
    enqueued_at bigint,
    responsible uuid,
    finished_by uuid,
    archive smallint not null default 0,
    created_at bigint not null,
    last_at bigint not null,
    last_side smallint,
    last_kind smallint,
    last_text text,
    last_delivery smallint,
    last_delivery_code int,
    unread int not null default 0,
    waiting int not null default 0,
    received_from uuid,
    audience bigint[] not null,
    rev bigint not null,
    primary key (account_id, id),
    foreign key (account_id, team_id) references team (account_id, id),
    foreign key (account_id, channel_id) references channel (account_id, id),
    foreign key (account_id, identity_id) references contact_identity (account_id, id)
) with (fillfactor = 70);
-- At most one unfinished conversation by channel and contact identity (decision 11).
create unique index conversation_unfinished on conversation (account_id, channel_id, identity_id) where phase < 5;
-- What a team's engine is loaded from: who waits for a slot, and whose deadline is the next.
create index conversation_queued on conversation (account_id, team_id) where phase = 1;
create index conversation_designated on conversation (account_id, team_id, deadline) where phase = 2;
create index conversation_open on conversation (account_id, id) where phase < 5;
create index conversation_finished on conversation (account_id, since desc) where phase = 5;
create index conversation_responsible on conversation (account_id, responsible) where phase = 4;
create index conversation_designee on conversation (account_id, designee) where phase = 2;
-- `last_at` stays out of every index, so that a message does not write a new entry into each.
create index conversation_identity on conversation (account_id, channel_id, identity_id);

create table message (
    account_id uuid not null,
    conversation_id uuid not null,
    id uuid not null,
    at bigint not null,
    ord int not null,
    -- 1 customer, 2 desk, 3 fact
    side smallint not null,
    kind smallint not null,
    author uuid,
    body text,
    fact jsonb,
    delivery smallint,
    delivery_code int,
    channel_id uuid not null,
    provider_id text,
    rev bigint not null,
    primary key (account_id, id),
    foreign key (account_id, conversation_id) references conversation (account_id, id)
) with (fillfactor = 80);
create unique index message_provider on message (account_id, channel_id, provider_id) where provider_id is not null;
create index message_timeline on message (account_id, conversation_id, at desc, ord desc, id desc);
-- Texts that wait for the customer's answer, and those on their way to the provider.
create index message_waiting on message (account_id, conversation_id, at) where delivery = 0;
create index message_queued on message (account_id, conversation_id) where delivery = 1;

-- The event as Meta sent it, so that a later version can render what this one shows as a placeholder.
create table raw_event (
    account_id uuid not null,
    message_id uuid not null,
    event jsonb not null,
    primary key (account_id, message_id)
);

create table message_status (
    account_id uuid not null,
    channel_id uuid not null,
    provider_id text not null,
    status smallint not null,
    at bigint not null,
    code int,
    primary key (account_id, channel_id, provider_id, status)
);

create table outbox (
    account_id uuid not null,
    message_id uuid not null,
    conversation_id uuid not null,
    channel_id uuid not null,
    identity_id uuid not null,
    -- Orders the sends of one identity.
    position bigint generated always as identity,
    -- 0 ready, 1 being sent
    state smallint not null default 0,
    lease uuid,
    leased_until timestamptz,
    attempts smallint not null default 0,
    primary key (account_id, message_id)
);
create index outbox_identity on outbox (account_id, identity_id, position);

create table read_receipt (
    -- The newest customer message to be marked read at the provider, one a conversation.
    account_id uuid not null,
    conversation_id uuid not null,
    channel_id uuid not null,
    provider_id text not null,
    primary key (account_id, conversation_id)
);

create table decision (
    account_id uuid not null,
    conversation_id uuid not null,
    at bigint not null,
    rev bigint not null,
    why jsonb not null,
    primary key (account_id, conversation_id, rev, at)
);

create table sync_log (
    account_id uuid not null,
    seq bigint not null,
    at timestamptz not null default now(),
    -- 1 account, 2 person, 3 team, 4 membership, 5 channel, 6 conversation, 7 message, 8 a person's rights
    entity smallint not null,
    entity_id uuid not null,
    -- Conversation of a message, person of a membership.
    parent_id uuid,
    -- 1 put, 2 remove
    op smallint not null,
    audience_before bigint[] not null,
    audience_after bigint[] not null,
    client_id uuid,
    mutation bigint,
    primary key (account_id, seq)
);
create index sync_log_at on sync_log (at);

create table sync_client (
    account_id uuid not null,
    client_id uuid not null,
    person_id uuid not null,
    last_mutation bigint not null default 0,
    seen_at timestamptz not null default now(),
    primary key (account_id, client_id)
);

create table sync_rejection (
    account_id uuid not null,
    client_id uuid not null,
    n bigint not null,
    refusal bytea not null,
    at timestamptz not null default now(),
    primary key (account_id, client_id, n)
);

create table audit (
    account_id uuid not null,
    id uuid not null,
    at timestamptz not null default now(),
    actor uuid,
    action text not null,
    subject uuid,
    before jsonb,
    after jsonb,
    primary key (account_id, id)
);

-- ---------------------------------------------------------------- tenancy: the second net (decision 31)

do $$
declare
    tenant text;
begin
    foreach tenant in array array[
        'account', 'account_seq', 'person', 'team', 'membership', 'channel', 'contact', 'contact_identity',
        'messaging_window', 'conversation', 'message', 'raw_event', 'message_status', 'outbox', 'read_receipt',
        'decision', 'sync_log', 'sync_client', 'sync_rejection', 'audit'
    ] loop
        execute format('alter table %I enable row level security', tenant);
        execute format('alter table %I force row level security', tenant);
        execute format(
            'create policy tenant on %I using (account_id = (select nullif(current_setting(''ciranda.account'', true), '''')::uuid))
             with check (account_id = (select nullif(current_setting(''ciranda.account'', true), '''')::uuid))',
            tenant);
    end loop;
    if exists (select from pg_roles where rolname = 'ciranda_app') then
        execute 'grant usage on schema public to ciranda_app';
        execute 'grant select, insert, update, delete on all tables in schema public to ciranda_app';
        execute 'grant usage, select on all sequences in schema public to ciranda_app';
        execute 'revoke update, delete on audit from ciranda_app';
    end if;
end $$;
