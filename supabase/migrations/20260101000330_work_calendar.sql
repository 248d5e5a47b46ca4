-- 工作日历: which days are working days, and how long each step of a hazard may take.

create table public.work_calendar (
  day date primary key,
  kind text not null check (kind in ('holiday', 'workday')),
  name text not null check (char_length(name) between 1 and 40)
);
comment on table public.work_calendar is
  'Days on which the week does not say whether one works: holidays on weekdays, make-up workdays (调休) on weekends. A year without rows counts Monday to Friday. The State Council announces the next year in November: administrators add it.';

-- 国务院办公厅 notices of 2023–2026, as kept by the npm package chinese-days 1.5.7 (MIT), its latest year
insert into public.work_calendar (day, kind, name)
select unnest(d.days::date[]), d.kind, d.name
from (values
    ('holiday', '元旦', '{2023-01-02}'),
    ('holiday', '春节', '{2023-01-23,2023-01-24,2023-01-25,2023-01-26,2023-01-27}'),
    ('holiday', '清明', '{2023-04-05}'),
    ('holiday', '劳动节', '{2023-05-01,2023-05-02,2023-05-03}'),
    ('holiday', '端午', '{2023-06-22,2023-06-23}'),
    ('holiday', '中秋', '{2023-09-29}'),
    ('holiday', '国庆节', '{2023-10-02,2023-10-03,2023-10-04,2023-10-05,2023-10-06}'),
    ('workday', '春节', '{2023-01-28,2023-01-29}'),
    ('workday', '劳动节', '{2023-04-23,2023-05-06}'),
    ('workday', '端午', '{2023-06-25}'),
    ('workday', '国庆节', '{2023-10-07,2023-10-08}'),
    ('holiday', '元旦', '{2024-01-01}'),
    ('holiday', '春节', '{2024-02-12,2024-02-13,2024-02-14,2024-02-15,2024-02-16}'),
    ('holiday', '清明', '{2024-04-04,2024-04-05}'),
    ('holiday', '劳动节', '{2024-05-01,2024-05-02,2024-05-03}'),
    ('holiday', '端午', '{2024-06-10}'),
    ('holiday', '中秋', '{2024-09-16,2024-09-17}'),
    ('holiday', '国庆节', '{2024-10-01,2024-10-02,2024-10-03,2024-10-04,2024-10-07}'),
    ('workday', '春节', '{2024-02-04,2024-02-18}'),
    ('workday', '清明', '{2024-04-07}'),
    ('workday', '劳动节', '{2024-04-28,2024-05-11}'),
    ('workday', '中秋', '{2024-09-14}'),
    ('workday', '国庆节', '{2024-09-29,2024-10-12}'),
    ('holiday', '元旦', '{2025-01-01}'),
    ('holiday', '春节', '{2025-01-28,2025-01-29,2025-01-30,2025-01-31,2025-02-03,2025-02-04}'),
    ('holiday', '清明', '{2025-04-04}'),
    ('holiday', '劳动节', '{2025-05-01,2025-05-02,2025-05-05}'),
    ('holiday', '端午', '{2025-06-02}'),
    ('holiday', '国庆节', '{2025-10-01,2025-10-02,2025-10-03,2025-10-07,2025-10-08}'),
    ('holiday', '中秋', '{2025-10-06}'),
    ('workday', '春节', '{2025-01-26,2025-02-08}'),
    ('workday', '劳动节', '{2025-04-27}'),
    ('workday', '国庆节', '{2025-09-28,2025-10-11}'),
    ('holiday', '元旦', '{2026-01-01,2026-01-02}'),
    ('holiday', '春节', '{2026-02-16,2026-02-17,2026-02-18,2026-02-19,2026-02-20,2026-02-23}'),
    ('holiday', '清明', '{2026-04-06}'),
    ('holiday', '劳动节', '{2026-05-01,2026-05-04,2026-05-05}'),
    ('holiday', '端午', '{2026-06-19}'),
    ('holiday', '中秋', '{2026-09-25}'),
    ('holiday', '国庆节', '{2026-10-01,2026-10-02,2026-10-05,2026-10-06,2026-10-07}'),
    ('workday', '元旦', '{2026-01-04}'),
    ('workday', '春节', '{2026-02-14,2026-02-28}'),
    ('workday', '劳动节', '{2026-05-09}'),
    ('workday', '国庆节', '{2026-09-20,2026-10-10}')
  ) d (kind, name, days);

