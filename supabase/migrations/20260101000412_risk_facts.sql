-- What counts for the risk index, said once: each record, for how long, and where.

create function private.risk_facts(from_at timestamptz, to_at timestamptz, only_grids int[] default null)
returns table (factor text, kind text, id text, grid_id int, sector_id int, since timestamptz, until timestamptz)
language sql stable set search_path = extensions, pg_temp as $$
  -- enterprises as they are: what they were is in risk_daily
  select 'enterprise_' || case e.risk_level when 1 then 'red' when 2 then 'orange' when 3 then 'yellow' when 4 then 'blue'
      else 'unassessed' end,
    'enterprise', e.id::text, e.grid_id, e.sector_id, '-infinity'::timestamptz, null::timestamptz
  from private.my_enterprises e
  where e.status <> 'closed' and e.grid_id is not null
    and (only_grids is null or e.grid_id = any (only_grids))
  union all
  -- once for being open, once more for being overdue
  select x.factor || h.severity, 'hazard', h.id::text, h.grid_id, h.sector_id, x.since, y.until
  from private.my_hazards h
  cross join lateral (
    select case h.state when 'closed' then h.closed_at when 'rejected' then coalesce(h.verified_at, h.updated_at) end as until) y
  cross join lateral (values ('hazard_', h.found_at), ('overdue_', h.due_at)) x (factor, since)
  where h.grid_id is not null and (only_grids is null or h.grid_id = any (only_grids))
    and x.since <= to_at and (h.state not in ('closed', 'rejected') or (y.until > from_at and y.until > x.since))
  union all
  -- each time that was owed and not done, for the four weeks after the period
  select 'duty_missed', 'duty', concat_ws(':', d.rule_id, d.grid_id, d.user_id, d.starts, n), d.grid_id, null, w.since,
    -- with the grid goes what it missed: nobody answers for it any more, and a parent is the sum of the grids there are
    least(w.until, g.retired_at)
  from private.duty_status_of(
    (from_at at time zone 'Asia/Shanghai')::date - 28, (to_at at time zone 'Asia/Shanghai')::date - 1, only_grids) d
  join public.grids g on g.id = d.grid_id
  cross join lateral generate_series(1, d.required - d.done) n
  cross join lateral (
    select (d.ends + 1)::timestamp at time zone 'Asia/Shanghai' as since, (d.ends + 29)::timestamp at time zone 'Asia/Shanghai' as until) w
  where d.done < d.required and w.since <= to_at and w.until > from_at and (g.retired_at is null or g.retired_at > greatest(from_at, w.since))
    and ((select private.sees_all()) or d.grid_id = any ((select private.my_grid_ids())::int[]))
  union all
  select 'accident_' || case a.grade when 1 then 'extraordinary' when 2 then 'major' when 3 then 'larger' else 'general' end,
    'accident', a.id::text, a.grid_id, a.sector_id, a.occurred_at, a.occurred_at + interval '12 months'
  from private.my_accidents a
  where a.grid_id is not null and (only_grids is null or a.grid_id = any (only_grids))
    and a.occurred_at <= to_at and a.occurred_at + interval '12 months' > from_at
  union all
  select 'assurance_missing', 'enterprise', e.id::text, e.grid_id, e.sector_id, g.since, g.until
  from private.assurance_gaps g join private.my_enterprises e on e.id = g.enterprise_id
  where e.status <> 'closed' and e.grid_id is not null and (only_grids is null or e.grid_id = any (only_grids))
    and g.since <= to_at and (g.until is null or g.until > from_at)
$$;
comment on function private.risk_facts(timestamptz, timestamptz, int[]) is
  'Every record of the asker''s scope that counted at some time between the two, and from when until when (null: still): factor (a key of risk_rules.weights; enterprise_unassessed weighs nothing and is no part), kind and id of the record, its own grid, its sector (null: of no sector). An overdue hazard counts once as open and once as overdue. For one moment give it twice.';

create function private.risk_counts(at_moment timestamptz, sectors int[] default null, below int default null)
returns table (grid_id int, factor text, n bigint) language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  only_grids int[] := case when below is not null then array(
    select g.id from public.grids g where g.path <@ (select b.path from public.grids b where b.id = below)) end;
begin
  return query
  with own as (
    select f.grid_id, f.factor, count(*) as n
    from private.risk_facts(at_moment, at_moment, only_grids) f
    where sectors is null or f.sector_id = any (sectors)
    group by f.grid_id, f.factor
  )
  -- a record counts once for its grid and once for every grid above
  select step.id::int, o.factor, sum(o.n)::bigint
  from own o join public.grids g on g.id = o.grid_id
  cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
  group by 1, 2;
end $$;
comment on function private.risk_counts(timestamptz, int[], int) is
  'How many records count at a moment, by grid (over its subtree) and factor. below: only what lies in this grid''s subtree (the grids above it are then counted in part and must be left out).';

revoke execute on function private.risk_facts(timestamptz, timestamptz, int[]), private.risk_counts(timestamptz, int[], int) from public;
