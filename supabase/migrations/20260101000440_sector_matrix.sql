-- 行业风险分布: every grid below one by every sector, in one pass over what counts.

create type private.matrix_cell as (grid_id int, sector_id int, counts jsonb, points numeric, index numeric, level int);
comment on type private.matrix_cell is
  'Risk of a grid in one sector; sector_id null: in all of them and in what is of none. Where nothing counts there is no cell.';

create function private.matrix_live(rule public.risk_rules, at_moment timestamptz, shown int[]) returns setof private.matrix_cell
language plpgsql stable set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  below int[];
begin
  -- nothing to leave out when the root is among them
  if not exists (select from public.grids g where g.id = any (shown) and g.parent_id is null) then
    below := array(select distinct g.id from public.grids s join public.grids g on g.path <@ s.path where s.id = any (shown));
  end if;
  return query
  with weight as materialized (
    select w.key as factor, w.value::numeric as points from jsonb_each_text(rule.weights) w
  ), scale as materialized (
    select g.id as grid_id, private.risk_scale(rule, g.level) as value from public.grids g where g.id = any (shown)
  ), home as materialized (
    -- which of the shown grids a record counts for: its own and those above
    select g.id as from_id, step.id::int as to_id
    from public.grids g cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
    where step.id::int = any (shown)
  ), own as (
    select f.grid_id, f.sector_id, f.factor, count(*) as n
    from private.risk_facts(at_moment, at_moment, below) f
    group by f.grid_id, f.sector_id, f.factor
  ), counted as (
    select h.to_id as grid_id, o.sector_id, o.factor, sum(o.n) as n, grouping(o.sector_id) = 1 as of_all
    from own o join home h on h.from_id = o.grid_id
    group by grouping sets ((h.to_id, o.sector_id, o.factor), (h.to_id, o.factor))
  ), summed as (
    select c.grid_id, c.sector_id, jsonb_object_agg(c.factor, c.n) as counts, sum(c.n * coalesce(w.points, 0)) as points,
      coalesce(sum(c.n) filter (where c.factor = 'overdue_major'), 0)::bigint as late,
      coalesce(sum(c.n) filter (where c.factor in ('accident_larger', 'accident_major', 'accident_extraordinary')), 0)::bigint as grave
    from counted c left join weight w on w.factor = c.factor
    where c.of_all or c.sector_id is not null
    group by c.grid_id, c.sector_id
  )
  select s.grid_id, s.sector_id, s.counts, s.points, x.index, private.risk_colour(rule.thresholds, x.index, s.late, s.grave)
  from summed s join scale z on z.grid_id = s.grid_id
  cross join lateral (select private.risk_index(s.points, z.value) as index) x;
end $$;
comment on function private.matrix_live(public.risk_rules, timestamptz, int[]) is
  'The cells of these grids from the records as they are, of the asker''s scope, as of a moment and by these rules: the same as private.risk_live() sector by sector.';

create function private.matrix_past(day date, shown int[]) returns setof private.matrix_cell
language plpgsql stable set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  everything boolean := private.sees_all();
  whole int[] := case when everything then null else private.my_grid_ids() end;
  own_sectors int[] := private.my_sector_ids();
  own_pairs bigint[] := private.my_sector_grids();
  all_whole boolean := everything or shown <@ whole;
begin
  return query
  select d.grid_id, d.sector_id, d.counts, d.points, d.index, d.level::int
  from public.risk_daily d
  where d.grid_id = any (shown) and d.since <= day and coalesce(d.until, 'infinity') > day
    and (all_whole or d.sector_id is not null)
    and (everything or d.grid_id = any (whole) or d.sector_id = any (own_sectors)
      or private.sector_grid(d.sector_id, d.grid_id) = any (own_pairs));
  if not all_whole then
    -- a department's part of a grid: its sectors together
    return query
    select r.grid_id, null::int, r.counts, r.points, r.index, r.level
    from (select distinct g.level::int as level from public.grids g where g.id = any (shown)) l
    cross join lateral private.risk_past(day, l.level) r
    where r.grid_id = any (shown) and r.level > 0;
  end if;
end $$;
comment on function private.matrix_past(date, int[]) is 'The same at the end of a past day, as it was written down (risk_daily).';

