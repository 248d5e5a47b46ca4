-- 履职情况: what is owed in the running periods, what is done of it and by when the rest is due.

create function public.duty_status(p_grid int default null, p_on date default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  day date := coalesce(p_on, private.today());
  only_grids int[];
begin
  if day not between '2000-01-01' and '2100-01-01' then
    return private.refusal('on', 'OUT_OF_RANGE', '日期超出范围');
  end if;
  select array_agg(g.id) into only_grids
  from public.grids r join public.grids g on g.path <@ r.path and g.retired_at is null
  where r.retired_at is null and (private.sees_all() or r.id = any (private.my_grid_ids()))
    and case when p_grid is not null then r.id = p_grid else r.parent_id is null or not r.parent_id = any (private.my_grid_ids()) end;
  if only_grids is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return (
    with owed as materialized (
      select d.*, greatest(d.required - d.done, 0) as missing
      from private.duty_status_of(day, day, only_grids) d where d.starts <= day and d.ends >= day
    )
    select jsonb_build_object('status', 'ok', 'on', day,
      'rules', (
        select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'code', r.code, 'name', r.name, 'kind', r.kind, 'per', r.per,
          'starts', x.starts, 'due', x.ends, 'owed', x.owed, 'fulfilled', x.fulfilled, 'required', x.required, 'done', x.done,
          'missing', x.missing) order by r.id), '[]')
        from (
          select o.rule_id, o.starts, o.ends, count(*) as owed, count(*) filter (where o.missing = 0) as fulfilled,
            sum(o.required) as required, sum(o.done) as done, sum(o.missing) as missing
          from owed o group by o.rule_id, o.starts, o.ends) x
        join public.duty_rules r on r.id = x.rule_id),
      'rows', (
        select coalesce(jsonb_agg(jsonb_build_object('rule', o.rule_id, 'grid_id', g.id, 'code', g.code, 'name', g.name, 'level', g.level,
          'person', case when o.user_id is not null then jsonb_build_object('user_id', o.user_id, 'name', p.name, 'phone', p.phone) end,
          'required', o.required, 'done', o.done, 'missing', o.missing, 'due', o.ends)
          order by o.missing = 0, o.ends, g.level, g.code, o.rule_id, p.name), '[]')
        from owed o join public.grids g on g.id = o.grid_id left join public.profiles p on p.id = o.user_id))
    );
end $$;
comment on function public.duty_status(int, date) is
  'What a grid and all below it owe (null: the asker''s whole scope) in the periods that a day (default: today, China) lies in: {status, on, rules: [{id, code, name, kind, per, starts, due (last day of the period), owed (how many grids or people owe it), fulfilled (how many of these have done it), required, done, missing}], rows: [{rule, grid_id, code, name, level, person {user_id, name, phone} | null, required, done, missing, due}], what is missing first}. done may exceed required: missing is counted row by row. A grid that the asker does not see whole: {status: not_found}. DEFINER: ledger read; applies the scope itself.';

create function private.unpatrolled(day date, periods int, only_grids int[] default null)
returns table (grid_id int, rule_id int, starts date[], last_day date, last_id uuid) language sql stable set search_path = '' set jit = off as $$
  with span as materialized (
    -- so many finished periods back, by the calendar of each rule
    select r.id as rule_id, x.running, (
      with recursive back as (
        select private.period_start(r.per, x.running - 1) as starts, 1 as n
        union all
        select private.period_start(r.per, b.starts - 1), b.n + 1 from back b where b.n < least(greatest(periods, 1), 60)
      ) select min(b.starts) from back b) as first
    from public.duty_rules r cross join lateral (select private.period_start(r.per, day) as running) x
    where r.kind = 'patrol' and r.positions is null and r.since <= day and (r.until is null or r.until >= day)
  ), bare as materialized (
    -- none at all, the running period included
    select o.rule_id, o.grid_id, s.running
    from private.duty_status_of((select min(x.first) from span x), day, only_grids) o
    join span s on s.rule_id = o.rule_id and o.starts between s.first and s.running
    group by o.rule_id, o.grid_id, s.running
    having sum(o.done) = 0 and count(*) filter (where o.starts < s.running) >= least(greatest(periods, 1), 60)
  )
  select distinct on (b.grid_id) b.grid_id, b.rule_id, m.starts, l.day, l.id
  from bare b
  join public.duty_rules r on r.id = b.rule_id
  join public.grids g on g.id = b.grid_id and g.retired_at is null
  left join lateral (
    select p.day, p.id from public.patrols p
    where p.grid_id = b.grid_id and p.kind = r.kind and p.day < b.running order by p.day desc, p.id limit 1) l on true
  cross join lateral (
    with recursive back as (
      select private.period_start(r.per, b.running - 1) as starts, 1 as n
      union all
      select x.starts, a.n + 1 from back a cross join lateral (select private.period_start(r.per, a.starts - 1) as starts) x
      where a.n < 60 and x.starts > coalesce(l.day, '-infinity')
        and x.starts >= greatest(r.since, (g.created_at at time zone 'Asia/Shanghai')::date)
    ) select array_agg(a.starts order by a.starts desc) as starts from back a) m
  order by b.grid_id, cardinality(m.starts) desc, b.rule_id
$$;
comment on function private.unpatrolled(date, int, int[]) is
  'Grids in which nobody has patrolled in the last so many finished periods (1..60) of a patrol duty nor since, as of a day, once each: the first days of all finished periods without a patrol, newest first (at most 60), the day and id of the last patrol before (null: none ever). Of all grids or these; no scope: the caller applies it.';

revoke execute on function private.unpatrolled(date, int, int[]) from public;
revoke execute on function public.duty_status(int, date) from public, anon;
grant execute on function public.duty_status(int, date) to authenticated, service_role;
