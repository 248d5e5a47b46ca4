-- 历史台账导入: what was kept in spreadsheets before. All rows or none, each once however often the file is sent, each
-- with a first entry in its history that says where it comes from.

create type private.hazard_row as (
  n int, given jsonb, number text, code text, title text, description text, severity text, state text, source text, sector_id int, category_id int,
  enterprise_id uuid, place extensions.geometry, grid_id int, found_at timestamptz, due_at timestamptz, closed_at timestamptz,
  rectifier text, measures text, funds numeric, note text, client_id uuid, errors jsonb, present boolean, outcome text);
comment on type private.hazard_row is 'A row of import_hazards(), read. n counts from 1. given: the row as sent; note: what has no column.';

create function private.moment_of(word text) returns timestamptz language plpgsql immutable strict set search_path = '' as $$
declare
  day date := private.day_of(split_part(replace(btrim(word), 'T', ' '), ' ', 1));
  hour text := nullif(btrim(split_part(replace(btrim(word), 'T', ' '), ' ', 2)), '');
begin
  if day is null or day < '1990-01-01' or day > '2100-01-01' or hour is not null and hour !~ '^\d{1,2}:\d{2}(:\d{2})?$' then
    return null;
  end if;
  return (day + coalesce(hour::time, time '00:00')) at time zone 'Asia/Shanghai';
exception when others then
  return null;
end $$;
comment on function private.moment_of(text) is 'A day of private.day_of(), perhaps with a time after it, in China; null for anything else.';

create function private.read_hazards(given jsonb, bounds float8[]) returns private.hazard_row[] language plpgsql stable
set search_path = extensions, pg_temp as $$
declare
  figure constant text := '^[-+]?[0-9]{1,12}(\.[0-9]{1,20})?$';
  answer private.hazard_row[];
