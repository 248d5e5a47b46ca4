-- What changed, in an order in which a reader misses nothing. One writer of rows (statement triggers), one reader:
-- changes_since(), which applies the asker's scope itself.
create table public.change_log (
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  entity text not null,
  row_id text not null,
  op text not null,
  row_version bigint,
  at timestamptz not null default clock_timestamp(),
  grid_id int,
  path extensions.ltree,
  sector_id int,
  enterprise_id uuid,
  moved boolean not null default false,
  old_path extensions.ltree,
  old_sector_id int,
  old_enterprise_id uuid,
  primary key (xid, id)
);
comment on table public.change_log is
  'One row for every row changed, written by trigger, kept for 30 days. Read through changes_since(). No foreign keys: a deletion outlives its row.';
comment on column public.change_log.xid is 'The writing transaction. An id is given before the commit and says nothing about what a reader has seen; whether this was visible in a snapshot does.';
comment on column public.change_log.op is 'insert, update or delete. No check: only the triggers write, thousands of rows at once.';
comment on column public.change_log.row_version is 'A client applies only a higher one; null: the thing has no version of its own and is read again.';
comment on column public.change_log.path is 'Path of its grid then: says where it was also when the grid itself is gone.';
comment on column public.change_log.moved is 'Whether it left a grid, sector or enterprise (old_*): whoever sees only the old place is told that it is gone.';
create index change_log_at_brin on public.change_log using brin (at) with (pages_per_range = 16);

create table private.feed (
  only_one boolean primary key default true check (only_one),
  epoch uuid not null default gen_random_uuid(),
  pruned xid8 not null default '0'
);
comment on table private.feed is 'Name of this feed, and the transaction up to which the log was cut off.';
insert into private.feed default values;

alter table public.change_log enable row level security;
revoke all on public.change_log from anon, authenticated;
revoke insert, update, delete, truncate on public.change_log from service_role;
grant select on public.change_log to authenticated;
create policy "Administrators read the whole log" on public.change_log
  for select to authenticated using ((select private.is_admin()));

-- ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.log_changes() returns trigger language plpgsql security definer
set search_path = extensions, pg_temp as $$
declare
  -- names of columns; '' for what the table does not have
  entity text := tg_argv[0];
  grid text := coalesce(nullif(tg_argv[1], ''), 'null::int');
  sector text := coalesce(nullif(tg_argv[2], ''), 'null::int');
  enterprise text := coalesce(nullif(tg_argv[3], ''), 'null::uuid');
  version text := coalesce(nullif(tg_argv[4], ''), 'null::bigint');
begin
  if tg_op = 'UPDATE' then
    execute format(
      'insert into public.change_log (entity, row_id, op, row_version, grid_id, path, sector_id, enterprise_id,
         moved, old_path, old_sector_id, old_enterprise_id)
       select %L, n.id, ''update'', n.version, n.grid, g.path, n.sector, n.enterprise,
         x.moved, case when x.moved then o_g.path end, case when x.moved then o.sector end, case when x.moved then o.enterprise end
       from (select id, %3$s as grid, %4$s as sector, %5$s as enterprise, %2$s as version from after_change) n
       join (select id, %3$s as grid, %4$s as sector, %5$s as enterprise from before_change) o on o.id = n.id
       cross join lateral (select (o.grid, o.sector, o.enterprise) is distinct from (n.grid, n.sector, n.enterprise) as moved) x
       left join public.grids g on g.id = n.grid
       left join public.grids o_g on o_g.id = o.grid and x.moved',
      entity, version, grid, sector, enterprise);
  else
    execute format(
      'insert into public.change_log (entity, row_id, op, row_version, grid_id, path, sector_id, enterprise_id)
       select %L, n.id, %L, n.version, n.grid, g.path, n.sector, n.enterprise
       from (select id, %s as grid, %s as sector, %s as enterprise, %s as version from after_change) n
       left join public.grids g on g.id = n.grid',
      entity, lower(tg_op), grid, sector, enterprise,
      case when tg_op = 'DELETE' and tg_argv[4] <> '' then version || ' + 1' else version end);
  end if;
  return null;
end $$;
comment on function private.log_changes() is
  'For every table whose rows belong to grids: arguments are the entity and the names of the columns grid, sector, enterprise, version (empty: none). Three statement triggers, transition tables after_change (for a deletion the old rows) and before_change. DEFINER: nobody else writes the log.';

