-- 履职要求: who must do what, at least how often.
create table public.duty_rules (
  id int generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  name text not null check (char_length(name) between 1 and 60),
  kind text not null check (kind in ('patrol', 'self_check', 'inspection')),
  grid_kind text not null default 'area' check (grid_kind in ('area', 'unit')),
  grid_level smallint check (grid_level between 1 and 9),
  positions text[] check (positions <@ array['leader', 'deputy', 'member', 'duty']),
  times int not null check (times between 1 and 31),
  per text not null check (per in ('week', 'half_month', 'month', 'quarter', 'half_year', 'year')),
  since date not null default '2020-01-01' check (isfinite(since)),
  until date check (until >= since and isfinite(until))
);
comment on table public.duty_rules is
  'What every grid of a kind and level owes in each period ⚙, with what patrols can prove. A rule that no longer holds gets until; it is not changed, so that the past keeps its measure.';
comment on column public.duty_rules.kind is 'Which patrols count: patrol 巡查, self_check 自查, inspection 检查.';
comment on column public.duty_rules.grid_level is 'Null: grids of the kind at every level.';
comment on column public.duty_rules.positions is 'Null: the grid owes it, whoever does it. Else each holder of one of these positions owes it.';
comment on column public.duty_rules.per is 'Calendar periods in China: weeks begin on Monday, half months on the 1st and 16th.';

insert into public.duty_rules (code, name, kind, grid_kind, grid_level, positions, times, per) values
  ('village_patrol', '村居网格每周巡查', 'patrol', 'area', 3, null, 1, 'week'),
  ('unit_self_check', '单位网格每周自查', 'self_check', 'unit', null, null, 2, 'week'),
  ('county_leader_inspection', '县领导每月带队检查', 'inspection', 'area', 1, '{leader,deputy}', 1, 'month'),
  ('town_leader_inspection', '镇街主要负责人每季度检查', 'inspection', 'area', 2, '{leader}', 1, 'quarter'),
  ('town_deputy_inspection', '镇街分管负责人每月检查', 'inspection', 'area', 2, '{deputy}', 1, 'month');

alter table public.duty_rules enable row level security;
revoke all on public.duty_rules from anon, authenticated;
grant select on public.duty_rules to authenticated;
grant insert (code, name, kind, grid_kind, grid_level, positions, times, per, since, until), update (name, until)
  on public.duty_rules to authenticated;
create policy "Everyone who is signed in knows what is owed" on public.duty_rules
  for select to authenticated using (true);
create policy "Administrators add duties" on public.duty_rules
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators end duties" on public.duty_rules
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));

create function private.period_start(per text, day date) returns date language sql immutable set search_path = '' as $$
  select case per
    when 'week' then day - (extract(isodow from day)::int - 1)
    when 'half_month' then case when extract(day from day) < 16 then date_trunc('month', day::timestamp)::date
      else date_trunc('month', day::timestamp)::date + 15 end
    when 'month' then date_trunc('month', day::timestamp)::date
    when 'quarter' then date_trunc('quarter', day::timestamp)::date
    when 'half_year' then make_date(extract(year from day)::int, case when extract(month from day) < 7 then 1 else 7 end, 1)
    when 'year' then date_trunc('year', day::timestamp)::date
  end
$$;
comment on function private.period_start(text, date) is 'First day of the calendar period that a day lies in; per as in duty_rules.';

create function private.period_end(per text, starts date) returns date language sql immutable set search_path = '' as $$
  select case per
    when 'week' then starts + 6
    when 'half_month' then case when extract(day from starts) = 1 then starts + 14
      else (date_trunc('month', starts::timestamp) + interval '1 month')::date - 1 end
    else (starts + case per when 'month' then interval '1 month' when 'quarter' then interval '3 months'
      when 'half_year' then interval '6 months' else interval '1 year' end)::date - 1
  end
$$;
comment on function private.period_end(text, date) is 'Last day of the period that starts on a day.';

revoke execute on function private.period_start(text, date), private.period_end(text, date) from public;
