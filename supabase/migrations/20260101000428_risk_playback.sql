-- 风险回放: all grids of a level over a year in one answer, so that no day of it is asked for by itself.

create function public.risk_playback(p_level int default null, p_sector text default null, p_from date default null, p_to date default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  wanted record;
  span record;
begin
  if p_level is null or p_level not between 1 and 9 then
    return private.refusal('level', 'BAD_VALUE', '请指定网格层级');
  end if;
  select * into wanted from private.risk_sectors(p_sector);
  if wanted.refusal is not null then
    return wanted.refusal;
  end if;
  select * into span from private.risk_span(p_from, p_to, 400, '十三个月');
  if span.refusal is not null then
    return span.refusal;
  end if;
  return (
    with state as (
      select s.grid_id, s.starts, (s.index * 500)::int + s.level as code,
        s.starts - lag(s.starts, 1, span.from_day) over (partition by s.grid_id order by s.starts) as days
      from (
        -- points alone make no other picture
        select x.*, lag((x.index, x.level)) over (partition by x.grid_id order by x.starts) as before
        from private.risk_states(span.from_day, span.to_day, p_level, wanted.sectors) x) s
      where s.before is distinct from (s.index, s.level)
    ), line as (
      select s.grid_id, jsonb_agg(v.n order by s.starts, v.no) as steps
      from state s cross join lateral (values (1, s.days), (2, s.code)) v (no, n)
      group by s.grid_id
    )
    select jsonb_build_object('level', p_level, 'from', span.from_day, 'to', span.to_day,
      'known', (select jsonb_build_object('first', k.first, 'last', k.last) from private.risk_days k),
      'grids', coalesce(jsonb_agg(l.grid_id order by l.grid_id), '[]'), 'spans', coalesce(jsonb_agg(l.steps order by l.grid_id), '[]'))
    from line l);
end $$;
comment on function public.risk_playback(int, text, date, date) is
  'The index and level of every grid of a level over at most 13 months (default: the year up to today), for all sectors or one: {level, from, to, known: {first, last: the days written down}, grids: [id], spans: [[days, code, days, code, …]]}: for the grid at the same place, after so many days (from p_from, then from the step before) it became code = 500 × index + level. Before its first step, and for grids that are left out, there was nothing to judge; days that are not written down, today among them, are not known. DEFINER: ledger read; applies the scope itself.';
revoke execute on function public.risk_playback(int, text, date, date) from public, anon;
grant execute on function public.risk_playback(int, text, date, date) to authenticated, service_role;
