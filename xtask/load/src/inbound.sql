-- What one inbound message of a known conversation writes, as pgbench plays it: the envelope in a transaction of its
-- own, then the numbers, the line, the head and the log.
\set c random(1, 5000)
insert into envelope (body) values (convert_to(repeat('x', 700), 'utf8'));
begin;
select set_config('ciranda.account', '00000000-0000-7000-8000-000000000001', true);
select phase from conversation where account_id = '00000000-0000-7000-8000-000000000001' and id = md5(:c::text)::uuid for no key update;
update account_seq set seq = seq + 2 where account_id = '00000000-0000-7000-8000-000000000001' returning seq as seq \gset
insert into message (account_id, conversation_id, id, at, ord, side, kind, body, channel_id, provider_id, rev)
values ('00000000-0000-7000-8000-000000000001', md5(:c::text)::uuid, gen_random_uuid(), 0, 0, 1, 0, 'carga', md5('channel')::uuid, gen_random_uuid()::text, :seq);
update conversation set last_at = last_at + 1, last_text = 'carga', unread = unread + 1, rev = :seq
where account_id = '00000000-0000-7000-8000-000000000001' and id = md5(:c::text)::uuid;
insert into sync_log (account_id, seq, entity, entity_id, parent_id, op, audience_before, audience_after)
values ('00000000-0000-7000-8000-000000000001', :seq - 1, 7, gen_random_uuid(), md5(:c::text)::uuid, 1, '{1,2}', '{1,2}'),
       ('00000000-0000-7000-8000-000000000001', :seq, 6, md5(:c::text)::uuid, null, 1, '{1,2}', '{1,2}');
insert into raw_event (account_id, message_id, event) values ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), '{"type":"text","text":{"body":"carga"}}');
commit;