create trigger log_new after insert on public.enterprises referencing new table as after_change
  for each statement execute function private.log_changes('enterprise', 'grid_id', 'sector_id', 'id', 'row_version');
create trigger log_changed after update on public.enterprises referencing old table as before_change new table as after_change
  for each statement execute function private.log_changes('enterprise', 'grid_id', 'sector_id', 'id', 'row_version');
create trigger log_gone after delete on public.enterprises referencing old table as after_change
  for each statement execute function private.log_changes('enterprise', 'grid_id', 'sector_id', 'id', 'row_version');

create trigger log_new after insert on public.hazards referencing new table as after_change
  for each statement execute function private.log_changes('hazard', 'grid_id', 'sector_id', 'enterprise_id', 'row_version');
create trigger log_changed after update on public.hazards referencing old table as before_change new table as after_change
  for each statement execute function private.log_changes('hazard', 'grid_id', 'sector_id', 'enterprise_id', 'row_version');
create trigger log_gone after delete on public.hazards referencing old table as after_change
  for each statement execute function private.log_changes('hazard', 'grid_id', 'sector_id', 'enterprise_id', 'row_version');

create function private.log_grids() returns trigger language plpgsql security definer
set search_path = extensions, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    insert into public.change_log (entity, row_id, op, row_version, grid_id, path, moved, old_path)
    select 'grid', n.id, case when n.retired_at is null then 'update' else 'delete' end,
      -- what moved along with its parent has no new version
      case when n.version > o.version then n.version end, n.id, n.path,
      n.path <> o.path, case when n.path <> o.path then o.path end
    from after_change n join before_change o on o.id = n.id
    where (n.retired_at is null or o.retired_at is null)
      and (n.version, n.path, n.retired_at, n.code, n.name) is distinct from (o.version, o.path, o.retired_at, o.code, o.name);
  else
    insert into public.change_log (entity, row_id, op, row_version, grid_id, path)
    select 'grid', n.id, lower(tg_op), n.version + case tg_op when 'DELETE' then 1 else 0 end, n.id, n.path from after_change n;
  end if;
  return null;
end $$;
comment on function private.log_grids() is
  'Logs grids: version is their row version, a retired grid is a deleted one. DEFINER: nobody else writes the log.';
create trigger log_new after insert on public.grids referencing new table as after_change
  for each statement execute function private.log_grids();
create trigger log_changed after update on public.grids referencing old table as before_change new table as after_change
  for each statement execute function private.log_grids();
create trigger log_gone after delete on public.grids referencing old table as after_change
  for each statement execute function private.log_grids();

create function private.log_positions() returns trigger language plpgsql security definer
set search_path = extensions, pg_temp as $$
begin
  insert into public.change_log (entity, row_id, op, grid_id, path)
  select distinct 'grid', g.id::text, 'update', g.id, g.path
  from after_change m join public.grids g on g.id = m.grid_id;
  return null;
end $$;
comment on function private.log_positions() is
  'Who holds a position is part of the grid''s card. Without a version: the boundary did not change. DEFINER: nobody else writes the log.';
create trigger log_new after insert on public.memberships referencing new table as after_change
  for each statement execute function private.log_positions();
create trigger log_changed after update on public.memberships referencing new table as after_change
  for each statement execute function private.log_positions();
create trigger log_gone after delete on public.memberships referencing old table as after_change
  for each statement execute function private.log_positions();

create function private.prune_change_log() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  last xid8;
begin
  -- about every five-hundredth statement that writes, some old rows go; a writer never waits for another here
  if random() < 0.002 then
    perform from private.feed for update skip locked;
    if found then
      with old as materialized (
        select l.xid, l.id from public.change_log l
        where l.at < now() - interval '30 days'
        order by l.xid, l.id limit 20000
      ), gone as (
        delete from public.change_log l using old o where l.xid = o.xid and l.id = o.id returning l.xid
      )
      select max(g.xid) into last from gone g;
      update private.feed f set pruned = last where last is not null and f.pruned < last;
    end if;
  end if;
  return null;
end $$;
comment on function private.prune_change_log() is
  'Keeps the log to 30 days. A reader whose cursor lies before the cut is told to load everything anew. DEFINER: nobody else writes the log.';
create trigger prune after insert on public.change_log for each statement execute function private.prune_change_log();

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.feed_epoch() returns text language plpgsql stable security definer set search_path = '' as $$
declare
  cluster text := '';
