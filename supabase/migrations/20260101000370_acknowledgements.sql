-- 值班签收: every hazard newly reported calls the duty desk until somebody there says that they saw it. Who saw it and
-- when is never changed; what nobody saw in time calls upon the leader of the root.

insert into public.settings (key, value) values ('desk', '{"major_minutes": 5, "general_minutes": 15}');

create function private.desk_setting(word text, otherwise int) returns int language sql stable set search_path = '' as $$
  select coalesce((
    select least(greatest((s.value ->> word)::numeric, 1), 10080)::int from public.settings s
    where s.key = 'desk' and jsonb_typeof(s.value) = 'object' and s.value ->> word ~ '^[0-9]{1,6}(\.[0-9]{1,6})?$'), otherwise)
$$;
comment on function private.desk_setting(text, int) is
  'A figure of the setting desk ⚙: major_minutes, general_minutes (within which a new hazard is to be acknowledged; a week at most).';

create table public.hazard_alarms (
  hazard_id uuid primary key references public.hazards (id),
  raised_at timestamptz not null,
  due_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  acknowledged_name text,
  acknowledged_role text,
  escalated_at timestamptz,
  escalated_to int references public.grids (id),
  constraint hazard_alarms_acknowledged_by_somebody check ((acknowledged_at is null) = (acknowledged_by is null)),
  constraint hazard_alarms_escalated_to_a_grid check ((escalated_at is null) = (escalated_to is null))
);
comment on table public.hazard_alarms is
  'One row for every hazard newly reported: until when the duty desk has to acknowledge it, who did, and whom it called upon when nobody did. Each part is written once; nothing is changed or removed, whoever asks.';
comment on column public.hazard_alarms.acknowledged_at is
  'The first acknowledgement that counts: of a duty officer, of whoever leads the root, of an administrator. All of them are in hazard_acknowledgements.';
comment on column public.hazard_alarms.acknowledged_by is 'auth.users.id, with name and capacity of the day; no foreign key: this outlives people.';
comment on column public.hazard_alarms.escalated_to is 'Nobody acknowledged it in time: the root grid, whose leader is called upon.';
create index hazard_alarms_waiting_idx on public.hazard_alarms (due_at) where acknowledged_at is null;
create index hazard_alarms_raised_at_idx on public.hazard_alarms (raised_at);
create index hazard_alarms_escalated_to_idx on public.hazard_alarms (escalated_to);

create table public.hazard_acknowledgements (
  hazard_id uuid not null references public.hazards (id),
  user_id uuid not null,
  person_name text,
  role text not null,
  counts boolean not null,
  origin text not null check (origin in ('desk', 'map', 'ledger', 'phone', 'other')),
  at timestamptz not null,
  primary key (hazard_id, user_id, counts)
);
comment on table public.hazard_acknowledgements is
  'Who saw a hazard, when and on which screen; once for each person (again when it did not count and now does). Written by acknowledge_hazards() only; never changed, never removed, whoever asks.';
comment on column public.hazard_acknowledgements.user_id is 'auth.users.id, with name and capacity of the day; no foreign key: this outlives people.';
comment on column public.hazard_acknowledgements.counts is 'Whether it silences the desk; the leader of a grid below says with it only that they know.';

create function private.keep_alarm() returns trigger language plpgsql set search_path = '' as $$
begin
  if (new.hazard_id, new.raised_at, new.due_at) is distinct from (old.hazard_id, old.raised_at, old.due_at)
    or old.acknowledged_at is not null and (new.acknowledged_at, new.acknowledged_by, new.acknowledged_name, new.acknowledged_role)
      is distinct from (old.acknowledged_at, old.acknowledged_by, old.acknowledged_name, old.acknowledged_role)
    or old.escalated_at is not null and (new.escalated_at, new.escalated_to) is distinct from (old.escalated_at, old.escalated_to) then
    raise exception '历史记录只增不改：%', tg_table_name using errcode = '42501';
  end if;
  return new;
end $$;
comment on function private.keep_alarm() is 'What is written in an alarm stays.';
create trigger keep before update on public.hazard_alarms for each row execute function private.keep_alarm();
create trigger append_only before delete on public.hazard_alarms
  for each row execute function private.refuse_any_change();
create trigger append_only_all before truncate on public.hazard_alarms
  for each statement execute function private.refuse_any_change();
create trigger append_only before update or delete on public.hazard_acknowledgements
  for each row execute function private.refuse_any_change();
create trigger append_only_all before truncate on public.hazard_acknowledgements
  for each statement execute function private.refuse_any_change();

alter table public.hazard_alarms enable row level security;
alter table public.hazard_acknowledgements enable row level security;
revoke all on public.hazard_alarms, public.hazard_acknowledgements from anon, authenticated;
revoke insert, update, delete, truncate on public.hazard_alarms, public.hazard_acknowledgements from service_role;
grant select on public.hazard_alarms, public.hazard_acknowledgements to authenticated;
create policy "Who sees a hazard sees whether the desk acknowledged it" on public.hazard_alarms
  for select to authenticated using (hazard_id in (select h.id from public.hazards h));
