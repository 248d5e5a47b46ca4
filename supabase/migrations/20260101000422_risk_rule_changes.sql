-- 调整权重: seen before it takes effect, and never behind anyone's back.

create function private.risk_rule_faults(given jsonb, known public.risk_rules) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('field', f.field, 'code', 'BAD_VALUE', 'message', f.message)), '[]') from (
    select 'weights.' || k.key as field, format('权重「%s」应为 0 至 1000 的数', left(k.key, 40)) as message
    from jsonb_each(case jsonb_typeof(given -> 'weights') when 'object' then given -> 'weights' else '{}' end) k
    where known.weights ? k.key
      and not case when jsonb_typeof(k.value) = 'number' then (k.value #>> '{}')::numeric between 0 and 1000 else false end
    union all
    select 'weights.' || left(k, 40), format('没有「%s」这个因素', left(k, 40))
    from jsonb_object_keys(case jsonb_typeof(given -> 'weights') when 'object' then given -> 'weights' else '{}' end) k
    where not known.weights ? k
    union all
    select 'scales.' || left(k.key, 40), format('「%s」级网格的尺度应为大于 0 的数', left(k.key, 40))
    from jsonb_each(case jsonb_typeof(given -> 'scales') when 'object' then given -> 'scales' else '{}' end) k
    where k.key !~ '^[1-9]$'
      or not case when jsonb_typeof(k.value) = 'number' then (k.value #>> '{}')::numeric between 0.01 and 1000000000 else false end
    union all
    select 'thresholds', '阈值应为三个由大到小、0 至 100 之间的数'
    where given ? 'thresholds' and not case when jsonb_typeof(given -> 'thresholds') = 'array' and jsonb_array_length(given -> 'thresholds') = 3
        and not exists (select from jsonb_array_elements(given -> 'thresholds') t where jsonb_typeof(t) <> 'number')
      then (given -> 'thresholds' ->> 0)::numeric < 100 and (given -> 'thresholds' ->> 0)::numeric > (given -> 'thresholds' ->> 1)::numeric
        and (given -> 'thresholds' ->> 1)::numeric > (given -> 'thresholds' ->> 2)::numeric and (given -> 'thresholds' ->> 2)::numeric > 0
      else false end
    union all
    select w.field, format('%s应为对象', w.name)
    from (values ('weights', '权重'), ('scales', '尺度')) w (field, name)
    where given ? w.field and jsonb_typeof(given -> w.field) <> 'object') f
$$;
comment on function private.risk_rule_faults(jsonb, public.risk_rules) is 'What is wrong with new rules, as errors in the user''s words.';

create function private.rejudge_risk(from_day date, rule public.risk_rules) returns int language plpgsql set search_path = '' as $$
declare
  written int;
begin
  -- days that are not written down yet are judged by the new rules when they are
  if not exists (select from private.risk_days d where from_day <= d.last) then
    return 0;
  end if;
  with cut as (
    update public.risk_daily d set until = from_day
    where d.since < from_day and (d.until is null or d.until > from_day)
    returning d.grid_id, d.sector_id, d.counts, d.points, d.index, d.level, d.rule_id
  ), ended as materialized (
    -- what the cut-off part ended with, before it was cut
    select d.grid_id, d.sector_id, d.since, d.until from public.risk_daily d where d.since < from_day and (d.until is null or d.until > from_day)
  )
  insert into public.risk_daily (grid_id, sector_id, since, until, counts, points, index, level, rule_id)
  select c.grid_id, c.sector_id, from_day, e.until, c.counts, c.points, c.index, c.level, c.rule_id
  from cut c join ended e on e.grid_id = c.grid_id and e.sector_id is not distinct from c.sector_id;
  -- some 10^5 rows within the time of a request: nothing is called, grouped or joined for each of them that need not be
  with scale as materialized (
    select l.level, private.risk_scale(rule, l.level) as value from (select distinct g.level::int as level from public.grids g) l
  ), summed as materialized (
    select d.id, d.grid_id,
      coalesce((select sum(c.value::int * (rule.weights ->> c.key)::numeric) from jsonb_each_text(d.counts) c), 0) as points,
      coalesce((d.counts ->> 'overdue_major')::bigint, 0) as late,
      coalesce((d.counts ->> 'accident_larger')::bigint, 0) + coalesce((d.counts ->> 'accident_major')::bigint, 0)
      + coalesce((d.counts ->> 'accident_extraordinary')::bigint, 0) as grave
    from public.risk_daily d
    where d.since >= from_day
  ), fresh as (
    -- grids of one level with as many points are judged alike
    select l.level, l.points, l.late, l.grave, x.index, private.risk_colour(rule.thresholds, x.index, l.late, l.grave) as colour
    from (select distinct g.level, s.points, s.late, s.grave from summed s join public.grids g on g.id = s.grid_id) l
    join scale z on z.level = l.level cross join lateral (select private.risk_index(l.points, z.value) as index) x
  )
  update public.risk_daily d set points = s.points, index = f.index, rule_id = rule.id, level = f.colour
  from summed s join public.grids g on g.id = s.grid_id
  join fresh f on f.level = g.level and f.points = s.points and f.late = s.late and f.grave = s.grave
  where d.id = s.id;
  get diagnostics written = row_count;
  return written;
end $$;
comment on function private.rejudge_risk(date, public.risk_rules) is
  'Judges the days from one on anew by these rules, from the counts that were written down: only when somebody asks for it.';

create function public.set_risk_rules(p_rules jsonb default null, p_options jsonb default null) returns jsonb
language plpgsql security definer set search_path = '' set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_rules), 'null'), '{}');
  options jsonb := coalesce(nullif(private.j(p_options), 'null'), '{}');
  today date := private.today();
  starts date;
  rule public.risk_rules;
  faults jsonb;
  compared jsonb;
