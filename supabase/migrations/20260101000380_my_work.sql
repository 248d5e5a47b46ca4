-- 我的工作: what waits for one person. Of the steps somebody may take (private.step_refusal) those that are theirs to
-- take: the nearest who can, the one who was given the work, the grid that an overdue hazard calls upon.

create index hazards_listed_idx on public.hazards (listed_at) where listed_at is not null and delisted_at is null;

create function private.my_work_items()
returns table (hazard_id uuid, step text, due_at timestamptz, why text) language plpgsql stable security definer
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
#variable_conflict use_column
declare
  uid uuid := (select auth.uid());
  root int := (select g.id from public.grids g where g.parent_id is null and g.retired_at is null);
  admin boolean := exists (select from public.admins a where a.user_id = uid);
  -- grids led; those of any position but duty; everything below a grid where one is on duty
  led int[];
  posted int[];
  watched ltree[];
  lists int[];
  sectors int[] := private.my_sector_ids();
  pairs bigint[] := private.my_sector_grids();
  firms uuid[] := private.my_enterprise_ids();
begin
  if uid is null then
    return;
  end if;
  select coalesce(array_agg(g.id) filter (where m.position in ('leader', 'deputy')), '{}'),
    coalesce(array_agg(g.id) filter (where m.position <> 'duty'), '{}'),
    coalesce(array_agg(g.path) filter (where m.position = 'duty'), '{}'),
    coalesce(array_agg(g.id) filter (where m.position in ('leader', 'deputy') and g.level <= private.hazard_setting('listing_level', 1)), '{}')
  into led, posted, watched, lists
  from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null
  where m.user_id = uid;

  return query
  with acting as materialized (
    -- who can act: an account and a position
    select m.grid_id, m.user_id, m.position in ('leader', 'deputy') as leads
    from public.memberships m
    where m.position <> 'duty' and (m.user_id = uid or exists (select from auth.users u where u.id = m.user_id))
  ), seen as materialized (
    select h.id, h.state, h.severity, h.source, h.sector_id, h.enterprise_id, coalesce(h.grid_id, root) as grid_id, h.assigned_to,
      h.rectifier, h.due_at, h.verified_at, h.listed_at, h.published_at, h.delisted_at, h.extension_until, h.extension_asked_at,
      h.extension_asked_by, h.escalated_to, h.is_overdue,
      coalesce(h.sector_id = any (sectors) or private.sector_grid(h.sector_id, h.grid_id) = any (pairs), false) as officer,
      coalesce(h.enterprise_id = any (firms), false) as firm,
      h.assigned_to is not null and not exists (select from auth.users u where u.id = h.assigned_to) as voiceless
    from private.my_hazards h
    where h.is_open or (h.state = 'closed' and h.listed_at is not null and h.delisted_at is null)
  ), place as materialized (
    select g.id, g.path, up.grid_id as up_id, up.depth
    from (select distinct s.grid_id from seen s) s
    join public.grids g on g.id = s.grid_id
    cross join lateral unnest(string_to_array(g.path::text, '.')::int[]) with ordinality up (grid_id, depth)
  ), heads as materialized (
    -- the nearest grid at or above whose leader can act
    select distinct on (p.id) p.id as grid_id, p.up_id
    from place p
    where exists (select from acting a where a.leads and a.grid_id = p.up_id)
    order by p.id, p.depth desc
  ), below as materialized (
    select p.id as grid_id, bool_or(p.up_id = any (led)) as leader, bool_or(p.up_id = any (posted)) as post,
      bool_or(p.up_id = any (lists)) as lister, coalesce(bool_or(p.path <@ any (watched)), false) as duty
    from place p group by p.id
  ), doer as materialized (
    select distinct e.hazard_id, e.actor
    from public.hazard_events e join seen s on s.id = e.hazard_id and s.state = 'submitted'
    where e.action in ('start', 'submit') and e.actor is not null
  ), judge as materialized (
    -- of a review or an extension: how near the nearest is who may decide, and how near the asker
    select s.id, max(p.depth) as nearest, max(p.depth) filter (where a.user_id = uid) as mine
    from seen s
    join place p on p.id = s.grid_id
    join acting a on a.grid_id = p.up_id
    left join doer d on d.hazard_id = s.id and d.actor = a.user_id
    where case when s.state = 'submitted'
        then d.actor is null and a.user_id is distinct from s.assigned_to and a.user_id is distinct from s.rectifier
          and not exists (select from public.enterprise_users u where u.user_id = a.user_id and u.enterprise_id = s.enterprise_id)
        else s.extension_until is not null and a.leads and a.user_id is distinct from s.extension_asked_by end
    group by s.id
  ), fact as (
    select s.*, h.up_id is null as orphan, coalesce(h.up_id = any (led), false) as near, s.grid_id = any (posted) as own,
      b.leader, b.post, b.duty, admin or b.lister as lister, coalesce(j.mine = j.nearest, false) as judges, j.nearest is null as unjudged,
      coalesce(s.escalated_to = any (led), false) as called,
      -- the department answers for the grave ones and for what it found itself
      s.officer and (s.severity = 'major' or s.source = 'department') as trade,
      s.assigned_to = uid as given,
      not s.firm and s.assigned_to is distinct from uid and s.rectifier is distinct from uid
        and not exists (select from doer d where d.hazard_id = s.id and d.actor = uid) as impartial,
      s.listed_at is not null and s.delisted_at is null as listed
    from seen s
    left join heads h on h.grid_id = s.grid_id
    left join below b on b.grid_id = s.grid_id
    left join judge j on j.id = s.id
  ), item as (
    select f.id, i.step, i.due, i.why, i.rank
    from fact f cross join lateral (
      select case f.state when 'reported' then 'verify' else 'assign' end as step, f.due_at as due, w.why, 1 as rank
      from (select case
          when f.near then 'near' when f.called then 'called' when f.trade then 'sector'
          when f.state = 'reported' and f.duty and (f.severity = 'major' or f.is_overdue or f.orphan) then 'duty'
          when f.orphan and (f.officer or f.leader or admin) then 'orphan' end as why) w
      where f.state in ('reported', 'verified')
      union all
      select case f.state when 'assigned' then 'start' else 'submit' end, f.due_at, w.why, 2
      from (select case
          when f.given then 'given'
          when f.firm and exists (select from public.enterprise_users u where u.user_id = f.assigned_to and u.enterprise_id = f.enterprise_id) then 'firm'
          when f.voiceless and (f.own or f.near) then 'for' end as why) w
      where f.state in ('assigned', 'rectifying')
      union all
      select 'pass', f.due_at, w.why, 3
      from (select case
          when f.judges then 'near' when f.called then 'called' when f.trade then 'sector'
          when f.unjudged and (f.officer or f.post or admin) then 'orphan' end as why) w
      where f.state = 'submitted' and f.impartial
      union all
      select 'decide', private.due_at('extend_decide', f.severity, f.extension_asked_at), w.why, 4
      from (select case
          when f.listed then case when f.lister then 'county' end
          when f.judges then 'near' when f.trade then 'sector'
          when f.unjudged and (f.officer or f.leader or admin) then 'orphan' end as why) w
      where f.state in ('assigned', 'rectifying') and f.extension_until is not null and f.extension_asked_by is distinct from uid
      union all
      select case when f.listed then 'publish' else 'file' end,
        private.due_at(case when f.listed then 'publish' else 'file' end, 'major', case when f.listed then f.listed_at else f.verified_at end),
        'county', 5
      where f.lister and f.severity = 'major' and f.state in ('verified', 'assigned', 'rectifying', 'submitted')
        and (f.listed_at is null or f.listed and f.published_at is null)
      union all
      select 'delist', null, 'county', 6 where f.lister and f.state = 'closed'
      union all
      select 'urge', f.due_at, 'called', 7
      where f.called and f.state in ('assigned', 'rectifying') and f.is_overdue
    ) i
    where i.why is not null
  )
  select distinct on (i.id) i.id, i.step, i.due, i.why from item i order by i.id, i.due nulls last, i.rank;