create policy "Who sees a hazard sees who acknowledged it" on public.hazard_acknowledgements
  for select to authenticated using (hazard_id in (select h.id from public.hazards h));

-- ── raised ───────────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.raise_alarm() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.hazard_alarms (hazard_id, raised_at, due_at)
  values (new.hazard_id, new.at, new.at + make_interval(mins => case new.changes ->> 'severity'
    when 'major' then private.desk_setting('major_minutes', 5) else private.desk_setting('general_minutes', 15) end))
  on conflict do nothing;
  return null;
end $$;
comment on function private.raise_alarm() is
  'A report calls the desk. DEFINER: nobody else writes alarms.';
-- a ledger of last year that is entered now is no news
create trigger alarm after insert on public.hazard_events for each row
  when (new.action = 'report' and new.at > now() - interval '1 hour') execute function private.raise_alarm();

create function private.tell_alarms(hazard_ids uuid[], moment timestamptz) returns void language sql security definer set search_path = '' as $$
  insert into public.change_log (entity, row_id, op, row_version, grid_id, path, sector_id, enterprise_id)
  select 'alarm', h.id::text, 'update', (extract(epoch from moment) * 1000000)::bigint, h.grid_id, g.path, h.sector_id, h.enterprise_id
  from public.hazards h left join public.grids g on g.id = h.grid_id
  where h.id = any (hazard_ids)
$$;
comment on function private.tell_alarms(uuid[], timestamptz) is
  'Tells the feed that something happened to alarms: entity alarm, the id is the hazard''s, the version the moment in microseconds. DEFINER: nobody else writes the log.';

-- ── acknowledged ─────────────────────────────────────────────────────────────────────────────────────────────────────
create function public.acknowledge_hazards(p_hazards uuid[] default null, p_origin text default null) returns jsonb
language plpgsql security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  uid uuid := (select auth.uid());
  screen text := coalesce(nullif(p_origin, ''), 'desk');
  moment timestamptz := clock_timestamp();
  wanted uuid[];
  done uuid[];
  silenced uuid[];
  person text;
begin
  if uid is null then
    return private.refusal(null, 'NOT_ALLOWED', '签收要由本人登录办理');
  elsif coalesce(cardinality(p_hazards), 0) = 0 then
    return private.refusal('hazards', 'MISSING_FIELD', '没有选择要签收的隐患');
  elsif cardinality(p_hazards) > 500 then
    return private.refusal('hazards', 'OUT_OF_RANGE', '一次最多签收 500 条');
  elsif screen not in ('desk', 'map', 'ledger', 'phone', 'other') then
    return private.refusal('origin', 'BAD_VALUE', '没有这种签收的地方');
  end if;
  wanted := array(select m.id from private.my_hazards m where m.id = any (p_hazards));
  if wanted = '{}' then
    return private.refusal('hazards', 'NOT_FOUND', '没有这些隐患');
  end if;
  person := (select p.name from public.profiles p where p.id = uid);

  with capacity as (
    select distinct on (h.id) h.id, c.role, c.counts
    from public.hazards h
    left join public.grids g on g.id = h.grid_id
    cross join lateral (
      select r.name || case m.position when 'duty' then '值班员' when 'leader' then '网格长' else '副网格长' end as role,
        m.position = 'duty' or r.parent_id is null as counts, array_position(array['duty', 'leader', 'deputy'], m.position) as rank, r.level
      from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
      where m.user_id = uid and m.position in ('duty', 'leader', 'deputy') and (r.parent_id is null or g.path <@ r.path)
      union all
      select '安委办', true, 9, 9 from public.admins a where a.user_id = uid
    ) c
    where h.id = any (wanted)
    order by h.id, c.counts desc, c.rank, c.level desc
  ), written as (
    insert into public.hazard_acknowledgements (hazard_id, user_id, person_name, role, counts, origin, at)
    -- in one order, so that two who acknowledge the same do not wait for each other
    select c.id, uid, person, c.role, c.counts, screen, moment from capacity c order by c.id
    on conflict do nothing
    returning hazard_id
  )
  select coalesce(array_agg(w.hazard_id), '{}') into done from written w;

  with waiting as materialized (
    select a.hazard_id, k.role from public.hazard_alarms a
    join public.hazard_acknowledgements k on k.hazard_id = a.hazard_id and k.user_id = uid and k.counts
    where a.hazard_id = any (done) and a.acknowledged_at is null
    order by a.hazard_id for update of a
  ), written as (
    update public.hazard_alarms a set acknowledged_at = moment, acknowledged_by = uid, acknowledged_name = person, acknowledged_role = w.role
    from waiting w where a.hazard_id = w.hazard_id
    returning a.hazard_id
  )
  select coalesce(array_agg(w.hazard_id), '{}') into silenced from written w;
  perform private.tell_alarms(done, moment);

  if not exists (select from public.hazard_acknowledgements k where k.user_id = uid and k.hazard_id = any (wanted)) then
    return private.refusal(null, 'NOT_ALLOWED', '签收由值班员、网格长或安委办办理');
  end if;
  return jsonb_build_object('status', 'ok', 'silenced', cardinality(silenced),
    'acknowledged', (
      select coalesce(jsonb_agg(jsonb_build_object('id', k.hazard_id, 'at', k.at, 'counts', k.counts, 'role', k.role,
        'alarm', private.alarm_brief(a)) order by k.at, k.hazard_id), '[]')
      from (
        select distinct on (x.hazard_id) x.* from public.hazard_acknowledgements x
        where x.user_id = uid and x.hazard_id = any (wanted) order by x.hazard_id, x.counts desc) k
      left join public.hazard_alarms a on a.hazard_id = k.hazard_id),
    'left_out', (
      select coalesce(jsonb_agg(x.id order by x.id), '[]') from (select distinct unnest(p_hazards) as id) x
      where x.id is not null
        and not exists (select from public.hazard_acknowledgements k where k.user_id = uid and k.hazard_id = x.id and k.hazard_id = any (wanted))));
