-- 预警: said once when a cause appears, with its figures and records, to whoever answers for the place; and kept with
-- what was done about it. The cause may go by itself, a warning is settled by a person.
create table public.warnings (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('index_up', 'overdue_major', 'repeats', 'unpatrolled', 'neighbours', 'licence_expired')),
  thing text not null check (char_length(thing) between 1 and 120),
  level smallint not null check (level between 1 and 4),
  grid_id int not null references public.grids (id),
  sector_id int references public.sectors (id),
  enterprise_id uuid references public.enterprises (id),
  reason text not null check (char_length(reason) between 1 and 1000),
  figures jsonb not null check (jsonb_typeof(figures) = 'object'),
  records jsonb not null check (jsonb_typeof(records) = 'array'),
  figure numeric not null,
  step numeric not null check (step > 0),
  told numeric not null,
  state text not null default 'open' check (state in ('open', 'handled', 'false_alarm')),
  raised_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  acknowledged_name text,
  settled_at timestamptz,
  settled_by uuid,
  settled_name text,
  note text check (char_length(note) <= 2000),
  cause_gone_at timestamptz,
  row_version bigint not null default 1,
  revision bigint not null default 1,
  constraint warnings_settled_by_somebody check ((state = 'open') = (settled_at is null))
);
comment on table public.warnings is
  '预警. One open warning of a kind for each thing; written by raise_warnings() and handle_warning() only.';
comment on column public.warnings.thing is 'What it is about: grid:<id>, grid:<id>:<sector id>, hazard:<id>, enterprise:<id>:<hash of the kind of hazard>, or enterprise:<id>:licence.';
comment on column public.warnings.level is '1 red … 4 blue.';
comment on column public.warnings.reason is 'In words with figures; as long as the warning is open and its cause holds, those of the last look.';
comment on column public.warnings.figures is 'The same figures for a screen that draws them; which, depends on the kind: see private.warning_causes().';
comment on column public.warnings.records is 'What caused it: [{kind, id}], as in risk_breakdown().';
comment on column public.warnings.figure is 'How bad it is now, in the measure of its rule.';
comment on column public.warnings.step is 'By how much worse than told it has to become to be said again.';
comment on column public.warnings.told is 'The figure that was last said, in the history.';
comment on column public.warnings.acknowledged_by is 'auth.users.id, with the name of the day; no foreign key: this outlives people. The same for settled_by.';
comment on column public.warnings.cause_gone_at is 'Since when the cause does not hold any more; null: it does.';
comment on column public.warnings.row_version is 'Counts what people did: handle_warning() refuses an older one.';
comment on column public.warnings.revision is 'Counts every change: the version in the change feed.';
create unique index warnings_open_key on public.warnings (kind, thing) where state = 'open';
create index warnings_thing_idx on public.warnings (kind, thing, raised_at desc);
create index warnings_grave_idx on public.warnings (level, raised_at desc, id);
create index warnings_grid_id_idx on public.warnings (grid_id);
create index warnings_sector_id_idx on public.warnings (sector_id);
create index warnings_enterprise_id_idx on public.warnings (enterprise_id);

create table public.warning_events (
  id bigint generated always as identity primary key,
  warning_id uuid not null references public.warnings (id),
  at timestamptz not null,
  action text not null check (action in ('raise', 'worse', 'gone', 'back', 'acknowledge', 'handle', 'false_alarm', 'reopen')),
  actor uuid,
  actor_name text,
  actor_role text,
  reason text,
  figures jsonb,
  note text check (char_length(note) <= 2000)
);
comment on table public.warning_events is
  'What was said and done about a warning, in its order: raised, worse, cause gone, cause back (by the system), acknowledged, handled, marked as false alarm, reopened (by people). Nothing is changed or removed, whoever asks.';
comment on column public.warning_events.actor is 'auth.users.id with name and capacity of the day; null: the system. No foreign key: history outlives people.';
create index warning_events_warning_id_idx on public.warning_events (warning_id, id);
create trigger append_only before update or delete on public.warning_events
  for each row execute function private.refuse_any_change();
create trigger append_only_all before truncate on public.warning_events
  for each statement execute function private.refuse_any_change();

create function private.touch_revision() returns trigger language plpgsql set search_path = '' as $$
begin
  new.revision := old.revision + 1;
  return new;
end $$;
comment on function private.touch_revision() is 'Keeps revision.';
create trigger touch before update on public.warnings for each row execute function private.touch_revision();

alter table public.warnings enable row level security;
alter table public.warning_events enable row level security;
revoke all on public.warnings, public.warning_events from anon, authenticated;
revoke insert, update, delete, truncate on public.warnings, public.warning_events from service_role;
grant select on public.warnings, public.warning_events to authenticated;
create policy "People see warnings of their grids, sectors and own enterprise" on public.warnings
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(sector_id, grid_id) = any ((select private.my_sector_grids())::bigint[])
    or enterprise_id = any ((select private.my_enterprise_ids())::uuid[]));
