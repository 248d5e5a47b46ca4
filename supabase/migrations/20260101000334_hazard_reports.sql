-- 上报: one door for everything found, on a phone, at a desk, by another system.

insert into public.settings (key, value) values
  ('hazards', '{"margin_m": 500, "firm_margin_m": 3000, "listing_level": 1, "photos": 9, "late_days": 30}');

create function private.hazard_setting(word text, otherwise int) returns int language sql stable set search_path = '' as $$
  select coalesce((
    select (s.value ->> word)::numeric::int from public.settings s
    where s.key = 'hazards' and jsonb_typeof(s.value) = 'object' and s.value ->> word ~ '^[0-9]{1,6}(\.[0-9]{1,6})?$'), otherwise)
$$;
comment on function private.hazard_setting(text, int) is
  'A figure of the setting hazards ⚙: margin_m (metres outside one''s own grids from where one may still report), firm_margin_m (the same around an enterprise), listing_level (level of the grid that lists a major hazard), photos (most photos of a step), late_days (how old a finding may be that is reported now).';

create type private.capacity as (
  admin boolean, leader boolean, member boolean, duty boolean, officer boolean, firm boolean, own boolean, top_led int,
  person_name text, role text);
comment on type private.capacity is
  'What the asker is to a hazard: leader (or deputy), member, duty officer of its grid or one above; officer of its sector''s department; user of its enterprise. own: leader or member of the very grid; top_led: level of the highest grid led; role: in words.';

create function private.my_capacity(grid int, sector int, enterprise uuid) returns private.capacity language plpgsql stable
security definer set search_path = extensions, pg_temp as $$
declare
  c private.capacity;
  uid uuid := (select auth.uid());
  place ltree;
  department text;
begin
  select g.path into place from public.grids g where g.id = grid;
  select coalesce(bool_or(m.position in ('leader', 'deputy')), false), coalesce(bool_or(m.position = 'member'), false),
    coalesce(bool_or(m.position = 'duty'), false), coalesce(bool_or(r.id = grid and m.position <> 'duty'), false),
    min(r.level) filter (where m.position in ('leader', 'deputy')),
    (array_agg(r.name || case m.position when 'leader' then '网格长' when 'deputy' then '副网格长' when 'duty' then '值班员' else '网格员' end
      order by array_position(array['leader', 'deputy', 'member', 'duty'], m.position), r.level desc, r.id))[1]
  into c.leader, c.member, c.duty, c.own, c.top_led, c.role
  from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
  where m.user_id = uid and (r.parent_id is null or place <@ r.path);
  select d.name into department
  from public.department_officers o
  join public.departments d on d.id = o.department_id
  join public.grids r on r.id = d.grid_id
  join public.sectors s on s.department_id = d.id and s.id = sector
  where o.user_id = uid and (r.parent_id is null or place <@ r.path)
  order by d.id limit 1;
  c.officer := department is not null;
  c.firm := exists (select from public.enterprise_users u where u.user_id = uid and u.enterprise_id = enterprise);
  c.admin := exists (select from public.admins a where a.user_id = uid);
  c.person_name := (select p.name from public.profiles p where p.id = uid);
  c.role := coalesce(c.role, department, case when c.firm then (select e.name from public.enterprises e where e.id = enterprise) end,
    case when c.admin then '安委办' end);
  return c;
end $$;
comment on function private.my_capacity(int, int, uuid) is 'In which capacity the asker meets a hazard of this grid, sector and enterprise. DEFINER: reads the tables of rights.';

create table private.hazard_numbers (
  day date primary key,
  last int not null
);
comment on table private.hazard_numbers is 'The last number given on a day: its row is the lock under which the next one is given.';

create function private.next_hazard_code() returns text language plpgsql security definer set search_path = '' as $$
declare
  today date := private.today();
  prefix text := to_char(today, '"YH-"YYYYMMDD"-"');
  n int;
begin
  insert into private.hazard_numbers as c (day, last)
  select today, coalesce(max(substring(h.code from 13)::int), 0) + 1
  from public.hazards h
  where not exists (select from private.hazard_numbers x where x.day = today) and left(h.code, 12) = prefix
  on conflict (day) do update set last = c.last + 1
  returning c.last into n;
  return prefix || lpad(n::text, greatest(4, length(n::text)), '0');
end $$;
comment on function private.next_hazard_code() is 'YH-<day of registration>-<number>. DEFINER: nobody else counts.';

