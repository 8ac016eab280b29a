-- Thoughts in two forms, archived jobs, and how many bytes are stored.

-- What stands for a thought's text once the sweep has compressed it. Its original lies in cold_thought from then on.
alter table thought add column summary varchar(1000000);
alter table thought add column summary_tokens integer;
-- What the sweep made of it: null as long as it has not looked at it.
alter table thought add column swept varchar(16);
alter table thought add column sweep_note varchar(2000);
-- Bytes of its text in every form, kept so that adding them up reads no text.
alter table thought add column stored bigint default 0 not null;
update thought set stored =
  coalesce(octet_length(text), 0) + coalesce(octet_length(packed), 0) + coalesce(octet_length(conclusion), 0);
create index thought_to_sweep on thought (swept, id);
create index thought_by_size on thought (job_id, stored);

-- Originals of compressed thoughts: deflated (zlib, UTF-8), with the SHA-256 of the text's UTF-8.
create table cold_thought (
  thought_id bigint primary key references thought (id) on delete cascade,
  packed bytea not null,
  sha256 bytea not null
);

alter table job add column archived_at timestamp(6) with time zone;
alter table job add column restored_at timestamp(6) with time zone;
-- Bytes of its prompt, metadata and answer, and of its archive.
alter table job add column stored bigint default 0 not null;
update job set stored =
  octet_length(prompt) + coalesce(octet_length(metadata), 0) + coalesce(octet_length(answer_text), 0);
create index job_by_size on job (stored);
create index job_to_archive on job (archived_at, finished_at);

-- What an archived job had in thought, cold_thought, chunk and journal: JSON, deflated (raw, with a dictionary that
-- ArchiveParts has), in pieces that fit a column of bytes. Section 0 says what there is, section 1 has the texts. The hash is that of the packed bytes.
create table archive_part (
  job_id uuid not null references job (id) on delete cascade,
  section integer not null,
  part integer not null,
  packed bytea not null,
  sha256 bytea not null,
  primary key (job_id, section, part)
);