create policy "Who sees a warning sees its history" on public.warning_events
  for select to authenticated using (warning_id in (select w.id from public.warnings w));

-- the same words for SECURITY DEFINER reads: see private.my_enterprises
create view private.my_warnings as
  select w.* from public.warnings w
  where (select private.sees_all())
    or w.grid_id = any ((select private.my_grid_ids())::int[])
    or w.sector_id = any ((select private.my_sector_ids())::int[])
    or private.sector_grid(w.sector_id, w.grid_id) = any ((select private.my_sector_grids())::bigint[])
    or w.enterprise_id = any ((select private.my_enterprise_ids())::uuid[]);
comment on view private.my_warnings is 'Warnings of the asker''s scope, as the policy on warnings says it.';

create trigger log_new after insert on public.warnings referencing new table as after_change
  for each statement execute function private.log_changes('warning', 'grid_id', 'sector_id', 'enterprise_id', 'revision');
create trigger log_changed after update on public.warnings referencing old table as before_change new table as after_change
  for each statement execute function private.log_changes('warning', 'grid_id', 'sector_id', 'enterprise_id', 'revision');

-- ── neighbours ───────────────────────────────────────────────────────────────────────────────────────────────────────
create table private.grid_neighbours (
  parent_id int not null,
  grid_id int not null,
  neighbour_id int not null,
  primary key (grid_id, neighbour_id)
);
comment on table private.grid_neighbours is 'Siblings that share a border, both ways; kept by find_neighbours().';
create index grid_neighbours_parent_idx on private.grid_neighbours (parent_id);
create table private.neighbours_known (parent_id int primary key, mark text not null);
comment on table private.neighbours_known is 'Of which outlines grid_neighbours tells: a mark of the versions of all children of a grid.';

create function private.find_neighbours() returns int language plpgsql set search_path = extensions, pg_temp set jit = off as $$
declare
  stale int[];
begin
  with present as (
    select g.parent_id, md5(string_agg(g.id || '.' || g.version, ',' order by g.id)) as mark
    from public.grids g where g.kind = 'area' and g.retired_at is null and g.parent_id is not null and g.boundary is not null group by g.parent_id
  )
  select array_agg(coalesce(p.parent_id, k.parent_id)) into stale
  from present p full join private.neighbours_known k on k.parent_id = p.parent_id
  where p.mark is distinct from k.mark;
  if stale is null then
    return 0;
  end if;
  delete from private.grid_neighbours n where n.parent_id = any (stale);
  delete from private.neighbours_known k where k.parent_id = any (stale);
  insert into private.grid_neighbours (parent_id, grid_id, neighbour_id)
  select p.parent_id, x.a, x.b
  from (
    select a.parent_id, a.id as one, b.id as other, a.boundary as outline, b.boundary as beside
    from public.grids a
    join public.grids b on b.parent_id = a.parent_id and b.id > a.id and b.kind = 'area' and b.retired_at is null
      and b.boundary && ST_Expand(a.boundary, 0.00001)
    where a.parent_id = any (stale) and a.kind = 'area' and a.retired_at is null
  ) p
  cross join lateral (values (p.one, p.other), (p.other, p.one)) x (a, b)
  where case when ST_Relate(p.outline, p.beside, '****1****') then true
    -- drawn apart by a hair: beside each other for some metres, not at a corner
    when ST_DWithin(p.outline, p.beside, 0.00001)
      then ST_Length(ST_Intersection(ST_Boundary(p.outline), ST_Buffer(p.beside, 0.00002), 1e-8)) > 0.0001
    else false end;
  insert into private.neighbours_known (parent_id, mark)
  select g.parent_id, md5(string_agg(g.id || '.' || g.version, ',' order by g.id))
  from public.grids g
  where g.parent_id = any (stale) and g.kind = 'area' and g.retired_at is null and g.boundary is not null group by g.parent_id;
  return cardinality(stale);
end $$;
comment on function private.find_neighbours() is
  'Finds anew which siblings share a border, where outlines changed since the last time; gives back under how many parents.';

-- ── causes ───────────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.risk_indexes(day date) returns table (grid_id int, sector_id int, index numeric, level int)
language plpgsql stable set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  rule public.risk_rules := private.risk_rule(private.today());
  -- the sectors of a village move with every single record
  parents int[] := array(select distinct g.parent_id from public.grids g where g.retired_at is null and g.parent_id is not null);
