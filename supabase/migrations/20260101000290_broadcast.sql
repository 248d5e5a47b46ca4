-- "Something changed": who, what, which version, and nothing else, on the private topics grid:<id> (its grid and every
-- ancestor) and sector:<id>; for those whose scope is smaller than either on sector:<id>.<grid id> (a department below the
-- root) and enterprise:<id>. Only the database speaks there; whoever hears it reads the feed.

create function private.may_hear(topic text) returns boolean language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  -- asked when a channel is joined, so a table is not spared the question but a thousand ids are
  return case
    when topic ~ '^grid:[0-9]{1,9}$' then private.sees_all() or exists (
      select from public.grids g
      join public.grids r on g.path <@ r.path and r.retired_at is null
      join public.memberships m on m.grid_id = r.id and m.user_id = (select auth.uid())
      where g.id = split_part(topic, ':', 2)::int)
    when topic ~ '^sector:[0-9]{1,9}$' then private.sees_all() or split_part(topic, ':', 2)::int = any (private.my_sector_ids())
    when topic ~ '^sector:[0-9]{1,9}\.[0-9]{1,9}$' then exists (
      select from public.department_officers o
      join public.departments d on d.id = o.department_id
      join public.sectors s on s.department_id = d.id
      where o.user_id = (select auth.uid()) and topic = format('sector:%s.%s', s.id, d.grid_id))
    when topic ~ '^enterprise:[0-9a-f-]{36}$' then exists (
      select from public.enterprise_users u
      where u.user_id = (select auth.uid()) and topic = 'enterprise:' || u.enterprise_id)
    else topic = 'user:' || (select auth.uid()) end;
end $$;
comment on function private.may_hear(text) is
  'Whether the asker may join a topic: grid:<id> within the subtree of a position, sector:<id> of a department at the root, sector:<id>.<grid id> of one''s department there, enterprise:<id> of one''s own, user:<id> of oneself. DEFINER: reads the tables of rights.';

-- No policy for insert of extension broadcast: a client cannot speak there, whatever it claims.
create policy "People hear of the grids and sectors that are theirs" on realtime.messages
  for select to authenticated
  using (extension in ('broadcast', 'presence') and (select private.may_hear((select realtime.topic()))));
create policy "People say that they are there, where they may hear" on realtime.messages
  for insert to authenticated
  with check (extension = 'presence' and (select private.may_hear((select realtime.topic()))));

create function private.broadcast_changes() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  message record;
  written bigint := (select count(*) from logged);
  root text;
begin
  if written = 0 then
    return null;
  end if;
  -- what lies in no grid is known to those who see everything
  root := (select g.id from public.grids g where g.parent_id is null and g.retired_at is null);

  -- a mass write is told to the two upper levels and the sectors; who sits deeper finds it at the next look at the feed
  if written > 50 then
    for message in
      with place as materialized (
        select distinct l.entity, split_part(coalesce(l.path::text, root), '.', 1) as first, split_part(l.path::text, '.', 2) as second,
          l.sector_id as sector
        from logged l
        union
        select l.entity, split_part(l.old_path::text, '.', 1), split_part(l.old_path::text, '.', 2), l.old_sector_id
        from logged l where l.moved
      )
      select distinct p.entity, t.topic
      from place p cross join lateral (values ('grid:' || p.first), ('grid:' || nullif(p.second, '')), ('sector:' || p.sector)) t (topic)
      where t.topic is not null
    loop
      perform realtime.send(private.change_message(message.entity, null, 'many', null), 'change', message.topic, true);
    end loop;
    return null;
  end if;

  for message in
    with place as (
      select l.id, l.entity, l.row_id, l.row_version, l.op, coalesce(l.path::text, root) as path, l.sector_id,
        l.enterprise_id, true as present
      from logged l
      union all
      select l.id, l.entity, l.row_id, l.row_version, 'delete', l.old_path::text, l.old_sector_id, l.old_enterprise_id, false
      from logged l where l.moved
    ), heard as (
      select 'grid:' || up.grid_id as topic, up.depth, p.*
      from place p cross join lateral unnest(string_to_array(p.path, '.')) with ordinality up (grid_id, depth)
      union all
      select 'sector:' || p.sector_id, 0, p.* from place p where p.sector_id is not null
      union all
      -- said only where somebody may hear it
      select format('sector:%s.%s', p.sector_id, d.grid_id), 0, p.*
      from place p
      join public.sectors s on s.id = p.sector_id
      join public.departments d on d.id = s.department_id and d.grid_id = any (string_to_array(p.path, '.')::int[])
      where d.grid_id::text <> root
      union all
      select 'enterprise:' || p.enterprise_id, 0, p.*
      from place p where exists (select from public.enterprise_users u where u.enterprise_id = p.enterprise_id)
    ), told as (
      -- the old and the new place of one row have ancestors in common: those hear of the new one
      select distinct on (h.topic, h.id) h.* from heard h order by h.topic, h.id, h.present desc
    )
    select t.topic, min(t.depth) as depth, count(*) as changes, min(t.entity) as entity, min(t.row_id) as row_id,
      min(t.row_version) as row_version, min(t.op) as op
    from told t group by t.topic order by 2 desc, 1
  loop
    perform realtime.send(
      case when message.changes = 1
        then private.change_message(message.entity, message.row_id, message.op, message.row_version)
        else private.change_message(message.entity, null, 'many', null) end,
      'change', message.topic, true);
  end loop;
  return null;