begin
  with word as materialized (
    select i::int as n, x as given, jsonb_typeof(x) = 'object' as fits,
      -- what is kept as it is written is cleaned; the rest is compared with what is known
      private.read_words(x, 'number') as number, nullif(btrim(x ->> 'code'), '') as code, private.read_words(x, 'title') as title,
      private.read_words(x, 'description') as description, lower(nullif(btrim(x ->> 'severity'), '')) as severity,
      lower(nullif(btrim(x ->> 'state'), '')) as state, lower(nullif(btrim(x ->> 'source'), '')) as source, nullif(btrim(x ->> 'sector'), '') as sector,
      nullif(btrim(x ->> 'category'), '') as category,
      private.read_words(x, 'enterprise') as enterprise, nullif(btrim(x ->> 'grid'), '') as grid, nullif(btrim(x ->> 'lon'), '') as lon,
      nullif(btrim(x ->> 'lat'), '') as lat, nullif(btrim(x ->> 'found_at'), '') as found_at, nullif(btrim(x ->> 'due_at'), '') as due_at,
      nullif(btrim(x ->> 'rectified_at'), '') as rectified_at, nullif(btrim(x ->> 'closed_at'), '') as closed_at,
      private.read_words(x, 'found_by') as found_by, private.read_words(x, 'rectifier') as rectifier, private.read_words(x, 'reviewer') as reviewer,
      private.read_words(x, 'measures') as measures, nullif(btrim(x ->> 'funds'), '') as funds, private.read_words(x, 'remark') as remark
    from jsonb_array_elements(case when jsonb_typeof(given) = 'array' then given else '[]' end) with ordinality e (x, i)
  ), known as materialized (
    select distinct on (k.word) k.word, k.id
    from (select s.code as word, s.id, 0 as rank from public.sectors s union all select s.name, s.id, 1 from public.sectors s) k
    order by k.word, k.rank
  ), sort as materialized (
    select distinct on (k.word) k.word, k.id
    from (
      select c.code as word, c.id, 0 as rank from public.hazard_categories c
      union all select c.name || e.ending, c.id, e.rank from public.hazard_categories c cross join (values ('', 1), ('类', 2), ('隐患', 3), ('类隐患', 4)) e (ending, rank)) k
    order by k.word, k.rank
  ), term as materialized (
    -- the same for all rows: working days are counted day by day
    select t.stand, t.grave, private.due_at(t.step, t.grave, now()) as due
    from (values ('verified', 'assign', 'general'), ('verified', 'assign', 'major'), ('reported', 'verify', 'general'), ('reported', 'verify', 'major'))
      t (stand, step, grave)
  ), firm as materialized (
    -- by its code, else by a name that only one of them has
    select w.word, coalesce(min(e.id::text) filter (where e.code = w.word), case when count(*) = 1 then min(e.id::text) end)::uuid as id,
      count(*) as many
    from (select distinct enterprise as word from word where enterprise is not null) w
    join public.enterprises e on e.code = w.word or e.name = w.word
    group by w.word
  ), cell as materialized (
    select w.word, coalesce(min(g.id) filter (where g.code = w.word), case when count(*) = 1 then min(g.id) end) as id, count(*) as many
    from (select distinct grid as word from word where grid is not null) w
    join public.grids g on g.retired_at is null and g.kind = 'area'
    left join public.grids t on t.id = g.parent_id
    -- a village, or its township with it, as the forms write it
    where w.word in (g.code, g.name, t.name || g.name)
    group by w.word
  ), meant as materialized (
    select w.*, f.id as firm_id, f.many as firms, c.id as cell_id, c.many as cells, coalesce(k.id, case when w.sector is null then e.sector_id end) as sector_id, q.id as category_id,
      e.location as firm_place, g.center as cell_place,
      case when w.lon ~ figure then w.lon::float8 end as x, case when w.lat ~ figure then w.lat::float8 end as y,
      case
        when w.severity is null or w.severity in ('general', '一般', '一般隐患', '一般事故隐患') then 'general'
        when w.severity in ('major', '重大', '重大隐患', '重大事故隐患') then 'major' end as grave,
      case
        when w.state in ('closed', '已整改', '已销号', '已闭环', '整改完成', '已完成', '已办结', '合格', '复查合格', '已复查', '是', '完成', '√') then 'closed'
        when w.state in ('reported', '待核实', '新上报') then 'reported'
        when w.state in ('rejected', '不属实') then 'rejected'
        when w.state in ('verified', 'assigned', 'rectifying', 'submitted', '未整改', '整改中', '正在整改', '未完成', '待整改', '待复查', '已交办', '已核实',
          '逾期', '逾期未整改', '否', '限期整改', '立即整改') then 'verified'
        when w.state is null then case when coalesce(w.closed_at, w.rectified_at) is not null then 'closed' else 'verified' end end as stand,
      case
        when w.source is null or w.source in ('inspection', '检查', '日常检查', '专项检查', '综合检查', '排查') then 'inspection'
        when w.source in ('patrol', '巡查', '网格巡查', '日常巡查') then 'patrol'
        when w.source in ('enterprise', '企业自查', '自查', '企业上报') then 'enterprise'
        when w.source in ('department', '部门检查', '行业检查', '执法检查') then 'department'
        when w.source in ('public', '群众举报', '举报') then 'public'
        when w.source in ('online', '线上巡查', '视频巡查') then 'online' end as origin,
      private.moment_of(w.found_at) as found, private.day_end(private.day_of(split_part(w.due_at, ' ', 1))) as due,
      coalesce(private.moment_of(w.closed_at), private.moment_of(w.rectified_at)) as closed,
      case when replace(w.funds, ',', '') ~ '^[0-9]{1,12}(\.[0-9]{1,6})?$' then round(replace(w.funds, ',', '')::numeric, 2) end as yuan
    from word w
    left join known k on k.word = w.sector
    left join sort q on q.word = w.category
    left join firm f on f.word = w.enterprise
    left join public.enterprises e on e.id = f.id
    left join cell c on c.word = w.grid
    left join public.grids g on g.id = c.id
  ), placed as materialized (
    select m.*, case
        when m.x between bounds[1] and bounds[3] and m.y between bounds[2] and bounds[4]
          then ST_SetSRID(ST_MakePoint(round(m.x::numeric, 7)::float8, round(m.y::numeric, 7)::float8), 4326)
        when m.lon is null and m.lat is null then
          (select ST_SetSRID(ST_MakePoint(round(ST_X(p)::numeric, 7)::float8, round(ST_Y(p)::numeric, 7)::float8), 4326)
           from (select coalesce(m.firm_place, m.cell_place) as p) z where p is not null) end as place,
      -- the same row is the same hazard, whatever became of it since
      md5(jsonb_build_array('import', m.number, m.title, m.description, m.found_at, m.enterprise, m.grid, m.lon, m.lat)::text)::uuid as client_id
    from meant m
  ), checked as materialized (
    select p.*, private.grid_at(p.place) as grid_id, min(p.n) over (partition by p.client_id) as first_row,
      (select jsonb_agg(private.error_of(v.field, v.code, format(v.words, left(v.a, 60)))) from (values
        (not p.fits, null, 'BAD_VALUE', '这一行不是对象', null),
        (p.fits and p.title is null and p.description is null, 'title', 'MISSING_FIELD', '缺少隐患内容', null),
        (p.fits and p.found_at is null, 'found_at', 'MISSING_FIELD', '缺少发现（检查）日期', null),
        (p.found_at is not null and p.found is null, 'found_at', 'BAD_VALUE', '发现日期不是日期：%s', p.found_at),
        (p.found > now() + interval '1 day', 'found_at', 'OUT_OF_RANGE', '发现日期在将来：%s', p.found_at),
        (p.grave is null, 'severity', 'BAD_VALUE', '隐患级别应为一般或重大：%s', p.severity),
        (p.stand is null, 'state', 'BAD_VALUE', '看不懂整改情况：%s', p.state),
        (p.origin is null, 'source', 'BAD_VALUE', '看不懂来源：%s', p.source),
        (p.sector is not null and p.sector_id is null, 'sector', 'UNKNOWN_SECTOR', '没有这个行业领域：%s', p.sector),
        (p.fits and p.sector is null and p.sector_id is null, 'sector', 'MISSING_FIELD', '缺少行业领域，也没有可以推知的企业', null),
        -- also one retired since: it is an old ledger
        (p.category is not null and p.category_id is null, 'category', 'UNKNOWN_CATEGORY', '没有这个隐患类别：%s', p.category),
        (p.firms > 1 and p.firm_id is null, 'enterprise', 'BAD_VALUE', '有几家企业叫这个名字，请写企业代码：%s', p.enterprise),
        (p.enterprise is not null and p.firms is null and p.place is null and p.lon is null, 'enterprise', 'NOT_FOUND', '没有这家企业：%s', p.enterprise),
        (p.cells > 1 and p.cell_id is null, 'grid', 'BAD_VALUE', '有几个网格叫这个名字，请写网格编码：%s', p.grid),
        (p.grid is not null and p.cells is null, 'grid', 'NOT_FOUND', '没有这个网格：%s', p.grid),
        ((p.lon is null) <> (p.lat is null) or (p.lon is not null and p.x is null) or (p.lat is not null and p.y is null), 'lon', 'BAD_VALUE',
          '经纬度不是两个数：%s', concat_ws(', ', p.lon, p.lat)),
        (p.x is not null and p.y is not null and p.place is null, 'lon', 'OUT_OF_RANGE', '坐标超出范围：%s', concat_ws(', ', p.lon, p.lat)),
        (p.fits and p.place is null and p.lon is null and p.lat is null and p.enterprise is null and p.grid is null, 'lon', 'MISSING_FIELD',
          '缺少位置：请给出经纬度、企业或网格', null),
        (p.due_at is not null and p.due is null, 'due_at', 'BAD_VALUE', '整改期限不是日期：%s', p.due_at),
        (coalesce(p.closed_at, p.rectified_at) is not null and p.closed is null, 'closed_at', 'BAD_VALUE', '完成日期不是日期：%s', coalesce(p.closed_at, p.rectified_at)),
        (p.stand = 'closed' and p.closed < date_trunc('day', p.found at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai', 'closed_at', 'OUT_OF_RANGE',
          '完成日期早于发现日期：%s', coalesce(p.closed_at, p.rectified_at)),
        (p.stand = 'closed' and p.closed > now() + interval '1 day', 'closed_at', 'OUT_OF_RANGE', '完成日期在将来：%s', coalesce(p.closed_at, p.rectified_at)),
        (p.funds is not null and p.yuan is null, 'funds', 'BAD_VALUE', '资金应为不小于 0 的数（元）：%s', p.funds),
        (char_length(coalesce(p.description, p.title)) > 4000, 'description', 'TOO_LONG', '隐患描述超过 4000 个字', null),
        (char_length(p.measures) > 2000, 'measures', 'TOO_LONG', '整改措施超过 2000 个字', null),
        (char_length(p.rectifier) > 60, 'rectifier', 'TOO_LONG', '整改责任人超过 60 个字', null)
      ) v (hit, field, code, words, a) where v.hit) as errors
    from placed p
  )
  select array_agg(row(c.n, c.given, c.number, case when c.code ~ '^YH-[0-9]{8}-[0-9]{4,9}$' then c.code end,
      case when char_length(coalesce(c.title, c.description)) > 120 then left(coalesce(c.title, c.description), 119) || '…'
        else regexp_replace(coalesce(c.title, c.description), '\s+', ' ', 'g') end,
      left(concat_ws(E'\n', coalesce(c.description, case when char_length(c.title) > 120 then c.title end),
        case when c.enterprise is not null and c.firm_id is null then '单位：' || c.enterprise end), 4000),
      c.grave, c.stand, c.origin, c.sector_id, c.category_id, c.firm_id, c.place, c.grid_id, c.found,
      coalesce(c.due, d.due),
      case when c.stand = 'closed' then greatest(coalesce(c.closed, c.found), c.found) end,
      c.rectifier, c.measures, c.yuan,
      left(concat_ws('；', '导入历史台账', '原编号：' || coalesce(c.number, c.code), '发现人：' || c.found_by, '整改责任人：' || c.rectifier, '复查人：' || c.reviewer,
        '原状态：' || c.state, '备注：' || c.remark), 2000),
      c.client_id,
      coalesce(c.errors, '[]') || case when c.first_row < c.n then jsonb_build_array(private.error_of('number', 'DUPLICATE_CODE', '与第 ' || c.first_row || ' 行相同')) else '[]' end,
      h.id is not null, null)::private.hazard_row order by c.n)
  into answer
  from checked c
  left join term d on d.stand = c.stand and d.grave = c.grave
  left join lateral (
    select x.id from public.hazards x where x.client_id = c.client_id
    union all
    -- our own export, brought back
    select x.id from public.hazards x where x.code = c.code
    limit 1) h on true;
  return answer;
end $$;
comment on function private.read_hazards(jsonb, float8[]) is
  'Reads the rows of an old ledger: words to codes, days, numbers; enterprise and grid by code, else by a name that is unique; the place from lon/lat, else the enterprise, else the middle of the grid. Errors of a row are kept with it.';

create function public.import_hazards(p_rows jsonb default null, p_options jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp
set jit = off set max_parallel_workers_per_gather = 0 set timezone = 'UTC' as $$
declare
  given jsonb := private.j(p_rows);
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  dry_run boolean := coalesce(options ->> 'dry_run', 'false') = 'true';
  uid uuid := (select auth.uid());
  everywhere boolean := private.is_admin();
  led ltree[];
  work private.hazard_row[];
  bad boolean;
  inserted int := 0;
  skipped int;
  role text;
  rows jsonb;
begin
  led := array(
    select g.path from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null
    where m.user_id = uid and m.position in ('leader', 'deputy'));
  if not everywhere and led = '{}' then
    return private.import_refusal('NOT_ALLOWED', '只有管理员和网格长、副网格长可以导入历史台账');
  elsif jsonb_typeof(given) is distinct from 'array' or jsonb_typeof(options) <> 'object' then
    return private.import_refusal('BAD_VALUE', '隐患应为数组，选项应为对象');
  elsif jsonb_array_length(given) = 0 then
    return private.import_refusal('MISSING_FIELD', '没有任何隐患');
  elsif jsonb_array_length(given) > 2000 then
    return private.import_refusal('TOO_LONG', format('一次最多 2000 条隐患，这里有 %s 条', jsonb_array_length(given)));
  end if;
  -- one import at a time, so that two of the same file are one
  if not dry_run then
    perform pg_advisory_xact_lock(72032, 1);
  end if;
  work := private.read_hazards(given, private.bounds());

  select array_agg(row(w.n, w.given, w.number, w.code, w.title, w.description, w.severity, w.state, w.source, w.sector_id, w.category_id, w.enterprise_id,
      w.place, w.grid_id, w.found_at, w.due_at, w.closed_at, w.rectifier, w.measures, w.funds, w.note, w.client_id, j.errors, w.present,
      case when j.errors <> '[]' then 'rejected' when w.present then 'skipped' else 'inserted' end)::private.hazard_row order by w.n),
    bool_or(j.errors <> '[]')
  into work, bad
  from unnest(work) w
  left join public.grids g on g.id = w.grid_id
  cross join lateral (
    select w.errors || case when w.place is not null and not everywhere and not coalesce(g.path <@ any (led), false)
      then jsonb_build_array(private.error_of('lon', 'NOT_ALLOWED', '这一条不在您负责的网格内')) else '[]' end as errors) j;
  skipped := (select count(*) from unnest(work) w where w.outcome = 'skipped');

  if not bad and not dry_run then
    role := case when exists (select from public.admins a where a.user_id = uid) then '安委办' else (
      select g.name || case m.position when 'leader' then '网格长' else '副网格长' end
      from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null
      where m.user_id = uid and m.position in ('leader', 'deputy') order by g.level, m.position desc, g.id limit 1) end;
    perform private.write_imported(work, uid, role);
    inserted := (select count(*) from unnest(work) w where w.outcome = 'inserted');
  elsif not bad then
    inserted := (select count(*) from unnest(work) w where w.outcome = 'inserted');
  end if;

  select jsonb_agg(jsonb_build_object('row', w.n, 'status', w.outcome, 'grid_code', g.code, 'state', w.state,
      'lon', ST_X(w.place), 'lat', ST_Y(w.place),
      'errors', case
        when w.outcome = 'skipped' then jsonb_build_array(private.error_of('number', 'ALREADY_THERE', '已经导入过，不再重复'))
        when w.outcome = 'inserted' and w.grid_id is null then jsonb_build_array(private.error_of('lon', 'OUTSIDE_ALL_GRIDS', '不在任何网格内'))
        when w.outcome = 'inserted' and w.state = 'closed' and private.read_words(w.given, 'closed_at') is null and private.read_words(w.given, 'rectified_at') is null
          then jsonb_build_array(private.error_of('closed_at', 'ASSUMED', '没有完成日期，按发现当日计'))
        else w.errors end) order by w.n)
  into rows
  from unnest(work) w left join public.grids g on g.id = w.grid_id;
  return jsonb_build_object('status', case when bad then 'rejected' when dry_run then 'valid' else 'committed' end,
    'inserted', inserted, 'updated', 0, 'skipped', skipped, 'rows', rows);
end $$;
comment on function public.import_hazards(jsonb, jsonb) is
  'Imports an old ledger of hazards, all rows of a call or none, at most 2,000. p_rows: array of {title or description, found_at, sector? (else the enterprise''s), category? (code or name), severity? 一般 | 重大, state? (整改情况: 已整改, 未整改, 待核实 …), enterprise? (code or name), grid? (code or name), lon?, lat? (EPSG:4326, degrees), source?, due_at?, rectified_at?, closed_at?, measures?, funds? (yuan), found_by?, rectifier?, reviewer?, remark?, number?, code?}; p_options: dry_run. → {status: committed | valid | rejected, inserted, updated: 0, skipped, rows: [{row, status: inserted | skipped (there already) | rejected, state, grid_code, lon, lat, errors}]}. The same row is never two hazards: a file that was cut off is sent again from the start. What is open begins at verified: somebody must be given it. Administrators everywhere, leaders and deputies in their grids. SECURITY DEFINER: nobody writes hazards directly; rights are checked inside.';

create function private.write_imported(work private.hazard_row[], uid uuid, role text) returns void language plpgsql
security definer set search_path = extensions, pg_temp set timezone = 'UTC' as $$
declare
  person text := (select p.name from public.profiles p where p.id = uid);
begin
  -- numbered by the day on which it was found, after those there are; the row of a day is its lock
  insert into private.hazard_numbers (day, last)
  select d.day, coalesce(max(substring(h.code from 13)::int), 0)
  from (
    select distinct (w.found_at at time zone 'Asia/Shanghai')::date as day from unnest(work) w where w.outcome = 'inserted') d
  left join public.hazards h on left(h.code, 12) = to_char(d.day, '"YH-"YYYYMMDD"-"')
  where not exists (select from private.hazard_numbers x where x.day = d.day)
  group by d.day
  on conflict (day) do nothing;

  perform set_config('safegrid.placing', 'bulk', true);
  with fresh as materialized (
    select gen_random_uuid() as id, w.n, w.title, nullif(w.description, '') as description, w.severity, w.state, w.source, w.sector_id,
      w.category_id, w.enterprise_id, w.place, w.grid_id, w.found_at, w.due_at, w.closed_at, w.rectifier, w.measures, w.funds, w.note, w.client_id,
      (w.found_at at time zone 'Asia/Shanghai')::date as day,
      row_number() over (partition by (w.found_at at time zone 'Asia/Shanghai')::date order by w.found_at, w.n) as nth
    from unnest(work) w where w.outcome = 'inserted'
  ), counted as (
    update private.hazard_numbers x set last = x.last + d.many
    from (select f.day, count(*)::int as many from fresh f group by f.day) d where x.day = d.day
    returning x.day, x.last - d.many as before
  ), coded as materialized (
    select f.*, to_char(f.day, '"YH-"YYYYMMDD"-"') || lpad((c.before + f.nth)::text, greatest(4, length((c.before + f.nth)::text)), '0') as code
    from fresh f join counted c on c.day = f.day
  ), written as (
    insert into public.hazards (id, code, client_id, title, description, severity, state, source, sector_id, category_id, enterprise_id, location, grid_id,
      found_at, due_at, submitted_at, closed_at, assurance_person, assurance_measures, funds_spent)
    select c.id, c.code, c.client_id, c.title, c.description, c.severity, c.state, c.source, c.sector_id, c.category_id, c.enterprise_id, c.place, c.grid_id,
      c.found_at, c.due_at, c.closed_at, c.closed_at, c.rectifier, c.measures, c.funds
    from coded c order by c.n
  )
  insert into public.hazard_events (hazard_id, version, action, to_state, actor, actor_name, actor_role, lon, lat, note, changes, grid_id, grid_name)
  select c.id, 1, 'import', c.state, uid, person, role, ST_X(c.place)::numeric, ST_Y(c.place)::numeric, c.note,
    jsonb_build_object('code', c.code, 'client_id', c.client_id, 'title', c.title, 'description', c.description, 'severity', c.severity,
      'state', c.state, 'source', c.source, 'sector_id', c.sector_id, 'category_id', c.category_id, 'enterprise_id', c.enterprise_id, 'found_at', c.found_at,
      'due_at', c.due_at, 'submitted_at', c.closed_at, 'closed_at', c.closed_at, 'assurance_person', c.rectifier,
      'assurance_measures', c.measures, 'funds_spent', c.funds, 'photos', '[]'::jsonb),
    c.grid_id, g.name
  from coded c left join public.grids g on g.id = c.grid_id order by c.n;
  perform set_config('safegrid.placing', '', true);
end $$;
comment on function private.write_imported(private.hazard_row[], uuid, text) is
  'Writes the rows that are to be inserted, each with the first entry of its history. DEFINER: nobody else writes either.';

revoke execute on all functions in schema private from public;
revoke execute on function public.import_hazards(jsonb, jsonb) from public, anon;
grant execute on function public.import_hazards(jsonb, jsonb) to authenticated, service_role;
