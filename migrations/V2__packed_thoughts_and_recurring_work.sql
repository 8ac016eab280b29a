-- Large finished thoughts are kept deflated (zlib, UTF-8); then text is null and conclusion is there to be read alone.
alter table thought add column packed bytea;
alter table thought add column conclusion varchar(1000000);

-- What one node of the cluster does every now and then. The columns are db-scheduler's.
create table recurring_work (
  task_name varchar(100) not null,
  task_instance varchar(100) not null,
  task_data bytea,
  execution_time timestamp(6) with time zone not null,
  picked boolean not null,
  picked_by varchar(50),
  last_success timestamp(6) with time zone,
  last_failure timestamp(6) with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp(6) with time zone,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index recurring_work_by_time on recurring_work (execution_time);
create index job_by_end on job (finished_at);
