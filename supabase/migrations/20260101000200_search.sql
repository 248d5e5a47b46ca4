-- 搜索: a grid, a person, an enterprise or a hazard by name, code, person or pinyin initials.

create function public.search_places(p_query text default null, p_limit int default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
  words text := lower(btrim(left(p_query, 60)));
  size int := char_length(words);
  most int := least(greatest(coalesce(p_limit, 20), 1), 100);
  everything boolean := private.sees_all();
  people uuid[] := case when everything then null else private.my_people_ids() end;
begin
  if coalesce(words, '') = '' then
    return '[]'::jsonb;
  end if;
  return (
    with entry as (
      select 1 as kind, g.id as number, null::uuid as id, g.name, g.code, g.initials, g.level::int as importance
      from private.my_public_grids g
      union all
      select 2, null, p.id, p.name, p.phone, p.initials, 0 from public.profiles p where everything or p.id = any (people)
      union all
      select 3, null, e.id, e.name, e.code, e.initials, coalesce(e.risk_level, 5) from private.my_enterprises e
      union all
      select 4, null, h.id, h.title, h.code, null, case when not h.is_open then 3 when h.severity = 'major' then 1 else 2 end
      from private.my_hazards h
    ), fitting as (
      select x.*, case
          when lower(x.name) = words or lower(x.code) = words then 0
          when left(lower(x.name), size) = words then 1
          when x.initials = words then 2
          when left(lower(x.code), size) = words then 3
          when position(words in lower(x.name)) > 0 then 4
          when left(x.initials, size) = words then 5
          when size > 1 and position(words in x.initials) > 0 then 6
          when size > 3 and position(words in lower(x.code)) > 0 then 7
        end as fit
      from entry x
    ), best as (
      select f.*, row_number() over (order by f.fit, f.kind, f.importance, f.name, f.number, f.id) as place
      from fitting f where f.fit is not null
      order by place limit most
    )
    select coalesce(jsonb_agg(y.answer order by y.place), '[]') from (
      select b.place, jsonb_build_object('kind', 'grid', 'id', g.id, 'title', g.name, 'code', g.code,
        'subtitle', concat_ws(' · ', up.name, g.code), 'level', g.level, 'grid_id', g.id,
        'lon', round(ST_X(g.center) * 1e6) / 1e6, 'lat', round(ST_Y(g.center) * 1e6) / 1e6, 'bbox', private.bbox(g.boundary)) as answer
      from best b join public.grids g on g.id = b.number left join public.grids up on up.id = g.parent_id
      where b.kind = 1
      union all
      select b.place, jsonb_build_object('kind', 'person', 'id', p.id, 'title', p.name, 'phone', p.phone,
        'subtitle', concat_ws(' · ', nullif(p.title, ''), post.name, nullif(p.phone, '')), 'grid_id', post.id,
        'lon', round(ST_X(post.center) * 1e6) / 1e6, 'lat', round(ST_Y(post.center) * 1e6) / 1e6, 'bbox', private.bbox(post.boundary))
      from best b join public.profiles p on p.id = b.id
      left join lateral (
        select g.id, g.name, g.center, g.boundary
        from public.memberships m join private.my_public_grids g on g.id = m.grid_id
        where m.user_id = p.id order by g.level, g.id limit 1) post on true
      where b.kind = 2
      union all
      select b.place, jsonb_build_object('kind', 'enterprise', 'id', e.id, 'title', e.name, 'level', e.risk_level,
        'subtitle', concat_ws(' · ', s.name, g.name), 'grid_id', e.grid_id,
        'lon', round(ST_X(e.location) * 1e6) / 1e6, 'lat', round(ST_Y(e.location) * 1e6) / 1e6)
      from best b join public.enterprises e on e.id = b.id
      join public.sectors s on s.id = e.sector_id left join public.grids g on g.id = e.grid_id
      where b.kind = 3
      union all
      select b.place, jsonb_build_object('kind', 'hazard', 'id', h.id, 'title', h.title, 'severity', h.severity, 'state', h.state,
        'subtitle', concat_ws(' · ', h.code, g.name), 'grid_id', h.grid_id,
        'lon', round(ST_X(h.location) * 1e6) / 1e6, 'lat', round(ST_Y(h.location) * 1e6) / 1e6)
      from best b join public.hazards h on h.id = b.id left join public.grids g on g.id = h.grid_id
      where b.kind = 4) y);
end $$;
comment on function public.search_places(text, int) is
  'Places and people of the asker''s scope by name, code, phone or pinyin initials (bsz → 别山镇), best first (p_limit 1..100, default 20). lon/lat EPSG:4326; bbox [w,s,e,n] for grids and for the grid of a person. DEFINER: reads across tables; applies the scope itself.';
revoke execute on function public.search_places(text, int) from public, anon;
grant execute on function public.search_places(text, int) to authenticated, service_role;
