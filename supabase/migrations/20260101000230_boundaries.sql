-- The one door through which grids change: create, reshape, split, merge, move, retire, in one transaction.

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

create function private.read_changes(given jsonb, bounds float8[], out work private.grid_change[], out parent_codes text[], out faults jsonb)
language plpgsql stable set search_path = extensions, pg_temp as $$
begin
  -- nothing of the sent geometry is carried along as jsonb: a thousand outlines would spill to disk
  with shaped as materialized (
    select (e.i - 1)::int as change, jsonb_typeof(e.x) = 'object' as fits, nullif(e.x ->> 'id', '') as id,
      nullif(e.x ->> 'parent_id', '') as parent_id, nullif(btrim(e.x ->> 'parent_code'), '') as parent_code,
      nullif(e.x ->> 'version', '') as version, btrim(e.x ->> 'code') as code, btrim(e.x ->> 'name') as name,
      e.x ->> 'kind' as kind, coalesce(e.x ->> 'retire', 'false') as retire, nullif(e.x ->> 'population', '') as population,
      coalesce(jsonb_typeof(e.x -> 'boundary'), 'null') <> 'null' as outlined, nullif(e.x -> 'center', 'null') as center,
      b.shape, b.code as shape_code, b.message as shape_message
    from jsonb_array_elements(given) with ordinality e (x, i)
    left join lateral private.read_boundary(e.x -> 'boundary', bounds) b on coalesce(jsonb_typeof(e.x -> 'boundary'), 'null') <> 'null'
  ), wrong as (
    select s.change, null::text as grid_code, 'BAD_VALUE' as code, '变更应为对象' as message from shaped s where not s.fits
    union all
    select s.change, s.code, s.shape_code, coalesce('“' || left(s.name, 60) || '”：', '') || s.shape_message
    from shaped s where s.shape_code is not null
    union all
    select s.change, s.code, v.code, v.message
    from shaped s cross join lateral (values
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
      (s.code || coalesce(s.name, '') ~ '[[:cntrl:]]', 'BAD_VALUE', '代码或名称里有控制字符'),
      (s.id is null and coalesce(s.code, '') = '', 'MISSING_FIELD', '缺少网格代码'),
      (s.id is null and coalesce(s.name, '') = '', 'MISSING_FIELD', '缺少网格名称'),
      (s.id is not null and (s.code = '' or s.name = ''), 'MISSING_FIELD', '网格代码和名称不能为空'),
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
        s.shape, private.point_of(s.center, bounds), null, null)::private.grid_change order by s.change) from shaped s),
    (select array_agg(s.parent_code order by s.change) from shaped s),
    (select coalesce(jsonb_agg(private.violation(w.code, w.message, w.change, null, left(w.grid_code, 40)) order by w.change), '[]') from wrong w)
  into work, parent_codes, faults;
end $$;
comment on function private.read_changes(jsonb, float8[]) is
  'Reads p_changes without looking at any grid: words, numbers, geometry. faults: what is wrong, as violations.';

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
  admin boolean := private.is_admin();
  led int[] := private.my_led_grid_ids();
  everything boolean := private.sees_all();
  seen int[] := private.my_public_grid_ids();
  rooted boolean := exists (select from public.grids g where g.parent_id is null and g.retired_at is null);
