-- Ajustes: who has come in, thresholds of the board, what is still to be done with conversations, the audit's order.

-- When somebody first came in; null while an invitation is open. Whoever there is already has.
alter table person add column joined_at timestamptz default now();

-- What else than its subject a change touched, so that whoever holds an older form is told who changed it.
alter table audit add column touched uuid[] not null default '{}';
create index audit_at on audit (account_id, at desc, id desc);

-- When the supervisors' board raises an alert for a team.
create table team_threshold (
    account_id uuid not null,
    team_id uuid not null,
    queue int,
    oldest_minutes int,
    passed int,
    window_minutes int,
    primary key (account_id, team_id),
    foreign key (account_id, team_id) references team (account_id, id)
);

-- Open conversations that are still to be concluded, transferred or returned, because a person or a team went. Written
-- with the change itself; whatever is left after a kill is finished by the timer of kind 5 in `due`.
create table fate (
    account_id uuid not null references account,
    id uuid not null,
    by_person uuid not null,
    what jsonb not null,
    primary key (account_id, id)
);

do $$
declare
    tenant text;
begin
    foreach tenant in array array['team_threshold', 'fate'] loop
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
end $$;