end $$;
comment on function public.acknowledge_hazards(uuid[], text) is
  'The asker saw these hazards (1..500): {status: ok | rejected, silenced (how many alarms that ended), acknowledged: [{id, at, counts, role, alarm}], left_out: [ids outside the scope, or not theirs to acknowledge], errors}. Duty officers, leaders and deputies of the hazard''s grid or one above, administrators; it counts (the desk falls silent) for duty officers, whoever leads the root, administrators. Sent twice it is once, and the first of all that counts stays. p_origin: desk (default), map, ledger, phone, other. DEFINER: nobody writes these tables; applies the scope itself.';

create function private.alarm_brief(a public.hazard_alarms) returns jsonb language sql stable set search_path = '' as $$
  select case when a.hazard_id is not null then jsonb_build_object('raised_at', a.raised_at, 'due_at', a.due_at,
    'acknowledged_at', a.acknowledged_at, 'name', a.acknowledged_name, 'role', a.acknowledged_role, 'escalated_at', a.escalated_at,
    'escalated_to', (select g.name from public.grids g where g.id = a.escalated_to)) end
$$;
comment on function private.alarm_brief(public.hazard_alarms) is 'An alarm as the screens show it; null for none.';

-- ── not acknowledged in time ─────────────────────────────────────────────────────────────────────────────────────────
create function private.escalate_alarms(moment timestamptz) returns int language plpgsql security definer set search_path = '' as $$
declare
  root int := (select g.id from public.grids g where g.parent_id is null and g.retired_at is null order by g.id limit 1);
  called uuid[];
begin
  -- one sweep at a time, and nobody waits for it
  if root is null or not pg_try_advisory_xact_lock(hashtext('safegrid.alarms')) then
    return 0;
  end if;
  with late as materialized (
    select a.hazard_id from public.hazard_alarms a
    where a.acknowledged_at is null and a.escalated_at is null and a.due_at <= moment
      -- what was settled meanwhile calls upon nobody
      and exists (select from public.hazards h where h.id = a.hazard_id and h.state not in ('closed', 'rejected'))
    order by a.hazard_id limit 1000
    for update skip locked
  ), written as (
    update public.hazard_alarms a set escalated_at = moment, escalated_to = root from late l where a.hazard_id = l.hazard_id
    returning a.hazard_id
  )
  select coalesce(array_agg(w.hazard_id), '{}') into called from written w;
  perform private.tell_alarms(called, moment);
  return cardinality(called);
end $$;
comment on function private.escalate_alarms(timestamptz) is
  'Calls upon the leader of the root for every hazard that nobody had acknowledged in time at a moment; gives back how many. DEFINER: the system acts, in nobody''s name.';

create function public.escalate_unacknowledged() returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  called int := private.escalate_alarms(clock_timestamp());
begin
  -- how many in the whole county is for those who see it
  return jsonb_build_object('status', 'ok', 'escalated', case when private.sees_all() then called end);
end $$;
comment on function public.escalate_unacknowledged() is
  'Lets every hazard that the duty desk has not acknowledged in time call upon the leader of the root; called by a clock (pg_cron, the local server) and by an open desk: the answer depends on the time alone, a second call does nothing. DEFINER: the system acts, in nobody''s name.';

revoke execute on all functions in schema private from public;
revoke execute on function public.acknowledge_hazards(uuid[], text), public.escalate_unacknowledged() from public, anon;
grant execute on function public.acknowledge_hazards(uuid[], text), public.escalate_unacknowledged() to authenticated, service_role;
