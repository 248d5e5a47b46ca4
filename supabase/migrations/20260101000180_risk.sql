-- 风险四色, for now by shares. The risk index comes behind the same columns.

create function private.my_risk_grid_ids() returns int[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return private.my_grid_ids() || coalesce((
    select array_agg(distinct g.id)
    from public.department_officers o
    join public.departments d on d.id = o.department_id
    join public.grids r on r.id = d.grid_id
    join public.grids g on g.path <@ r.path
    where o.user_id = (select auth.uid())), '{}');
end $$;
comment on function private.my_risk_grid_ids() is
  'Grids that are judged for the asker: those seen whole, and a department''s grids with its own sectors. Not the ones above: judging them by the part one sees would mislead.';

create function private.risk_rows(only_grid int default null, only_level int default null, sectors int[] default null,
  at_moment timestamptz default now())
returns table (grid_id int, code text, level int, index float8, colour int, enterprises int, red int, orange int, yellow int,
  blue int, unassessed int, open_hazards int, major_open int, overdue int)
language plpgsql stable set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  rule jsonb := (select s.value from public.settings s where s.key = 'risk');
  everything boolean := private.sees_all();
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
begin
  return query
  with shown as materialized (
    select g.id, g.code, g.level, g.path from public.grids g
    where g.retired_at is null and (everything or g.id = any (judged))
      and (only_level is null or g.level = only_level) and (only_grid is null or g.id = only_grid)
  ), own as (
    select e.grid_id, count(*) as enterprises, count(*) filter (where e.risk_level = 1) as red,
      count(*) filter (where e.risk_level = 2) as orange, count(*) filter (where e.risk_level = 3) as yellow,
      count(*) filter (where e.risk_level = 4) as blue, count(*) filter (where e.risk_level is null) as unassessed,
      0::bigint as open_hazards, 0::bigint as major_open, 0::bigint as overdue
    from private.my_enterprises e
    where e.status <> 'closed' and e.grid_id is not null and (sectors is null or e.sector_id = any (sectors))
    group by e.grid_id
    union all
    select h.grid_id, 0, 0, 0, 0, 0, 0, count(*), count(*) filter (where h.severity = 'major'),
      count(*) filter (where h.due_at < at_moment)
    from private.my_hazards h
    where h.grid_id is not null and (sectors is null or h.sector_id = any (sectors))
      and h.state <> 'rejected' and h.found_at <= at_moment and (h.closed_at is null or h.closed_at > at_moment)
    group by h.grid_id
  ), counted as (
    -- a row counts once for its grid and once for every grid above
    select step.id::int as id, sum(o.enterprises) as enterprises, sum(o.red) as red, sum(o.orange) as orange,
      sum(o.yellow) as yellow, sum(o.blue) as blue, sum(o.unassessed) as unassessed,
      sum(o.open_hazards) as open_hazards, sum(o.major_open) as major_open, sum(o.overdue) as overdue
    from own o join public.grids g on g.id = o.grid_id
    cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
    group by 1
  ), figures as (
    select s.id, s.code, s.level, coalesce(c.enterprises, 0) as enterprises, coalesce(c.red, 0) as red,
      coalesce(c.orange, 0) as orange, coalesce(c.yellow, 0) as yellow, coalesce(c.blue, 0) as blue,
      coalesce(c.unassessed, 0) as unassessed, coalesce(c.open_hazards, 0) as open_hazards,
      coalesce(c.major_open, 0) as major_open, coalesce(c.overdue, 0) as overdue,
      case when c.enterprises + c.major_open > 0 then least(100, 100 * (
        (rule ->> 'red')::numeric * c.red + (rule ->> 'orange')::numeric * c.orange + (rule ->> 'major')::numeric * c.major_open)
        / (c.enterprises + c.major_open)) else 0 end as share
    from shown s left join counted c on c.id = s.id
  )
  select f.id, f.code, f.level::int, round(f.share, 1)::float8,
    case
      when f.enterprises = 0 and f.open_hazards = 0 then 0
      when f.share >= (rule -> 'levels' ->> 0)::numeric then 1
      when f.share >= (rule -> 'levels' ->> 1)::numeric then 2
      when f.share >= (rule -> 'levels' ->> 2)::numeric then 3
      else 4
    end,
    f.enterprises::int, f.red::int, f.orange::int, f.yellow::int, f.blue::int, f.unassessed::int,
    f.open_hazards::int, f.major_open::int, f.overdue::int
  from figures f
  order by f.level, f.code;
end $$;
comment on function private.risk_rows(int, int, int[], timestamptz) is
  'Per grid, over its subtree: counts, index = 100 × (w_red × red + w_orange × orange + w_major × open major hazards) ÷ (enterprises + open major hazards), at most 100; colour 1 red … 4 blue by the thresholds, 0 when there is nothing to judge. Weights and thresholds: settings key risk. Closed enterprises do not count. Hazards as they were at the moment given; enterprises as they are.';

revoke execute on function private.my_risk_grid_ids(), private.risk_rows(int, int, int[], timestamptz) from public;

create function public.risk_map(p_level int default null, p_sector text default null, p_on date default null)
returns jsonb language plpgsql stable security definer set search_path = ''
set jit = off as $$
declare
  sectors int[];
begin
  if nullif(btrim(p_sector), '') is not null then
    sectors := array[private.sector_named(p_sector)];
    if sectors[1] is null then
      return private.refusal('sector', 'UNKNOWN_SECTOR', format('没有这个行业领域：%s', left(p_sector, 60)));
    end if;
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object('grid_id', r.grid_id, 'code', r.code, 'index', r.index, 'level', r.colour,
      'enterprises', r.enterprises, 'open_hazards', r.open_hazards, 'major_open', r.major_open, 'overdue', r.overdue,
      'trend', null)), '[]')
    from private.risk_rows(null, p_level, sectors,
      least(now(), coalesce((p_on + 1)::timestamp at time zone 'Asia/Shanghai', now()))) r);
end $$;
comment on function public.risk_map(int, text, date) is
  'Four-colour level of every grid of the asker''s scope (p_level null: all levels; p_sector: code, name or id; p_on: at the end of that day, Beijing time, with hazards as they were then). level 0: nothing to judge; trend: not known yet. Counts of a grid are the sum of its children''s and its own. DEFINER: ledger read; applies the scope itself. Formula: private.risk_rows().';
revoke execute on function public.risk_map(int, text, date) from public, anon;
grant execute on function public.risk_map(int, text, date) to authenticated, service_role;
