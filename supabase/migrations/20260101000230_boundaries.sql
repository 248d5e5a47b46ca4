-- The one door through which grids change: create, reshape, split, merge, move, retire, in one transaction.

create function private.lock_grids(work private.grid_change[], parent_codes text[], led int[]) returns void language plpgsql volatile
set search_path = extensions, pg_temp as $$
declare
  held int[] := '{}'::int[];
  held_whole int[] := '{}'::int[];
  key record;
  news boolean;
begin
  loop
    news := false;
    for key in
      with named as materialized (
        select w.id, w.parent_id, g.parent_id as old_parent_id, p.id as coded_id, w.fresh, w.code is not null as coded,
          w.parent_id is null and p.id is null and (w.fresh or c.code is not null) as unplaced
        from unnest(work) w
        -- not by subscript: that walks from the first one, every time
        left join unnest(parent_codes) with ordinality c (code, place) on c.place = w.change + 1
        left join public.grids g on g.id = w.id
        left join public.grids p on p.code = c.code and p.retired_at is null
      ), own as materialized (
        select g.id, g.path from (
          select unnest(array[n.id, n.parent_id, n.old_parent_id, n.coded_id]) as id from named n group by 1) k
        join public.grids g on g.id = k.id
        -- who names what is others' makes nobody wait; the rights are judged once more under the locks
        where led is null or exists (select from public.grids r where r.id = any (led) and g.path <@ r.path)
      )
      select k.id, bool_or(k.whole) as whole from (
        select o.id, true as whole from own o
        union all
        -- whatever moves or reshapes a grid above waits; who works beside does not
        select up.id::int, false from own o cross join lateral unnest(string_to_array(o.path::text, '.')) up (id)
        union all
        -- 0 is every code: who names a parent that is not there yet waits for those who make grids or give codes
        select 0, bool_or(n.unplaced) from named n where (n.fresh or n.coded or n.unplaced) and (led is null or exists (select from own))
        having count(*) > 0) k
      group by k.id
      having not k.id = any (held) or bool_or(k.whole) and not k.id = any (held_whole)
      order by k.id
    loop
      news := true;
      if key.whole then
        perform pg_advisory_xact_lock(72031, key.id);
        held_whole := held_whole || key.id;
      else
        perform pg_advisory_xact_lock_shared(72031, key.id);
      end if;
      held := held || key.id;
    end loop;
    -- once more: while we waited a grid may have moved to another parent
    exit when not news;
  end loop;
end $$;
comment on function private.lock_grids(private.grid_change[], text[], int[]) is
  'One lock per changed grid and parent, and a shared one per grid above, in one order: two simultaneous edits of a border cannot both pass, leaders of different townships do not wait for each other, and whoever moves a township waits for those at work in it. led: only what lies in these grids (null: anything).';

create function private.proofs(work private.grid_change[], out tiled int[], out even int[], out unproven int[]) language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  few int[];
  busy int[];
begin
  select coalesce(array_agg(p.id) filter (where p.before > 0 and p.changes <= 100), '{}'),
    coalesce(array_agg(p.id) filter (where p.changes >= 5), '{}'),
    coalesce(array_agg(p.id) filter (where p.stays > 0), '{}')
  into few, busy, unproven
  from (
    select c.id, count(*) as changes, count(*) filter (where not c.fresh) as before, count(*) filter (where not c.retire) as stays
    from (
      select w.parent_id as id, w.fresh, w.retire from unnest(work) w where w.kind = 'area'
      union all
      select w.old_parent_id, false, true from unnest(work) w where w.old_kind = 'area' and w.old_parent_id is distinct from w.parent_id
    ) c where c.id is not null group by c.id) p;
  even := case when few <> '{}' then private.redistributed(work, few) else '{}' end;
  -- where few children change, a look at their neighbours is cheaper than this
  busy := array(select b from unnest(busy) b where not b = any (even));
  if busy <> '{}' then
    -- beside them a parent of few children costs nothing
    busy := busy || array(select u from unnest(unproven) u where not u = any (even) and not u = any (busy) and not exists (
      select from public.grids c where c.parent_id = u and c.kind = 'area' and c.retired_at is null offset 5 limit 1));
  end if;
  tiled := case when busy <> '{}' then private.tiled_exactly(busy) else '{}' end;
  unproven := array(select u from unnest(unproven) u where not u = any (even) and not u = any (tiled));