begin
  if day < private.today() then
    return query
    select d.grid_id, d.sector_id, case when d.rule_id = rule.id then d.index::numeric else private.risk_index((
        select sum(c.value::int * coalesce((rule.weights ->> c.key)::numeric, 0)) from jsonb_each_text(d.counts) c),
        private.risk_scale(rule, (select g.level from public.grids g where g.id = d.grid_id))) end, d.level::int
    from public.risk_daily d
    where d.since <= day and coalesce(d.until, 'infinity') > day and (d.sector_id is null or d.grid_id = any (parents));
    return;
  end if;
  return query
  with weight as materialized (
    select w.key as factor, w.value::numeric as points from jsonb_each_text(rule.weights) w
  ), scale as materialized (
    select l.level, private.risk_scale(rule, l.level) as value from (select distinct g.level::int as level from public.grids g) l
  ), own as (
    select f.grid_id, f.sector_id, f.factor, count(*) as n from private.risk_facts(now(), now()) f group by 1, 2, 3
  ), summed as (
    select step.id::int as grid_id, s.sector_id, sum(o.n * coalesce(w.points, 0)) as points,
      coalesce(sum(o.n) filter (where o.factor = 'overdue_major'), 0)::bigint as late,
      coalesce(sum(o.n) filter (where o.factor in ('accident_larger', 'accident_major', 'accident_extraordinary')), 0)::bigint as grave
    from own o left join weight w on w.factor = o.factor
    join public.grids g on g.id = o.grid_id
    cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
    cross join lateral (
      select o.sector_id where o.sector_id is not null and step.id::int = any (parents) union all select null::int) s
    group by 1, 2
  )
  select s.grid_id, s.sector_id, x.index, private.risk_colour(rule.thresholds, x.index, s.late, s.grave)
  from summed s join public.grids g on g.id = s.grid_id and g.retired_at is null
  join scale z on z.level = g.level
  cross join lateral (select private.risk_index(s.points, z.value) as index) x;
end $$;
comment on function private.risk_indexes(date) is
  'Index and level of every grid, whole (sector null) and, of those with grids below, by sector, today live, of a past day as written down; always by the weights of today, so that new weights are no rise. No row: nothing counts. No scope: for who sees all.';

create type private.warning_cause as (
  kind text, thing text, level int, grid_id int, sector_id int, enterprise_id uuid,
  reason text, figures jsonb, records jsonb, figure numeric, step numeric);
comment on type private.warning_cause is 'What should be warned of: see the columns of public.warnings.';

create function private.level_word(level int) returns text language sql immutable set search_path = '' as $$
  select case level when 1 then '红（重大）' when 2 then '橙（较大）' when 3 then '黄（一般）' else '蓝（低）' end
$$;
comment on function private.level_word(int) is 'A risk level in words.';

create function private.factor_word(factor text) returns text language sql immutable set search_path = '' as $$
  select case factor when 'hazard_general' then '一般隐患' when 'hazard_major' then '重大隐患' when 'overdue_general' then '逾期一般隐患'
    when 'overdue_major' then '逾期重大隐患' when 'duty_missed' then '履职缺失' when 'accident_general' then '一般事故'
    when 'accident_larger' then '较大事故' when 'accident_major' then '重大事故' when 'accident_extraordinary' then '特别重大事故'
    when 'assurance_missing' then '五落实缺项' else factor end
$$;
comment on function private.factor_word(text) is 'A factor of the risk index in words.';

