-- 隐患闭环的每一步: who, when, where, with which words and photos. Append-only for everyone, each step sealed by the
-- hash of the one before, and together they add up to the hazard as it stands.

create view private.hazard_moves as
  select * from (values
    ('report', null, 'reported'),
    ('import', null, 'reported'), ('import', null, 'verified'), ('import', null, 'closed'), ('import', null, 'rejected'),
    ('verify', 'reported', 'verified'),
    ('reject', 'reported', 'rejected'),
    ('assign', 'verified', 'assigned'), ('assign', 'assigned', 'assigned'),
    ('start', 'assigned', 'rectifying'),
    ('submit', 'rectifying', 'submitted'),
    ('pass', 'submitted', 'closed'),
    ('return', 'submitted', 'rectifying'),
    ('reopen', 'closed', 'rectifying'),
    ('list', 'verified', 'verified'), ('list', 'assigned', 'assigned'), ('list', 'rectifying', 'rectifying'), ('list', 'submitted', 'submitted'),
    ('delist', 'closed', 'closed'),
    ('extend', 'assigned', 'assigned'), ('extend', 'rectifying', 'rectifying'),
    ('escalate', 'reported', 'reported'), ('escalate', 'verified', 'verified'), ('escalate', 'assigned', 'assigned'),
    ('escalate', 'rectifying', 'rectifying'), ('escalate', 'submitted', 'submitted')
  ) m (action, from_state, to_state);
comment on view private.hazard_moves is 'The loop: which action leads from which state to which. import: an old ledger, which knows nobody who could work on it, so what is open begins at verified.';

create table public.hazard_events (
  hazard_id uuid not null references public.hazards (id),
  seq int not null check (seq >= 1),
  id uuid not null default gen_random_uuid() unique,
  version int not null check (version >= 1),
  action text not null check (action in ('report', 'verify', 'reject', 'assign', 'start', 'submit', 'pass', 'return',
    'reopen', 'list', 'delist', 'extend', 'escalate', 'import')),
  from_state text,
  to_state text not null,
  actor uuid,
  actor_name text,
  actor_role text,
  at timestamptz not null,
  lon numeric(10, 7) check (lon between -180 and 180),
  lat numeric(9, 7) check (lat between -90 and 90),
  note text check (char_length(note) <= 2000),
  photos jsonb not null default '[]' check (jsonb_typeof(photos) = 'array'),
  changes jsonb not null default '{}' check (jsonb_typeof(changes) = 'object'),
  grid_id int,
  grid_name text,
  prev_hash text not null,
  hash text not null,
  primary key (hazard_id, seq)
);
comment on table public.hazard_events is
  'History of the hazards. Written by report_hazard(), advance_hazard() and escalate_overdue() only; never changed, never removed, whoever asks. verify_history() checks it.';
comment on column public.hazard_events.id is 'Made by the client, so that a step sent twice is one step.';
comment on column public.hazard_events.version is 'hazards.version after this step. An escalation leaves it as it is: nobody acted.';
comment on column public.hazard_events.actor is 'auth.users.id of who did it, with name and capacity of the day; no foreign key: history outlives people. Null: the system.';
comment on column public.hazard_events.lon is 'Where the person stood, degrees EPSG:4326, when the device said so; of a report: where the hazard is.';
comment on column public.hazard_events.changes is 'Columns of the hazard that this step set, and to what. All of them in order give the hazard as it stands.';
comment on column public.hazard_events.grid_id is 'The hazard''s grid at that time.';
comment on column public.hazard_events.prev_hash is 'Hash of the step before; zeros for the first.';
comment on column public.hazard_events.hash is 'SHA-256 (hex) over this step and prev_hash, see private.event_hash().';
create index hazard_events_actor_idx on public.hazard_events (actor, at);

create function private.event_hash(e public.hazard_events) returns text language sql stable set search_path = '' as $$
  -- an array of JSON has one way to be written; the moment is written out, whatever the session's time zone
  select encode(sha256(convert_to(jsonb_build_array(e.prev_hash, e.hazard_id, e.seq, e.id, e.version, e.action, e.from_state,
    e.to_state, e.actor, e.actor_name, e.actor_role, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    e.lon::text, e.lat::text, e.note, e.photos, e.changes, e.grid_id, e.grid_name)::text, 'UTF8')), 'hex')
$$;
comment on function private.event_hash(public.hazard_events) is 'What the hash of a step must be.';

create function private.chain_event() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  before record;
begin
  select e.seq, e.hash, e.at into before from public.hazard_events e
  where e.hazard_id = new.hazard_id order by e.seq desc limit 1;
  new.seq := coalesce(before.seq, 0) + 1;
  new.prev_hash := coalesce(before.hash, repeat('0', 64));
  -- a clock that was set back does not turn the order round
  new.at := greatest(coalesce(new.at, clock_timestamp()), before.at);
  new.hash := private.event_hash(new);
  return new;
end $$;
comment on function private.chain_event() is 'Numbers and seals a step, whatever number and hash the writer named. DEFINER: reads the history whoever writes.';
create trigger chain before insert on public.hazard_events for each row execute function private.chain_event();
create trigger append_only before update or delete on public.hazard_events
  for each row execute function private.refuse_any_change();
create trigger append_only_all before truncate on public.hazard_events
  for each statement execute function private.refuse_any_change();

