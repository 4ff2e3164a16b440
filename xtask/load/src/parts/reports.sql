-- Half a million conversations of ten lines each over a year, straight into the tables of a database that is thrown away.
-- What reports do not read has no index here. `gen_people` (n, team, person, channel, finished, held) is made before.

alter table message drop constraint message_pkey, drop constraint message_account_id_conversation_id_fkey;
drop index message_provider, message_timeline, message_waiting, message_queued;

create function gen_id(ms bigint, n bigint) returns uuid language sql immutable as
    $$ select (lpad(to_hex(ms), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;

insert into contact (account_id, id, name, created_at)
    select account, gen_id(1, n), 'Cliente ' || n, 0 from gen_setting, generate_series(1, 20000) n;
insert into contact_identity (account_id, id, contact_id, kind, phone)
    select account, gen_id(2, n), gen_id(1, n), 1, '55119' || lpad(n::text, 8, '0')
    from gen_setting, generate_series(1, 20000) n;

-- Waits and gaps have long tails, as they have in life.
create unlogged table gen as
    select s.account, c.n, gen_id(c.at, c.n) as id, c.at, p.team, p.person, p.channel,
        c.n > s.conversations - s.open as is_open, p.finished, p.held,
        (60000 * (1 + 20 * random() * random() * random()))::bigint as w,
        (30000 * (1 + 10 * random() * random()))::bigint as r,
        (60000 * (1 + 30 * random() * random()))::bigint as g
    from gen_setting s
    cross join lateral (
        select n, s.until - (s.conversations - n) * s.step + (random() * s.step)::bigint as at
        from generate_series(1, s.conversations) n
    ) c
    join gen_people p on p.n = (c.n * 7 + c.n / 13) % s.people;

insert into conversation (account_id, id, channel_id, contact_id, identity_id, team_id, phase, since, responsible,
        finished_by, created_at, last_at, audience, rev)
    select account, id, channel, gen_id(1, 1 + n % 20000), gen_id(2, 1 + n % 20000), team,
        case when is_open then 4 else 5 end, case when is_open then at + w else at + w + 3 * r + 3 * g end, person,
        case when is_open then null else person end, at, at + w + 3 * r + 2 * g, case when is_open then held else finished end, 1
    from gen;

insert into message (account_id, conversation_id, id, at, ord, side, kind, author, fact, channel_id, rev)
    select g.account, g.id, gen_id(l.at, g.n * 10 + l.i), l.at, l.i, l.side, l.kind,
        case when l.side = 2 then g.person end, l.fact, g.channel, 1
    from gen g
    cross join lateral (values
        (0, g.at, 3, 0, '{"Received":{"channel_name":"Loja"}}'::jsonb),
        (1, g.at, 3, 0, jsonb_build_object('Designated', jsonb_build_object('to', g.person, 'attempt', 1, 'why', 'TheirTurn'))),
        (2, g.at, 1, 1, null),
        (3, g.at + g.w, 3, 0, jsonb_build_object('Started', jsonb_build_object('by', g.person))),
        (4, g.at + g.w + g.r, 2, 1, null),
        (5, g.at + g.w + g.r + g.g, 1, 1, null),
        (6, g.at + g.w + 2 * g.r + g.g, 2, 1, null),
        (7, g.at + g.w + 2 * g.r + 2 * g.g, 1, 1, null),
        (8, g.at + g.w + 3 * g.r + 2 * g.g, 2, 1, null),
        (9, g.at + g.w + 3 * g.r + 3 * g.g, 3, 0, jsonb_build_object('Concluded', jsonb_build_object('by', g.person)))
    ) l(i, at, side, kind, fact)
    where l.i < 9 or not g.is_open;

drop table gen;
create index message_told on message (account_id, conversation_id);
analyze;
