-- What the run of a job waits for, while its engine is away. Written and cleared by the run that holds the lease,
-- so that every node can say it.

alter table job add column waiting_for varchar(200);
alter table job add column waiting_because varchar(2000);
alter table job add column waiting_since timestamp(6) with time zone;