end $$;
comment on function private.my_work_items() is
  'One row for every hazard that waits for the asker: the step that is due first (verify, assign, start, submit, pass, decide an extension, file and publish a listing, delist, urge: press on what is overdue), its term, and why it is theirs: near (their grid is the nearest whose leader has an account; a review also by a member), given, firm (their enterprise''s), for (the rectifier has no account), called (overdue: their grid is called upon), sector (grave, or found by the department), county, duty, orphan (nobody nearer can). Only steps that private.step_refusal() allows. DEFINER: reads the tables of rights, accounts and history; applies the scope itself.';

create function private.work_period(due timestamptz) returns text language sql stable set search_path = '' as $$
  select case
    when due < now() then 'overdue'
    when (due at time zone 'Asia/Shanghai')::date = private.today() then 'today'
    when (due at time zone 'Asia/Shanghai')::date <= private.today() + 7 then 'week'
    else 'later' end
$$;
comment on function private.work_period(timestamptz) is
  'overdue, today, week (the next seven days) or later (also: without a term), by the days of China.';

create function private.is_my_work(word text) returns boolean language sql immutable set search_path = '' as $$
  select coalesce(word in ('all', 'verify', 'assign', 'start', 'submit', 'pass', 'decide', 'file', 'publish', 'delist', 'urge',
    'overdue', 'today', 'week', 'later'), false)
