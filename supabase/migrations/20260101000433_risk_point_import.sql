-- 安全风险分级管控清单: the risk points of enterprises from a file. All rows or none, and every bad row says which, where and why.

create type private.risk_point_row as (
  n int, given jsonb, firm public.enterprises, point jsonb, method text, score numeric, level smallint, present_id uuid, errors jsonb,
  remarks jsonb, outcome text);
comment on type private.risk_point_row is
  'A row of import_risk_points(), read. n counts from 1. given: the row as sent; point: as save_risk_point() takes one.';

create function private.list_measures(given jsonb) returns jsonb language sql immutable set search_path = '' as $$
  -- a line of a cell is a measure; one column of all of them counts as 管理
  select coalesce(jsonb_agg(jsonb_build_object('category', c.category, 'content', btrim(w.line),
    'person', private.word_of(given, 'responsible'), 'phone', private.word_of(given, 'responsible_phone'), 'post', private.word_of(given, 'responsible_post'))
    order by c.nth, w.nth), '[]')
  from (values (1, 'engineering', 'engineering'), (2, 'management', 'management'), (3, 'measures', 'management'), (4, 'training', 'training'),
    (5, 'protection', 'protection'), (6, 'emergency', 'emergency')) c (nth, key, category)
  cross join lateral regexp_split_to_table(case when jsonb_typeof(given -> c.key) in ('string', 'number') then given ->> c.key end, '[\r\n]+')
    with ordinality w (line, nth)
  where not private.is_blank(w.line) and btrim(w.line) not in ('无', '/', '-', '—')
$$;
comment on function private.list_measures(jsonb) is
  '管控措施 of a row: columns engineering, management, training, protection, emergency, and measures for a file that has one column of all.';

create function private.read_risk_points(given jsonb, on_duplicate text) returns private.risk_point_row[] language plpgsql stable
set search_path = '' set jit = off as $$
declare
  rule public.prevention_rules := private.prevention_rule();
  answer private.risk_point_row[];
