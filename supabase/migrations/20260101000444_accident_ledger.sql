-- 事故台账: list, card, record, correct, remove. What was said before a correction stays.

create table private.accident_history (
  id bigint generated always as identity primary key,
  accident_id uuid not null,
  action text not null check (action in ('correct', 'remove')),
  reason text,
  was jsonb not null,
  changed jsonb not null,
  by_user uuid,
  at timestamptz not null default now()
);
comment on table private.accident_history is
  'How an accident was told before each correction and before its removal, and why. Append-only; no foreign key: it outlives what it tells of.';
create index accident_history_accident_id_idx on private.accident_history (accident_id, id);

create function private.accident_words(a public.accidents) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  select jsonb_build_object('code', a.code, 'title', a.title, 'kind', a.kind, 'enterprise_id', a.enterprise_id, 'sector_id', a.sector_id,
    'lon', round(ST_X(a.location)::numeric, 6), 'lat', round(ST_Y(a.location)::numeric, 6), 'occurred_at', a.occurred_at, 'deaths', a.deaths,
    'serious_injuries', a.serious_injuries, 'minor_injuries', a.minor_injuries, 'loss', a.loss, 'summary', a.summary)
$$;
comment on function private.accident_words(public.accidents) is 'What was told of an accident, without what follows from it.';

create function private.keep_accident() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  was jsonb := private.accident_words(old);
  now_said jsonb := case when tg_op = 'UPDATE' then private.accident_words(new) end;
  changed jsonb;
begin
  select coalesce(jsonb_agg(w.key order by w.key), '[]') into changed
  from jsonb_each(was) w where now_said is null or now_said -> w.key is distinct from w.value;
  -- a border that moved is no correction
  if changed <> '[]' then
    insert into private.accident_history (accident_id, action, reason, was, changed, by_user)
    values (old.id, case tg_op when 'UPDATE' then 'correct' else 'remove' end, nullif(current_setting('safegrid.reason', true), ''), was,
      changed, (select auth.uid()));
  end if;
  return null;
end $$;
comment on function private.keep_accident() is
  'Writes down what an accident was told as, whoever changes or removes it and however. DEFINER: nobody else writes this history.';
create trigger keep after update or delete on public.accidents for each row execute function private.keep_accident();

create trigger append_only before update or delete on private.accident_history
  for each row execute function private.refuse_history_change();
create trigger append_only_all before truncate on private.accident_history
  for each statement execute function private.refuse_history_change();

create function private.accident_row(a public.accidents) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  select jsonb_build_object('id', a.id, 'code', a.code, 'title', a.title, 'kind', a.kind, 'grade', a.grade, 'occurred_at', a.occurred_at,
    'deaths', a.deaths, 'serious_injuries', a.serious_injuries, 'minor_injuries', a.minor_injuries, 'loss', a.loss,
    'enterprise', (select jsonb_build_object('id', e.id, 'name', e.name) from public.enterprises e where e.id = a.enterprise_id),
    'sector', (select jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name) from public.sectors s where s.id = a.sector_id),
    'grid', (select jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name) from public.grids g where g.id = a.grid_id),
    'lon', round(ST_X(a.location)::numeric, 6), 'lat', round(ST_Y(a.location)::numeric, 6), 'row_version', a.row_version)
$$;
comment on function private.accident_row(public.accidents) is 'An accident as a row of the ledger; loss in yuan, lon/lat EPSG:4326.';

create function public.list_accidents(p_filter jsonb default null, p_after text default null, p_limit int default null)
returns jsonb language plpgsql stable security definer set search_path = ''
set jit = off set timezone = 'UTC' as $$
declare
  most int := least(greatest(coalesce(p_limit, 50), 1), 500);
  after_at timestamptz;
  after_id uuid;