$$;
comment on function private.is_my_work(text) is 'Whether a word names a part of my work: all, a step, or a period.';

create function private.my_work_ids(words text[]) returns setof uuid language sql stable
set search_path = '' set jit = off as $$
  select w.hazard_id
  from private.my_work_items() w
  cross join lateral (select private.work_period(w.due_at) as period) p
  where (not words && array['verify', 'assign', 'start', 'submit', 'pass', 'decide', 'file', 'publish', 'delist', 'urge'] or w.step = any (words))
    and (not words && array['overdue', 'today', 'week', 'later'] or p.period = any (words))
    and not exists (select from unnest(words) x where not private.is_my_work(x))
$$;
comment on function private.my_work_ids(text[]) is
  'Hazards that wait for the asker, for the key work of a ledger filter: a step of those named (none: any) in a period of those named (none: any). A word that is none matches nothing.';

create function private.work_contact(h public.hazards, step text) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('name', p.name, 'phone', p.phone, 'as', c.word)
  from (select case
      when step in ('start', 'submit') then 'assigner' when step in ('pass', 'urge') then 'rectifier'
      when step = 'decide' then 'asker' else 'reporter' end as word,
    case
      when step in ('start', 'submit') then h.assigned_by when step in ('pass', 'urge') then coalesce(h.rectifier, h.assigned_to)
      when step = 'decide' then h.extension_asked_by else h.reported_by end as person) c
  join public.profiles p on p.id = c.person and p.id is distinct from (select auth.uid())
$$;
comment on function private.work_contact(public.hazards, text) is
  'Whom to call about a step: {name, phone, as: reporter | assigner | rectifier | asker}; null when that is oneself or nobody. DEFINER: names people the asker need not see otherwise; the caller has checked that the step is theirs.';

create function public.my_work(p_filter jsonb default null, p_after jsonb default null, p_limit int default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_filter), 'null'), '{}');
  after_row jsonb := nullif(private.j(p_after), 'null');
  words text[];
  after_due timestamptz;
  after_id uuid;
  most int := least(greatest(coalesce(p_limit, 50), 0), 500);
  town int;
  root int := (select g.id from public.grids g where g.parent_id is null and g.retired_at is null);
  answer jsonb;
  found jsonb;