create function private.my_root() returns int language plpgsql stable set search_path = extensions, pg_temp as $$
declare
  everything boolean := private.sees_all();
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
begin
  if everything then
    return (select g.id from public.grids g where g.parent_id is null and g.retired_at is null and g.kind <> 'department' order by g.code limit 1);
  end if;
  return (
    with top as materialized (
      select g.path from public.grids g
      where g.id = any (judged) and g.retired_at is null and (g.parent_id is null or not g.parent_id = any (judged))
    )
    select g.id from public.grids g
    where g.retired_at is null and exists (select from top) and not exists (select from top t where not t.path <@ g.path)
    order by g.level desc limit 1);
end $$;
comment on function private.my_root() is 'The smallest grid that holds all that is judged for the asker; null for who has nothing.';

create function public.sector_matrix(p_parent int default null, p_on date default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  everything boolean := private.sees_all();
  judged int[] := case when everything then null else private.my_risk_grid_ids() end;
  whole int[] := case when everything then null else private.my_grid_ids() end;
  own_sectors int[] := private.my_sector_ids();
  own_pairs bigint[] := private.my_sector_grids();
  today date := private.today();
  known private.risk_days;
  source text;
  parent public.grids;
  children int[];
  shown int[];
  part boolean;
  asked record;
begin
  select * into asked from private.risk_day(p_on);
  if asked.refusal is not null then
    return asked.refusal;
  end if;
  p_on := asked.given;
  select g.* into parent from public.grids g
  where g.id = coalesce(p_parent, private.my_root()) and g.retired_at is null and g.kind <> 'department';
  -- its children; of a grid that is not judged for the asker, the highest below it that are
  children := array(
    select g.id from public.grids g
    where g.path <@ parent.path and g.id <> parent.id and g.retired_at is null and g.kind <> 'department'
      and (everything or g.id = any (judged))
      and (g.parent_id = parent.id or not (everything or g.parent_id = any (judged)))
    order by g.level, g.code);
  if parent.id is null or not (everything or parent.id = any (judged) or children <> '{}') then
    return jsonb_build_object('status', 'not_found');
  end if;
  shown := children || case when everything or parent.id = any (judged) then array[parent.id] else '{}' end;
  part := not everything and not exists (select from unnest(shown) x where x = any (whole));
  select * into known from private.risk_days;
  source := case when p_on is null or p_on >= today then 'live' when p_on between known.first and known.last then 'written' else 'derived' end;

  return (
    with sector as materialized (
      select s.id, s.code, s.name, s.department_id, row_number() over (order by s.sort, s.id) as nth
      from public.sectors s
      where not part or s.id = any (own_sectors) or exists (select from unnest(own_pairs) p where (p >> 32)::int = s.id)
    ), now as materialized (
      select * from private.matrix_live(private.risk_rule(today), now(), shown) where source = 'live'
      union all
      select * from private.matrix_past(p_on, shown) where source = 'written'
      union all
      select * from private.matrix_live(private.risk_rule(p_on), private.end_of(p_on), shown) where source = 'derived'
    ), before as materialized (
      select b.grid_id, b.sector_id, b.index from private.matrix_past(least(coalesce(p_on, today), today) - 7, shown) b
      where least(coalesce(p_on, today), today) - 7 between known.first and known.last
    ), cell as (
      select n.grid_id, n.sector_id, n.index, n.level, n.points, n.counts,
        -- where nothing was written, nothing counted
        case when least(coalesce(p_on, today), today) - 7 between known.first and known.last then n.index - coalesce(b.index, 0) end as trend,
        array_position(shown, n.grid_id) as place, coalesce(s.nth, 0) as nth
      from now n
      left join sector s on s.id = n.sector_id
      left join before b on b.grid_id = n.grid_id and b.sector_id is not distinct from n.sector_id
      where n.sector_id is null or s.id is not null
    )
    select jsonb_build_object(
      'status', 'ok', 'source', source, 'on', least(coalesce(p_on, today), today), 'today', today,
      'first', known.first, 'sectors_only', part,
      'parent', jsonb_build_object('id', parent.id, 'code', parent.code, 'name', parent.name, 'level', parent.level,
        'parent_id', parent.parent_id, 'trail', private.breadcrumb(parent.id)),
      'grids', (
        select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name, 'level', g.level,
          'whole', everything or g.id = any (whole),
          'children', exists (select from public.grids c where c.parent_id = g.id and c.retired_at is null and c.kind <> 'department'))
          order by array_position(children, g.id)), '[]')
        from public.grids g where g.id = any (children)),
      'sectors', (
        select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name,
          'department', case when d.id is not null then jsonb_build_object('id', d.id, 'name', d.name) end,
          'officers', coalesce(private.industry_line(s.id) -> 'officers', '[]')) order by s.nth), '[]')
        from sector s left join public.departments d on d.id = s.department_id),
      'departments', case when private.is_admin() then (
        select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name) order by d.name), '[]') from public.departments d) end,
      'cells', (
        select jsonb_build_object(
          'grid', coalesce(jsonb_agg(c.grid_id order by c.place, c.nth), '[]'),
          'sector', coalesce(jsonb_agg(c.sector_id order by c.place, c.nth), '[]'),
          'index', coalesce(jsonb_agg(c.index order by c.place, c.nth), '[]'),
          'level', coalesce(jsonb_agg(c.level order by c.place, c.nth), '[]'),
          'points', coalesce(jsonb_agg(c.points order by c.place, c.nth), '[]'),
          'open', coalesce(jsonb_agg(coalesce((c.counts ->> 'hazard_general')::int, 0) + coalesce((c.counts ->> 'hazard_major')::int, 0) order by c.place, c.nth), '[]'),
          'major', coalesce(jsonb_agg(coalesce((c.counts ->> 'hazard_major')::int, 0) order by c.place, c.nth), '[]'),
          'overdue', coalesce(jsonb_agg(coalesce((c.counts ->> 'overdue_general')::int, 0) + coalesce((c.counts ->> 'overdue_major')::int, 0) order by c.place, c.nth), '[]'),
          'enterprises', coalesce(jsonb_agg(coalesce((c.counts ->> 'enterprise_red')::int, 0) + coalesce((c.counts ->> 'enterprise_orange')::int, 0)
            + coalesce((c.counts ->> 'enterprise_yellow')::int, 0) + coalesce((c.counts ->> 'enterprise_blue')::int, 0)
            + coalesce((c.counts ->> 'enterprise_unassessed')::int, 0) order by c.place, c.nth), '[]'),
          'trend', coalesce(jsonb_agg(c.trend order by c.place, c.nth), '[]'))
        from cell c)));
