-- The name of the API key that a job was submitted with. Null for jobs of a service without keys, and for older ones.
-- Kept for the time when jobs belong to their key; until then nothing depends on it.
alter table job add column created_by varchar(64);