create function private.rise_causes(rules jsonb, moment timestamptz) returns setof private.warning_cause language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  -- at midnight the day is over
  day date := least(private.first_day(moment), private.today());
  up jsonb := rules #> '{index_up,parameters}';
  beside jsonb := rules #> '{neighbours,parameters}';
  up_from date := case when (rules #>> '{index_up,enabled}')::boolean then day - (up ->> 'days')::int end;
  beside_from date := case when (rules #>> '{neighbours,enabled}')::boolean then day - (beside ->> 'days')::int end;
  first date := (select d.first from private.risk_days d);
begin
  -- a day of which nothing is known is not a day without risk
  up_from := case when up_from >= first then up_from end;
  beside_from := case when beside_from >= first then beside_from end;
  if up_from is null and beside_from is null then
    return;
  end if;
  return query
  with place as materialized (
    select g.id, g.name, g.path, g.level, (g.created_at at time zone 'Asia/Shanghai')::date as since
    from public.grids g where g.retired_at is null and g.kind <> 'department'
  ), present as materialized (
    select * from private.risk_indexes(day)
  ), once as materialized (
    select * from private.risk_indexes(up_from) where up_from is not null
  ), earlier as materialized (
    select * from once where up_from = beside_from
    union all
    select * from private.risk_indexes(beside_from) where beside_from is distinct from up_from and beside_from is not null
  ), higher as (
    select 'index_up' as kind, p.id, n.sector_id, coalesce(o.index, 0) as before, n.index as after, n.index - coalesce(o.index, 0) as figure,
      coalesce(o.level, 4) as level_before, n.level, up_from as from_day, (up ->> 'rise')::numeric as step, null::int as beside_count, null::numeric as beside_mean
    from present n join place p on p.id = n.grid_id
    left join once o on o.grid_id = n.grid_id and o.sector_id is not distinct from n.sector_id
    where up_from is not null and p.since <= up_from and n.index - coalesce(o.index, 0) >= (up ->> 'rise')::numeric
  ), rise as materialized (
    select p.id, coalesce(e.index, 0) as before, coalesce(n.index, 0) as after, coalesce(n.index, 0) - coalesce(e.index, 0) as rise,
      coalesce(e.level, 4) as level_before, coalesce(n.level, 4) as level
    from place p
    left join present n on n.grid_id = p.id and n.sector_id is null
    left join earlier e on e.grid_id = p.id and e.sector_id is null
    where beside_from is not null and p.since <= beside_from
  ), apart as (
    select 'neighbours', r.id, null::int, r.before, r.after, r.rise - m.mean, r.level_before, r.level, beside_from,
      (beside ->> 'rise')::numeric, m.n, m.mean
    from rise r
    cross join lateral (
      select count(*)::int as n, round(avg(o.rise), 2) as mean
      from private.grid_neighbours b join rise o on o.id = b.neighbour_id where b.grid_id = r.id) m
    -- of one alone the mean would be that grid's own figure
    where r.rise >= (beside ->> 'rise')::numeric and m.n >= 2 and r.rise - m.mean >= (beside ->> 'rise')::numeric
  ), found as materialized (
    select h.*, p.name, p.path, s.name as sector from (select * from higher union all select * from apart) h
    join place p on p.id = h.id left join public.sectors s on s.id = h.sector_id
  ), gained as materialized (
    -- what began to count meanwhile, below these grids only
    select x.factor, x.kind, x.id, x.sector_id, x.since, g.path
    from private.risk_facts(moment, moment, array(
      select g.id from public.grids g where exists (select from found f where g.path <@ f.path))) x
    join public.grids g on g.id = x.grid_id
    where x.since > (least(up_from, beside_from) + 1)::timestamp at time zone 'Asia/Shanghai' and exists (select from found)
  ), part as materialized (
    select f.kind, f.id, f.sector_id, g.factor, count(*) as n, jsonb_agg(jsonb_build_object('kind', g.kind, 'id', g.id) order by g.since desc, g.id) as records
    from found f join gained g on g.path <@ f.path and (f.sector_id is null or g.sector_id = f.sector_id)
      and g.since > (f.from_day + 1)::timestamp at time zone 'Asia/Shanghai'
    group by f.kind, f.id, f.sector_id, g.factor
  )
  select f.kind, concat_ws(':', 'grid', f.id, f.sector_id), f.level, f.id, f.sector_id, null::uuid,
    format('%s%s风险指数 %s 天内由 %s 升至 %s（+%s）', f.name, coalesce('「' || f.sector || '」', ''), day - f.from_day, round(f.before, 1),
      round(f.after, 1), round(f.after - f.before, 1))
    || case when f.kind = 'neighbours' then format('，相邻 %s 个网格平均%s，高出 %s', f.beside_count,
        case when f.beside_mean < 0 then '下降 ' else '上升 ' end || abs(round(f.beside_mean, 1)), round(f.figure, 1)) else '' end
    || case when f.level < f.level_before then format('，由%s变为%s', private.level_word(f.level_before), private.level_word(f.level)) else '' end
    || coalesce('；期间新增' || x.words, '；期间没有新增记录，企业等级或网格边界有变动'),
    jsonb_build_object('before', f.before, 'after', f.after, 'rise', f.after - f.before, 'from', f.from_day, 'to', day, 'days', day - f.from_day,
      'level_before', f.level_before, 'level', f.level, 'parts', coalesce(x.parts, '[]'))
    || case when f.kind = 'neighbours' then jsonb_build_object('neighbours', f.beside_count, 'mean', f.beside_mean, 'above', f.figure) else '{}' end,
    coalesce(x.records, '[]'), f.figure, f.step
  from found f
  left join lateral (
    select string_agg(format('%s %s %s', private.factor_word(p.factor), p.n, case when p.factor like 'accident%' then '起'
        when p.factor = 'duty_missed' then '次' when p.factor = 'assurance_missing' then '家' else '条' end), '、' order by p.n desc, p.factor) as words,
      jsonb_agg(jsonb_build_object('factor', p.factor, 'count', p.n) order by p.n desc, p.factor) as parts,
      (select jsonb_agg(distinct r) from part q cross join lateral jsonb_array_elements(q.records) r
        where q.kind = f.kind and q.id = f.id and q.sector_id is not distinct from f.sector_id) as records
    from part p where p.kind = f.kind and p.id = f.id and p.sector_id is not distinct from f.sector_id) x on true;
end $$;
comment on function private.rise_causes(jsonb, timestamptz) is
  'Causes of the rules index_up (every grid; by sector those with grids below) and neighbours, as of a moment: figures {before, after, rise, from, to, days, level_before, level, parts: [{factor, count}] of the records that began to count meanwhile, and of neighbours also neighbours (how many), mean, above}.';

create function private.hazard_causes(rules jsonb, moment timestamptz) returns setof private.warning_cause language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  root int := (select g.id from public.grids g where g.parent_id is null and g.retired_at is null order by g.id limit 1);
  day date := (moment at time zone 'Asia/Shanghai')::date;
  late int := case when (rules #>> '{overdue_major,enabled}')::boolean then (rules #>> '{overdue_major,parameters,days}')::int end;
  times int := case when (rules #>> '{repeats,enabled}')::boolean then (rules #>> '{repeats,parameters,times}')::int end;
  span int := (rules #>> '{repeats,parameters,days}')::int;
begin
  return query
  select 'overdue_major', 'hazard:' || h.id, case when d.days >= 30 then 1 else 2 end, coalesce(h.grid_id, root), h.sector_id, h.enterprise_id,
    format('%s重大隐患「%s」应于 %s 前整改完毕，已逾期 %s', coalesce(e.name || ' ', ''), h.title, d.due,
      case when d.days = 0 then '（今日）' else d.days || ' 天' end)
    || case h.state when 'reported' then '，尚未核实' when 'verified' then '，尚未交办' when 'assigned' then '，尚未开始整改'
      when 'submitted' then '，已提交、等待复查' else '，整改中' end
    || case when h.listed_at is not null and h.delisted_at is null then '，已挂牌督办' else '' end,
    jsonb_build_object('due_at', h.due_at, 'days', d.days, 'state', h.state, 'code', h.code, 'title', h.title),
    jsonb_build_array(jsonb_build_object('kind', 'hazard', 'id', h.id)), d.days::numeric, 30::numeric
  from public.hazards h
  cross join lateral (select (h.due_at at time zone 'Asia/Shanghai')::date as due, day - (h.due_at at time zone 'Asia/Shanghai')::date as days) d
  left join public.enterprises e on e.id = h.enterprise_id
  where late is not null and root is not null and h.severity = 'major' and h.found_at <= moment and h.due_at < moment and d.days >= late
    and (h.state not in ('closed', 'rejected')
      or case h.state when 'closed' then h.closed_at else coalesce(h.verified_at, h.updated_at) end > moment)
  union all
  select 'repeats', format('enterprise:%s:%s', x.enterprise_id, coalesce('category:' || x.category, left(md5(x.what), 12))), case when x.n >= 2 * times then 2 else 3 end,
    coalesce(y.id, root), x.sector, x.enterprise_id,
    case when k.id is null then format('%s %s 天内第 %s 次发现「%s」（%s）', e.name, span, x.n, x.title, x.days)
      else format('%s %s 天内第 %s 次发现「%s」类隐患（%s），最近一次是「%s」', e.name, span, x.n, k.name, x.days, x.title) end
    || case when x.open > 0 then format('，其中 %s 条尚未销号', x.open) else '，均已销号' end,
    jsonb_build_object('times', x.n, 'days', span, 'category', k.name, 'title', x.title, 'open', x.open, 'first', x.first, 'last', x.last), x.records, x.n::numeric, 1::numeric
  from (
    select h.enterprise_id, h.what, h.category, count(*)::int as n,
      -- whose hazards these are, and not whose the enterprise is; of several sectors: the territorial line's alone
      case when count(distinct coalesce(h.sector_id, -1)) = 1 then min(h.sector_id) end as sector, array_agg(distinct h.grid_id) as grids, (array_agg(h.title order by h.found_at desc, h.id))[1] as title,
      count(*) filter (where h.state <> 'closed' or h.closed_at > moment)::int as open, min(h.found_at) as first, max(h.found_at) as last,
      case when count(*) <= 6 then string_agg((h.found_at at time zone 'Asia/Shanghai')::date::text, '、' order by h.found_at, h.id)
        else format('%s 至 %s', (min(h.found_at) at time zone 'Asia/Shanghai')::date, (max(h.found_at) at time zone 'Asia/Shanghai')::date) end as days,
      jsonb_agg(jsonb_build_object('kind', 'hazard', 'id', h.id) order by h.found_at desc, h.id) as records
    from (
      select z.*, case when z.category is null then z.words end as what
      from (
        -- one kind is one category; what has none is of the kind that a hazard with its title there has
        select y.*, coalesce(y.own, case when y.category_id is null and y.words <> '' then max(y.own) over (partition by y.enterprise_id, y.words) end) as category
        from (
          select f.*, k.id as own,
            -- else, and in a mixed bag, it is one title, however it is spaced, numbered and pointed
            regexp_replace(lower(f.title), '[[:space:][:punct:][:digit:]，。、；：“”‘’（）《》【】！？－—·]', '', 'g') as words
          from public.hazards f
          left join public.hazard_categories k on k.id = f.category_id and k.alike
          where times is not null and f.enterprise_id is not null and f.state <> 'rejected'
            and f.found_at <= moment and f.found_at > moment - make_interval(days => span)) y) z
      where z.category is not null or z.words <> '') h
    group by h.enterprise_id, h.category, h.what
    having count(*) >= times) x
  join public.enterprises e on e.id = x.enterprise_id and e.status <> 'closed'
  left join public.hazard_categories k on k.id = x.category
  left join lateral (
    -- the smallest grid that holds all of them: whoever is told of it sees each
    select u.id from public.grids u
    where u.retired_at is null and u.kind <> 'department' and not exists (
      select from unnest(x.grids) i left join public.grids g on g.id = i where g.id is null or not g.path <@ u.path)
    order by u.level desc limit 1) y on true
  where root is not null;
end $$;
comment on function private.hazard_causes(jsonb, timestamptz) is
  'Causes of the rules overdue_major (figures {due_at, days, state, code, title}; the longer the graver) and repeats (figures {times, days, category (name; null: of one title), title (the latest), open, first, last}), as of a moment.';

create function private.patrol_causes(rules jsonb, moment timestamptz) returns setof private.warning_cause language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  day date := private.first_day(moment);
  needed int := case when (rules #>> '{unpatrolled,enabled}')::boolean then (rules #>> '{unpatrolled,parameters,periods}')::int end;
begin
  if needed is null then
    return;
  end if;
  return query
  select 'unpatrolled', concat_ws(':', 'grid', u.grid_id), case when m.n >= 2 * needed then 2 else 3 end, u.grid_id, null::int, null::uuid,
    format('%s已连续 %s %s无人巡查', g.name, m.n, case r.per when 'week' then '周' when 'half_month' then '个半月' when 'month' then '个月'
      when 'quarter' then '个季度' when 'half_year' then '个半年' else '年' end)
    || case when u.last_day is null then '，没有巡查记录' else format('（上次巡查 %s）', u.last_day) end || format('；要求：%s', r.name),
    jsonb_build_object('periods', m.n, 'per', r.per, 'last', u.last_day, 'since', u.starts[m.n], 'rule', r.name),
    (select jsonb_agg(jsonb_build_object('kind', 'duty', 'id', concat_ws(':', u.rule_id, u.grid_id, s, n)) order by s desc, n)
     from unnest(u.starts) s cross join generate_series(1, r.times) n)
    || case when u.last_id is null then '[]' else jsonb_build_array(jsonb_build_object('kind', 'patrol', 'id', u.last_id)) end,
    m.n::numeric, needed::numeric
  from private.unpatrolled(day, needed) u
  cross join lateral (select cardinality(u.starts) as n) m
  join public.grids g on g.id = u.grid_id
  join public.duty_rules r on r.id = u.rule_id;
end $$;
comment on function private.patrol_causes(jsonb, timestamptz) is
  'Causes of the rule unpatrolled, as of a moment: figures {periods, per, last (day of the last patrol), since, rule}.';

create function private.licence_causes(rules jsonb, moment timestamptz) returns setof private.warning_cause language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  root int := (select g.id from public.grids g where g.parent_id is null and g.retired_at is null order by g.id limit 1);
  day date := (moment at time zone 'Asia/Shanghai')::date;
  late int := case when (rules #>> '{licence_expired,enabled}')::boolean then (rules #>> '{licence_expired,parameters,days}')::int end;
begin
  return query
  select 'licence_expired', format('enterprise:%s:licence', e.id), case when e.risk_level = 1 or x.days >= 90 then 2 else 3 end,
    coalesce(e.grid_id, root), e.sector_id, e.id,
    format('%s有 %s 张证照已过期：%s', e.name, x.n, x.words),
    jsonb_build_object('licences', x.n, 'expired', x.first, 'days', x.days), jsonb_build_array(jsonb_build_object('kind', 'enterprise', 'id', e.id)),
    -- one more is news, and so is a further quarter
    x.n * 90 + x.days::numeric, 90::numeric
  from (
    select l.enterprise_id, count(*)::int as n, min(l.expires_on) as first, day - min(l.expires_on) as days,
      string_agg(format('%s（%s 到期，过期 %s 天）', private.licence_word(l.kind), l.expires_on, day - l.expires_on), '、' order by l.expires_on, l.id)
        filter (where l.nth <= 5) || case when count(*) > 5 then ' 等' else '' end as words
    from (
      select y.*, row_number() over (partition by y.enterprise_id order by y.expires_on, y.id) as nth
      from public.licences y where late is not null and day - y.expires_on > late) l
    group by l.enterprise_id) x
  join public.enterprises e on e.id = x.enterprise_id and e.status = 'active'
  where root is not null;
end $$;
comment on function private.licence_causes(jsonb, timestamptz) is
  'Causes of the rule licence_expired, one for each enterprise at work, as of a moment: figures {licences (how many), expired (last day of the first), days}.';

create function private.licence_word(kind text) returns text language sql immutable set search_path = '' as $$
  select case kind when 'safety_production' then '安全生产许可证' when 'hazchem_operation' then '危险化学品经营许可证'
    when 'hazchem_use' then '危险化学品使用许可证' when 'fireworks' then '烟花爆竹经营许可证' when 'mining' then '采矿许可证' when 'gas' then '燃气经营许可证'
    when 'transport' then '运输经营许可证' when 'construction' then '建筑业企业资质证书' when 'special_equipment' then '特种设备使用登记证'
    when 'fire' then '消防验收（备案）' when 'standardisation' then '安全生产标准化证书' when 'personnel' then '主要负责人和安全管理人员合格证'
    else '其他证照' end
$$;
comment on function private.licence_word(text) is 'A kind of licence in words.';

create function private.warning_causes(rules jsonb, moment timestamptz) returns setof private.warning_cause language sql stable
set search_path = '' as $$
  select * from private.rise_causes(rules, moment)
  union all
  select * from private.hazard_causes(rules, moment)
  union all
  select * from private.patrol_causes(rules, moment)
  union all
  select * from private.licence_causes(rules, moment)
$$;
comment on function private.warning_causes(jsonb, timestamptz) is
  'Everything that these rules warn of at a moment, once for each thing. No scope: for who sees all.';

-- ── raised ───────────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.is_news(cause private.warning_cause) returns boolean language sql stable set search_path = '' as $$
  -- not said again while somebody has it before them, nor after it was settled as long as it is the same cause, unless
  -- it became so much worse
  select not exists (
    select from public.warnings w
    where w.kind = cause.kind and w.thing = cause.thing
      and (w.state = 'open' or w.cause_gone_at is null and cause.figure < w.told + w.step))
$$;
comment on function private.is_news(private.warning_cause) is 'Whether a cause raises a new warning.';

create function private.sweep_warnings(moment timestamptz, out raised int, out changed int, out gone int) language plpgsql
set search_path = extensions, pg_temp set jit = off as $$
declare
  rules jsonb := private.warning_rules_now();
  found private.warning_cause[];
begin
  found := array(select c from private.warning_causes(rules, moment) c);

  -- what holds and was believed gone, what became worse, what is told with other figures than those of now
  with seen as materialized (
    select w.id, w.cause_gone_at is not null as back, c.figure >= w.told + w.step as worse,
      left(c.reason, 1000) as reason, c.figures, c.records, c.figure, c.level, c.step, c.grid_id, c.sector_id
    from unnest(found) c join public.warnings w on w.kind = c.kind and w.thing = c.thing and w.state = 'open'
    where w.cause_gone_at is not null or (w.reason, w.records, w.level, w.grid_id, w.sector_id)
        is distinct from (left(c.reason, 1000), c.records, c.level::smallint, c.grid_id, c.sector_id)
      or w.figures <> c.figures
  ), written as (
    update public.warnings w set reason = s.reason, figures = s.figures, records = s.records, figure = s.figure, level = s.level, step = s.step,
      grid_id = s.grid_id, sector_id = s.sector_id, told = case when s.worse then s.figure else w.told end, cause_gone_at = null
    from seen s where w.id = s.id
    returning w.id
  ), noted as (
    insert into public.warning_events (warning_id, at, action, reason, figures)
    select s.id, moment, case when s.back then 'back' else 'worse' end, s.reason, s.figures from seen s where s.back or s.worse
  )
  select count(*) into changed from written;

  with over as materialized (
    select w.id from public.warnings w
    where w.cause_gone_at is null and (rules #>> array[w.kind, 'enabled'])::boolean
      and not exists (select from unnest(found) c where c.kind = w.kind and c.thing = w.thing)
  ), written as (
    update public.warnings w set cause_gone_at = moment from over o where w.id = o.id returning w.id
  ), noted as (
    insert into public.warning_events (warning_id, at, action) select o.id, moment, 'gone' from over o
  )
  select count(*) into gone from written;

  with fresh as (
    insert into public.warnings (id, kind, thing, level, grid_id, sector_id, enterprise_id, reason, figures, records, figure, step, told, raised_at)
    -- one cause at one time is one id, on every machine
    select md5(concat_ws('|', c.kind, c.thing, extract(epoch from moment)))::uuid, c.kind, c.thing, c.level, c.grid_id, c.sector_id, c.enterprise_id, left(c.reason, 1000), c.figures, c.records, c.figure, c.step,
      c.figure, moment
    from unnest(found) c where private.is_news(c) order by c.level desc, c.kind, c.thing
    on conflict do nothing
    returning id, reason, figures
  ), noted as (
    insert into public.warning_events (warning_id, at, action, reason, figures) select f.id, moment, 'raise', f.reason, f.figures from fresh f
  )
  select count(*) into raised from fresh;
end $$;
comment on function private.sweep_warnings(timestamptz) is
  'Looks at everything once, as of a moment: raises what is new, brings the figures of open warnings up to date, says of those whose cause is gone that it is. Gives back how many of each.';

create table private.warning_sweeps (
  at timestamptz not null,
  changes pg_snapshot not null,
  only_one boolean primary key default true check (only_one)
);
comment on table private.warning_sweeps is 'When raise_warnings() looked last, and which changes were visible then: a transaction of anybody''s that was still running hides no change made meanwhile, and brings none up twice.';

create function private.warnings_are_due(moment timestamptz) returns boolean language plpgsql stable set search_path = '' as $$
declare
  last private.warning_sweeps := (select s from private.warning_sweeps s);
begin
  return last.at is null
    -- what time alone does: a day, a term, an hour (accidents and visits grow old)
    or last.at < moment - interval '1 hour' or last.at > moment
    or (last.at at time zone 'Asia/Shanghai')::date <> (moment at time zone 'Asia/Shanghai')::date
    or exists (select from public.hazards h where h.state not in ('closed', 'rejected') and h.due_at > last.at and h.due_at <= moment)
    or exists (select from public.change_log l where l.xid >= pg_snapshot_xmin(last.changes) and not pg_visible_in_snapshot(l.xid, last.changes)
      and l.entity in ('hazard', 'enterprise', 'grid', 'accident', 'patrol', 'checklist'))
    or exists (select from public.warning_rules r where r.created_at > last.at)
    or exists (select from public.risk_rules r where r.created_at > last.at);
end $$;
comment on function private.warnings_are_due(timestamptz) is
  'Whether anything happened since the last look that could raise a warning or take its cause away: asked every minute, so that a quiet minute costs nothing.';

create function public.raise_warnings() returns jsonb language plpgsql security definer set search_path = '' set jit = off as $$
declare
  moment timestamptz := clock_timestamp();
  done record;
begin
  if not private.is_service() and not private.is_admin() then
    return private.refusal('warnings', 'NOT_ALLOWED', '只有系统管理员可以生成预警');
  end if;
  -- one at a time, and nobody waits for it
  if not pg_try_advisory_xact_lock(hashtext('safegrid.warnings')) or not private.warnings_are_due(moment) then
    return jsonb_build_object('status', 'ok', 'looked', false, 'raised', 0, 'changed', 0, 'gone', 0);
  end if;
  perform private.find_neighbours();
  select * into done from private.sweep_warnings(moment);
  insert into private.warning_sweeps (at, changes) values (moment, pg_current_snapshot())
  on conflict (only_one) do update set at = excluded.at, changes = excluded.changes;
  return jsonb_build_object('status', 'ok', 'looked', true, 'raised', done.raised, 'changed', done.changed, 'gone', done.gone);
end $$;
comment on function public.raise_warnings() is
  'Looks for causes of warnings where something happened since the last look: {status, looked, raised, changed, gone}. Called by a clock (pg_cron, the local server) every minute, or by an administrator. DEFINER: the system acts, in nobody''s name.';

revoke execute on function private.touch_revision(), private.find_neighbours(), private.risk_indexes(date), private.level_word(int),
  private.factor_word(text), private.rise_causes(jsonb, timestamptz), private.hazard_causes(jsonb, timestamptz),
  private.patrol_causes(jsonb, timestamptz), private.licence_causes(jsonb, timestamptz), private.licence_word(text), private.warning_causes(jsonb, timestamptz), private.is_news(private.warning_cause),
  private.sweep_warnings(timestamptz), private.warnings_are_due(timestamptz) from public;
revoke all on private.my_warnings from public;
revoke execute on function public.raise_warnings() from public, anon;
grant execute on function public.raise_warnings() to authenticated, service_role;