begin
  if jsonb_typeof(given) <> 'object' then
    return private.refusal('filter', 'BAD_VALUE', '筛选条件应为对象');
  end if;
  words := coalesce(private.filter_list(given, 'work'), '{all}');
  if exists (select from unnest(words) w where not private.is_my_work(w)) then
    return private.refusal('work', 'BAD_VALUE', '没有这样的待办');
  end if;
  if given ->> 'township' ~ '^[0-9]{1,9}$' then
    town := (given ->> 'township')::int;
  elsif nullif(given ->> 'township', '') is not null then
    return private.refusal('township', 'BAD_VALUE', '镇街编号不正确');
  end if;
  if after_row is not null then
    begin
      after_due := coalesce((after_row ->> 'due_at')::timestamptz, 'infinity');
      after_id := (after_row ->> 'id')::uuid;
    exception when others then
      after_id := null;
    end;
    if after_id is null then
      return private.refusal('after', 'BAD_VALUE', '翻页位置不正确');
    end if;
  end if;
  with item as materialized (
    select w.hazard_id as id, w.step, w.due_at, w.why, private.work_period(w.due_at) as period,
      -- the grid below the topmost one; what lies in none of those is the topmost one's
      coalesce(case when nlevel(g.path) > 1 then subpath(g.path, 1, 1)::text::int end, root) as town_id
    from private.my_work_items() w
    join public.hazards h on h.id = w.hazard_id
    left join public.grids g on g.id = h.grid_id
  ), hit as materialized (
    select i.*, coalesce(i.due_at, 'infinity') as term from item i
    where (not words && array['verify', 'assign', 'start', 'submit', 'pass', 'decide', 'file', 'publish', 'delist', 'urge'] or i.step = any (words))
      and (not words && array['overdue', 'today', 'week', 'later'] or i.period = any (words))
  ), page as (
    select x.* from hit x
    where (town is null or x.town_id = town) and (after_id is null or (x.term, x.id) > (after_due, after_id))
    order by x.term, x.id limit most + 1
  )
  select jsonb_build_object('total', (select count(*) from item),
      'steps', (select coalesce(jsonb_object_agg(s.step, s.n), '{}') from (select i.step, count(*) as n from item i group by i.step) s),
      'periods', (select jsonb_object_agg(k.period, (select count(*) from item i where i.period = k.period))
        from (values ('overdue'), ('today'), ('week'), ('later')) k (period)),
      'matching', (select count(*) from hit x where town is null or x.town_id = town),
      'kinds', (select coalesce(jsonb_agg(jsonb_build_object('step', k.step, 'count', k.n, 'overdue', k.late, 'due_at', k.due)
          order by k.due nulls last, k.step), '[]')
        from (select x.step, count(*) as n, count(*) filter (where x.period = 'overdue') as late, min(x.due_at) as due
          from hit x group by x.step) k),
      'townships', (select coalesce(jsonb_agg(jsonb_build_object('id', k.town_id,
          'code', case when nlevel(t.path) > 1 then t.code end, 'name', t.name, 'count', k.n,
          'overdue', k.late, 'due_at', k.due) order by k.late desc, k.due nulls last, k.town_id), '[]')
        from (select x.town_id, count(*) as n, count(*) filter (where x.period = 'overdue') as late, min(x.due_at) as due
          from hit x group by x.town_id) k
        left join public.grids t on t.id = k.town_id),
      'warnings', (select count(*) from private.my_warning_ids())),
    (select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'code', h.code, 'title', h.title, 'description', h.description,
        'severity', h.severity, 'state', h.state, 'version', h.version, 'row_version', h.row_version, 'step', p.step, 'due_at', p.due_at,
        'period', p.period, 'why', p.why, 'sector', s.name,
        'category', (select jsonb_build_object('id', k.id, 'name', k.name) from public.hazard_categories k where k.id = h.category_id),
        'enterprise', e.name, 'enterprise_phone', coalesce(e.safety_phone, e.phone),
        'grid', g.name, 'grid_code', g.code, 'township', (
          select t.name from public.grids t where t.id = case when nlevel(g.path) > 2 then subpath(g.path, 1, 1)::text::int end),
        'lon', round(ST_X(h.location) * 1e6) / 1e6, 'lat', round(ST_Y(h.location) * 1e6) / 1e6, 'found_at', h.found_at,
        'photos', jsonb_array_length(h.photos), 'listed_at', h.listed_at, 'published_at', h.published_at, 'delisted_at', h.delisted_at,
        'extension_until', h.extension_until, 'assurance_person', h.assurance_person, 'assurance_funds', h.assurance_funds,
        'assurance_measures', h.assurance_measures, 'assurance_deadline', h.assurance_deadline, 'assurance_plan', h.assurance_plan,
        'assigned_to_name', (select x.name from public.profiles x where x.id = h.assigned_to), 'hazard_due_at', h.due_at,
        'contact', private.work_contact(h, p.step)) order by p.term, p.id), '[]')
     from page p
     join public.hazards h on h.id = p.id
     left join public.sectors s on s.id = h.sector_id
     left join public.enterprises e on e.id = h.enterprise_id
     left join public.grids g on g.id = h.grid_id)
  into answer, found;
  return answer || jsonb_build_object('status', 'ok', 'as_of', now(),
    'rows', case when jsonb_array_length(found) > most then found - most else found end,
    'next', case when jsonb_array_length(found) > most and most > 0 then jsonb_build_object(
      'due_at', found -> (most - 1) -> 'due_at', 'id', found -> (most - 1) -> 'id') end);
end $$;
comment on function public.my_work(jsonb, jsonb, int) is
  'What waits for the asker, the first due first: {status: ok, total, steps: {step: how many}, periods: {overdue, today, week, later}, matching, kinds: [{step, count, overdue, due_at}], townships: [{id, code, name, count, overdue, due_at}] (both of what the words mean, whatever township is asked for; the worst first; due_at: the first; code: null for the topmost grid, whose ledger is that of all), warnings (open ones that wait for the asker: the total of list_warnings({owner: me, state: open}); not in total), as_of, rows, next}. p_filter {work: all, steps and periods, see private.my_work_ids(); township: id of one of townships}; pass next as p_after for the following page (p_limit 0..500, default 50; 0: figures only). Every figure equals the total of list_hazards with {work: …}. A row is a hazard with step, due_at (of that step), period, why (see private.my_work_items()), contact {name, phone, as} and what the form of the step starts with. DEFINER: ledger read; applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.my_work(jsonb, jsonb, int) from public, anon;
grant execute on function public.my_work(jsonb, jsonb, int) to authenticated, service_role;