create function private.read_number(given jsonb) returns float8 language sql immutable set search_path = '' as $$
  select case when given #>> '{}' ~ '^[-+]?[0-9]{1,12}(\.[0-9]{1,20})?$' then (given #>> '{}')::float8 end
$$;
comment on function private.read_number(jsonb) is 'A JSON number, or a string that is one; null for anything else.';

create function private.read_uuid(given text) returns uuid language sql immutable set search_path = '' as $$
  select case when given ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then given::uuid end
$$;
comment on function private.read_uuid(text) is 'A uuid; null for anything else.';

create function private.read_words(given jsonb, key text) returns text language sql immutable set search_path = '' as $$
  select case when not private.is_blank(w.words) then w.words end
  from (select btrim(regexp_replace(case when jsonb_typeof(given -> key) in ('string', 'number') then given ->> key end,
    '[\u0001-\u0008\u000b-\u001f\u007f]+', ' ', 'g'), E' \n\t')) w (words)
$$;
comment on function private.read_words(jsonb, text) is 'Words of a field without control characters (line breaks stay) and outer blanks; null when there are none.';

create function private.photo_faults(given jsonb, folder uuid) returns jsonb language sql stable set search_path = '' as $$
  select case
    when given is null or given in ('null', '[]') then '[]'::jsonb
    when jsonb_typeof(given) <> 'array' or exists (
      select from jsonb_array_elements(case jsonb_typeof(given) when 'array' then given else '[]' end) p
      where jsonb_typeof(p) <> 'string' or p #>> '{}' !~ ('^' || folder || '/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jpg$'))
      then jsonb_build_array(private.error_of('photos', 'BAD_VALUE', '照片不是为这条隐患上传的'))
    when jsonb_array_length(given) > private.hazard_setting('photos', 9)
      then jsonb_build_array(private.error_of('photos', 'OUT_OF_RANGE', format('照片最多 %s 张', private.hazard_setting('photos', 9))))
    when exists (
      select from jsonb_array_elements_text(given) p (name)
      where not exists (select from storage.objects o where o.bucket_id = 'hazards' and o.name = p.name))
      then jsonb_build_array(private.error_of('photos', 'NOT_FOUND', '照片还没有上传成功，请重新上传'))
    else '[]'::jsonb end
$$;
comment on function private.photo_faults(jsonb, uuid) is
  'What is wrong with the photos of a step: paths in the bucket hazards, <folder>/<uuid>.jpg, folder being the hazard''s client_id (or its id when it has none). They are uploaded first: a name without a file would be a claim of evidence.';

create function private.category_fault(word text, found timestamptz) returns jsonb language sql stable security definer set search_path = '' as $$
  select case
    when k.id is null then private.error_of('category', 'UNKNOWN_CATEGORY', format('没有这个隐患类别：%s', left(word, 60)))
    -- chosen on a phone without signal before it was retired: it counts
    when k.retired_at <= found then private.error_of('category', 'RETIRED_CATEGORY', format('隐患类别「%s」已停用，请改选或不选', k.name)) end
  from (select private.category_named(word) as id) x left join public.hazard_categories k on k.id = x.id
$$;
comment on function private.category_fault(text, timestamptz) is
  'What is wrong with a category chosen for something found then; null when nothing is. DEFINER: the list is the same for everyone.';

create function private.hazard_brief(h public.hazards) returns jsonb language sql stable
set search_path = extensions, pg_temp as $$
  select jsonb_build_object('id', h.id, 'code', h.code, 'client_id', h.client_id, 'title', h.title, 'description', h.description,
    'severity', h.severity, 'state', h.state, 'source', h.source, 'sector_id', h.sector_id,
    'sector', (select s.name from public.sectors s where s.id = h.sector_id), 'category_id', h.category_id,
    'category', (select k.name from public.hazard_categories k where k.id = h.category_id), 'enterprise_id', h.enterprise_id,
    'enterprise', (select e.name from public.enterprises e where e.id = h.enterprise_id), 'grid_id', g.id, 'grid_code', g.code,
    'grid', g.name, 'lon', round(ST_X(h.location)::numeric, 6), 'lat', round(ST_Y(h.location)::numeric, 6), 'found_at', h.found_at,
    'due_at', h.due_at, 'photos', h.photos, 'version', h.version, 'row_version', h.row_version)
  from (select 1) x
  -- just over the border it is in a grid whose card the reporter does not see
  left join private.my_public_grids g on g.id = h.grid_id
$$;
comment on function private.hazard_brief(public.hazards) is 'A hazard as an answer to whoever wrote it.';

create function private.may_report_at(place extensions.geometry, sector int, enterprise uuid) returns boolean language plpgsql stable
security definer set search_path = extensions, pg_temp as $$
declare
  uid uuid := (select auth.uid());
  -- metres to degrees, never too few of them
  degree float8 := 111320 * greatest(cos(radians(ST_Y(place))), 0.01);
begin
  return private.sees_all()
    or exists (
      select from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null
      where m.user_id = uid and ST_DWithin(coalesce(g.boundary, g.center), place, private.hazard_setting('margin_m', 500) / degree))
    or exists (
      select from public.department_officers o
      join public.departments d on d.id = o.department_id
      join public.sectors s on s.department_id = d.id and s.id = sector
      join public.grids g on g.id = d.grid_id
      where o.user_id = uid and (g.parent_id is null or ST_DWithin(g.boundary, place, private.hazard_setting('margin_m', 500) / degree)))
    or exists (
      select from public.enterprise_users u join public.enterprises e on e.id = u.enterprise_id
      where u.user_id = uid and e.id = enterprise and ST_DWithin(e.location, place, private.hazard_setting('firm_margin_m', 3000) / degree));
end $$;
comment on function private.may_report_at(extensions.geometry, int, uuid) is
  'Whether the asker may report a hazard there: near a grid of theirs (a satellite is some houses off), in a sector of their department, at their own enterprise. DEFINER: reads the tables of rights.';

create function public.report_hazard(p_hazard jsonb default null) returns jsonb language plpgsql security definer
set search_path = extensions, pg_temp set jit = off set timezone = 'UTC' as $$
declare
  given jsonb := private.j(p_hazard);
  uid uuid := (select auth.uid());
  service boolean := private.is_service();
  client uuid;
  h public.hazards;
  lon float8;
  lat float8;
  place geometry;
  bounds float8[];
  word text;
  faults jsonb := '[]'::jsonb;
  changes jsonb;
  c private.capacity;
begin
  if given is null or jsonb_typeof(given) <> 'object' then
    return private.refusal(null, 'BAD_VALUE', '上报内容应为对象') || '{"hazard": null}';
  end if;
  if not service and not private.sees_all() and private.my_public_grid_ids() = '{}' and private.my_enterprise_ids() = '{}' then
    return private.refusal(null, 'NOT_ALLOWED', '您的账号还没有分配职责，不能上报隐患') || '{"hazard": null}';
  end if;
  client := private.read_uuid(given ->> 'client_id');
  if client is null then
    return private.refusal('client_id', case when given ->> 'client_id' is null then 'MISSING_FIELD' else 'BAD_VALUE' end,
      '上报缺少编号，请重新打开上报页面') || '{"hazard": null}';
  end if;
  -- the id of a hazard names its photos too (hazard_at_folder()); whose it is, is not said
  if exists (select from public.hazards x where x.id = client) then
    return private.refusal('client_id', 'BAD_VALUE', '上报编号无效，请重新上报') || '{"hazard": null}';
  end if;
  -- a list or an object would pass for a word left out
  select jsonb_agg(private.error_of(x, 'BAD_VALUE', '上报内容里有不是文字的项')) into changes
  from unnest(array['title', 'description', 'severity', 'source', 'sector', 'category', 'enterprise_id', 'found_at']) x
  where jsonb_typeof(given -> x) not in ('string', 'null') and not (x in ('sector', 'category') and jsonb_typeof(given -> x) = 'number');
  if changes is not null then
    return jsonb_build_object('status', 'rejected', 'hazard', null, 'errors', changes);
  end if;
  -- sent twice, because the first answer was lost: one hazard
  select x.* into h from public.hazards x where x.client_id = client;
  if found then
    if h.reported_by is distinct from uid then
      return private.refusal('client_id', 'BAD_VALUE', '上报编号无效，请重新上报') || '{"hazard": null}';
    end if;
    return jsonb_build_object('status', 'ok', 'hazard', private.hazard_brief(h), 'errors', '[]'::jsonb);
  end if;

  h.title := regexp_replace(private.read_words(given, 'title'), '\s+', ' ', 'g');
  h.description := private.read_words(given, 'description');
  h.severity := coalesce(private.read_words(given, 'severity'), 'general');
  h.source := private.read_words(given, 'source');
  word := private.read_words(given, 'enterprise_id');
  if word is not null then
    select e.id, e.sector_id into h.enterprise_id, h.sector_id from private.my_enterprises e where e.id = private.read_uuid(word);
    if not found then
      faults := faults || private.error_of('enterprise_id', 'NOT_FOUND', '没有这家企业');
    end if;
  elsif not exists (select from public.memberships m where m.user_id = uid)
    and not exists (select from public.department_officers o where o.user_id = uid) then
    -- 自报: who is nothing but the user of one enterprise means that one
    select (array_agg(e.id))[1], (array_agg(e.sector_id))[1] into h.enterprise_id, h.sector_id
    from public.enterprises e where e.id = any (private.my_enterprise_ids()) having count(*) = 1;
  end if;
  word := private.read_words(given, 'sector');
  if word is not null then
    h.sector_id := private.sector_named(word);
    if h.sector_id is null then
      faults := faults || private.error_of('sector', 'UNKNOWN_SECTOR', format('没有这个行业领域：%s', left(word, 60)));
    end if;
  elsif h.sector_id is null then
    faults := faults || private.error_of('sector', 'MISSING_FIELD', '请选择行业领域');
  end if;
  lon := private.read_number(given -> 'lon');
  lat := private.read_number(given -> 'lat');
  select case when jsonb_typeof(s.value) = 'array' then array(select x::float8 from jsonb_array_elements_text(s.value) x) end
  into bounds from public.settings s where s.key = 'bounds';
  if lon is null or lat is null then
    faults := faults || private.error_of(case when lon is null then 'lon' else 'lat' end,
      case when given ->> 'lon' is null or given ->> 'lat' is null then 'MISSING_FIELD' else 'BAD_VALUE' end, '缺少位置，请定位或移动地图选点');
  elsif not (lon between coalesce(bounds[1], -180) and coalesce(bounds[3], 180) and lat between coalesce(bounds[2], -90) and coalesce(bounds[4], 90)) then
    faults := faults || private.error_of('lon', 'OUT_OF_RANGE', format('坐标超出范围：%s, %s', lon, lat));
  else
    place := ST_SetSRID(ST_MakePoint(round(lon::numeric, 7)::float8, round(lat::numeric, 7)::float8), 4326);
  end if;
  begin
    h.found_at := coalesce((given ->> 'found_at')::timestamptz, now());
    if h.found_at not between now() - make_interval(days => private.hazard_setting('late_days', 30)) and now() + interval '15 minutes' then
      faults := faults || private.error_of('found_at', 'OUT_OF_RANGE',
        format('发现时间应在最近 %s 天之内', private.hazard_setting('late_days', 30)));
    end if;
    h.found_at := least(h.found_at, now());
  exception when others then
    faults := faults || private.error_of('found_at', 'BAD_VALUE', '发现时间不是时间');
  end;
  word := private.read_words(given, 'category');
  if word is not null then
    h.category_id := private.category_named(word);
    faults := faults || coalesce(private.category_fault(word, coalesce(h.found_at, now())), '[]');
  end if;
  h.source := coalesce(h.source, case when h.enterprise_id = any (private.my_enterprise_ids()) then 'enterprise' else 'patrol' end);
  select faults || coalesce(jsonb_agg(private.error_of(f.field, f.code, f.message)), '[]') || private.photo_faults(given -> 'photos', client)
  into faults
  from (values
    (h.title is null, 'title', 'MISSING_FIELD', '请写明隐患是什么'),
    (char_length(h.title) > 120, 'title', 'TOO_LONG', '隐患名称超过 120 个字'),
    (char_length(h.description) > 4000, 'description', 'TOO_LONG', '隐患描述超过 4000 个字'),
    (h.severity not in ('general', 'major'), 'severity', 'BAD_VALUE', '隐患等级应为一般或重大'),
    (h.source not in ('patrol', 'inspection', 'enterprise', 'department', 'public', 'online'), 'source', 'BAD_VALUE', '隐患来源不正确')
  ) f (hit, field, code, message)
  where f.hit;
  if place is not null and faults = '[]' then
    h.grid_id := private.grid_at(place);
    if not service and not private.may_report_at(place, h.sector_id, h.enterprise_id) then
      faults := faults || private.error_of('lon', 'NOT_ALLOWED', '这个位置不在您负责的范围内');
    elsif h.grid_id is null then
      faults := faults || private.error_of('lon', 'OUTSIDE_ALL_GRIDS', '这个位置不在任何网格内');
    end if;
  end if;
  if faults <> '[]' then
    return jsonb_build_object('status', 'rejected', 'hazard', null, 'errors', faults);
  end if;

  h.due_at := private.due_at('verify', h.severity, now());
  insert into public.hazards (code, client_id, title, description, severity, source, sector_id, category_id, enterprise_id, location, found_at,
    reported_by, due_at, photos)
  values (private.next_hazard_code(), client, h.title, h.description, h.severity, h.source, h.sector_id, h.category_id, h.enterprise_id, place, h.found_at,
    uid, h.due_at, coalesce(nullif(given -> 'photos', 'null'), '[]'))
  on conflict (client_id) do nothing
  returning * into h;
  if not found then
    -- the same report on another connection was quicker
    return public.report_hazard(p_hazard);
  end if;
  c := private.my_capacity(h.grid_id, h.sector_id, h.enterprise_id);
  changes := jsonb_build_object('code', h.code, 'client_id', h.client_id, 'title', h.title, 'description', h.description,
    'severity', h.severity, 'state', h.state, 'source', h.source, 'sector_id', h.sector_id, 'category_id', h.category_id, 'enterprise_id', h.enterprise_id,
    'found_at', h.found_at, 'reported_by', h.reported_by, 'due_at', h.due_at, 'photos', h.photos);
  insert into public.hazard_events (hazard_id, version, action, to_state, actor, actor_name, actor_role, lon, lat, note, photos,
    changes, grid_id, grid_name)
  values (h.id, h.version, 'report', h.state, uid, c.person_name, c.role, ST_X(place), ST_Y(place), left(h.description, 2000), h.photos,
    changes, h.grid_id, (select g.name from public.grids g where g.id = h.grid_id));
  return jsonb_build_object('status', 'ok', 'hazard', private.hazard_brief(h), 'errors', '[]'::jsonb);
end $$;
comment on function public.report_hazard(jsonb) is
  'A hazard reported: {client_id (uuid, made by the device), title, description?, lon, lat (EPSG:4326, degrees), sector (code, name or id; else the enterprise''s), category? (code, name or id), enterprise_id?, severity general | major, source?, photos? (paths <client_id>/<uuid>.jpg in the bucket hazards), found_at?} → {status: ok | rejected, hazard, errors: [{field, code, message}]}. The same client_id of the same person is the same hazard. Who has a position, near their grids; officers in their sectors; enterprise users at their enterprise; the service key everywhere. DEFINER: nobody writes hazards directly; checks the scope itself.';

create function public.hazards_nearby(
  p_lon float8 default null, p_lat float8 default null, p_radius_m float8 default null, p_sector text default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  place geometry;
  sector int := private.sector_named(p_sector);
  radius float8 := case when p_radius_m between 1 and 5000 then p_radius_m when p_radius_m > 5000 then 5000 else 100 end;
  east float8;
begin
  if not (p_lon between -180 and 180 and p_lat between -90 and 90) or p_lon is null or p_lat is null
    or nullif(btrim(p_sector), '') is not null and sector is null then
    return '[]'::jsonb;
  end if;
  place := ST_SetSRID(ST_MakePoint(p_lon, p_lat), 4326);
  east := radius / (111000 * greatest(cos(radians(p_lat)), 0.01));
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', n.id, 'code', n.code, 'title', n.title, 'severity', n.severity, 'state', n.state,
      'found_at', n.found_at, 'distance_m', round(n.distance::numeric, 1)) order by n.distance, n.found_at desc, n.id)
    from (
      select h.*, ST_DistanceSphere(h.location, place) as distance
      from private.my_hazards h
      where h.is_open and h.location && ST_Expand(place, east, radius / 111000)
        and (sector is null or h.sector_id = sector)
      order by distance limit 20) n
    where n.distance <= radius), '[]');
end $$;
comment on function public.hazards_nearby(float8, float8, float8, text) is
  'Open hazards of the asker''s scope around a point (EPSG:4326, degrees), nearest first, at most 20: possibly the same one. p_radius_m 1..5000 (default 100); p_sector: code, name or id. → [{id, code, title, severity, state, found_at, distance_m}]. DEFINER: spatial read (RLS switches GiST off); applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.report_hazard(jsonb), public.hazards_nearby(float8, float8, float8, text) from public, anon;
grant execute on function public.report_hazard(jsonb), public.hazards_nearby(float8, float8, float8, text) to authenticated, service_role;
