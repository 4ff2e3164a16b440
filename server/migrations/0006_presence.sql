-- Who has a socket open, so that the board of another server can say it too. A session is an installation table.
alter table session
    -- Until when the server of `present_at` vouches for a socket of this session; machine time.
    add column present_until timestamptz,
    add column present_at uuid;
create index session_present on session (account_id, present_until) where present_until is not null;