end $$;
comment on function private.proofs(private.grid_change[]) is
  'Parents whose children are proven right without one overlay (see tiled_exactly() and redistributed()), and those whose touched children are still to be compared.';

create function private.sticks_out(work private.grid_change[], proven int[], unproven int[], tolerance_m float8) returns jsonb
language plpgsql stable set search_path = extensions, pg_temp as $$
begin
  if unproven <> '{}'
    or exists (select from unnest(work) w where w.kind = 'unit' and not w.retire)
    or exists (
      select from unnest(work) w
      cross join lateral (
        select from public.grids c
        where c.parent_id = w.id and c.retired_at is null and not (c.kind = 'area' and w.id = any (proven)) offset 0) c
      where not w.retire and not w.fresh and w.boundary is distinct from w.old_boundary) then
    return private.outside_parent(work, proven, tolerance_m);
  end if;
  return '[]'::jsonb;
end $$;
comment on function private.sticks_out(private.grid_change[], int[], int[], float8) is 'outside_parent(), where there is anything to look at.';

create function private.consequences(work private.grid_change[], dry_run boolean, enterprises private.move[], hazards private.move[])
returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  with made as (
    -- ids of a trial are never seen again
    select w.id from unnest(work) w where w.fresh and dry_run
  )
  select jsonb_build_object(
    'areas', (
      select coalesce(jsonb_agg(jsonb_build_object('id', case when not (w.fresh and dry_run) then w.id end, 'change', w.change, 'code', w.code, 'name', w.name,
        'before_m2', round(w.old_area_m2::numeric, 1), 'after_m2', case when not w.retire then round(g.area_m2::numeric, 1) end) order by w.change), '[]')
      from unnest(work) w join public.grids g on g.id = w.id
      where w.kind <> 'department' and (w.fresh or w.retire or w.boundary is distinct from w.old_boundary)),
    'moved', (
      select coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'id', m.id, 'name', m.name, 'lon', round(ST_X(m.location) * 1e6) / 1e6,
        'lat', round(ST_Y(m.location) * 1e6) / 1e6, 'from_id', o.id, 'from', o.name,
        'to_id', case when n.id not in (select made.id from made) then n.id end, 'to', n.name) order by m.kind, o.code, n.code, m.name, m.id), '[]')
      from (
        select 'enterprise' as kind, x.id, e.name, e.location, x.from_id, x.to_id
        from unnest(enterprises) x join public.enterprises e on e.id = x.id
        union all
        select 'hazard', x.id, h.title, h.location, x.from_id, x.to_id
        from unnest(hazards) x join public.hazards h on h.id = x.id
        order by 1, 5, 6, 3, 2 limit 500) m
      left join public.grids o on o.id = m.from_id
      left join public.grids n on n.id = m.to_id),
    'people', (
      select coalesce(jsonb_agg(jsonb_build_object('user_id', p.id, 'name', p.name, 'phone', p.phone, 'position', m.position,
        'grid_id', case when not (w.fresh and dry_run) then w.id end, 'grid_code', w.code, 'grid', w.name, 'retired', w.retire,
        'to_code', r.to_code, 'to', r.to_name, 'held', r.held, 'becomes', r.becomes) order by w.change, array_position(array['leader', 'deputy', 'member', 'duty'], m.position), p.name, p.id), '[]')
      from unnest(work) w join public.memberships m on m.grid_id = w.id join public.profiles p on p.id = m.user_id
      left join private.people_of_retired(work) r on r.change = w.change and r.user_id = m.user_id and r.position = m.position))
$$;
comment on function private.consequences(private.grid_change[], boolean, private.move[], private.move[]) is
  'What the change means, read while it stands: area before and after (m²), the first 500 things that change grid, and everyone who answers for a touched grid, of a retired one with what becomes of them (see people_of_retired()).';

create function private.committed_by(request uuid) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_agg(jsonb_build_object('id', v.grid_id, 'code', v.code, 'version', v.version) order by v.grid_id)
  from public.grid_versions v
  where v.request_id = request and v.changed_by is not distinct from (select auth.uid())
