-- 网格公示牌: everything one notice on the wall shows, in one answer.

insert into public.settings (key, value) values
  ('notice', '{"issuer": null, "hotline": "12350", "hotline_word": "安全生产举报投诉电话"}'),
  ('notice_duties', $${
    "1": [
      "统筹全域安全生产网格化管理，每月至少带队检查一次。",
      "调度各镇街网格，督促重大隐患挂牌督办、按期销号。",
      "协调属地与行业主管部门，消除责任盲区。",
      "组织网格长、网格员培训、考核和约谈。",
      "指挥生产安全事故和险情的应急处置。"
    ],
    "2": [
      "掌握辖区生产经营单位底数，做到一企一档、归属到人。",
      "每月组织隐患排查，跟踪整改、复查直至销号。",
      "每季度研究一次安全生产工作，及时上报重大隐患。",
      "管理本级和村居网格员，检查巡查是否到位。",
      "公开责任人和电话，受理群众举报。"
    ],
    "3": [
      "每周至少巡查一次本网格，不漏一企一户。",
      "发现隐患当场提醒、及时上报，跟踪整改，参与复查。",
      "登记新增、变更和关停的生产经营单位。",
      "宣传安全生产法律法规和避险知识。",
      "遇有险情先疏散、先报告，配合应急处置。"
    ],
    "unit": [
      "本单位主要负责人是安全生产第一责任人。",
      "每周至少自查两次，隐患自查、自报、自改。",
      "重大隐患立即停产撤人，并报告上级网格。",
      "特种作业人员持证上岗，新员工先培训后上岗。",
      "定期开展应急演练，保持通道畅通。"
    ]
  }$$);
comment on column public.settings.key is
  'bounds: [west, south, east, north] or null for the world. demo: whether this is demo data. county_name. notice: issuer (null: 安委会 of the county), hotline and its words. notice_duties: what a notice lists as duties, by level ("1", "2", …; a deeper level takes the last) and for "unit" grids.';

create function private.notice_of(grid int, duties jsonb) returns jsonb language plpgsql stable set search_path = extensions, pg_temp as $$
declare
  g public.grids;
  frame geometry;
  reach float8;
  squeeze float8;
  -- drawn 5,000 pixels wide: what is finer than that is not seen
  triangle float8;