begin
  -- fill up from the present state; new grids get their id now, so that one statement can insert a whole tree
  with filled as materialized (
    select w.change, case when w.fresh then nextval(pg_get_serial_sequence('public.grids', 'id'))::int else w.id end as id,
      w.fresh, w.retire, w.version, coalesce(w.code, o.code) as code, coalesce(w.name, o.name) as name,
      coalesce(w.kind, o.kind, 'area') as kind, w.parent_id, coalesce(w.population, o.population) as population,
      coalesce(w.boundary, o.boundary) is not null as outlined, o.parent_id as old_parent_id, o.version as present_version,
      o.id as present_id, parent_codes[w.change + 1] as parent_code
    from unnest(work) w
    left join public.grids o on o.id = w.id and o.retired_at is null and (everything or o.id = any (seen))
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
      admin or coalesce(r.old_parent_id = any (led), false) as may_old,
      admin or coalesce(r.final_parent_id = any (led), false) or coalesce(up.fresh, false) as may_new,
      row_number() over (partition by r.id order by r.change) as same_id,
      row_number() over (partition by r.code, r.retire order by r.change) as same_code,
      taken.id as taken_by
    from resolved r
    left join public.grids p on p.id = r.final_parent_id and p.retired_at is null and (everything or p.id = any (seen))
    left join in_call up on up.id = r.final_parent_id
    left join public.grids taken on taken.code = r.code and taken.retired_at is null and taken.id <> r.id
      and not exists (select from in_call x where x.id = taken.id)
  ), wrong as (
    select j.change, case when j.fresh then null else j.id end as id, j.code as grid_code, v.code, format(v.words, v.a, v.b) as message, v.other_code
    from judged j cross join lateral (values
      (not j.fresh and j.present_id is null, 'NOT_FOUND', '网格不存在：编号 %s', j.id::text, null, null),
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
        j.old_parent_id, o.boundary)::private.grid_change order by j.change)
      from judged j
      join unnest(work) w on w.change = j.change
      left join public.grids o on o.id = j.present_id),
    (select coalesce(jsonb_agg(private.violation(w.code, w.message, w.change, w.id, w.grid_code, w.other_code) order by w.change), '[]')
      from wrong w),
    (select coalesce(array_agg(j.id), '{}') from judged j where j.present_version <> j.version)
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
  update public.grids g set retired_at = now(), version = g.version + 1
  from unnest(work) w where w.retire and g.id = w.id;

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

  update public.grids g set code = w.code, name = w.name, kind = w.kind, parent_id = w.parent_id, population = w.population,
    boundary = w.boundary, center = w.center, version = g.version + 1
  from unnest(work) w where not w.fresh and not w.retire and g.id = w.id;
  get diagnostics done = row_count;
  select count(*) into wanted from unnest(work) w where not w.fresh and not w.retire;
  if done <> wanted then
    raise exception '写入的网格数不符（% / %）', done, wanted using errcode = 'SG002';
  end if;
end $$;
comment on function private.apply_changes(private.grid_change[]) is
  'Writes the changes: retirements, then new grids (a whole tree in one statement), then changed ones. History follows by trigger.';

create function private.orphans(work private.grid_change[]) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(private.violation('ORPHANED_CHILDREN',
    format('“%s”撤销后，下级“%s”等 %s 个网格没有上级', o.name, o.child, o.children), o.change, o.id, o.code, o.child_code)
    order by o.change), '[]')
  from (
    select w.change, w.id, w.code, w.name, min(c.name) as child, min(c.code) as child_code, count(*) as children
    from unnest(work) w join public.grids c on c.parent_id = w.id and c.retired_at is null
    where w.retire group by 1, 2, 3, 4) o
$$;
comment on function private.orphans(private.grid_change[]) is 'ORPHANED_CHILDREN of retired grids.';

