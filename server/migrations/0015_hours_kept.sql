-- The week of an account that is always open, and the text of one that answers nothing by itself: what the form shows again
-- when either is switched back on.
alter table account add column hours_kept jsonb;