$$;
comment on function private.committed_by(uuid) is 'What a call of the asker with this request_id has written; null when nothing.';

create function public.commit_grid_boundaries(p_changes jsonb default null, p_options jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp
set jit = off set max_parallel_workers_per_gather = 0 set work_mem = '64MB' set plan_cache_mode = force_custom_plan
-- one parent may hold nearly every grid there is, so that reading all of them looks cheap; everything here goes by key
set enable_seqscan = off as $$
declare
  given jsonb := private.j(p_changes);
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  dry_run boolean := coalesce(options ->> 'dry_run', 'false') = 'true';
  allow_gaps boolean := coalesce(options ->> 'allow_gaps', 'true') <> 'false';
  details boolean := coalesce(options ->> 'details', 'false') = 'true';
  tolerance_m float8 := case when jsonb_typeof(options -> 'tolerance_m') = 'number' then
    -- noise of a survey, not a strip of land; an administrator importing old maps may forgive more
    least(greatest((options ->> 'tolerance_m')::float8, 0), case when private.is_admin() then 10 else 1 end) else 1 end;
  request text := nullif(options ->> 'request_id', '');
  led int[] := case when private.is_admin() then null else (private.my_reach()).led end;
  work private.grid_change[];
  parent_codes text[];
  faults jsonb;
  gaps jsonb := '[]'::jsonb;
  earlier jsonb;
  consequences jsonb;
  people jsonb := '[]'::jsonb;
  conflicts int[];
  proof record;
  placed record;
  enterprises int := 0;
  hazards int := 0;
  ground geometry;
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
  elsif request !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    return private.boundary_answer('rejected', null, jsonb_build_array(private.violation('BAD_VALUE', 'request_id 应为 UUID', null)));
  end if;

  if jsonb_array_length(given) <= 50 then
    -- to plan thirty statements anew takes longer than to change a border
    perform set_config('plan_cache_mode', 'force_generic_plan', true);
  end if;

  -- a call that is repeated because its answer was lost has already done its work
  if request is not null and not dry_run then
    perform pg_advisory_xact_lock(72032, hashtext(lower(request)));
    earlier := private.committed_by(request::uuid);
    if earlier is not null then
      return private.boundary_answer('committed', earlier) || '{"repeated": true}';
    end if;
  end if;

  -- 1. what can be judged without looking at any grid
  select r.work, r.parent_codes, r.faults into work, parent_codes, faults
  from private.read_changes(given, private.bounds()) r;
  if faults <> '[]' then
    return private.boundary_answer('rejected', null, faults);
  end if;

  -- 2. rights, parents, codes, versions, with nobody else at the same grids
  perform private.lock_grids(work, parent_codes, led);
  select r.work, r.faults, r.conflicts into work, faults, conflicts from private.resolve_changes(work, parent_codes) r;
  if cardinality(conflicts) > 0 and not faults @? '$[*].properties ? (@.code == "NOT_ALLOWED" || @.code == "NOT_FOUND")' then
    -- before what may follow from it: a code taken, a parent gone
    return private.boundary_answer('conflict', (
      select jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'version', g.version) order by g.id)
      from public.grids g where g.id = any (conflicts))) || jsonb_build_object('current', private.grids_as_they_are(conflicts));
  elsif faults <> '[]' then
    return private.boundary_answer('rejected', null, faults);
  end if;

  -- 3. write, look at the result, and take it back when it is not right or only a trial
  begin
    perform set_config('safegrid.note', coalesce(left(options ->> 'note', 500), ''), true),
      set_config('safegrid.request', coalesce(request, ''), true);
    perform private.apply_changes(work);

    proof := private.proofs(work);
    faults := private.orphans(work) || private.appoint_leaders(work) || private.people_faults(work)
      || private.sticks_out(work, proof.tiled || proof.even, proof.unproven, tolerance_m);
    if proof.unproven <> '{}' then
      faults := private.overlaps(work, proof.tiled || proof.even, tolerance_m) || faults;
    end if;
    if faults = '[]' then
      gaps := private.gaps(work, proof.tiled, proof.even, tolerance_m);
      if gaps <> '[]' and not allow_gaps then
        message := format('留有 %s 处盲区', jsonb_array_length(gaps));
      else
        select ST_SetSRID(ST_Extent(x)::geometry, 4326) into ground
        from unnest(work) w cross join lateral unnest(array[w.boundary, w.old_boundary]) x where w.kind = 'area' or w.old_boundary is not null;
        if ground is not null then
          placed := private.place_within(ground, led);
          enterprises := coalesce(cardinality(placed.enterprises), 0);
          hazards := coalesce(cardinality(placed.hazards), 0);
        end if;
        if details then
          consequences := private.consequences(work, dry_run, placed.enterprises, placed.hazards);
        end if;
        -- after it was told who they are
        people := private.move_people(work);
      end if;
    end if;
    perform set_config('safegrid.note', '', true), set_config('safegrid.request', '', true);
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
    from unnest(work) w left join public.grids g on g.id = w.id), '[]', gaps,
    jsonb_build_object('enterprises', enterprises, 'hazards', hazards))
    || case when people <> '[]' then jsonb_build_object('people', people) else '{}' end
    || case when consequences is not null then jsonb_build_object('consequences', consequences) else '{}' end;