begin
  with word as materialized (
    select i::int as n, x as given, jsonb_typeof(x) = 'object' as fits, private.word_of(x, 'enterprise') as firm,
      left(concat_ws('·', private.word_of(x, 'name'), private.word_of(x, 'activity')), 200) as name,
      lower(private.word_of(x, 'method')) as method, private.word_of(x, 'control') as control, lower(private.word_of(x, 'level')) as level,
      private.word_of(x, 'score') as score
    from jsonb_array_elements(given) with ordinality e (x, i)
  ), called as materialized (
    -- within the asker's scope: by its code, else by a name that only one of them has
    select f.word, coalesce(min(f.id::text) filter (where f.by_code), case when count(*) = 1 then min(f.id::text) end)::uuid as id
    from (
      select w.firm as word, e.id, true as by_code
      from (select distinct firm from word where firm is not null) w join private.my_enterprises e on e.code = w.firm
      union all
      select w.firm, e.id, false
      from (select distinct firm from word where firm is not null) w join private.my_enterprises e on e.name = w.firm and e.code <> w.firm) f
    group by f.word
  ), meant as materialized (
    select w.*, c.word is not null as is_known, e as enterprise, e.id as enterprise_id, jsonb_strip_nulls(jsonb_build_object(
        'name', nullif(w.name, ''), 'method', case
          when w.method in ('lec', 'lec法', 'lec评价法', '作业条件危险性分析法', '作业条件危险性评价法', '作业条件危险性分析') then 'LEC'
          when w.method in ('ls', 'ls法', 'l×s', '风险矩阵', '风险矩阵法', '风险矩阵分析法', '矩阵法') then 'LS'
          -- it says nothing: the figures do
          when w.method is null and coalesce(private.word_of(w.given, 'e'), private.word_of(w.given, 'c')) is not null then 'LEC'
          when w.method is null and private.word_of(w.given, 's') is not null then 'LS'
          else w.method end,
        'l', private.word_of(w.given, 'l'), 'e', private.word_of(w.given, 'e'), 'c', private.word_of(w.given, 'c'), 's', private.word_of(w.given, 's'),
        'control', case
          when w.control in ('company', '公司级', '公司', '企业级', '企业', '厂级', '厂') then 'company'
          when w.control in ('workshop', '车间级', '车间', '部门级', '部门') then 'workshop'
          when w.control in ('team', '班组级', '班组') then 'team'
          when w.control in ('post', '岗位级', '岗位', '个人') then 'post'
          else w.control end,
        'accident_kinds', private.word_of(w.given, 'accident_kinds'), 'responsible', private.word_of(w.given, 'responsible'),
        'responsible_post', private.word_of(w.given, 'responsible_post'), 'responsible_phone', private.word_of(w.given, 'responsible_phone'),
        'measures', case when w.given ?| array['engineering', 'management', 'measures', 'training', 'protection', 'emergency']
          then private.list_measures(w.given) end)) as point,
      case
        when w.level in ('1', '红', '红色', '重大', '重大风险', 'a', 'a级', '一级', '1级', 'i', 'ⅰ') then 1
        when w.level in ('2', '橙', '橙色', '较大', '较大风险', 'b', 'b级', '二级', '2级', 'ii', 'ⅱ') then 2
        when w.level in ('3', '黄', '黄色', '一般', '一般风险', 'c', 'c级', '三级', '3级', 'iii', 'ⅲ') then 3
        when w.level in ('4', '蓝', '蓝色', '低', '低风险', 'd', 'd级', '四级', '4级', 'iv', 'ⅳ') then 4
      end as told_level
    from word w
    left join called c on c.word = w.firm
    left join public.enterprises e on e.id = c.id
  ), tended as materialized (
    select f.id, private.may_tend(f.e) as may
    from (select distinct on (m.enterprise_id) m.enterprise_id as id, m.enterprise as e from meant m where m.enterprise_id is not null) f
  ), judged as materialized (
    select m.*, t.may, private.risk_point_faults(m.point) as faults,
      case m.point ->> 'method'
        when 'LEC' then private.number_of(m.point, 'l') * private.number_of(m.point, 'e') * private.number_of(m.point, 'c')
        when 'LS' then private.number_of(m.point, 'l') * private.number_of(m.point, 's') end as points,
      min(m.n) over (partition by m.enterprise_id, m.point ->> 'name') as first_row
    from meant m left join tended t on t.id = m.enterprise_id
  ), present as materialized (
    select j.n, count(*) as many, min(r.id::text)::uuid as id
    from judged j join public.risk_points r on r.enterprise_id = j.enterprise_id and r.name = j.point ->> 'name'
    group by j.n
  ), counted as materialized (
    select j.enterprise_id, count(*) filter (where p.n is null)
      + (select count(*) from public.risk_points r where r.enterprise_id = j.enterprise_id) as points
    from judged j left join present p on p.n = j.n
    where j.enterprise_id is not null group by j.enterprise_id
  ), checked as (
    select j.*, p.id as present_id,
      (
        select coalesce(jsonb_agg(private.error_of(v.field, v.code, format(v.words, left(v.a, 60), left(v.b, 60)))), '[]') from (values
          (not j.fits, null, 'BAD_VALUE', '这一行不是对象', null, null),
          (j.fits and j.firm is null, 'enterprise', 'MISSING_FIELD', '缺少企业：请写统一社会信用代码或企业名称', null, null),
          (j.firm is not null and not j.is_known, 'enterprise', 'NOT_FOUND', '没有这家企业：%s', j.firm, null),
          (j.is_known and j.enterprise_id is null, 'enterprise', 'BAD_VALUE', '有几家企业叫这个名字，请写统一社会信用代码：%s', j.firm, null),
          (not j.may, 'enterprise', 'NOT_ALLOWED', '您不能登记这家企业的风险点：%s', j.firm, null),
          (j.enterprise_id is not null and j.first_row < j.n, 'name', 'DUPLICATE_CODE', '与第 %s 行是同一家企业的同一个风险点', j.first_row::text, null),
          (p.many > 1, 'name', 'BAD_VALUE', '这家企业已有几个同名风险点，不知道更新哪一个：%s', j.name, null),
          (p.id is not null and on_duplicate = 'reject', 'name', 'DUPLICATE_CODE', '这家企业已有这个风险点：%s', j.name, null),
          (p.id is null and c.points > 500, 'name', 'TOO_LONG', '一家企业最多 500 个风险点，导入后有 %s 个', c.points::text, null),
          (j.level is not null and j.told_level is null, 'level', 'BAD_VALUE', '风险等级应为重大、较大、一般或低：%s', j.level, null),
          (j.score is not null and not j.score ~ '^[0-9]{1,9}(\.[0-9]{1,6})?$', 'score', 'BAD_VALUE', '分值不是数字：%s', j.score, null),
          (j.score ~ '^[0-9]{1,9}(\.[0-9]{1,6})?$' and j.faults = '[]' and abs(j.score::numeric - j.points) > 0.01, 'score', 'BAD_VALUE',
            '分值 %s 与各项的乘积 %s 不符', j.score, trim_scale(j.points)::text)
        ) v (hit, field, code, words, a, b) where v.hit) || case when j.fits then j.faults else '[]' end as wrong,
      case when j.faults = '[]' then private.risk_point_level(rule, j.point ->> 'method', j.points) end as real_level
    from judged j left join present p on p.n = j.n left join counted c on c.enterprise_id = j.enterprise_id
  )
  select array_agg(row(c.n, c.given, c.enterprise, c.point, c.point ->> 'method', c.points, c.real_level, c.present_id, c.wrong,
      case when c.wrong = '[]' and c.told_level <> c.real_level then jsonb_build_array(private.error_of('level', 'LEVEL_DIFFERS',
        format('清单写的是%s风险，按现行分级标准（%s = %s）为%s风险，以现行标准为准', (array['重大', '较大', '一般', '低'])[c.told_level],
          case c.point ->> 'method' when 'LEC' then 'D' else 'R' end, trim_scale(c.points), (array['重大', '较大', '一般', '低'])[c.real_level])))
        else '[]' end,
      case when c.wrong <> '[]' then 'rejected' when c.present_id is null then 'inserted' when on_duplicate = 'skip' then 'skipped' else 'updated' end
    )::private.risk_point_row order by c.n)
  into answer
  from checked c;
  return answer;
