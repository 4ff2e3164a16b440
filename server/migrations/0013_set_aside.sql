-- What was concluded without an answer and restarted by a person still has the customer's window, which ends unanswered
-- as any other does. A track has one of the two bursts at most. The rest of the view is as it was.

create or replace view report_running with (security_invoker = true) as
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
        (11::smallint, case when not (coalesce(c.track -> 'asked', c.track -> 'set_aside') ->> 'lost')::boolean
            then (coalesce(c.track -> 'asked', c.track -> 'set_aside') ->> 'window_end')::bigint end)
    ) r(kind, at)
    where c.phase < 5 and r.at is not null;