begin
  select x.* into g from public.grids x where x.id = grid;
  -- a grid without an outline is shown where it lies in its parent
  select coalesce(g.boundary, p.boundary) into frame from public.grids p where p.id = coalesce(g.parent_id, g.id);
  if frame is not null then
    squeeze := cos(radians((ST_YMin(frame) + ST_YMax(frame)) / 2));
    reach := greatest((ST_XMax(frame) - ST_XMin(frame)) * squeeze, ST_YMax(frame) - ST_YMin(frame)) * 1.2;
    triangle := 2 * (reach / 2500) ^ 2;
    frame := ST_MakeEnvelope(
      (ST_XMin(frame) + ST_XMax(frame)) / 2 - reach / squeeze, (ST_YMin(frame) + ST_YMax(frame)) / 2 - reach,
      (ST_XMin(frame) + ST_XMax(frame)) / 2 + reach / squeeze, (ST_YMin(frame) + ST_YMax(frame)) / 2 + reach, 4326);
  end if;
  return jsonb_build_object(
    'id', g.id, 'code', g.code, 'name', g.name, 'level', g.level, 'kind', g.kind, 'version', g.version,
    'area_m2', round(g.area_m2), 'population', g.population,
    'outline', ST_AsGeoJSON(ST_SimplifyVW(g.boundary, triangle), 6, 0)::jsonb,
    'center', case when g.center is not null then jsonb_build_array(round(ST_X(g.center) * 1e6) / 1e6, round(ST_Y(g.center) * 1e6) / 1e6) end,
    'path', (
      select coalesce(jsonb_agg(a.name order by a.level), '[]')
      from unnest(string_to_array(g.path::text, '.')) step (id) join public.grids a on a.id = step.id::int),
    'drawn_on', (
      select (v.valid_from at time zone 'Asia/Shanghai')::date from public.grid_versions v where v.grid_id = g.id and v.valid_to is null),
    'parent', (
      select jsonb_build_object('name', p.name, 'outline', case when g.boundary is null then
        ST_AsGeoJSON(ST_SimplifyVW(p.boundary, triangle), 6, 0)::jsonb end)
      from public.grids p where p.id = g.parent_id),
    'neighbours', (
      select coalesce(jsonb_agg(jsonb_build_object('name', n.name,
        'outline', ST_AsGeoJSON(ST_SimplifyVW(n.part, triangle), 6, 0)::jsonb) order by n.code), '[]')
      from (
        -- cut for drawing only: thirty times as fast as an overlay, and no overlay that could throw
        select x.code, x.name, ST_CollectionExtract(ST_ClipByBox2D(x.boundary, frame::box2d), 3) as part
        from public.grids x
        where x.retired_at is null and x.kind = 'area' and x.id <> g.id and x.boundary && frame
          and x.level = case when g.boundary is null then g.level - 1 else g.level end
          and x.id is distinct from case when g.boundary is null then g.parent_id end) n
      where not ST_IsEmpty(n.part)),
    'children', (
      select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'kind', c.kind,
        'outline', case when c.kind = 'area' then ST_AsGeoJSON(ST_SimplifyVW(c.boundary, triangle), 6, 0)::jsonb end,
        'center', case when c.center is not null then
          jsonb_build_array(round(ST_X(c.center) * 1e6) / 1e6, round(ST_Y(c.center) * 1e6) / 1e6) end) order by c.code), '[]')
      from private.my_public_grids c where c.parent_id = g.id and c.kind <> 'department'),
    'people', private.grid_people(g.id),
    'above', (
      select coalesce(jsonb_agg(jsonb_build_object('grid', p.name, 'name', x.name, 'phone', x.phone) order by m.since, x.name), '[]')
      from public.memberships m join public.profiles x on x.id = m.user_id join public.grids p on p.id = m.grid_id
      where m.grid_id = g.parent_id and m.position = 'leader'),
    'duties', coalesce(
      case when g.kind = 'unit' then duties -> 'unit' end,
      duties -> g.level::text,
      (select d.value from jsonb_each(duties) d where d.key ~ '^[1-9]$' and d.key::int < g.level order by d.key desc limit 1),
      '[]'));
end $$;
comment on function private.notice_of(int, jsonb) is
  'What the notice of one grid shows. Caller has checked that the asker sees its public card. Neighbours are of the same level, name and outline only, cut to the surroundings that the picture can show.';

create function public.grid_notice(p_grid int default null, p_children boolean default false)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  g private.my_public_grids;
  notice jsonb;
  duties jsonb;
  county text;
begin
  select x.* into g from private.my_public_grids x where x.id = p_grid;
  if g.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  select s.value into notice from public.settings s where s.key = 'notice';
  select s.value into duties from public.settings s where s.key = 'notice_duties';
  select coalesce(nullif(s.value #>> '{}', ''), r.name) into county
  from public.grids r left join public.settings s on s.key = 'county_name'
  where r.parent_id is null and r.retired_at is null;
  return jsonb_build_object(
    'status', 'ok', 'date', (now() at time zone 'Asia/Shanghai')::date, 'county', county,
    'issuer', coalesce(nullif(notice ->> 'issuer', ''), county || '安全生产委员会办公室'),
    'hotline', notice ->> 'hotline', 'hotline_word', notice ->> 'hotline_word',
    'demo', coalesce((select s.value = 'true' from public.settings s where s.key = 'demo'), false),
    'notices', coalesce((
      select jsonb_agg(private.notice_of(x.id, coalesce(duties, '{}')) order by x.code)
      from private.my_public_grids x
      where x.kind <> 'department' and case when coalesce(p_children, false) then x.parent_id = g.id else x.id = g.id end), '[]'));
end $$;
comment on function public.grid_notice(int, boolean) is
  'All that the notice (网格公示牌) of a grid shows, or of each grid directly below it (p_children): {status: ok, date, county, issuer, hotline, demo, notices: [{code, name, level, outline, neighbours, children, people, above, duties, …}]}, outlines GeoJSON in EPSG:4326, for drawing only; not_found outside the scope. The grids around are named because the sheet hangs in public: name and nearby outline, nothing else of them. DEFINER: spatial read (RLS switches GiST off); applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.grid_notice(int, boolean) from public, anon;
grant execute on function public.grid_notice(int, boolean) to authenticated, service_role;
