-- Whom a contact's conversations are offered to first (OVF-14).

alter table contact add column preferred uuid;
create index contact_identity_contact on contact_identity (account_id, contact_id);
