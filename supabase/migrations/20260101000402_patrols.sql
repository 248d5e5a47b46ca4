-- 巡查: what was done for a duty, where and by whom.
create table public.patrols (
  id uuid primary key default gen_random_uuid(),
  grid_id int not null references public.grids (id),
  user_id uuid references public.profiles (id),
  kind text not null default 'patrol' check (kind in ('patrol', 'self_check', 'inspection')),
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  day date generated always as ((started_at at time zone 'Asia/Shanghai')::date) stored,
  note text check (char_length(note) <= 2000),
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.patrols is '巡查、自查、检查. The id is made by the device that recorded it.';
comment on column public.patrols.grid_id is 'The grid whose duty it fulfils: its own for a patrol, the leader''s for an inspection further down.';
comment on column public.patrols.day is 'The day in China on which it began: by this it counts for a period.';
create index patrols_grid_id_idx on public.patrols (grid_id, day);
create index patrols_user_id_idx on public.patrols (user_id);
create index patrols_day_idx on public.patrols (day);

create table public.patrol_items (
  patrol_id uuid not null references public.patrols (id) on delete cascade,
  no smallint not null check (no >= 1),
  enterprise_id uuid references public.enterprises (id),
  place text check (char_length(place) <= 120),
  result text not null check (result in ('normal', 'hazard', 'closed_door')),
  hazard_id uuid references public.hazards (id),
  note text check (char_length(note) <= 2000),
  primary key (patrol_id, no),
  constraint patrol_items_name_what_was_looked_at check (enterprise_id is not null or place is not null)
);
comment on table public.patrol_items is 'What was looked at on a patrol, in its order; result: nothing found, a hazard (hazard_id once reported), or nobody there.';
create index patrol_items_enterprise_id_idx on public.patrol_items (enterprise_id);
create index patrol_items_hazard_id_idx on public.patrol_items (hazard_id);

create trigger touch before update on public.patrols for each row execute function private.touch_version();
-- a patrol done recolours the map
create trigger log_new after insert on public.patrols referencing new table as after_change
  for each statement execute function private.log_changes('patrol', 'grid_id', '', '', 'row_version');
create trigger log_changed after update on public.patrols referencing old table as before_change new table as after_change
  for each statement execute function private.log_changes('patrol', 'grid_id', '', '', 'row_version');
create trigger log_gone after delete on public.patrols referencing old table as after_change
  for each statement execute function private.log_changes('patrol', 'grid_id', '', '', 'row_version');

alter table public.patrols enable row level security;
alter table public.patrol_items enable row level security;
revoke all on public.patrols, public.patrol_items from anon, authenticated;
grant select on public.patrols, public.patrol_items to authenticated;
create policy "People see the patrols of their grids and their own" on public.patrols
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or user_id = (select auth.uid()));
create policy "Who sees a patrol sees what was looked at" on public.patrol_items
  for select to authenticated
  using (
    (select private.sees_all())
    or patrol_id in (select p.id from public.patrols p)
    -- not by way of the enterprise a hazard that is not theirs
    or enterprise_id in (select e.id from public.enterprises e)
      and (hazard_id is null or hazard_id in (select h.id from public.hazards h)));

-- ── what was not done ────────────────────────────────────────────────────────────────────────────────────────────
create function private.duty_status_of(from_day date, to_day date, only_grids int[] default null)
returns table (rule_id int, grid_id int, user_id uuid, starts date, ends date, required int, done int)
language sql stable set search_path = extensions, pg_temp as $$
  with rule as (
    select r.*, private.period_start(r.per, greatest(from_day, r.since)) as first from public.duty_rules r
  ), calendar as materialized (
    -- the period of every day, so that deeds are matched by their day
    select r.id as rule_id, r.kind, r.positions is not null as personal, d::date as day, private.period_start(r.per, d::date) as starts
    from rule r cross join lateral generate_series(r.first, private.period_end(r.per, private.period_start(r.per, to_day)), interval '1 day') d
  ), period as materialized (
    select c.rule_id, c.starts, max(c.day) as ends
    from calendar c join rule r on r.id = c.rule_id
    where c.starts >= r.since
    group by c.rule_id, c.starts, r.until
    having r.until is null or max(c.day) <= r.until
  ), due as (
    -- nobody owes for the period in which a grid was made
    select r.id as rule_id, r.positions, g.id as grid_id, p.starts, p.ends, r.times
    from rule r
    join period p on p.rule_id = r.id
    join public.grids g on g.kind = r.grid_kind and (r.grid_level is null or g.level = r.grid_level)
      and (g.created_at at time zone 'Asia/Shanghai')::date <= p.starts
      and (g.retired_at is null or (g.retired_at at time zone 'Asia/Shanghai')::date > p.ends)
    where only_grids is null or g.id = any (only_grids)
  ), owed as (
    select d.rule_id, d.grid_id, null::uuid as user_id, d.starts, d.ends, d.times, 0 as done from due d where d.positions is null
    union all
    -- nor in which a position was taken up
    select d.rule_id, d.grid_id, m.user_id, d.starts, d.ends, d.times, 0
    from due d join public.memberships m on m.grid_id = d.grid_id and m.position = any (d.positions) and m.since <= d.starts
    where d.positions is not null
  ), deed as (
    select c.rule_id, p.grid_id, case when c.personal then p.user_id end as user_id, c.starts, null::date as ends, 0 as times, 1 as done
    from public.patrols p join calendar c on c.day = p.day and c.kind = p.kind
    where p.day between (select min(x.day) from calendar x) and (select max(x.day) from calendar x)
      and (only_grids is null or p.grid_id = any (only_grids))
  )
  -- added up and not joined: nobody knows beforehand how many there are, and a wrong guess costs minutes
  select x.rule_id, x.grid_id, x.user_id, x.starts, max(x.ends), max(x.times), sum(x.done)::int
  from (select * from owed union all select * from deed) x
  group by x.rule_id, x.grid_id, x.user_id, x.starts
  having max(x.times) > 0
$$;
comment on function private.duty_status_of(date, date, int[]) is
  'Every duty owed in the periods that touch the days from from_day to to_day: by which rule, which grid (and person, for duties of a position), how often, how often done. Of all grids or these; no scope: the caller applies it.';
revoke execute on function private.duty_status_of(date, date, int[]) from public;