end $$;
comment on function public.commit_grid_boundaries(jsonb, jsonb) is
  'Creates, reshapes, moves and retires grids in one transaction, or says why not. p_changes: array of {id?, parent_id? | parent_code?, version?, code, name, kind, boundary, center?, population?, leader?, retire?, members_to? | members_to_code?}, boundary GeoJSON in EPSG:4326; a field left out keeps its value; without id a grid is created (parent_code may name another one of the same call; leader: the uuid of a profile or {name, phone}, appointed with it; members_to: with retire, the id of the grid that its people go to, members_to_code: its code, also of another one of the same call; without either their positions end, and people in the answer says what became of each); without version nobody is asked whether somebody else changed it meanwhile. Grids of several levels may change in one call: the state after all of it is judged. p_options: dry_run, details (answer carries consequences), allow_gaps (true), tolerance_m (1; at most 1, for administrators 10), note, request_id (uuid: the same one twice commits once, see commit_outcome()). Administrators change anything, leaders and deputies what lies below their grid. conflict: a named version is not the present one; current holds those grids as they are. SECURITY DEFINER: nobody may write grids directly; rights are checked inside.';

create function public.commit_outcome(p_request uuid default null) returns jsonb language plpgsql volatile security definer
set search_path = '' as $$
declare
  written jsonb;
begin
  if p_request is null then
    return jsonb_build_object('status', 'unknown');
  end if;
  -- a call still at work has the say first
  perform pg_advisory_xact_lock_shared(72032, hashtext(p_request::text));
  written := private.committed_by(p_request);
  return case when written is null then jsonb_build_object('status', 'unknown')
    else jsonb_build_object('status', 'committed', 'grids', written) end;
end $$;
comment on function public.commit_outcome(uuid) is
  'What became of a commit_grid_boundaries() whose answer was lost: {status: committed, grids: [{id, code, version}]} or {status: unknown}, then nothing of it was written (and a repetition with the same request_id is safe). Waits for a call that is still at work. Only one''s own requests. VOLATILE, so that it sees what was written while it waited. DEFINER: applies the asker itself.';

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
      'id', g.id, 'code', g.code, 'name', g.name, 'level', g.level, 'kind', g.kind, 'parent_id', g.parent_id, 'version', g.version,
      'leader', g.leaders, 'population', g.population, 'retired', g.retired_at is not null,
      'changed_by', p.name, 'changed_at', v.valid_from, 'note', v.note))
    order by g.id), '[]'))
  from public.grids g
  left join public.grid_versions v on v.grid_id = g.id and v.version = g.version
  left join public.profiles p on p.id = v.changed_by
  where g.id = any (ids)
$$;
comment on function private.grids_as_they_are(int[]) is
  'Present outlines, exact, with who saved them and when: what the other one did. Retired meanwhile: the last outline, retired true.';

revoke execute on all functions in schema private from public;
revoke execute on function public.commit_grid_boundaries(jsonb, jsonb), public.commit_outcome(uuid) from public, anon;
grant execute on function public.commit_grid_boundaries(jsonb, jsonb), public.commit_outcome(uuid) to authenticated, service_role;
