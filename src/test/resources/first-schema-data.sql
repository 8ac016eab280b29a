-- Jobs as the first schema (V1) kept them: one that is over, one that its service left running, one that is paused.
insert into job (id, prompt, pipeline, pipeline_hash, model, seed, created_at, deadline, started_at, finished_at,
  status, stage, visit, answer_text, answer_confidence, answer_completeness, answer_rests_on, fingerprint, epoch)
values ('00000000-0000-7000-8000-000000000001', 'What is 6 + 7?', 'mini', 'first', 'scripted', 7,
  timestamp with time zone '2026-11-01 10:00:00+00', timestamp with time zone '2026-11-01 10:30:00+00',
  timestamp with time zone '2026-11-01 10:00:01+00', timestamp with time zone '2026-11-01 10:00:09+00',
  'COMPLETED', 'final_output', 1, 'The answer is 13.', 0.9, 'FULL', '3 of 3 branches agree', 'f1', 1);
insert into thought (job_id, stage, visit, branch, seed, budget, started_at, finished_at, text, tokens, thinking_tokens,
  closed_by, decode_millis)
values ('00000000-0000-7000-8000-000000000001', 'initial_analysis', 1, 1, 11, 512,
  timestamp with time zone '2026-11-01 10:00:01+00', timestamp with time zone '2026-11-01 10:00:02+00',
  'Six and seven.</think>Known: two numbers.', 12, 6, 'MODEL', 120);
insert into journal (job_id, seq, at, epoch, kind, stage, visit, branch, tokens)
values ('00000000-0000-7000-8000-000000000001', 1, timestamp with time zone '2026-11-01 10:00:01+00', 1,
  'STAGE_ENTERED', 'initial_analysis', 1, null, null),
  ('00000000-0000-7000-8000-000000000001', 2, timestamp with time zone '2026-11-01 10:00:02+00', 1,
  'THOUGHT_FINISHED', 'initial_analysis', 1, 1, 12);

insert into job (id, prompt, pipeline, pipeline_hash, model, seed, created_at, deadline, started_at, status, stage,
  visit, fingerprint, epoch, owner, lease_until)
values ('00000000-0000-7000-8000-000000000002', 'How much change?', 'mini', 'first', 'scripted', 7,
  timestamp with time zone '2026-11-01 10:00:00+00', timestamp with time zone '2099-01-01 00:00:00+00',
  timestamp with time zone '2026-11-01 10:00:01+00', 'RUNNING', 'initial_analysis', 1, 'f2', 1, 'gone',
  timestamp with time zone '2026-11-01 10:00:12+00');
insert into thought (job_id, stage, visit, branch, seed, budget, started_at, tokens, thinking_tokens, decode_millis)
values ('00000000-0000-7000-8000-000000000002', 'initial_analysis', 1, 1, 11, 512,
  timestamp with time zone '2026-11-01 10:00:01+00', 0, 0, 0);
insert into chunk (thought_id, from_token, tokens, seq, text)
select id, 0, 8, 2, 'This is step 1 of it.' || chr(10) from thought
where job_id = '00000000-0000-7000-8000-000000000002';
insert into journal (job_id, seq, at, epoch, kind, stage, visit)
values ('00000000-0000-7000-8000-000000000002', 1, timestamp with time zone '2026-11-01 10:00:01+00', 1,
  'STAGE_ENTERED', 'initial_analysis', 1);

insert into job (id, prompt, pipeline, pipeline_hash, model, seed, created_at, deadline, status, visit, fingerprint,
  epoch, paused_because)
values ('00000000-0000-7000-8000-000000000003', 'Where is the engine?', 'mini', 'first', 'scripted', 7,
  timestamp with time zone '2026-11-01 10:00:00+00', timestamp with time zone '2099-01-01 00:00:00+00', 'PAUSED', 1,
  'f3', 1, 'The engine is away.');
