-- Behind every figure of the index: the records, with the names that people know them by.

create function public.risk_records(p_grid int default null, p_factor text default null, p_sector text default null, p_on date default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  wanted record;
  asked record;
  moment timestamptz;
  only_grids int[];
begin
  select * into wanted from private.risk_sectors(p_sector);
  if wanted.refusal is not null then
    return wanted.refusal;
  end if;
  select * into asked from private.risk_day(p_on);
  if asked.refusal is not null then
    return asked.refusal;
  end if;
  moment := case when p_on is null or p_on >= private.today() then now() else private.end_of(p_on) end;
  if p_grid is null or not exists (
    select from public.grids g where g.id = p_grid and g.retired_at is null
      and (private.sees_all() or g.id = any (private.my_risk_grid_ids()))) then
    return jsonb_build_object('status', 'not_found');
  end if;
  only_grids := array(select g.id from public.grids g where g.path <@ (select b.path from public.grids b where b.id = p_grid));
  return (
    with fact as materialized (
      select f.kind, f.id, f.grid_id, f.since from private.risk_facts(moment, moment, only_grids) f
      where f.factor = p_factor and (wanted.sectors is null or f.sector_id = any (wanted.sectors))
    ), row as (
      select f.kind, f.id, f.grid_id, e.name as title, s.name as note, null::timestamptz as at
      from fact f join public.enterprises e on f.kind = 'enterprise' and e.id = f.id::uuid join public.sectors s on s.id = e.sector_id
      union all
      select f.kind, f.id, f.grid_id, h.title, e.name, f.since
      from fact f join public.hazards h on f.kind = 'hazard' and h.id = f.id::uuid left join public.enterprises e on e.id = h.enterprise_id
      union all
      select f.kind, f.id, f.grid_id, a.title, concat_ws('，', nullif(format('死亡 %s 人', a.deaths), '死亡 0 人'),
        nullif(format('重伤 %s 人', a.serious_injuries), '重伤 0 人')), a.occurred_at
      from fact f join public.accidents a on f.kind = 'accident' and a.id = f.id::uuid
      union all
      select f.kind, f.id, f.grid_id, r.name, concat_ws(' ', p.name, d.starts::text || ' 至 ' || private.period_end(r.per, d.starts)), f.since
      from fact f
      -- rule:grid[:person]:first day:number
      cross join lateral (select string_to_array(f.id, ':') as part) x
      cross join lateral (select x.part[1]::int as rule_id, x.part[cardinality(x.part) - 1]::date as starts,
        case when cardinality(x.part) = 5 then x.part[3]::uuid end as user_id) d
      join public.duty_rules r on f.kind = 'duty' and r.id = d.rule_id
      left join public.profiles p on p.id = d.user_id
    )
    select jsonb_build_object('status', 'ok', 'rows', coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'id', r.id, 'title', r.title,
      'note', nullif(r.note, ''), 'at', r.at, 'grid_id', g.id, 'grid_code', g.code, 'grid', g.name)
      order by r.at desc nulls last, g.code, r.title, r.id), '[]'))
    from row r join public.grids g on g.id = r.grid_id);
end $$;
comment on function public.risk_records(int, text, text, date) is
  'The records that one part of risk_breakdown() counts, with names: rows {kind, id, title, note, at, grid_id, grid_code, grid}, newest first; exactly as many as count. at: since when it counts (accidents: when it happened), null for enterprises. Out of scope: {status: not_found}. DEFINER: ledger read; applies the scope itself.';
revoke execute on function public.risk_records(int, text, text, date) from public, anon;
grant execute on function public.risk_records(int, text, text, date) to authenticated, service_role;