alter table public.work_calendar enable row level security;
revoke all on public.work_calendar from anon, authenticated;
grant select, delete on public.work_calendar to authenticated;
grant insert (day, kind, name), update (kind, name) on public.work_calendar to authenticated;
create policy "Everyone who is signed in knows the working days" on public.work_calendar
  for select to authenticated using (true);
create policy "Administrators add days" on public.work_calendar
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators change days" on public.work_calendar
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "Administrators remove days" on public.work_calendar
  for delete to authenticated using ((select private.is_admin()));

create function private.is_working_day(given date) returns boolean language sql stable set search_path = '' as $$
  select coalesce((select c.kind = 'workday' from public.work_calendar c where c.day = given), extract(isodow from given) < 6)
$$;
comment on function private.is_working_day(date) is 'By the calendar, else Monday to Friday.';

create function private.add_working_days(given date, days int) returns date language sql stable set search_path = '' as $$
  select case when days = 0 then given else (
    -- the longest rest is nine days
    select d.day from generate_series(1, abs(days) * 3 + 30) i
    cross join lateral (select given + sign(days)::int * i as day) d
    where private.is_working_day(d.day)
    order by i offset abs(days) - 1 limit 1) end
$$;
comment on function private.add_working_days(date, int) is
  'The day that lies so many working days after (negative: before) a day, which itself does not count.';

create function private.today() returns date language sql stable set search_path = '' as $$
  select (now() at time zone 'Asia/Shanghai')::date
$$;
comment on function private.today() is 'The day in China.';

create table public.hazard_terms (
  step text not null check (step in
    ('verify', 'assign', 'rectify', 'rectify_most', 'review', 'escalate', 'file', 'publish', 'extend_ask', 'extend_decide')),
  severity text not null check (severity in ('general', 'major')),
  days int not null check (days between 1 and 1000),
  unit text not null check (unit in ('working', 'calendar')),
  primary key (step, severity)
);
comment on table public.hazard_terms is
  'How long a step of a hazard may take ⚙: verify after the report, assign after the verification, rectify after the assignment (rectify_most: at most, extensions included), review after the submission, escalate: one more grid up for each so much overdue; supervised listing: file after the verification, publish after the filing, extend_ask before it is due, extend_decide after the asking. Changed by administrators.';
insert into public.hazard_terms (step, severity, days, unit) values
  ('verify', 'general', 3, 'working'), ('verify', 'major', 1, 'working'),
  ('assign', 'general', 3, 'working'), ('assign', 'major', 1, 'working'),
  ('rectify', 'general', 15, 'calendar'), ('rectify', 'major', 90, 'calendar'),
  ('rectify_most', 'general', 180, 'calendar'), ('rectify_most', 'major', 365, 'calendar'),
  ('review', 'general', 5, 'working'), ('review', 'major', 10, 'working'),
  ('escalate', 'general', 5, 'working'), ('escalate', 'major', 3, 'working'),
  ('file', 'major', 3, 'working'), ('publish', 'major', 5, 'working'),
  ('extend_ask', 'general', 1, 'working'), ('extend_ask', 'major', 20, 'working'),
  ('extend_decide', 'general', 3, 'working'), ('extend_decide', 'major', 10, 'working');

alter table public.hazard_terms enable row level security;
revoke all on public.hazard_terms from anon, authenticated;
grant select on public.hazard_terms to authenticated;
grant update (days, unit) on public.hazard_terms to authenticated;
create policy "Everyone who is signed in knows the terms" on public.hazard_terms
  for select to authenticated using (true);
create policy "Administrators change terms" on public.hazard_terms
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));

create function private.term_day(step text, severity text, given date, sign int default 1) returns date language sql stable
set search_path = '' as $$
  select case t.unit when 'working' then private.add_working_days(given, sign * t.days) else given + sign * t.days end
  from public.hazard_terms t where t.step = term_day.step and t.severity = term_day.severity
$$;
comment on function private.term_day(text, text, date, int) is 'The last day of a step that begins on a day (sign -1: ends on it); null when there is no such term.';

create function private.day_end(given date) returns timestamptz language sql immutable set search_path = '' as $$
  select (given + time '23:59') at time zone 'Asia/Shanghai'
$$;
comment on function private.day_end(date) is '23:59 of a day in China.';

create function private.due_at(step text, severity text, begun timestamptz) returns timestamptz language sql stable
set search_path = '' as $$
  select private.day_end(private.term_day(step, severity, (begun at time zone 'Asia/Shanghai')::date))
$$;
comment on function private.due_at(text, text, timestamptz) is 'By when a step that begins at a moment is to be done; null when there is no such term.';

revoke execute on all functions in schema private from public;