begin
  if nullif(p_after, '') is not null then
    begin
      after_at := split_part(p_after, ' ', 1)::timestamptz;
      after_id := split_part(p_after, ' ', 2)::uuid;
    exception when others then
      return private.refusal('after', 'BAD_VALUE', '翻页位置不正确');
    end;
  end if;
  return (
    with hit as materialized (
      select a.* from private.accident_hits(p_filter) a
    ), page as materialized (
      select h.id, h.occurred_at, row_number() over (order by h.occurred_at desc, h.id desc) as nth
      from hit h
      where after_at is null or (h.occurred_at, h.id) < (after_at, after_id)
      order by h.occurred_at desc, h.id desc
      limit most + 1
    )
    select jsonb_build_object(
      'rows', (
        select coalesce(jsonb_agg(private.accident_row(a) order by p.nth), '[]')
        from page p join public.accidents a on a.id = p.id where p.nth <= most),
      'total', (select count(*) from hit),
      'sums', (
        select jsonb_build_object('deaths', coalesce(sum(h.deaths), 0), 'serious_injuries', coalesce(sum(h.serious_injuries), 0),
          'minor_injuries', coalesce(sum(h.minor_injuries), 0), 'loss', coalesce(sum(h.loss), 0)) from hit h),
      'next', (
        select to_char(p.occurred_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || p.id from page p
        where p.nth = most and exists (select from page q where q.nth > most))));
exception when invalid_parameter_value then
  return private.refusal('filter', 'BAD_VALUE', sqlerrm);
end $$;
comment on function public.list_accidents(jsonb, text, int) is
  'Ledger of the accidents that a filter means (see private.accident_hits()), newest first: rows, total, sums of all that match, next to be given as p_after for the following page (null: the last; p_limit 1..500, default 50). DEFINER: ledger read; applies the scope itself.';

create function public.accident_card(p_accident uuid default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp
set jit = off as $$
declare
  a public.accidents;
begin
  select x.* into a from private.my_accidents x where x.id = p_accident;
  if a.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return private.accident_row(a) || jsonb_build_object(
    'status', 'ok', 'summary', a.summary, 'created_at', a.created_at, 'updated_at', a.updated_at,
    -- which of the three made the grade; of an ordinary accident none did
    'grade_by', (
      select coalesce(jsonb_agg(r.word order by r.nth), '[]')
      from (values (1, 'deaths', a.deaths::numeric, array[30, 10, 3]), (2, 'serious_injuries', a.serious_injuries, array[100, 50, 10]),
        (3, 'loss', a.loss, array[100000000, 50000000, 10000000])) r (nth, word, figure, least_of)
      where a.grade < 4 and r.figure >= r.least_of[a.grade]),
    'breadcrumb', private.breadcrumb(a.grid_id),
    'responsible', jsonb_build_object('territorial', private.territorial_line(a.grid_id), 'industry', private.industry_line(a.sector_id)),
    'may_change', private.is_admin(),
    'history', (
      select coalesce(jsonb_agg(jsonb_build_object('at', h.at, 'by', p.name, 'reason', h.reason, 'changed', h.changed, 'was', h.was) order by h.id desc), '[]')
      from private.accident_history h left join public.profiles p on p.id = h.by_user
      where h.accident_id = a.id and (private.is_admin() or private.sees_all() or a.grid_id = any (private.my_grid_ids()))));
end $$;
comment on function public.accident_card(uuid) is
  'An accident: what, where, whose, its grade and which figure made it (grade_by; 生产安全事故报告和调查处理条例 §3), both lines of responsibility, and every correction with its reason (for who sees the grid whole). Out of scope: {status: not_found}. DEFINER: gathers from tables the asker need not read; applies the scope itself.';

create table private.accident_numbers (
  year int primary key,
  last int not null
);
comment on table private.accident_numbers is 'The last number given in a year: its row is the lock under which the next one is given.';

create function private.next_accident_code(happened date) returns text language plpgsql security definer set search_path = '' as $$
declare
  of_year int := extract(year from happened);
  n int;
  given text;
begin
  loop
    insert into private.accident_numbers as c (year, last)
    select of_year, coalesce(max(substring(a.code from '^SG-[0-9]{4}-([0-9]{1,6})$')::int), 0) + 1
    from public.accidents a
    where not exists (select from private.accident_numbers x where x.year = of_year) and a.code like 'SG-' || of_year || '-%'
    on conflict (year) do update set last = c.last + 1
    returning c.last into n;
    given := format('SG-%s-%s', of_year, lpad(n::text, greatest(3, length(n::text)), '0'));
    -- a number that was given by hand is passed over
    exit when not exists (select from public.accidents a where a.code = given);
  end loop;
  return given;
end $$;
comment on function private.next_accident_code(date) is 'SG-<year in which it happened>-<number>. DEFINER: nobody else counts.';

create function private.accident_kinds() returns text[] language sql immutable set search_path = '' as $$
  select array['物体打击', '车辆伤害', '机械伤害', '起重伤害', '触电', '淹溺', '灼烫', '火灾', '高处坠落', '坍塌', '冒顶片帮', '透水', '放炮',
    '火药爆炸', '瓦斯爆炸', '锅炉爆炸', '容器爆炸', '其他爆炸', '中毒和窒息', '其他伤害']
$$;
comment on function private.accident_kinds() is 'The twenty kinds of GB/T 6441.';

create function public.save_accident(p_accident jsonb default null) returns jsonb language plpgsql security definer
set search_path = extensions, pg_temp set jit = off set timezone = 'UTC' as $$
declare
  given jsonb := private.j(p_accident);
  a public.accidents;
  was public.accidents;
  correcting boolean;
  word text;
  reason text;
  lon float8;
  lat float8;
  bounds float8[];
  faults jsonb := '[]'::jsonb;
begin
  if not private.is_admin() then
    return private.refusal(null, 'NOT_ALLOWED', '只有系统管理员（安委办）可以登记和更正事故');
  end if;
  if given is null or jsonb_typeof(given) <> 'object' then
    return private.refusal(null, 'BAD_VALUE', '事故内容应为对象');
  end if;
  a.id := private.read_uuid(given ->> 'id');
  if a.id is null then
    return private.refusal('id', case when given ->> 'id' is null then 'MISSING_FIELD' else 'BAD_VALUE' end, '事故缺少编号，请重新打开登记页面');
  end if;
  correcting := nullif(given ->> 'row_version', '') is not null;
  select x.* into was from public.accidents x where x.id = a.id for update;
  if correcting and was.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif correcting and was.row_version::text <> given ->> 'row_version' then
    return jsonb_build_object('status', 'conflict', 'accident', public.accident_card(a.id));
  elsif not correcting and was.id is not null then
    -- sent twice, because the first answer was lost
    return jsonb_build_object('status', 'ok', 'accident', public.accident_card(a.id));
  end if;
  -- a list or an object would pass for a word left out
  select coalesce(jsonb_agg(private.error_of(x, 'BAD_VALUE', '登记内容里有不是文字的项')), '[]') into faults
  from unnest(array['title', 'kind', 'enterprise_id', 'sector', 'occurred_at', 'summary', 'reason', 'deaths', 'serious_injuries',
    'minor_injuries', 'loss', 'lon', 'lat']) x
  where jsonb_typeof(given -> x) not in ('string', 'number', 'null');
  if faults <> '[]' then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  end if;

  a.title := regexp_replace(private.read_words(given, 'title'), '\s+', ' ', 'g');
  a.kind := private.read_words(given, 'kind');
  a.summary := private.read_words(given, 'summary');
  reason := private.read_words(given, 'reason');
  word := private.read_words(given, 'enterprise_id');
  if word is not null then
    select e.id, e.sector_id, e.location into a.enterprise_id, a.sector_id, a.location from public.enterprises e where e.id = private.read_uuid(word);
    if not found then
      faults := faults || private.error_of('enterprise_id', 'NOT_FOUND', '没有这家企业');
    end if;
  end if;
  word := private.read_words(given, 'sector');
  if word is not null then
    a.sector_id := private.sector_named(word);
    if a.sector_id is null then
      faults := faults || private.error_of('sector', 'UNKNOWN_SECTOR', format('没有这个行业领域：%s', left(word, 60)));
    end if;
  elsif a.sector_id is null then
    faults := faults || private.error_of('sector', 'MISSING_FIELD', '请选择行业领域');
  end if;
  begin
    word := private.read_words(given, 'occurred_at');
    a.occurred_at := case when word ~ '([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)$' and word ~ ':' then word::timestamptz
      else word::timestamp at time zone 'Asia/Shanghai' end;
    if a.occurred_at is null then
      faults := faults || private.error_of('occurred_at', 'MISSING_FIELD', '请填写发生时间');
    elsif a.occurred_at not between '1949-10-01' and now() + interval '5 minutes' then
      faults := faults || private.error_of('occurred_at', 'OUT_OF_RANGE', '发生时间不能晚于现在');
    end if;
  exception when others then
    faults := faults || private.error_of('occurred_at', 'BAD_VALUE', '发生时间不是时间');
  end;
  for word in select unnest(array['deaths', 'serious_injuries', 'minor_injuries', 'loss']) loop
    if coalesce(given ->> word, '') <> '' and (given ->> word !~ case word when 'loss' then '^[0-9]{1,13}(\.[0-9]{1,2})?$' else '^[0-9]{1,6}$' end
      or word <> 'loss' and (given ->> word)::int > 100000) then
      faults := faults || private.error_of(word, 'BAD_VALUE', case word when 'loss' then '直接经济损失应为不小于 0 的元数，最多两位小数'
        else '人数应为 0 至 100000 的整数' end);
      given := given - word;
    end if;
  end loop;
  a.deaths := coalesce(nullif(given ->> 'deaths', '')::int, 0);
  a.serious_injuries := coalesce(nullif(given ->> 'serious_injuries', '')::int, 0);
  a.minor_injuries := coalesce(nullif(given ->> 'minor_injuries', '')::int, 0);
  a.loss := coalesce(nullif(given ->> 'loss', '')::numeric, 0);

  lon := private.read_number(given -> 'lon');
  lat := private.read_number(given -> 'lat');
  if coalesce(given ->> 'lon', given ->> 'lat', '') <> '' then
    select case when jsonb_typeof(s.value) = 'array' then array(select x::float8 from jsonb_array_elements_text(s.value) x) end
    into bounds from public.settings s where s.key = 'bounds';
    if lon is null or lat is null then
      faults := faults || private.error_of(case when lon is null then 'lon' else 'lat' end, 'BAD_VALUE', '经纬度应为数字');
    elsif not (lon between coalesce(bounds[1], -180) and coalesce(bounds[3], 180) and lat between coalesce(bounds[2], -90) and coalesce(bounds[4], 90)) then
      faults := faults || private.error_of('lon', 'OUT_OF_RANGE', format('坐标超出范围：%s, %s', lon, lat));
    else
      a.location := ST_SetSRID(ST_MakePoint(round(lon::numeric, 7)::float8, round(lat::numeric, 7)::float8), 4326);
      if private.grid_at(a.location) is null
        and (was.id is null or not (abs(ST_X(was.location) - lon) < 1e-6 and abs(ST_Y(was.location) - lat) < 1e-6)) then
        faults := faults || private.error_of('lon', 'OUTSIDE_ALL_GRIDS', '这个位置不在任何网格内');
      end if;
    end if;
  elsif a.location is null then
    faults := faults || private.error_of('lon', 'MISSING_FIELD', '请选择企业，或填写发生地点的经纬度');
  end if;
  select faults || coalesce(jsonb_agg(private.error_of(f.field, f.code, f.message)), '[]') into faults
  from (values
    (a.title is null, 'title', 'MISSING_FIELD', '请写明事故名称'),
    (char_length(a.title) > 120, 'title', 'TOO_LONG', '事故名称超过 120 个字'),
    (a.kind is null, 'kind', 'MISSING_FIELD', '请选择事故类别'),
    (a.kind <> all (private.accident_kinds()) and a.kind is distinct from was.kind, 'kind', 'BAD_VALUE', '事故类别应为 GB/T 6441 的二十类之一'),
    (char_length(a.summary) > 4000, 'summary', 'TOO_LONG', '事故经过超过 4000 个字'),
    (correcting and reason is null, 'reason', 'MISSING_FIELD', '请写明更正原因'),
    (char_length(reason) > 400, 'reason', 'TOO_LONG', '更正原因超过 400 个字')
  ) f (hit, field, code, message)
  where f.hit;
  if faults <> '[]' then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  end if;

  if correcting then
    perform set_config('safegrid.reason', reason, true);
    update public.accidents x set title = a.title, kind = a.kind, enterprise_id = a.enterprise_id, sector_id = a.sector_id,
      location = a.location, occurred_at = a.occurred_at, deaths = a.deaths, serious_injuries = a.serious_injuries,
      minor_injuries = a.minor_injuries, loss = a.loss, summary = a.summary
    where x.id = a.id;
    perform set_config('safegrid.reason', '', true);
  else
    insert into public.accidents (id, code, title, kind, enterprise_id, sector_id, location, occurred_at, deaths, serious_injuries,
      minor_injuries, loss, summary)
    values (a.id, private.next_accident_code((a.occurred_at at time zone 'Asia/Shanghai')::date), a.title, a.kind, a.enterprise_id,
      a.sector_id, a.location, a.occurred_at, a.deaths, a.serious_injuries, a.minor_injuries, a.loss, a.summary)
    on conflict (id) do nothing;
  end if;
  return jsonb_build_object('status', 'ok', 'accident', public.accident_card(a.id));
end $$;
comment on function public.save_accident(jsonb) is
  'Records an accident {id (uuid, made by the client: the same id is the same accident), title, kind (GB/T 6441), occurred_at (without an offset: Beijing time), enterprise_id?, sector (code, name or id; else the enterprise''s), lon, lat (EPSG:4326, degrees; else the enterprise''s place), deaths, serious_injuries, minor_injuries, loss (yuan), summary?}, or, with row_version, corrects it (reason is then required) → {status: ok | rejected | conflict (with accident as it is now) | not_found, accident, errors}. Code and grade are the database''s. Administrators only. DEFINER: one door for this write.';

create function public.remove_accident(p_accident uuid default null, p_version bigint default null, p_reason text default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  a public.accidents;
begin
  if not private.is_admin() then
    return private.refusal(null, 'NOT_ALLOWED', '只有系统管理员（安委办）可以删除事故');
  end if;
  if private.is_blank(p_reason) or char_length(p_reason) > 400 then
    return private.refusal('reason', case when private.is_blank(p_reason) then 'MISSING_FIELD' else 'TOO_LONG' end, '请写明删除原因（400 个字以内）');
  end if;
  select x.* into a from public.accidents x where x.id = p_accident for update;
  if a.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  if a.row_version is distinct from p_version then
    return jsonb_build_object('status', 'conflict', 'accident', public.accident_card(a.id));
  end if;
  perform set_config('safegrid.reason', btrim(p_reason), true);
  delete from public.accidents x where x.id = a.id;
  perform set_config('safegrid.reason', '', true);
  return jsonb_build_object('status', 'ok');
end $$;
comment on function public.remove_accident(uuid, bigint, text) is
  'Removes an accident that was recorded in error, with the reason; what it was stays in private.accident_history. Another row_version by now is a conflict. Administrators only. DEFINER: one door for this write.';

revoke all on private.accident_history, private.accident_numbers from public, anon, authenticated;
revoke execute on function private.accident_words(public.accidents), private.keep_accident(),
  private.accident_row(public.accidents), private.next_accident_code(date), private.accident_kinds() from public;
revoke execute on function public.list_accidents(jsonb, text, int), public.accident_card(uuid), public.save_accident(jsonb),
  public.remove_accident(uuid, bigint, text) from public, anon;
grant execute on function public.list_accidents(jsonb, text, int), public.accident_card(uuid), public.save_accident(jsonb),
  public.remove_accident(uuid, bigint, text) to authenticated, service_role;