begin
  begin
    -- a restored copy counts transactions anew, or goes on from an earlier one on another timeline
    select concat_ws('.', s.system_identifier, c.timeline_id) into cluster from pg_control_system() s, pg_control_checkpoint() c;
  exception when insufficient_privilege or undefined_function then
    null;
  end;
  return left(md5(concat_ws('.', (select f.epoch from private.feed f), cluster,
    (select d.oid from pg_database d where d.datname = current_database()))), 12);
end $$;
comment on function private.feed_epoch() is
  'Changes when the database was restored: every cursor of before is worth nothing then. DEFINER: reads the name of the feed.';

create type private.feed_scope as (
  everything boolean,
  paths extensions.ltree[],         -- own positions: everything below
  cards extensions.ltree[],         -- departments: the public cards of grids below
  up extensions.ltree[],            -- own enterprises: the public cards of the grids above
  sectors int[],                    -- sectors seen everywhere
  pair_sectors int[],               -- sectors seen below pair_paths
  pair_paths extensions.ltree[],
  enterprises uuid[]
);
comment on type private.feed_scope is 'What the asker may hear of, gathered once.';

create function private.my_feed_scope() returns private.feed_scope language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
declare
  s private.feed_scope;
  uid uuid := (select auth.uid());
begin
  s.everything := private.sees_all();
  s.paths := coalesce((
    select array_agg(g.path order by g.path)
    from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null where m.user_id = uid), '{}');
  s.cards := coalesce((
    select array_agg(distinct g.path) from public.department_officers o join public.departments d on d.id = o.department_id
    join public.grids g on g.id = d.grid_id where o.user_id = uid), '{}');
  s.enterprises := private.my_enterprise_ids();
  s.up := coalesce((
    select array_agg(distinct g.path) from public.enterprises e join public.grids g on g.id = e.grid_id
    where e.id = any (s.enterprises)), '{}');
  s.sectors := private.my_sector_ids();
  select coalesce(array_agg(x.id order by x.id, g.path), '{}'), coalesce(array_agg(g.path order by x.id, g.path), '{}')
  into s.pair_sectors, s.pair_paths
  from public.department_officers o join public.departments d on d.id = o.department_id
  join public.grids g on g.id = d.grid_id and g.parent_id is not null
  join public.sectors x on x.department_id = d.id
  where o.user_id = uid;
  return s;
end $$;
comment on function private.my_feed_scope() is 'The asker''s scope, as the policies on grids, enterprises and hazards say it. DEFINER: reads the tables of rights.';

create function private.in_feed_scope(s private.feed_scope, entity text, path extensions.ltree, sector int, enterprise uuid)
returns boolean language plpgsql immutable set search_path = extensions, pg_temp as $$
begin
  if entity in ('grid', 'campaign') then
    -- known to whoever sees the card of the grid: those below it too
    return path <@ any (s.paths) or path <@ any (s.cards) or path @> any (s.paths) or path @> any (s.cards) or path @> any (s.up);
  end if;
  return coalesce(path <@ any (s.paths), false) or coalesce(sector = any (s.sectors), false)
    or coalesce(enterprise = any (s.enterprises), false)
    or (sector = any (s.pair_sectors)
      and exists (select from unnest(s.pair_sectors, s.pair_paths) p (sector, path) where p.sector = $4 and $3 <@ p.path));
end $$;
comment on function private.in_feed_scope(private.feed_scope, text, extensions.ltree, int, uuid) is
  'Whether a change at this place is within the scope. Everything: not asked here.';

create function private.scope_version() returns text language sql stable security definer set search_path = extensions, pg_temp as $$
  select left(md5(concat_ws('|', (select auth.uid()), private.is_admin(), x.s::text)), 12) from (select private.my_feed_scope() as s) x
$$;
comment on function private.scope_version() is
  'Changes with every change of the asker''s rights or of where their grids stand. DEFINER: reads the tables of rights.';

create function public.changes_since(p_cursor text default null, p_limit int default null) returns jsonb
language plpgsql stable security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  epoch text := private.feed_epoch();
  scope private.feed_scope := private.my_feed_scope();
  version text := private.scope_version();
  most int := least(greatest(coalesce(p_limit, 500), 1), 5000);
  present pg_snapshot := pg_current_snapshot();
  -- a cursor is the snapshot of the last look: new is what is visible now and was not then
  part text[] := string_to_array(p_cursor, '/');
  seen pg_snapshot;
  upto pg_snapshot := present;
  from_xid xid8 := '0'::xid8;
  from_id bigint := 0;
  last_xid xid8;
  last_id bigint;
  answer jsonb;
  n int;