begin
  if not private.is_admin() then
    return private.refusal('rules', 'NOT_ALLOWED', '只有安委办（系统管理员）可以调整风险指数的权重');
  end if;
  if jsonb_typeof(given) <> 'object' or jsonb_typeof(options) <> 'object' then
    return private.refusal('rules', 'BAD_VALUE', '权重和选项应为对象');
  end if;
  if coalesce(jsonb_typeof(options -> 'dry_run'), 'null') not in ('boolean', 'null') then
    -- whoever only wants to look must not change anything by a slip
    return private.refusal('dry_run', 'BAD_VALUE', '试算应为是或否');
  end if;
  starts := case when coalesce(options ->> 'effective_from', '') = '' then today else private.day_of(options ->> 'effective_from') end;
  if starts is null or starts not between '2000-01-01' and today + 1100 then
    return private.refusal('effective_from', 'BAD_VALUE', '生效日期不正确，应在 2000 年至三年以内');
  end if;
  if options -> 'dry_run' is distinct from 'true'::jsonb then
    -- two at a time: the second changes what the first one left; and no day is written down meanwhile
    perform pg_advisory_xact_lock(hashtext('safegrid.risk_rules'));
    if starts < today then
      perform pg_advisory_xact_lock(hashtext('safegrid.risk'));
    end if;
  end if;
  rule := private.risk_rule(today);
  if starts < today and options -> 'rewrite' is distinct from 'true'::jsonb then
    return private.refusal('effective_from', 'BAD_VALUE', '新权重不改写过去的记录；确需按新权重重评过去，请明确勾选');
  end if;
  faults := private.risk_rule_faults(given, rule);
  if jsonb_array_length(faults) > 0 then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  end if;
  rule := row(null, starts, rule.weights || coalesce(given -> 'weights', '{}'), rule.scales || coalesce(given -> 'scales', '{}'),
    coalesce(given -> 'thresholds', rule.thresholds), left(nullif(btrim(options ->> 'note'), ''), 400), (select auth.uid()), now());
  select jsonb_build_object(
      'up', count(*) filter (where n.level < b.level), 'down', count(*) filter (where n.level > b.level),
      'grids', coalesce(jsonb_agg(jsonb_build_object('grid_id', n.grid_id, 'code', n.code, 'name', g.name, 'grid_level', n.grid_level,
        'index_before', b.index, 'level_before', b.level, 'index', n.index, 'level', n.level)
        order by n.grid_level, n.level, n.index desc) filter (where n.level <> b.level), '[]'))
    into compared
    from private.risk_live(private.risk_rule(today), now()) b
    join private.risk_live(rule, now()) n on n.grid_id = b.grid_id
    join public.grids g on g.id = n.grid_id;
  if options -> 'dry_run' is not distinct from 'true'::jsonb then
    return jsonb_build_object('status', 'valid', 'effective_from', starts, 'changes', compared);
  end if;
  insert into public.risk_rules (effective_from, weights, scales, thresholds, note, created_by)
  values (rule.effective_from, rule.weights, rule.scales, rule.thresholds, rule.note, (select p.id from public.profiles p where p.id = rule.created_by))
  returning * into rule;
  if starts < today then
    -- what began to hold in between gives way too: on every day one version holds, written down and explained alike
    insert into public.risk_rules (effective_from, weights, scales, thresholds, note, created_by)
    select distinct r.effective_from, rule.weights, rule.scales, rule.thresholds, rule.note, rule.created_by
    from public.risk_rules r where r.effective_from > starts and r.effective_from <= today;
    perform private.rejudge_risk(starts, rule);
  end if;
  return jsonb_build_object('status', 'committed', 'id', rule.id, 'effective_from', starts, 'changes', compared);
end $$;
comment on function public.set_risk_rules(jsonb, jsonb) is
  'New weights, scales or thresholds of the risk index (what is left out stays as it is), by an administrator: {weights, scales, thresholds}, {dry_run, effective_from (default today), rewrite, note} → {status: valid | committed | rejected, changes: {up, down: grids that would be judged worse, better; grids}}. The past is judged anew only with rewrite and a day in the past; versions that began to hold since then are followed by one with the same weights. DEFINER: the rules are append-only.';

create function public.risk_rule_versions() returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  if not (private.is_service() or private.sees_all() or private.my_public_grid_ids() <> '{}' or private.my_enterprise_ids() <> '{}') then
    return private.refusal(null, 'NOT_ALLOWED', '您的账号还没有分配职责');
  end if;
  return jsonb_build_object('status', 'ok', 'today', private.today(), 'current', (private.risk_rule(private.today())).id,
    'may_set', private.is_admin(),
    'versions', (
      select jsonb_agg(jsonb_build_object('id', r.id, 'effective_from', r.effective_from, 'weights', r.weights, 'scales', r.scales,
        'thresholds', r.thresholds, 'note', r.note, 'created_at', r.created_at, 'created_by', p.name)
        order by r.effective_from desc, r.id desc)
      from public.risk_rules r left join public.profiles p on p.id = r.created_by));
end $$;
comment on function public.risk_rule_versions() is
  'How risk is judged, and was: {status, today, current (id of the version that holds), may_set, versions: [{id, effective_from, weights, scales, thresholds, note, created_at, created_by (name)}], newest first}. For everybody with a position. DEFINER: names who wrote a version.';

revoke execute on function private.risk_rule_faults(jsonb, public.risk_rules), private.rejudge_risk(date, public.risk_rules) from public;
revoke execute on function public.set_risk_rules(jsonb, jsonb), public.risk_rule_versions() from public, anon;
grant execute on function public.set_risk_rules(jsonb, jsonb), public.risk_rule_versions() to authenticated, service_role;