end $$;
comment on function private.broadcast_changes() is
  'One message per topic and statement (which writes rows of one entity): of one row its {entity, id, op, row_version}, of several {entity, id: null, op: many}. Sent at the commit. DEFINER: the sender of realtime.send() is who may write there.';

create function private.change_message(entity text, id text, op text, row_version bigint) returns jsonb language sql immutable
set search_path = '' as $$
  select jsonb_build_object('entity', entity, 'id', id, 'op', op, 'row_version', row_version)
$$;
comment on function private.change_message(text, text, text, bigint) is 'What is said of a change; nothing else ever is.';
create trigger broadcast after insert on public.change_log referencing new table as logged
  for each statement execute function private.broadcast_changes();

-- A right given or taken: told to the person on user:<id>, so that feed and channels are looked at again at once.
create function private.broadcast_rights() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
  people uuid[];
begin
  execute format('select array_agg(distinct user_id) from (
      select user_id from after_change %s) x',
    case when tg_op = 'UPDATE' then 'union all select user_id from before_change' else '' end) into people;
  -- a whole county appointed at once is nobody's surprise
  if cardinality(people) <= 200 then
    foreach person in array people loop
      perform realtime.send(private.change_message('me', person::text, 'update', null),
        'rights', 'user:' || person, true);
    end loop;
  end if;
  return null;
end $$;
comment on function private.broadcast_rights() is
  'Tells people that their rights changed. Tables of rights have a column user_id. DEFINER: the sender of realtime.send() is who may write there.';

do $$
declare r text;
begin
  foreach r in array array['memberships', 'department_officers', 'enterprise_users', 'admins'] loop
    execute format('create trigger cut_given after insert on public.%I referencing new table as after_change
      for each statement execute function private.broadcast_rights()', r);
    execute format('create trigger cut_changed after update on public.%I referencing old table as before_change
      new table as after_change for each statement execute function private.broadcast_rights()', r);
    execute format('create trigger cut_taken after delete on public.%I referencing old table as after_change
      for each statement execute function private.broadcast_rights()', r);
  end loop;
end $$;

create function private.broadcast_moved_rights() returns trigger language plpgsql security definer
set search_path = extensions, pg_temp as $$
declare
  person uuid;
begin
  for person in
    select distinct m.user_id from public.memberships m join public.grids r on r.id = m.grid_id
    where r.path @> old.path or r.path @> new.path or r.path <@ new.path
    limit 200
  loop
    perform realtime.send(private.change_message('me', person::text, 'update', null),
      'rights', 'user:' || person, true);
  end loop;
  return null;
end $$;
comment on function private.broadcast_moved_rights() is
  'A grid moved in the tree takes rights with it. DEFINER: the sender of realtime.send() is who may write there.';
create trigger tell_moved after update on public.grids for each row
  when (old.parent_id is distinct from new.parent_id) execute function private.broadcast_moved_rights();

revoke execute on all functions in schema private from public;
grant execute on function private.may_hear(text) to authenticated;