create function public.commit_grid_boundaries(p_changes jsonb default null, p_options jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp
set jit = off set max_parallel_workers_per_gather = 0 set work_mem = '64MB' as $$
declare
  given jsonb := private.j(p_changes);
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  dry_run boolean := coalesce(options ->> 'dry_run', 'false') = 'true';
  allow_gaps boolean := coalesce(options ->> 'allow_gaps', 'true') <> 'false';
  tolerance_m float8 := case when jsonb_typeof(options -> 'tolerance_m') = 'number' then 
    -- noise of a survey, not a strip of land; an administrator importing old maps may forgive more
    least(greatest((options ->> 'tolerance_m')::float8, 0), case when private.is_admin() then 10 else 1 end) else 1 end;
  led int[] := case when private.is_admin() then null else private.my_led_grid_ids() end;
  work private.grid_change[];
  parent_codes text[];
  faults jsonb;
  gaps jsonb := '[]'::jsonb;
  moved jsonb := '{"enterprises": 0, "hazards": 0}'::jsonb;
  conflicts int[];
  proven int[];
  busy int[];
  ground geometry;
  key int;
  message text;
begin
  if jsonb_typeof(given) is distinct from 'array' or jsonb_typeof(options) <> 'object' then
    return private.boundary_answer('rejected', null, jsonb_build_array(private.violation('BAD_VALUE', '变更应为数组，选项应为对象', null)));
  elsif led = '{}' then
    -- before any geometry is looked at: judging twenty large outlines takes half a minute
    return private.boundary_answer('rejected', null, jsonb_build_array(private.violation('NOT_ALLOWED',
      '无权改动网格边界：须由上级网格的网格长、副网格长或管理员改动', null)));
  elsif led is not null and pg_column_size(given) > 8000000 then
    return private.boundary_answer('rejected', null, jsonb_build_array(private.violation('TOO_LONG', '一次提交的边界过大，请分几次提交', null)));
  elsif jsonb_array_length(given) = 0 then
    return private.boundary_answer('rejected', null, jsonb_build_array(private.violation('MISSING_FIELD', '没有任何变更', null)));
  elsif jsonb_array_length(given) > 5000 then
    return private.boundary_answer('rejected', null, jsonb_build_array(private.violation('TOO_LONG',
      format('一次最多 5000 个网格，这里有 %s 个', jsonb_array_length(given)), null)));
  end if;

  -- 1. what can be judged without looking at any grid
  select r.work, r.parent_codes, r.faults into work, parent_codes, faults
  from private.read_changes(given, private.bounds()) r;
  if faults <> '[]' then
    return private.boundary_answer('rejected', null, faults);
  end if;

  -- 2. one lock per parent, in one order: two simultaneous edits of a border cannot both pass
  for key in
    select distinct k.id from (
      select unnest(array[w.id, w.parent_id, g.parent_id, coalesce(p.id, 0)]) as id
      from unnest(work) w
      left join public.grids g on g.id = w.id
      left join public.grids p on p.code = parent_codes[w.change + 1] and p.retired_at is null
    ) k where k.id is not null order by 1
  loop
    perform pg_advisory_xact_lock(72031, key);
  end loop;

  -- 3. rights, parents, codes, versions
  select r.work, r.faults, r.conflicts into work, faults, conflicts from private.resolve_changes(work, parent_codes) r;
  if faults <> '[]' then
    return private.boundary_answer('rejected', null, faults);
  elsif cardinality(conflicts) > 0 then
    return private.boundary_answer('conflict', (
      select jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'version', g.version) order by g.id)
      from public.grids g where g.id = any (conflicts))) || jsonb_build_object('current', private.grids_as_they_are(conflicts));
  end if;

  -- 4. write, look at the result, and take it back when it is not right or only a trial
  begin
    perform set_config('safegrid.note', coalesce(left(options ->> 'note', 500), ''), true);
    perform private.apply_changes(work);

    -- where few children change, a look at their neighbours is cheaper than the proof
    select coalesce(array_agg(b.parent_id), '{}') into busy from (
      select w.parent_id from unnest(work) w where w.kind = 'area' and w.parent_id is not null and not w.retire
      group by w.parent_id having count(*) >= 5) b;
    proven := case when busy <> '{}' then private.tiled_exactly(busy) else '{}' end;
    faults := private.orphans(work) || private.overlaps(work, proven, tolerance_m) || private.outside_parent(work, proven, tolerance_m);
    if faults = '[]' then
      gaps := private.gaps(work, proven, tolerance_m);
      if gaps <> '[]' and not allow_gaps then
        message := format('留有 %s 处盲区', jsonb_array_length(gaps));
      else
        select ST_SetSRID(ST_Extent(x)::geometry, 4326) into ground
        from unnest(work) w cross join lateral unnest(array[w.boundary, w.old_boundary]) x where w.kind = 'area' or w.old_boundary is not null;
        if ground is not null then
          moved := private.place_within(ground, led);
        end if;
      end if;
    end if;
    perform set_config('safegrid.note', '', true);
    if dry_run or faults <> '[]' or message is not null then
      raise exception 'taken back' using errcode = 'SG001';
    end if;
  exception
    when sqlstate 'SG001' then null;
    when sqlstate 'SG002' or sqlstate 'SG003' then
      faults := jsonb_build_array(private.violation(case sqlstate when 'SG003' then 'BAD_VALUE' else 'INVALID_GEOMETRY' end, sqlerrm, null));
    when unique_violation then
      faults := jsonb_build_array(private.violation('DUPLICATE_CODE', '网格代码重复，或最上级网格已经有了', null));
    when check_violation then
      faults := jsonb_build_array(private.violation('BAD_VALUE', '不符合网格的规则：' || sqlerrm, null));
  end;

  if faults <> '[]' or message is not null then
    return private.boundary_answer('rejected', null, faults, gaps) || jsonb_strip_nulls(jsonb_build_object('message', message));
  end if;
  return private.boundary_answer(case when dry_run then 'valid' else 'committed' end, (
    select jsonb_agg(jsonb_build_object('id', case when w.fresh and dry_run then null else w.id end, 'code', w.code,
      'version', case when w.fresh then 1 else coalesce(g.version, 1) + case when dry_run then 1 else 0 end end, 'change', w.change)
      order by w.change)
    from unnest(work) w left join public.grids g on g.id = w.id), '[]', gaps, moved);