begin
  if p_cursor is null then
    seen := present;
  elsif p_cursor ~ '^ago:[0-9]{1,6}$' then
    -- for who knows how long ago they looked, but not at which snapshot: never too late, now and then too early
    select format('%s:%s:', x.first, x.first)::pg_snapshot into seen
    from (
      select least(pg_snapshot_xmin(present), min(l.xid)) as first from public.change_log l
      where l.at >= clock_timestamp() - make_interval(secs => split_part(p_cursor, ':', 2)::int)) x;
  else
    begin
      if p_cursor !~ '^[0-9a-f]{12}/[0-9:,]+(/[0-9:,]+/[0-9]{1,18}:[0-9]{1,18})?$' then
        raise exception 'not a cursor' using errcode = '22023';
      end if;
      seen := part[2]::pg_snapshot;
      if cardinality(part) > 2 then
        -- in the middle of what was new at one look: first the rest of it
        upto := part[3]::pg_snapshot;
        from_xid := split_part(part[4], ':', 1)::xid8;
        from_id := split_part(part[4], ':', 2)::bigint;
      end if;
    exception when data_exception then
      return private.refusal('cursor', 'BAD_VALUE', '变更位置不正确，请重新载入');
    end;
    if part[1] <> epoch or pg_snapshot_xmax(seen) > pg_snapshot_xmax(present) or pg_snapshot_xmax(upto) > pg_snapshot_xmax(present)
      or pg_snapshot_xmin(seen) <= (select f.pruned from private.feed f) then
      return jsonb_build_object('epoch', epoch, 'scope_version', version, 'cursor', epoch || '/' || present,
        'caught_up', true, 'resync', true, 'changes', '[]'::jsonb);
    end if;
  end if;

  with page as materialized (
    select l.xid, l.id, l.entity, l.row_id, l.row_version, l.at,
      case when scope.everything or private.in_feed_scope(scope, l.entity, coalesce(g.path, l.path), l.sector_id, l.enterprise_id)
        then l.op else 'delete' end as op
    from public.change_log l
    left join public.grids g on g.id = l.grid_id
    where l.xid >= pg_snapshot_xmin(seen) and (l.xid, l.id) > (from_xid, from_id)
      and not pg_visible_in_snapshot(l.xid, seen) and pg_visible_in_snapshot(l.xid, upto)
      and (scope.everything
        or private.in_feed_scope(scope, l.entity, coalesce(g.path, l.path), l.sector_id, l.enterprise_id)
        or (l.moved and private.in_feed_scope(scope, l.entity, l.old_path, l.old_sector_id, l.old_enterprise_id)))
    order by l.xid, l.id
    limit most + 1
  ), numbered as (
    select p.*, row_number() over (order by p.xid, p.id) as nth from page p
  )
  select count(*), coalesce(jsonb_agg(jsonb_build_object('entity', p.entity, 'id', p.row_id, 'op', p.op,
      'row_version', p.row_version, 'at', p.at) order by p.nth) filter (where p.nth <= most), '[]'),
    (array_agg(p.xid order by p.nth desc) filter (where p.nth <= most))[1],
    (array_agg(p.id order by p.nth desc) filter (where p.nth <= most))[1]
  into n, answer, last_xid, last_id
  from numbered p;

  return jsonb_build_object('epoch', epoch, 'scope_version', version,
    'cursor', concat_ws('/', epoch, case when n > most then format('%s/%s/%s:%s', seen, upto, last_xid, last_id) else upto::text end),
    'caught_up', n <= most and upto::text = present::text, 'resync', false, 'changes', answer);
end $$;
comment on function public.changes_since(text, int) is
  'What changed in the asker''s scope after p_cursor (null: from now; ago:<seconds>: at least what was written since then, perhaps more), at most p_limit (500, 1..5000) at a time; cursor is for the next call. Exactly what was committed between two looks, whatever else is still running; rows of one look in the order of their transactions, which for one row is not always that of its versions: apply only a higher row_version. op delete also says that it left the asker''s scope. caught_up false: ask again. resync, another epoch or another scope_version: load everything anew. DEFINER: nobody reads the log itself; applies the scope. Ask the primary: a standby''s snapshot does not name what is running.';

revoke execute on all functions in schema private from public;
revoke execute on function public.changes_since(text, int) from public, anon;
grant execute on function public.changes_since(text, int) to authenticated, service_role;
