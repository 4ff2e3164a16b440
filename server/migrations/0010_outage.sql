-- The last outage, for every server: one that starts a moment after another must mark the same hops (decision 9).

alter table server_beat
    add column outage_from bigint,
    add column outage_until bigint;
