-- What is measured of conversations: finished facts, one a row, and their counts by day.

alter table conversation
    -- domain::report::Track: what is running of it. Beside the head, so that a message costs no second row.
    add column track jsonb;

create table report_fact (
    account_id uuid not null,
    conversation_id uuid not null,
    no int not null,
    kind smallint not null,
    -- Days since 1970-01-01 in the zone that the account had then.
    day int not null,
    at bigint not null,
    ended_at bigint,
    ms bigint,
    -- By the calendar of its time.
    business_ms bigint,
    team_id uuid not null,
    -- All zeros where nobody took charge: nulls would not be counted as one.
    person_id uuid not null,
    channel_id uuid not null,
    primary key (account_id, conversation_id, no)
);
create index report_fact_day on report_fact (account_id, kind, day)
    include (team_id, person_id, channel_id, ms, business_ms);
-- Who was busy when: stretches of responsibility by their end.
create index report_fact_busy on report_fact (account_id, ended_at) include (person_id, team_id, at) where kind = 5;

create table report_day (
    account_id uuid not null,
    kind smallint not null,
    day int not null,
    team_id uuid not null,
    person_id uuid not null,
    channel_id uuid not null,
    n int not null,
    primary key (account_id, kind, day, team_id, person_id, channel_id)
) with (fillfactor = 50);

-- What is still running, in the shape of facts: 0 the conversation itself, 11 a window whose end nothing has noted yet.
create view report_running with (security_invoker = true) as
    select c.account_id, c.id as conversation_id, r.kind, r.at, c.team_id,
        case when c.phase = 4 then c.responsible else '00000000-0000-0000-0000-000000000000' end as person_id,
        c.channel_id, c.contact_id, c.audience
    from conversation c cross join lateral (values
        (0::smallint, coalesce((c.track ->> 'arrived')::bigint, c.since)),
        (2::smallint, case when not (c.track ->> 'answered')::boolean then (c.track -> 'asked' ->> 'at')::bigint end),
        (3::smallint, case when (c.track ->> 'answered')::boolean then (c.track -> 'asked' ->> 'at')::bigint end),
        (4::smallint, (c.track -> 'stands' -> 'Pending' ->> 'since')::bigint),
        (5::smallint, (c.track -> 'stands' -> 'Held' ->> 'since')::bigint),
        (6::smallint, (c.track ->> 'arrived')::bigint),
        (11::smallint, case when not (c.track -> 'asked' ->> 'lost')::boolean
            then (c.track -> 'asked' ->> 'window_end')::bigint end)
    ) r(kind, at)
    where c.phase < 5 and r.at is not null;

-- When people were available: what occupancy is a share of.
create table report_presence (
    account_id uuid not null,
    person_id uuid not null,
    since bigint not null,
    until bigint,
    primary key (account_id, person_id, since)
);
create unique index report_presence_open on report_presence (account_id, person_id) where until is null;

do $$
declare
    tenant text;
begin
    foreach tenant in array array['report_fact', 'report_day', 'report_presence'] loop
        execute format('alter table %I enable row level security', tenant);
        execute format('alter table %I force row level security', tenant);
        execute format(
            'create policy tenant on %I using (account_id = (select nullif(current_setting(''ciranda.account'', true), '''')::uuid))
             with check (account_id = (select nullif(current_setting(''ciranda.account'', true), '''')::uuid))',
            tenant);
        if exists (select from pg_roles where rolname = 'ciranda_app') then
            execute format('grant select, insert, update, delete on %I to ciranda_app', tenant);
        end if;
    end loop;
    if exists (select from pg_roles where rolname = 'ciranda_app') then
        grant select on report_running to ciranda_app;
    end if;
end $$;
