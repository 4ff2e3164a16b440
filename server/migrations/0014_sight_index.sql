-- Who does not see everything has each conversation of a report looked up for whether they may open it. Beside its id that
-- is the audience alone, which lies in this index: the wide rows of the conversations stay where they are. An audience
-- changes with the phase or the holder, which write new entries into other indexes already.
create index conversation_sight on conversation (account_id, id) include (audience);
