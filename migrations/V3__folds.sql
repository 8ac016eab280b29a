-- What stands for the older part of a running thought that has outgrown its context: key insights, or no text where
-- no summary passed its check and the original stands. Offsets are UTF-16 units of the thought's text. A finished thought has none.
create table fold (
  thought_id bigint not null references thought (id) on delete cascade,
  number integer not null,
  upto_char integer not null,
  upto_token integer not null,
  upto_id integer not null,
  insights varchar(1000000),
  primary key (thought_id, number)
);
