-- The tokens of an archived job, so that a list need not look into its archive. Null while it is not there,
-- and for a job that was archived before they were counted: its archive is asked then.
alter table job add column archived_tokens bigint;