alter table public.hazard_events enable row level security;
revoke all on public.hazard_events from anon, authenticated;
revoke insert, update, delete, truncate on public.hazard_events from service_role;
grant select on public.hazard_events to authenticated;
create policy "Who sees a hazard reads its history" on public.hazard_events
  for select to authenticated using (hazard_id in (select h.id from public.hazards h));

-- ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.history_faults(only_hazard uuid default null)
returns table (hazard_id uuid, seq int, code text, message text) language plpgsql stable
set search_path = extensions, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
#variable_conflict use_column
begin
  return query
  with step as materialized (
    select e.hazard_id, e.seq, e.version, e.action, e.from_state, e.to_state, e.at, e.prev_hash, e.hash, e.lon, e.lat,
      private.event_hash(e) as counted,
      row_number() over w as nth, lag(e.hash) over w as last_hash, lag(e.to_state) over w as last_state,
      lag(e.at) over w as last_at, lag(e.version) over w as last_version
    from public.hazard_events e
    where only_hazard is null or e.hazard_id = only_hazard
    window w as (partition by e.hazard_id order by e.seq)
  ), total as materialized (
    select x.hazard_id, x.state, x.version, x.nth
    from (
      select s.hazard_id, s.to_state as state, s.version, s.nth, row_number() over (partition by s.hazard_id order by s.nth desc) as back
      from step s) x
    where x.back = 1
  ), sum as materialized (
    -- of two values for one key the later stays
    select e.hazard_id, jsonb_object_agg(c.key, c.value order by e.seq) as changes
    from public.hazard_events e cross join lateral jsonb_each(e.changes) c
    where only_hazard is null or e.hazard_id = only_hazard
    group by e.hazard_id
  )
  select s.hazard_id, s.seq, f.code, f.message
  from step s cross join lateral (values
    (s.hash <> s.counted, 'CHANGED', '这一步的内容与封存时不一致'),
    (s.seq <> s.nth, 'MISSING', '这一步之前缺少记录'),
    (s.prev_hash <> coalesce(s.last_hash, repeat('0', 64)), 'BROKEN', '与上一步的校验值接不上'),
    (not exists (
      select from private.hazard_moves m
      where m.action = s.action and m.from_state is not distinct from s.from_state and m.to_state = s.to_state), 'NO_SUCH_STEP', '闭环中没有这样的一步'),
    (s.from_state is distinct from s.last_state, 'SKIPPED', '与上一步的状态接不上'),
    (s.version <> coalesce(s.last_version, 0) + case s.action when 'escalate' then 0 else 1 end, 'VERSION', '版本与上一步接不上'),
    (s.at < s.last_at, 'ORDER', '时间早于上一步')
  ) f (hit, code, message)
  where f.hit
  union all
  select h.id, t.nth::int, f.code, f.message
  from public.hazards h
  left join total t on t.hazard_id = h.id
  left join sum on sum.hazard_id = h.id
  left join step s on s.hazard_id = h.id and s.nth = 1
  cross join lateral (values
    (t.nth is null, 'NO_HISTORY', '没有任何过程记录'),
    (t.state <> h.state, 'STATE', '当前状态与最后一步不一致'),
    (t.version <> h.version, 'TRUNCATED', '当前版本与最后一步不一致'),
    (jsonb_populate_record(h, sum.changes) is distinct from h, 'ROW', '当前内容与各步记录不一致'),
    ((s.lon, s.lat) is distinct from (round(ST_X(h.location)::numeric, 7), round(ST_Y(h.location)::numeric, 7)) and t.nth is not null,
      'PLACE', '当前位置与上报时不一致')
  ) f (hit, code, message)
  where f.hit and (only_hazard is null or h.id = only_hazard);
end $$;
comment on function private.history_faults(uuid) is
  'Everything that is wrong with the history of a hazard (null: of all): a step that was changed, removed, inserted or skipped, and a hazard that is not what its steps add up to.';

create function public.verify_history(p_hazard uuid default null) returns jsonb language plpgsql stable security definer
set search_path = '' set jit = off as $$
declare
  last record;
  faults jsonb;
begin
  if not exists (select from private.my_hazards h where h.id = p_hazard) then
    return jsonb_build_object('status', 'not_found');
  end if;
  select e.seq, e.hash, e.at into last from public.hazard_events e where e.hazard_id = p_hazard order by e.seq desc limit 1;
  select coalesce(jsonb_agg(jsonb_build_object('seq', f.seq, 'code', f.code, 'message', f.message) order by f.seq, f.code), '[]')
  into faults from private.history_faults(p_hazard) f;
  return jsonb_build_object('status', case faults when '[]' then 'ok' else 'broken' end, 'intact', faults = '[]',
    'events', coalesce(last.seq, 0), 'head', last.hash, 'at', last.at, 'faults', faults);
end $$;
comment on function public.verify_history(uuid) is
  'Whether the history of a hazard is whole: {status: ok | broken, intact, events, head, at, faults: [{seq, code, message}]}; not_found outside the scope. head is the hash of the last step: whoever keeps a copy elsewhere can tell even a history that was rewritten as a whole. DEFINER: reads all of the history; applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.verify_history(uuid) from public, anon;
grant execute on function public.verify_history(uuid) to authenticated, service_role;
