-- A ledger of enterprises from a file: all rows or none, and every bad row says which, where and why.

create type private.enterprise_row as (
  n int, code text, name text, sector_word text, sector_id int, lon float8, lat float8, location extensions.geometry,
  address text, scale text, risk_level int, legal_rep text, phone text, safety_lead text, safety_phone text, employees int,
  licence_expiry date, major_hazard_source_grade int, status text, given jsonb, id uuid, present_id uuid, grid_id int,
  outcome text, errors jsonb);
comment on type private.enterprise_row is 'A row of import_enterprises(), read. n counts from 1. given: the row as sent.';

create function private.scrub(given jsonb) returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_agg(case when jsonb_typeof(e.x) = 'object' then (
      select jsonb_object_agg(key, case when jsonb_typeof(value) = 'string'
        then to_jsonb(regexp_replace(value #>> '{}', '[[:cntrl:]]+', ' ', 'g')) else value end)
      from jsonb_each(e.x)) else e.x end order by e.i)
  from jsonb_array_elements(given) with ordinality e (x, i)
$$;
comment on function private.scrub(jsonb) is 'Rows with control characters made a space; nothing else changes (=1+1 and <b> stay text).';

create function private.day_of(word text) returns date language plpgsql immutable strict set search_path = '' as $$
begin
  if word !~ '^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$' then
    return null;
  end if;
  return make_date(split_part(translate(word, '/.年月日', '----'), '-', 1)::int,
    split_part(translate(word, '/.年月日', '----'), '-', 2)::int, split_part(translate(word, '/.年月日', '----'), '-', 3)::int);
exception when others then
  return null;
end $$;
comment on function private.day_of(text) is '2026-05-01, 2026/5/1, 2026.5.1 or 2026年5月1日 as a date; null for anything else.';

create function private.error_of(field text, code text, message text) returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('field', field, 'code', code, 'message', message)
$$;
comment on function private.error_of(text, text, text) is 'One error of a row; the message is what the screen shows.';

create function private.read_enterprises(given jsonb, bounds float8[]) returns private.enterprise_row[] language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  -- in the text of JSON a control character is always an escape
  clean jsonb := case when strpos(given::text, '\') > 0 then private.scrub(given) else given end;
  number constant text := '^[-+]?[0-9]{1,12}(\.[0-9]{1,20})?$';
  answer private.enterprise_row[];
begin
  with word as materialized (
    select i::int as n, jsonb_typeof(x) = 'object' as fits, nullif(btrim(x ->> 'code'), '') as code, nullif(btrim(x ->> 'name'), '') as name,
      nullif(btrim(x ->> 'sector'), '') as sector, nullif(btrim(x ->> 'lon'), '') as lon, nullif(btrim(x ->> 'lat'), '') as lat,
      nullif(btrim(x ->> 'address'), '') as address, nullif(btrim(x ->> 'scale'), '') as scale, nullif(btrim(x ->> 'risk_level'), '') as risk_level,
      nullif(btrim(x ->> 'legal_rep'), '') as legal_rep, nullif(btrim(x ->> 'phone'), '') as phone, nullif(btrim(x ->> 'safety_lead'), '') as safety_lead,
      nullif(btrim(x ->> 'safety_phone'), '') as safety_phone, nullif(btrim(x ->> 'employees'), '') as employees,
      nullif(btrim(x ->> 'licence_expiry'), '') as licence_expiry, nullif(btrim(x ->> 'major_hazard_source_grade'), '') as grade,
      nullif(btrim(x ->> 'status'), '') as status,
      x as given
    from jsonb_array_elements(clean) with ordinality e (x, i)
  ), known as materialized (
    -- a sector by its code, else by its name
    select distinct on (k.word) k.word, k.id
    from (select s.code as word, s.id, 0 as rank from public.sectors s union all select s.name, s.id, 1 from public.sectors s) k
    order by k.word, k.rank
  ), twice as materialized (
    select w.code, min(w.n) as first_row from word w group by w.code having count(*) > 1
  ), meant as materialized (
    select w.*, k.id as sector_id,
      -- a number of JSON needs no pattern; a longer one is none that float8 can hold
      case when char_length(w.lon) > 40 then null when jsonb_typeof(w.given -> 'lon') = 'number' or w.lon ~ number then w.lon::float8 end as x,
      case when char_length(w.lat) > 40 then null when jsonb_typeof(w.given -> 'lat') = 'number' or w.lat ~ number then w.lat::float8 end as y,
      case
        when w.scale is null then 'small'
        when w.scale in ('above', '规模以上', '规上') then 'above'
        when w.scale in ('small', '小型') then 'small'
        when w.scale in ('micro', '微型') then 'micro'
        when w.scale in ('individual', '个体', '个体户', '个体工商户') then 'individual'
      end as scale_code,
      case
        when w.risk_level in ('1', '红', '红色', '重大', '重大风险') then 1
        when w.risk_level in ('2', '橙', '橙色', '较大', '较大风险') then 2
        when w.risk_level in ('3', '黄', '黄色', '一般', '一般风险') then 3
        when w.risk_level in ('4', '蓝', '蓝色', '低', '低风险') then 4
      end as level,
      case
        when w.grade in ('1', '一级', 'I') then 1 when w.grade in ('2', '二级', 'II') then 2
        when w.grade in ('3', '三级', 'III') then 3 when w.grade in ('4', '四级', 'IV') then 4
      end as source_grade,
      case
        when w.status is null then 'active'
        when w.status in ('active', '正常', '在营', '在业', '开业', '生产') then 'active'
        when w.status in ('suspended', '停产', '停业', '歇业') then 'suspended'
        when w.status in ('closed', '关闭', '注销', '吊销') then 'closed'
      end as state,
      case when w.employees ~ '^[0-9]{1,7}$' and w.employees::int <= 1000000 then w.employees::int end as staff,
      private.day_of(w.licence_expiry) as expiry,
      t.first_row
    from word w left join known k on k.word = w.sector
    left join twice t on t.code = w.code and t.first_row < w.n
  ), faulty as (
    select m.n, jsonb_agg(private.error_of(v.field, v.code, format(v.words, v.a, v.b))) as errors
    from meant m cross join lateral (values
      (not m.fits, null, 'BAD_VALUE', '这一行不是对象', null, null),
      (m.fits and m.code is null, 'code', 'MISSING_FIELD', '缺少企业代码', null, null),
      (m.fits and m.name is null, 'name', 'MISSING_FIELD', '缺少企业名称', null, null),
      (m.fits and m.sector is null, 'sector', 'MISSING_FIELD', '缺少行业领域', null, null),
      (m.fits and m.lon is null, 'lon', 'MISSING_FIELD', '缺少经度', null, null),
      (m.fits and m.lat is null, 'lat', 'MISSING_FIELD', '缺少纬度', null, null),
      (m.sector is not null and m.sector_id is null, 'sector', 'UNKNOWN_SECTOR', '没有这个行业领域：%s', left(m.sector, 60), null),
      (m.lon is not null and m.x is null, 'lon', 'BAD_VALUE', '经度不是数字：%s', left(m.lon, 40), null),
      (m.lat is not null and m.y is null, 'lat', 'BAD_VALUE', '纬度不是数字：%s', left(m.lat, 40), null),
      (m.x is not null and m.y is not null and not (m.x between bounds[1] and bounds[3] and m.y between bounds[2] and bounds[4]), 'lon', 'OUT_OF_RANGE',
        case
          when m.y between bounds[1] and bounds[3] and m.x between bounds[2] and bounds[4] then '经纬度疑似颠倒：经度 %s，纬度 %s'
          when greatest(abs(m.x), abs(m.y)) >= 1000 then '坐标疑似以米为单位（%s, %s），应为经纬度'
          else '坐标超出范围：经度 %s，纬度 %s'
        end, m.lon, m.lat),
      (m.first_row is not null, 'code', 'DUPLICATE_CODE', '企业代码与第 %s 行重复：%s', m.first_row::text, left(m.code, 40)),
      (char_length(m.code) > 40, 'code', 'TOO_LONG', '企业代码超过 40 个字', null, null),
      (char_length(m.name) > 120, 'name', 'TOO_LONG', '企业名称超过 120 个字', null, null),
      (char_length(m.address) > 200, 'address', 'TOO_LONG', '地址超过 200 个字', null, null),
      (char_length(m.legal_rep) > 60, 'legal_rep', 'TOO_LONG', '法定代表人超过 60 个字', null, null),
      (char_length(m.phone) > 30, 'phone', 'TOO_LONG', '电话超过 30 个字', null, null),
      (char_length(m.safety_lead) > 60, 'safety_lead', 'TOO_LONG', '安全负责人超过 60 个字', null, null),
      (char_length(m.safety_phone) > 30, 'safety_phone', 'TOO_LONG', '安全负责人电话超过 30 个字', null, null),
      (m.scale is not null and m.scale_code is null, 'scale', 'BAD_VALUE', '规模应为规模以上、小型、微型或个体：%s', left(m.scale, 40), null),
      (m.risk_level is not null and m.level is null, 'risk_level', 'BAD_VALUE', '风险等级应为 1 至 4：%s', left(m.risk_level, 40), null),
      (m.status is not null and m.state is null, 'status', 'BAD_VALUE', '状态应为正常、停产或关闭：%s', left(m.status, 40), null),
      (m.employees is not null and m.staff is null, 'employees', 'BAD_VALUE', '从业人数应为 0 至 1000000 的整数：%s', left(m.employees, 40), null),
      (m.licence_expiry is not null and m.expiry is null, 'licence_expiry', 'BAD_VALUE', '许可证有效期不是日期：%s', left(m.licence_expiry, 40), null),
      (m.grade is not null and m.source_grade is null, 'major_hazard_source_grade', 'BAD_VALUE', '重大危险源级别应为 1 至 4：%s', left(m.grade, 40), null)
    ) v (hit, field, code, words, a, b)
    -- most rows have nothing to be asked about: a wider net first, in one expression
    where v.hit and not coalesce(
      m.fits and m.name is not null and m.sector_id is not null and m.first_row is null
      and m.x between bounds[1] and bounds[3] and m.y between bounds[2] and bounds[4]
      and greatest(char_length(m.code), char_length(m.legal_rep), char_length(m.phone), char_length(m.safety_lead), char_length(m.safety_phone)) <= 30
      and char_length(m.name) <= 120 and char_length(coalesce(m.address, '')) <= 200
      and (m.risk_level is null or m.level is not null) and (m.employees is null or m.staff is not null)
      and (m.licence_expiry is null or m.expiry is not null) and (m.grade is null or m.source_grade is not null)
      and m.scale_code is not null and m.state is not null and m.code is not null, false)
    group by m.n
  )
  select array_agg(row(m.n, m.code, m.name, m.sector, m.sector_id, m.x, m.y,
      case when f.n is null then ST_SetSRID(ST_MakePoint(m.x, m.y), 4326) end,
      m.address, m.scale_code, m.level, m.legal_rep, m.phone, m.safety_lead, m.safety_phone, m.staff, m.expiry, m.source_grade,
      m.state, m.given, gen_random_uuid(), e.id, null, null, coalesce(f.errors, '[]'))::private.enterprise_row order by m.n)
  into answer
  from meant m left join faulty f on f.n = m.n left join public.enterprises e on e.code = m.code;
  return answer;
end $$;
comment on function private.read_enterprises(jsonb, float8[]) is
  'Reads the rows of a file: words to codes, numbers, dates; errors of a row are kept with it. Accepts the words of the trade (规模以上, 红, 停产) as well as the codes.';

create function public.import_enterprises(p_rows jsonb default null, p_options jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp
set jit = off set max_parallel_workers_per_gather = 0 as $$
declare
  given jsonb := private.j(p_rows);
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  dry_run boolean := coalesce(options ->> 'dry_run', 'false') = 'true';
  on_duplicate text := coalesce(options ->> 'on_duplicate', 'reject');
  work private.enterprise_row[];
  inserted int := 0;
  updated int := 0;
  wanted int;
  lowest int;
  bad boolean;
  rows jsonb;
  terms jsonb;
begin
  if not private.is_admin() and not exists (
    select from public.memberships m join public.grids g on g.id = m.grid_id
    where m.user_id = (select auth.uid()) and m.position in ('leader', 'deputy') and g.parent_id is null and g.retired_at is null) then
    return private.import_refusal('NOT_ALLOWED', '只有管理员和最上级网格的网格长、副网格长可以导入企业');
  elsif jsonb_typeof(given) is distinct from 'array' or jsonb_typeof(options) <> 'object' then
    return private.import_refusal('BAD_VALUE', '企业应为数组，选项应为对象');
  elsif on_duplicate not in ('update', 'skip', 'reject') then
    return private.import_refusal('BAD_VALUE', '代码重复时只能更新、跳过或拒绝');
  elsif jsonb_array_length(given) = 0 then
    return private.import_refusal('MISSING_FIELD', '没有任何企业');
  elsif jsonb_array_length(given) > 20000 then
    return private.import_refusal('TOO_LONG', format('一次最多 20000 家企业，这里有 %s 家', jsonb_array_length(given)));
  end if;

  -- one import at a time, so that two of them cannot both find a code unused
  if not dry_run then
    perform pg_advisory_xact_lock(72032, 0);
  end if;
  lowest := (select max(g.level) from public.grids g where g.kind = 'area' and g.retired_at is null);
  work := private.read_enterprises(given, private.bounds());

  with judged as materialized (
    select w.*, case
        when w.errors <> '[]' and not (on_duplicate = 'skip' and w.errors = jsonb_path_query_array(w.errors, '$[*] ? (@.code == "DUPLICATE_CODE")')) then 'rejected'
        when on_duplicate = 'skip' and (w.present_id is not null or w.errors <> '[]') then 'skipped'
        when w.present_id is not null and on_duplicate = 'reject' then 'rejected'
        when w.present_id is not null then 'updated'
        else 'inserted' end as result
    from unnest(work) w
  )
  select array_agg(row(j.n, j.code, j.name, j.sector_word, j.sector_id, j.lon, j.lat, j.location, j.address, j.scale, j.risk_level, j.legal_rep,
      j.phone, j.safety_lead, j.safety_phone, j.employees, j.licence_expiry, j.major_hazard_source_grade, j.status, j.given,
      j.id, j.present_id, case when j.location is not null then coalesce(p.id, private.grid_at(j.location)) end, j.result,
      case
        when j.result = 'rejected' and j.errors = '[]' then jsonb_build_array(private.error_of('code', 'DUPLICATE_CODE',
          '企业代码已存在：' || j.code))
        when j.result = 'skipped' then '[]'
        else j.errors end)::private.enterprise_row order by j.n),
    bool_or(j.result = 'rejected')
  into work, bad
  from judged j
  -- most lie in a grid of the lowest level, so the large outlines are asked only for the rest; point by point through
  -- the index, which the planner does not choose by itself
  left join lateral (
    select g.id from public.grids g
    where g.boundary && j.location and g.level = lowest and g.kind = 'area' and g.retired_at is null
      and ST_Covers(g.boundary, j.location)
    order by g.area_m2, g.id limit 1) p on j.location is not null;

  -- a term that somebody entered is not replaced without a word
  select jsonb_object_agg(w.n, case
      when l.n > 0 then private.error_of('licence_expiry', 'KEPT', format('证照以企业画像里登记的 %s 个为准（%s），文件里的有效期不采用：%s',
        l.n, coalesce('最早到期 ' || l.first, '均无期限'), coalesce(w.licence_expiry::text, '空')))
      else private.error_of('licence_expiry', 'REPLACED', case when w.licence_expiry is null then format('将清空许可证有效期，原为 %s', e.licence_expiry)
        else format('许可证有效期将由 %s 改为 %s', e.licence_expiry, w.licence_expiry) end) end)
  into terms
  from unnest(work) w
  join public.enterprises e on e.id = w.present_id and e.licence_expiry is distinct from w.licence_expiry
  cross join lateral (select count(*) as n, min(x.expires_on) as first from public.licences x where x.enterprise_id = e.id) l
  where w.outcome = 'updated' and w.given ? 'licence_expiry' and (l.n > 0 or e.licence_expiry is not null);

  if not bad and not dry_run then
    perform set_config('safegrid.placing', 'bulk', true);
    insert into public.enterprises (id, code, name, sector_id, grid_id, location, address, scale, risk_level, legal_rep, phone,
      safety_lead, safety_phone, employees, licence_expiry, major_hazard_source_grade, status)
    select w.id, w.code, w.name, w.sector_id, w.grid_id, w.location, w.address, w.scale, w.risk_level, w.legal_rep, w.phone,
      w.safety_lead, w.safety_phone, w.employees, w.licence_expiry, w.major_hazard_source_grade, w.status
    from unnest(work) w where w.outcome = 'inserted';
    get diagnostics inserted = row_count;
    perform set_config('safegrid.placing', '', true);

    -- a column that the file does not have keeps its value
    update public.enterprises e set name = w.name, sector_id = w.sector_id, location = w.location, grid_id = w.grid_id,
      address = case when w.given ? 'address' then w.address else e.address end,
      scale = case when w.given ? 'scale' then w.scale else e.scale end,
      risk_level = case when w.given ? 'risk_level' then w.risk_level else e.risk_level end,
      legal_rep = case when w.given ? 'legal_rep' then w.legal_rep else e.legal_rep end,
      phone = case when w.given ? 'phone' then w.phone else e.phone end,
      safety_lead = case when w.given ? 'safety_lead' then w.safety_lead else e.safety_lead end,
      safety_phone = case when w.given ? 'safety_phone' then w.safety_phone else e.safety_phone end,
      employees = case when w.given ? 'employees' then w.employees else e.employees end,
      -- where licences are registered theirs is the day, see private.follow_licences()
      licence_expiry = case when w.given ? 'licence_expiry' and not exists (select from public.licences l where l.enterprise_id = e.id)
        then w.licence_expiry else e.licence_expiry end,
      major_hazard_source_grade = case when w.given ? 'major_hazard_source_grade'
        then w.major_hazard_source_grade else e.major_hazard_source_grade end,
      status = case when w.given ? 'status' then w.status else e.status end
    from unnest(work) w where w.outcome = 'updated' and e.id = w.present_id;
    get diagnostics updated = row_count;

    select count(*) into wanted from unnest(work) w where w.outcome in ('inserted', 'updated');
    if inserted + updated <> wanted then
      raise exception '写入的企业数不符（% / %）', inserted + updated, wanted using errcode = 'SG002';
    end if;
  elsif not bad then
    select count(*) filter (where w.outcome = 'inserted'), count(*) filter (where w.outcome = 'updated') into inserted, updated
    from unnest(work) w;
  end if;

  select jsonb_agg(jsonb_build_object('row', w.n,
      'status', case when w.outcome in ('inserted', 'updated') and w.grid_id is null then 'unclaimed' else w.outcome end,
      'grid_code', g.code,
      'errors', case when w.outcome in ('inserted', 'updated') and w.grid_id is null then jsonb_build_array(
          private.error_of('lon', 'OUTSIDE_ALL_GRIDS', format('不在任何网格内，将列为无人认领：%s, %s', w.lon, w.lat)))
        else w.errors end || case when terms ? w.n::text then jsonb_build_array(terms -> w.n::text) else '[]' end) order by w.n)
  into rows
  from unnest(work) w left join public.grids g on g.id = w.grid_id;
  return jsonb_build_object('status', case when bad then 'rejected' when dry_run then 'valid' else 'committed' end,
    'inserted', inserted, 'updated', updated, 'rows', rows);
exception
  when unique_violation then
    return private.import_refusal('DUPLICATE_CODE', '企业代码刚被别人使用，请再试一次');
end $$;
comment on function public.import_enterprises(jsonb, jsonb) is
  'Imports enterprises, all rows or none. p_rows: array of {code, name, lon, lat (EPSG:4326, degrees), sector (code or name), address?, scale?, risk_level?, legal_rep?, phone?, safety_lead?, safety_phone?, employees?, licence_expiry?, major_hazard_source_grade?, status?}; p_options: dry_run, on_duplicate update | skip | reject (default). Row status inserted, updated, skipped, unclaimed (kept, outside every grid: a warning) or rejected; row counts from 1. licence_expiry is not taken where licences are registered (remark KEPT); where it replaces another day the row says so (REPLACED). Administrators, and leader and deputies of the root grid. SECURITY DEFINER: nobody may write enterprises directly; rights are checked inside.';

create function private.import_refusal(code text, message text) returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('status', 'rejected', 'inserted', 0, 'updated', 0, 'rows', '[]'::jsonb, 'message', message,
    'errors', jsonb_build_array(jsonb_build_object('field', null, 'code', code, 'message', message)))
$$;
comment on function private.import_refusal(text, text) is 'An import that was refused as a whole.';

revoke execute on all functions in schema private from public;
revoke execute on function public.import_enterprises(jsonb, jsonb) from public, anon;
grant execute on function public.import_enterprises(jsonb, jsonb) to authenticated, service_role;
