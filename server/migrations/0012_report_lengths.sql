-- How long the facts of a day took, beside their count: a report of a month reads some thousand rows instead of
-- hundreds of thousands. In no order; what is null in the fact is not in it.

alter table report_day
    add column ms bigint[] not null default '{}',
    add column business_ms bigint[] not null default '{}';

-- Lengths without those that are no longer so, each taken away once.
create function lengths_without(lengths bigint[], gone bigint[]) returns bigint[] language sql immutable as $$
    select coalesce(array_agg(l.ms), '{}')
    from (select ms, row_number() over (partition by ms) as nth from unnest(lengths) ms) l
    where l.nth > (select count(*) from unnest(gone) g where g = l.ms)
$$;

-- The owner writes for all accounts at once, which forced policies would keep even it from.
alter table report_fact no force row level security;
alter table report_day no force row level security;
update report_day d set ms = f.ms, business_ms = f.business_ms
from (
    select account_id, kind, day, team_id, person_id, channel_id,
        coalesce(array_agg(ms) filter (where ms is not null), '{}') as ms,
        coalesce(array_agg(business_ms) filter (where business_ms is not null), '{}') as business_ms
    from report_fact group by 1, 2, 3, 4, 5, 6
) f
where (d.account_id, d.kind, d.day, d.team_id, d.person_id, d.channel_id)
    = (f.account_id, f.kind, f.day, f.team_id, f.person_id, f.channel_id);
alter table report_fact force row level security;
alter table report_day force row level security;

-- Facts one by one are read by instant: the rows behind a number, the latest first, and what is counted for whoever sees
-- a team or only what is theirs. A team's are many, so they are counted without a look at the table.
drop index report_fact_day;
create index report_fact_at on report_fact (account_id, kind, at);
create index report_fact_team on report_fact (account_id, team_id, kind, at)
    include (conversation_id, day, person_id, channel_id, ms, business_ms);
create index report_fact_person on report_fact (account_id, person_id, kind, at);
