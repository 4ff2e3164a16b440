-- A contact's other conversations, the latest first.
create index conversation_contact on conversation (account_id, contact_id, created_at desc);

-- Whether that history says how many of them its reader does not see (ACC-10): off unless an administrator switches it on.
alter table account add column counts_unseen boolean not null default false;
