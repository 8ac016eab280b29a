-- Whether a confidence was measured for such an agreement, or estimated. What was answered before was estimated.
alter table job add column answer_basis varchar(16);
update job set answer_basis = 'ESTIMATED' where answer_confidence is not null;