end $$;
comment on function public.commit_grid_boundaries(jsonb, jsonb) is
  'Creates, reshapes, moves and retires grids in one transaction, or says why not. p_changes: array of {id?, parent_id? | parent_code?, version?, code, name, kind, boundary, center?, population?, retire?}, boundary GeoJSON in EPSG:4326; a field left out keeps its value; without id a grid is created (parent_code may name another one of the same call); without version nobody is asked whether somebody else changed it meanwhile. p_options: dry_run, allow_gaps (true), tolerance_m (1; at most 1, for administrators 10), note. Administrators change anything, leaders and deputies what lies below their grid. SECURITY DEFINER: nobody may write grids directly; rights are checked inside.';

create function private.boundary_answer(status text, grids jsonb, violations jsonb default '[]', gaps jsonb default '[]',
  moved jsonb default '{"enterprises": 0, "hazards": 0}')
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('status', status, 'grids', coalesce(grids, '[]'),
    'violations', jsonb_build_object('type', 'FeatureCollection', 'features', violations),
    'gaps', jsonb_build_object('type', 'FeatureCollection', 'features', gaps), 'moved', moved)
$$;
comment on function private.boundary_answer(text, jsonb, jsonb, jsonb, jsonb) is 'The shape of what commit_grid_boundaries() answers.';

create function private.grids_as_they_are(ids int[]) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  select jsonb_build_object('type', 'FeatureCollection', 'features', coalesce(jsonb_agg(jsonb_build_object(
    'type', 'Feature', 'id', g.id, 'geometry', ST_AsGeoJSON(g.boundary, 7, 0)::jsonb, 'properties', jsonb_build_object(
      'id', g.id, 'code', g.code, 'name', g.name, 'level', g.level, 'kind', g.kind, 'parent_id', g.parent_id, 'version', g.version))
    order by g.id), '[]'))
  from public.grids g where g.id = any (ids)
$$;
comment on function private.grids_as_they_are(int[]) is 'Present outlines, exact: what the other one saved.';

revoke execute on all functions in schema private from public;
revoke execute on function public.commit_grid_boundaries(jsonb, jsonb) from public, anon;
grant execute on function public.commit_grid_boundaries(jsonb, jsonb) to authenticated, service_role;
