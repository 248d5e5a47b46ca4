-- What a call of commit_grid_boundaries() says: read, filled up from the present state, judged, written.

create function private.my_led_grid_ids() returns int[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return coalesce((
    select array_agg(distinct g.id)
    from public.memberships m
    join public.grids r on r.id = m.grid_id and r.retired_at is null
    join public.grids g on g.path <@ r.path
    where m.user_id = (select auth.uid()) and m.position in ('leader', 'deputy')), '{}');
end $$;
comment on function private.my_led_grid_ids() is
  'Grids whose children the asker may change: those they lead as leader or deputy, and all below. Their own outline is changed only from above.';

create function private.my_reach(out led int[], out led_paths extensions.ltree[], out below extensions.ltree[], out around extensions.ltree[])
language plpgsql stable security definer set search_path = extensions, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  uid uuid := (select auth.uid());
begin
  select coalesce(array_agg(r.id) filter (where m.position in ('leader', 'deputy')), '{}'),
    coalesce(array_agg(r.path) filter (where m.position in ('leader', 'deputy')), '{}'),
    coalesce(array_agg(r.path), '{}')
  into led, led_paths, below
  from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null where m.user_id = uid;
  below := below || array(
    select r.path from public.department_officers o join public.departments d on d.id = o.department_id join public.grids r on r.id = d.grid_id
    where o.user_id = uid);
  around := below || array(
    select r.path from public.enterprise_users u join public.enterprises e on e.id = u.enterprise_id join public.grids r on r.id = e.grid_id
    where u.user_id = uid);
end $$;
comment on function private.my_reach() is
  'The asker''s rights as the tops of subtrees, few however many grids lie below: grids they lead (ids and paths), all below which they see, and those whose ancestors they see too. The same as my_led_grid_ids() and my_public_grid_ids(). DEFINER: reads the tables of rights.';

create function private.read_changes(given jsonb, bounds float8[], out work private.grid_change[], out parent_codes text[], out faults jsonb)
language plpgsql stable set search_path = extensions, pg_temp as $$
begin
  -- nothing of the sent geometry is carried along as jsonb: a thousand outlines would spill to disk
  with shaped as materialized (
    select (e.i - 1)::int as change, jsonb_typeof(e.x) = 'object' as fits, nullif(e.x ->> 'id', '') as id,
      nullif(e.x ->> 'parent_id', '') as parent_id, nullif(e.x ->> 'version', '') as version, btrim(e.x ->> 'name') as name,
      -- ASCII is what codes are nearly always, and to call a function takes ten times as long
      case when e.x ->> 'code' ~ '^[!-~]*$' then e.x ->> 'code' else private.plain_code(e.x ->> 'code') end as code,
      nullif(case when e.x ->> 'parent_code' ~ '^[!-~]*$' then e.x ->> 'parent_code' else private.plain_code(e.x ->> 'parent_code') end, '') as parent_code,
      e.x ->> 'kind' as kind, coalesce(e.x ->> 'retire', 'false') as retire, nullif(e.x ->> 'population', '') as population,
      coalesce(jsonb_typeof(e.x -> 'boundary'), 'null') <> 'null' as outlined, nullif(e.x -> 'center', 'null') as center,
      nullif(e.x -> 'leader', 'null') as leader, nullif(e.x ->> 'members_to', '') as members_to,
      nullif(private.plain_code(e.x ->> 'members_to_code'), '') as members_to_code, coalesce(e.plain, b.shape) as shape,
      b.code as shape_code, b.message as shape_message
    from rows from (jsonb_array_elements(given), unnest((select private.plain_boundaries(given, bounds)))) with ordinality e (x, plain, i)
    left join lateral (
      select r.* from private.read_boundary(e.x -> 'boundary', bounds) r
      where e.plain is null and coalesce(jsonb_typeof(e.x -> 'boundary'), 'null') <> 'null' offset 0) b on true
  ), wrong as (
    select s.change, null::text as grid_code, 'BAD_VALUE' as code, '变更应为对象' as message from shaped s where not s.fits
    union all
    select s.change, s.code, s.shape_code, coalesce('“' || left(s.name, 60) || '”：', '') || s.shape_message
    from shaped s where s.shape_code is not null
    union all
    select s.change, s.code, v.code, v.message
    -- asked here and not among the values: those are set up anew for every row, functions and all
    from (
      select x.*, private.is_blank(x.name) as nameless, private.is_grid_code(x.code) as well_coded from shaped x
      -- of a new area with a plain code and name nothing below can be said: nearly every row of an import
      where x.fits and (x.code ~ '^[0-9A-Za-z]+$' and octet_length(x.code) <= 40 and x.name ~ '^[0-9A-Za-z\u4e00-\u9fff]+$' and char_length(x.name) <= 60
        and x.outlined and coalesce(x.kind, 'area') = 'area' and coalesce(x.parent_id, '0') ~ '^[0-9]{1,9}$' and x.retire = 'false'
        and coalesce(x.id, x.version, x.population, x.members_to, x.members_to_code) is null and x.center is null and x.leader is null) is not true
      offset 0) s
    cross join lateral (values
      (s.id !~ '^[0-9]{1,9}$', 'BAD_VALUE', '网格编号不是整数：' || left(s.id, 40)),
      (s.parent_id !~ '^[0-9]{1,9}$', 'BAD_VALUE', '上级网格编号不是整数：' || left(s.parent_id, 40)),
      (s.version !~ '^[0-9]{1,9}$', 'BAD_VALUE', '版本号不是整数：' || left(s.version, 40)),
      (s.population !~ '^[0-9]{1,9}$', 'BAD_VALUE', '人口不是整数：' || left(s.population, 40)),
      (s.retire not in ('true', 'false'), 'BAD_VALUE', 'retire 应为 true 或 false'),
      (s.kind not in ('area', 'unit', 'department'), 'BAD_VALUE', '网格种类不正确：' || left(s.kind, 40)),
      (s.kind = 'department' and s.outlined, 'BAD_VALUE', '条线网格没有边界'),
      (s.center is not null and private.point_of(s.center, bounds) is null, 'BAD_VALUE', '中心点应为范围内的 [经度, 纬度]'),
      (char_length(s.code) > 40, 'TOO_LONG', '网格代码超过 40 个字：' || left(s.code, 40)),
      (char_length(s.name) > 60, 'TOO_LONG', '网格名称超过 60 个字：' || left(s.name, 60)),
      (s.code <> '' and char_length(s.code) <= 40 and not s.well_coded, 'BAD_VALUE',
        '网格代码只用数字、字母，中间可用连字符：' || left(regexp_replace(s.code, '[[:cntrl:]]|' || private.invisible(), '?', 'g'), 40)),
      (s.name ~ '[[:cntrl:]]', 'BAD_VALUE', '名称里有控制字符'),
      (s.name ~ private.invisible(), 'BAD_VALUE', '名称里有看不见的字符'),
      (s.leader is not null and s.id is not null, 'BAD_VALUE', '网格长只在新设网格时一并指定，已有的网格请在人员任免里指定'),
      (s.leader is not null and not coalesce(case jsonb_typeof(s.leader)
          when 'string' then s.leader #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
          when 'object' then jsonb_typeof(s.leader -> 'name') = 'string' end, false), 'BAD_VALUE', '网格长应为人员编号，或姓名和电话'),
      (s.members_to !~ '^[0-9]{1,9}$', 'BAD_VALUE', '接收人员的网格编号不是整数：' || left(s.members_to, 40)),
      (s.retire <> 'true' and (s.members_to is not null or s.members_to_code is not null), 'BAD_VALUE', '只有撤销的网格才把人员转到别的网格'),
      (s.id is null and coalesce(s.code, '') = '', 'MISSING_FIELD', '缺少网格代码'),
      (s.id is null and s.nameless, 'MISSING_FIELD', '缺少网格名称'),
      (s.id is not null and (s.code = '' or s.name is not null and s.nameless), 'MISSING_FIELD', '网格代码和名称不能为空'),
      (s.id is null and s.retire = 'true', 'MISSING_FIELD', '要撤销的网格没有给出编号'),
      (s.id is null and coalesce(s.kind, 'area') = 'area' and not s.outlined and s.retire <> 'true', 'MISSING_FIELD',
        coalesce('“' || left(s.name, 60) || '”：', '') || '缺少边界')
    ) v (hit, code, message)
    where v.hit and s.fits
  )
  select
    (select array_agg(row(s.change,
        case when s.id ~ '^[0-9]{1,9}$' then s.id::int end, s.id is null, s.retire = 'true',
        case when s.version ~ '^[0-9]{1,9}$' then s.version::int end, s.code, s.name, s.kind,
        case when s.parent_id ~ '^[0-9]{1,9}$' then s.parent_id::int end,
        case when s.population ~ '^[0-9]{1,9}$' then s.population::int end,
        s.shape, private.point_of(s.center, bounds), null, null, null, null, s.leader,
        case when s.members_to ~ '^[0-9]{1,9}$' then s.members_to::int end, s.members_to_code)::private.grid_change order by s.change) from shaped s),
    (select array_agg(s.parent_code order by s.change) from shaped s),
    (select coalesce(jsonb_agg(private.violation(w.code, w.message, w.change, null, left(w.grid_code, 40)) order by w.change), '[]') from wrong w)
  into work, parent_codes, faults;
end $$;
comment on function private.read_changes(jsonb, float8[]) is
  'Reads p_changes without looking at any grid: words, numbers, geometry. faults: what is wrong, as violations.';

create function private.plain_code(code text) returns text language sql immutable strict set search_path = '' as $$
  select btrim(normalize(code, nfkc))
$$;
comment on function private.plain_code(text) is 'A code as it is kept and compared: １０１ is 101, and no space around it.';

create function private.invisible() returns text language sql immutable set search_path = '' as $$
  select '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff]'
$$;
comment on function private.invisible() is
  'Regular expression of characters without width: two codes that differ by one look the same. Not the variation selectors, which belong to rare characters of names.';

create function private.is_blank(words text) returns boolean language sql immutable set search_path = '' as $$
  -- no character outside of the blanks and the invisible ones
  select coalesce(words, '') !~ ('[^\s\u00a0\u2800\u3000' || substr(private.invisible(), 2))
$$;
comment on function private.is_blank(text) is 'Whether a text says nothing: null, empty, or blanks of any width, also of none.';

create function private.point_of(given jsonb, bounds float8[]) returns extensions.geometry language plpgsql immutable
set search_path = extensions, pg_temp as $$
declare
  at jsonb := case when jsonb_typeof(given) = 'object' then given -> 'coordinates' else given end;
begin
  if jsonb_typeof(at) = 'array' and jsonb_array_length(at) = 2
    and jsonb_typeof(at -> 0) = 'number' and jsonb_typeof(at -> 1) = 'number'
    and (at ->> 0)::numeric between bounds[1]::numeric and bounds[3]::numeric
    and (at ->> 1)::numeric between bounds[2]::numeric and bounds[4]::numeric then
    return ST_SetSRID(ST_MakePoint((at ->> 0)::float8, (at ->> 1)::float8), 4326);
  end if;
  return null;
end $$;
comment on function private.point_of(jsonb, float8[]) is '[lon, lat] or a GeoJSON point within the bounds (EPSG:4326); null for anything else.';

create function private.resolve_changes(inout work private.grid_change[], parent_codes text[], out faults jsonb, out conflicts int[])
language plpgsql volatile set search_path = extensions, pg_temp as $$
declare
  numbers regclass := pg_get_serial_sequence('public.grids', 'id');
  admin boolean := private.is_admin();
  everything boolean := private.sees_all();
  reach record := private.my_reach();
  rooted boolean := exists (select from public.grids g where g.parent_id is null and g.retired_at is null);
begin
  -- fill up from the present state; new grids get their id now, so that one statement can insert a whole tree
  with filled as materialized (
    select w.change, case when w.fresh then nextval(numbers)::int else w.id end as id,
      w.fresh, w.retire, w.version, coalesce(w.code, o.code) as code, coalesce(w.name, o.name) as name,
      coalesce(w.kind, o.kind, 'area') as kind, w.parent_id, coalesce(w.population, o.population) as population,
      coalesce(w.boundary, o.boundary) is not null as outlined, o.parent_id as old_parent_id, o.version as present_version,
      o.id as present_id, c.code as parent_code,
      admin or coalesce(o.parent_id is not null and subpath(o.path, 0, nlevel(o.path) - 1) <@ any (reach.led_paths), false) as may_old,
      -- retired meanwhile by somebody else: to be shown, not denied
      o.id is null and gone.id is not null as gone
    from unnest(work) w
    left join unnest(parent_codes) with ordinality c (code, place) on c.place = w.change + 1
    left join public.grids o on o.id = w.id and o.retired_at is null
      and (everything or o.path <@ any (reach.below) or o.path @> any (reach.around))
    left join public.grids gone on gone.id = w.id and gone.retired_at is not null and w.version is not null
      and (admin or gone.parent_id is not null and subpath(gone.path, 0, nlevel(gone.path) - 1) <@ any (reach.led_paths))
  ), sibling as materialized (
    -- another grid of the same call may be the parent, named by its code
    select distinct on (f.code) f.code, f.id from filled f where not f.retire order by f.code, f.change
  ), resolved as materialized (
    select f.*, coalesce(f.parent_id, case when f.parent_code is null then f.old_parent_id else coalesce(s.id, g.id) end) as final_parent_id,
      f.parent_id is not null or f.parent_code is not null as parent_named
    from filled f
    left join sibling s on s.code = f.parent_code and s.id <> f.id
    left join public.grids g on g.code = f.parent_code and g.retired_at is null
  ), in_call as materialized (
    select distinct on (f.id) f.id, f.kind, f.retire, f.fresh from filled f order by f.id, f.change
  ), judged as materialized (
    select r.*, p.id as parent_here, p.kind as parent_kind, p.name as parent_name,
      up.id as parent_in_call, up.kind as in_call_kind, up.retire as parent_retires,
      admin or coalesce(p.path <@ any (reach.led_paths), false) or coalesce(up.fresh, false) as may_new,
      row_number() over (partition by r.id order by r.change) as same_id,
      row_number() over (partition by r.code, r.retire order by r.change) as same_code,
      taken.id as taken_by
    from resolved r
    left join public.grids p on p.id = r.final_parent_id and p.retired_at is null
      and (everything or p.path <@ any (reach.below) or p.path @> any (reach.around))
    left join in_call up on up.id = r.final_parent_id
    left join public.grids taken on taken.code = r.code and taken.retired_at is null and taken.id <> r.id
      and not exists (select from in_call x where x.id = taken.id)
  ), wrong as (
    select j.change, case when j.fresh then null else j.id end as id, j.code as grid_code, v.code, format(v.words, v.a, v.b) as message, v.other_code
    from (
      select x.* from judged x
      -- see read_changes(): of a new area in a present one nothing below can be said
      where (x.fresh and not x.retire and x.kind = 'area' and x.present_id is null and x.parent_here is not null and x.parent_kind = 'area' and x.may_new
        and x.parent_in_call is null and x.same_id = 1 and x.same_code = 1 and x.taken_by is null) is not true
      offset 0) j
    cross join lateral (values
      (not j.fresh and j.present_id is null and not j.gone, 'NOT_FOUND', '网格不存在：编号 %s', j.id::text, null, null),
      (not j.fresh and j.present_id is not null and not j.may_old, 'NOT_ALLOWED',
        '无权改动“%s”：须由上级网格的网格长、副网格长或管理员改动', j.name, null, null),
      (j.parent_named and j.parent_here is null and j.parent_in_call is null, 'NOT_FOUND',
        '上级网格不存在：%s', left(coalesce(j.parent_code, j.final_parent_id::text), 40), null, null),
      (j.final_parent_id is not null and (j.parent_here is not null or j.parent_in_call is not null) and not j.may_new
        and (j.fresh or j.final_parent_id is distinct from j.old_parent_id), 'NOT_ALLOWED',
        '无权在“%s”之下设立网格', coalesce(j.parent_name, j.parent_code), null, null),
      (coalesce(j.parent_retires, false) and not j.retire, 'ORPHANED_CHILDREN', '“%s”的上级在同一次提交里被撤销', j.name, null, null),
      (j.fresh and j.final_parent_id is null and not j.parent_named and not admin, 'NOT_ALLOWED', '只有管理员可以设立最上级网格', null, null, null),
      (j.fresh and j.final_parent_id is null and not j.parent_named and admin and rooted, 'MISSING_FIELD',
        '“%s”缺少上级网格（最上级网格已经有了）', j.name, null, null),
      (j.final_parent_id is not null and j.kind <> 'department' and not j.retire
        and coalesce(j.in_call_kind, j.parent_kind) <> 'area', 'BAD_VALUE', '“%s”的上级不是块状网格', j.name, null, null),
      (not j.fresh and not j.retire and j.kind <> 'area' and exists (
        select from public.grids c where c.parent_id = j.id and c.retired_at is null and c.kind <> 'department'
          and not exists (select from in_call x where x.id = c.id)),
        'BAD_VALUE', '“%s”还有下级网格，只能是块状网格', j.name, null, null),
      (j.kind = 'area' and not j.outlined and not j.retire and j.present_id is not null, 'MISSING_FIELD', '“%s”缺少边界', j.name, null, null),
      (j.same_id > 1, 'BAD_VALUE', '同一网格在一次提交里出现两次：%s', coalesce(j.name, j.id::text), null, null),
      (not j.retire and j.same_code > 1, 'DUPLICATE_CODE', '网格代码重复：%s（“%s”）', j.code, j.name, j.code),
      (not j.retire and j.taken_by is not null, 'DUPLICATE_CODE', '网格代码已被使用：%s（“%s”）', j.code, j.name, j.code)
    ) v (hit, code, words, a, b, other_code)
    where v.hit
  )
  select
    -- the outlines join at the end: carried through every step they would be copied each time
    (select array_agg(row(j.change, j.id, j.fresh, j.retire, j.version, j.code, j.name, j.kind, j.final_parent_id, j.population,
        coalesce(w.boundary, case when j.kind <> 'department' then o.boundary end), coalesce(w.center, o.center),
        j.old_parent_id, o.boundary, o.kind, o.area_m2, w.leader, w.members_to, w.members_to_code)::private.grid_change order by j.change)
      from judged j
      join unnest(work) w on w.change = j.change
      left join public.grids o on o.id = j.present_id),
    (select coalesce(jsonb_agg(private.violation(w.code, w.message, w.change, w.id, w.grid_code, w.other_code) order by w.change), '[]')
      from wrong w),
    (select coalesce(array_agg(j.id), '{}') from judged j where j.present_version <> j.version and j.may_old or j.gone)
  into work, faults, conflicts;
end $$;
comment on function private.resolve_changes(private.grid_change[], text[]) is
  'Fills the changes up from the present state and checks rights, parents, codes and versions. A grid out of the asker''s sight is answered like one that does not exist. Call it with the locks held. VOLATILE: reads the state after the lock, takes ids.';

create function private.apply_changes(work private.grid_change[]) returns void language plpgsql volatile
set search_path = extensions, pg_temp as $$
declare
  wanted int;
  done int;
begin
  -- a statement that changes nothing would wake every trigger all the same
  if exists (select from unnest(work) w where w.retire) then
    update public.grids g set retired_at = now(), version = g.version + 1
    from unnest(work) w where w.retire and g.id = w.id;
  end if;

  select count(*) into wanted from unnest(work) w where w.fresh;
  if wanted > 0 then
    perform set_config('safegrid.placing', 'bulk', true);
    with recursive fresh as materialized (
      select w.* from unnest(work) w where w.fresh
    ), tree as (
      select f.id, coalesce(p.path || f.id::text, text2ltree(f.id::text)) as path, coalesce(p.level, 0) + 1 as level
      from fresh f left join public.grids p on p.id = f.parent_id
      where f.parent_id is null or p.id is not null
      union all
      select f.id, t.path || f.id::text, t.level + 1 from tree t join fresh f on f.parent_id = t.id
    )
    insert into public.grids (id, code, name, level, kind, parent_id, path, boundary, center, area_m2, population)
    overriding system value
    select f.id, f.code, f.name, t.level, f.kind, f.parent_id, t.path, f.boundary,
      case when f.boundary is not null then ST_PointOnSurface(f.boundary) else f.center end,
      private.area_m2(f.boundary), f.population
    from fresh f join tree t on t.id = f.id
    where t.level <= 9;
    get diagnostics done = row_count;
    perform set_config('safegrid.placing', '', true);
    if done <> wanted then
      raise exception '上级网格互相引用，或层级超过 9 级' using errcode = 'SG003';
    end if;
  end if;

  select count(*) into wanted from unnest(work) w where not w.fresh and not w.retire;
  if wanted > 0 then
    update public.grids g set code = w.code, name = w.name, kind = w.kind, parent_id = w.parent_id, population = w.population,
      boundary = w.boundary, center = w.center, version = g.version + 1
    from unnest(work) w where not w.fresh and not w.retire and g.id = w.id;
    get diagnostics done = row_count;
    if done <> wanted then
      raise exception '写入的网格数不符（% / %）', done, wanted using errcode = 'SG002';
    end if;
  end if;
end $$;
comment on function private.apply_changes(private.grid_change[]) is
  'Writes the changes: retirements, then new grids (a whole tree in one statement), then changed ones. History follows by trigger.';

create function private.appoint_leaders(work private.grid_change[]) returns jsonb language plpgsql volatile
set search_path = extensions, pg_temp as $$
declare
  made record;
  answer jsonb;
  fault jsonb;
  faults jsonb := '[]'::jsonb;
begin
  for made in select w.change, w.id, w.code, w.name, w.leader from unnest(work) w where w.leader is not null order by w.change loop
    answer := public.appoint(made.id, case jsonb_typeof(made.leader) when 'string' then jsonb_build_object('user_id', made.leader) else made.leader end, 'leader');
    fault := answer -> 'errors' -> 0;
    if fault ->> 'code' = 'DUPLICATE_PERSON' and exists (
      select from public.profiles p where p.id = (fault ->> 'user_id')::uuid and p.phone = btrim(made.leader ->> 'phone')) then
      -- name and telephone are those of somebody known: it is that one
      answer := public.appoint(made.id, jsonb_build_object('user_id', fault ->> 'user_id'), 'leader');
      fault := answer -> 'errors' -> 0;
    end if;
    if answer ->> 'status' is distinct from 'ok' then
      faults := faults || jsonb_build_array(private.violation(coalesce(fault ->> 'code', 'BAD_VALUE'),
        format('“%s”的网格长：%s', made.name, coalesce(fault ->> 'message', '没有指定成功')), made.change, null, made.code));
    end if;
  end loop;
  return faults;
end $$;
comment on function private.appoint_leaders(private.grid_change[]) is
  'Gives new grids their leader by the same door and in the same words as everywhere: appoint(). Returns what stands against it, as violations.';

create function private.orphans(work private.grid_change[]) returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(private.violation('ORPHANED_CHILDREN',
      format('“%s”撤销后，下级“%s”等 %s 个网格没有上级', o.name, o.child, o.children), o.change, o.id, o.code, o.child_code)
      order by o.change), '[]')
    from (
      select w.change, w.id, w.code, w.name, min(c.name) as child, min(c.code) as child_code, count(*) as children
      from unnest(work) w join public.grids c on c.parent_id = w.id and c.retired_at is null
      where w.retire group by 1, 2, 3, 4) o);
end $$;
comment on function private.orphans(private.grid_change[]) is 'ORPHANED_CHILDREN of retired grids.';

revoke execute on all functions in schema private from public;