end $$;
comment on function public.sector_matrix(int, date) is
  'Risk of the grids below p_parent (null: the root of what the asker is judged for) in every sector, at the end of p_on in China (null: now): grids, sectors with the department that owns each (null: none does) and its officers, and cells as columns. A cell equals risk_map() of that grid and sector; sector null: all sectors together (the column of totals), grid = parent.id: the row of totals. Where nothing counts there is no cell. trend: index less that of seven days before, null where that day was not written down. source: live, written (risk_daily) or derived (a day before the first one written, by the records as they are now). sectors_only: the asker sees these sectors only, as officer of a department; grids[].whole: whether all of a grid is counted. departments: for administrators, who may give a sector to one (set_sector_department). Out of scope: {status: not_found}. DEFINER: ledger read; applies the scope itself.';

create function public.set_sector_department(p_sector int default null, p_department int default null, p_was int default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  s public.sectors;
begin
  if not private.is_admin() then
    return private.refusal('sector', 'NOT_ALLOWED', '只有系统管理员（安委办）可以指定行业的主管部门');
  end if;
  select x.* into s from public.sectors x where x.id = p_sector for update;
  if s.id is null then
    return private.refusal('sector', 'UNKNOWN_SECTOR', '没有这个行业领域');
  end if;
  if s.department_id is distinct from p_was then
    return jsonb_build_object('status', 'conflict', 'department', (
      select jsonb_build_object('id', d.id, 'name', d.name) from public.departments d where d.id = s.department_id));
  end if;
  if p_department is not null and not exists (select from public.departments d where d.id = p_department) then
    return private.refusal('department', 'NOT_FOUND', '没有这个部门');
  end if;
  update public.sectors x set department_id = p_department where x.id = s.id;
  return jsonb_build_object('status', 'ok', 'sector', private.sector_card(s.id), 'line', private.industry_line(s.id));
end $$;
comment on function public.set_sector_department(int, int, int) is
  'Gives a sector to a department (null: to none). p_was: the department it was seen with; another one by now is a conflict, and nothing is overwritten. Administrators only. DEFINER: one door for this write.';

revoke execute on function private.matrix_live(public.risk_rules, timestamptz, int[]), private.matrix_past(date, int[]), private.my_root() from public;
revoke execute on function public.sector_matrix(int, date), public.set_sector_department(int, int, int) from public, anon;
grant execute on function public.sector_matrix(int, date), public.set_sector_department(int, int, int) to authenticated, service_role;