end $$;
comment on function private.read_risk_points(jsonb, text) is
  'Reads the rows of a 安全风险分级管控清单: words to codes and numbers, the enterprise by code, else by a name that is unique in the asker''s scope. Errors of a row are kept with it; the level of the file is compared with that of the thresholds that hold.';

create function public.import_risk_points(p_rows jsonb default null, p_options jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = '' set jit = off as $$
declare
  given jsonb := private.j(p_rows);
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  dry_run boolean;
  on_duplicate text;
  work private.risk_point_row[];
  bad boolean;
  inserted int;
  updated int;
begin
  if (select auth.uid()) is null and not private.is_service() then
    return private.import_refusal('NOT_ALLOWED', '请先登录');
  elsif jsonb_typeof(given) is distinct from 'array' or jsonb_typeof(options) <> 'object' then
    return private.import_refusal('BAD_VALUE', '风险点应为数组，选项应为对象');
  elsif coalesce(jsonb_typeof(options -> 'dry_run'), 'null') not in ('boolean', 'null') then
    return private.import_refusal('BAD_VALUE', '试算应为是或否');
  end if;
  dry_run := options -> 'dry_run' is not distinct from 'true'::jsonb;
  on_duplicate := coalesce(options ->> 'on_duplicate', 'update');
  if on_duplicate not in ('update', 'skip', 'reject') then
    return private.import_refusal('BAD_VALUE', '风险点已存在时只能更新、跳过或拒绝');
  elsif jsonb_array_length(given) = 0 then
    return private.import_refusal('MISSING_FIELD', '没有任何风险点');
  elsif jsonb_array_length(given) > 2000 then
    return private.import_refusal('TOO_LONG', format('一次最多 2000 个风险点，这里有 %s 个', jsonb_array_length(given)));
  end if;
  -- one import at a time, so that two of the same file are one
  if not dry_run then
    perform pg_advisory_xact_lock(72032, 2);
  end if;
  work := private.read_risk_points(given, on_duplicate);
  select bool_or(w.outcome = 'rejected'), count(*) filter (where w.outcome = 'inserted'), count(*) filter (where w.outcome = 'updated')
  into bad, inserted, updated from unnest(work) w;
  if not bad and not dry_run then
    perform private.write_risk_points(work);
  end if;
  return jsonb_build_object('status', case when bad then 'rejected' when dry_run then 'valid' else 'committed' end,
    'inserted', case when bad then 0 else inserted end, 'updated', case when bad then 0 else updated end,
    'enterprises', (select count(distinct (w.firm).id) from unnest(work) w where w.outcome in ('inserted', 'updated')),
    'rows', (
      select jsonb_agg(jsonb_build_object('row', w.n, 'status', w.outcome, 'grid_code', g.code, 'enterprise', (w.firm).name,
        'lon', extensions.st_x((w.firm).location), 'lat', extensions.st_y((w.firm).location), 'score', w.score, 'level', w.level, 'errors', w.errors || w.remarks) order by w.n)
      from unnest(work) w left join public.grids g on g.id = (w.firm).grid_id));
end $$;
comment on function public.import_risk_points(jsonb, jsonb) is
  'Imports risk points of enterprises (安全风险分级管控清单), all rows or none, at most 2,000. p_rows: array of {enterprise (code, or a name that is unique in the asker''s scope), name, activity? (危险源: becomes part of the name), method? LEC | LS (else by the figures), l, e, c | l, s, score?, level? (both are compared), accident_kinds?, control?, responsible?, responsible_post?, responsible_phone?, engineering?, management?, training?, protection?, emergency?, measures? (a line each)}; p_options: dry_run, on_duplicate (the same name at the same enterprise) update (default) | skip | reject → {status: committed | valid | rejected, inserted, updated, enterprises, rows: [{row, status: inserted | updated | skipped | rejected, grid_code, enterprise, lon, lat (where it is), score, level, errors}]}; the error LEVEL_DIFFERS is a remark. What the file has no column for keeps its value. Who may: private.may_tend() of every enterprise. DEFINER: nobody may write risk points directly; rights are checked inside.';

create function private.write_risk_points(work private.risk_point_row[]) returns void language plpgsql set search_path = '' as $$
begin
  perform set_config('safegrid.level_note', '导入风险分级管控清单', true);
  update public.risk_points r set method = w.method, l = private.number_of(w.point, 'l'),
    e = case w.method when 'LEC' then private.number_of(w.point, 'e') end, c = case w.method when 'LEC' then private.number_of(w.point, 'c') end,
    s = case w.method when 'LS' then private.number_of(w.point, 's') end,
    -- a column that the file does not have keeps its value
    accident_kinds = case when w.given ? 'accident_kinds' then w.point ->> 'accident_kinds' else r.accident_kinds end,
    control = coalesce(w.point ->> 'control', r.control),
    responsible = case when w.given ? 'responsible' then w.point ->> 'responsible' else r.responsible end,
    responsible_post = case when w.given ? 'responsible_post' then w.point ->> 'responsible_post' else r.responsible_post end,
    responsible_phone = case when w.given ? 'responsible_phone' then w.point ->> 'responsible_phone' else r.responsible_phone end,
    row_version = r.row_version + 1
  from unnest(work) w where w.outcome = 'updated' and r.id = w.present_id;
  delete from public.risk_measures m using unnest(work) w
  where w.outcome = 'updated' and m.risk_point_id = w.present_id and w.point ? 'measures';

  with added as materialized (
    select gen_random_uuid() as id, w.* from unnest(work) w where w.outcome = 'inserted'
  ), written as (
    insert into public.risk_points (id, enterprise_id, name, method, l, e, c, s, accident_kinds, control, responsible, responsible_post, responsible_phone)
    select a.id, (a.firm).id, a.point ->> 'name', a.method, private.number_of(a.point, 'l'),
      case a.method when 'LEC' then private.number_of(a.point, 'e') end, case a.method when 'LEC' then private.number_of(a.point, 'c') end,
      case a.method when 'LS' then private.number_of(a.point, 's') end, a.point ->> 'accident_kinds', coalesce(a.point ->> 'control', 'post'),
      a.point ->> 'responsible', a.point ->> 'responsible_post', a.point ->> 'responsible_phone'
    from added a
    returning id
  )
  insert into public.risk_measures (risk_point_id, no, category, content, person, phone, post)
  select x.id, m.nth, m.x ->> 'category', m.x ->> 'content', m.x ->> 'person', m.x ->> 'phone', m.x ->> 'post'
  from (
    select a.id, a.point from added a join written t on t.id = a.id
    union all
    select w.present_id, w.point from unnest(work) w where w.outcome = 'updated') x
  cross join lateral jsonb_array_elements(coalesce(x.point -> 'measures', '[]')) with ordinality m (x, nth);
  perform set_config('safegrid.level_note', '', true);
end $$;
comment on function private.write_risk_points(private.risk_point_row[]) is
  'Writes the rows of an import that was judged: score, level and the level of the enterprise follow by trigger.';

revoke execute on function private.list_measures(jsonb), private.read_risk_points(jsonb, text), private.write_risk_points(private.risk_point_row[]) from public;
revoke execute on function public.import_risk_points(jsonb, jsonb) from public, anon;
grant execute on function public.import_risk_points(jsonb, jsonb) to authenticated, service_role;
