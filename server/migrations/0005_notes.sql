-- Internal notes: lines of side 4, which never reach the customer, and whom they call.
alter table message add column mentions uuid[];
comment on column message.side is '1 customer, 2 desk, 3 fact, 4 note';
-- Whom notes called and who has not looked since: [{"of": person, "by": author}].
alter table conversation add column mentions jsonb not null default '[]';
