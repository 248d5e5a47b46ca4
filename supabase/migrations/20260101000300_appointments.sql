-- 任免: who was given which position, by whom and when; and the one door through which leaders staff their grids.

create table public.appointments (
  id bigint generated always as identity primary key,
  event text not null check (event in ('appointed', 'dismissed')),
  user_id uuid not null,
  grid_id int not null,
  position text not null,
  person_name text not null,
  grid_name text not null,
  effective_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  changed_by uuid
);
comment on table public.appointments is
  'History of memberships, written by trigger whoever changes them: one row when a position begins, one when it ends. No foreign key: history outlives the people and grids it tells of, hence the names of the day.';
comment on column public.appointments.effective_at is 'From when it holds; earlier than recorded_at for a position held before it was recorded (memberships.since).';
comment on column public.appointments.changed_by is 'auth.users.id of who did it; null: the service key or the seed.';
create index appointments_grid_id_idx on public.appointments (grid_id, id);
create index appointments_user_id_idx on public.appointments (user_id, id);

create function private.keep_appointments() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'INSERT' then
    insert into public.appointments (event, user_id, grid_id, position, person_name, grid_name, effective_at, changed_by)
    select 'dismissed', o.user_id, o.grid_id, o.position,
      -- a person removed altogether is already gone; what was written of them stays
      coalesce(p.name, (select a.person_name from public.appointments a where a.user_id = o.user_id order by a.id desc limit 1), ''),
      coalesce(g.name, (select a.grid_name from public.appointments a where a.grid_id = o.grid_id order by a.id desc limit 1), ''),
      now(), (select auth.uid())
    from before_change o
    left join public.profiles p on p.id = o.user_id
    left join public.grids g on g.id = o.grid_id;
  end if;
  if tg_op <> 'DELETE' then
    insert into public.appointments (event, user_id, grid_id, position, person_name, grid_name, effective_at, changed_by)
    select 'appointed', n.user_id, n.grid_id, n.position, p.name, g.name,
      case when n.since < current_date then n.since::timestamp at time zone 'Asia/Shanghai' else now() end, (select auth.uid())
    from after_change n
    join public.profiles p on p.id = n.user_id
    join public.grids g on g.id = n.grid_id
    -- what is recorded at once is listed in the order it happened
    order by n.since, n.id;
  end if;
  return null;
end $$;
comment on function private.keep_appointments() is 'Writes the history of the memberships. DEFINER: nobody else may.';
create trigger keep_appointments_of_new after insert on public.memberships
  referencing new table as after_change for each statement execute function private.keep_appointments();
create trigger keep_appointments_of_changed after update on public.memberships
  referencing old table as before_change new table as after_change for each statement execute function private.keep_appointments();
create trigger keep_appointments_of_ended after delete on public.memberships
  referencing old table as before_change for each statement execute function private.keep_appointments();
insert into public.appointments (event, user_id, grid_id, position, person_name, grid_name, effective_at)
select 'appointed', m.user_id, m.grid_id, m.position, p.name, g.name, m.since::timestamp at time zone 'Asia/Shanghai'
from public.memberships m join public.profiles p on p.id = m.user_id join public.grids g on g.id = m.grid_id;

create function private.refuse_any_change() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception '历史记录只增不改：%', tg_table_name using errcode = '42501';
end $$;
comment on function private.refuse_any_change() is 'History is append-only for everyone, administrator and service key included.';
create trigger append_only before update or delete on public.appointments
  for each row execute function private.refuse_any_change();
create trigger append_only_all before truncate on public.appointments
  for each statement execute function private.refuse_any_change();

alter table public.appointments enable row level security;
revoke all on public.appointments from anon, authenticated;
revoke update, delete, truncate on public.appointments from service_role;
grant select on public.appointments to authenticated;
create policy "People see their own appointments and those in the grids of their scope" on public.appointments
  for select to authenticated
  using ((select private.sees_all()) or user_id = (select auth.uid()) or grid_id = any ((select private.my_grid_ids())::int[]));

create function private.grid_people_at(grid int, moment timestamptz) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('user_id', x.user_id, 'name', x.person_name, 'title', p.title, 'phone', p.phone,
      'position', x.position, 'photo_path', p.photo_path)
    order by array_position(array['leader', 'deputy', 'member', 'duty'], x.position), x.person_name, x.user_id), '[]')
  from (
    select distinct on (a.user_id, a.position) a.user_id, a.position, a.person_name, a.event
    from public.appointments a where a.grid_id = grid and a.effective_at <= moment
    order by a.user_id, a.position, a.effective_at desc, a.id desc) x
  left join public.profiles p on p.id = x.user_id
  where x.event = 'appointed'
$$;
comment on function private.grid_people_at(int, timestamptz) is
  'Who held which position in a grid at a moment, by their names of then; titles and phone numbers are those of now. As private.grid_people().';

create function private.territorial_line_at(grid int, moment timestamptz) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'grid_id', a.id, 'code', a.code, 'name', a.name, 'level', a.level, 'people', private.grid_people_at(a.id, moment))
    order by a.level desc), '[]')
  from public.grids g
  cross join lateral unnest(string_to_array(g.path::text, '.')) step (id)
  join public.grids a on a.id = step.id::int
  where g.id = grid
$$;
comment on function private.territorial_line_at(int, timestamptz) is '属地 at a past moment: as private.territorial_line(), with the people of then.';
revoke execute on function private.grid_people_at(int, timestamptz), private.territorial_line_at(int, timestamptz) from public;

-- Rights ---------------------------------------------------------------------------------------------------------

create function private.appointable(grid int) returns text[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
declare
  g record;
  above boolean;
  own boolean;
begin
  select x.id, x.path, x.parent_id into g from public.grids x where x.id = grid and x.retired_at is null;
  if g.id is null then
    return '{}'::text[];
  end if;
  select coalesce(bool_or(r.id <> g.id), false), coalesce(bool_or(r.id = g.id), false) into above, own
  from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null and g.path <@ r.path
  where m.user_id = (select auth.uid()) and m.position in ('leader', 'deputy');
  above := above or private.is_admin();
  return case when above then array['leader', 'deputy', 'member'] when own then array['member'] else '{}'::text[] end
    || case when g.parent_id is null and (above or own) then array['duty'] else '{}'::text[] end;
end $$;
comment on function private.appointable(int) is
  'Positions that the asker may give and take back in a grid. Administrators: all. A leader or deputy: all in the grids below theirs; in their own only members and duty officers, so that nobody makes or unmakes the leader beside them. Duty officers sit at the root.';

create function private.may_change_person(person uuid) returns boolean language plpgsql stable security definer
set search_path = '' as $$
begin
  if private.is_admin() then
    return exists (select from public.profiles p where p.id = person);
  end if;
  return exists (
      select from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null where m.user_id = person)
    and not exists (
      select from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null
      where m.user_id = person and not m.position = any (private.appointable(m.grid_id)))
    -- who is more than a grid person is the administrator's
    and not exists (select from public.admins a where a.user_id = person)
    and not exists (select from public.department_officers o where o.user_id = person)
    and not exists (select from public.enterprise_users u where u.user_id = person);
end $$;
comment on function private.may_change_person(uuid) is
  'Whether the asker may correct name, phone, title and photo of a person: administrators of everyone, others of people all of whose positions they could take back.';

create function private.my_staff_ids() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return private.my_people_ids() || coalesce((
    select array_agg(distinct a.user_id)
    from public.appointments a join public.profiles p on p.id = a.user_id
    where a.grid_id = any (private.my_led_grid_ids())), '{}');
end $$;
comment on function private.my_staff_ids() is
  'People the asker may appoint: those they may look up, and those who once held a position in a grid they lead.';

create function private.sees_person(person uuid) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return private.sees_all() or person = any (private.my_people_ids());
end $$;
comment on function private.sees_person(uuid) is 'Whether the asker may look a person up, as the policy on profiles says it.';

create function private.person_faults(given jsonb) returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_agg(jsonb_build_object('field', f.field, 'code', f.code, 'message', f.message) order by f.place)
  from (
    select 0 as place, jsonb_typeof(given -> x.field) not in ('string', 'null') as hit, x.field, 'BAD_VALUE' as code, x.word || '应为文字' as message
    from (values ('name', '姓名'), ('title', '职务'), ('phone', '电话'), ('photo_path', '照片')) x (field, word)
    union all values
    (1, given ? 'name' and private.is_blank(given ->> 'name'), 'name', 'MISSING_FIELD', '请填写姓名'),
    (2, char_length(btrim(given ->> 'name')) > 60, 'name', 'TOO_LONG', '姓名超过 60 个字'),
    (3, char_length(btrim(given ->> 'title')) > 60, 'title', 'TOO_LONG', '职务超过 60 个字'),
    (4, char_length(btrim(given ->> 'phone')) > 30, 'phone', 'TOO_LONG', '电话超过 30 个字'),
    (5, btrim(given ->> 'phone') !~ '^[0-9+() （）转-]*$', 'phone', 'BAD_VALUE', '电话只能写数字、加号、括号、横线和“转”'),
    (6, concat(given ->> 'name', given ->> 'title', given ->> 'phone') ~ '[[:cntrl:]]', 'name', 'BAD_VALUE', '姓名、职务或电话里有控制字符')
  ) f (place, hit, field, code, message)
  where f.hit
$$;
comment on function private.person_faults(jsonb) is 'What is wrong with {name, phone, title}, as errors; null when nothing is. A key left out is not looked at.';

-- RPCs -----------------------------------------------------------------------------------------------------------

create function public.appoint(p_grid int default null, p_person jsonb default null, p_position text default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp as $$
declare
  g private.my_public_grids;
  given jsonb := private.j(p_person);
  may text[];
  person uuid;
  faults jsonb;
  same record;
  held text;
  created boolean := false;
  ranks constant text[] := array['member', 'deputy', 'leader'];
begin
  select x.* into g from private.my_public_grids x where x.id = p_grid;
  if g.id is null then
    return private.refusal('grid', 'NOT_FOUND', '没有这个网格，或者它不在您的权限范围内');
  end if;
  if p_position is null or p_position not in ('leader', 'deputy', 'member', 'duty') then
    return private.refusal('position', 'BAD_VALUE', '职务应为网格长、副网格长、网格员或值班员');
  end if;
  may := private.appointable(g.id);
  if not p_position = any (may) then
    return case when may = '{}' or p_position <> 'duty'
      then private.refusal('position', 'NOT_ALLOWED',
        format('“%s”的%s由上级网格的网格长、副网格长或管理员任免', g.name, private.position_word(p_position)))
      else private.refusal('position', 'BAD_VALUE', '值班员只设在最上级网格') end;
  end if;
  if jsonb_typeof(given) is distinct from 'object' then
    return private.refusal('person', 'MISSING_FIELD', '请选择或填写人员');
  end if;
  -- two at once: the second sees whom the first appointed here, and whom it registered
  perform pg_advisory_xact_lock(72033, g.id);
  if nullif(given ->> 'user_id', '') is null then
    perform pg_advisory_xact_lock(72034, hashtext(btrim(given ->> 'name')));
  end if;

  if nullif(given ->> 'user_id', '') is not null then
    if given ->> 'user_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      select p.id into person from public.profiles p
      where p.id = (given ->> 'user_id')::uuid and (private.sees_all() or p.id = any (private.my_staff_ids()));
    end if;
    if person is null then
      return private.refusal('person', 'NOT_FOUND', '没有这个人，或者不在您的权限范围内');
    end if;
  else
    given := jsonb_build_object('name', '') || given;
    faults := private.person_faults(given);
    if faults is not null then
      return jsonb_build_object('status', 'rejected', 'errors', faults);
    end if;
    -- the same name twice is one person more often than two: who means two says so
    select p.id, p.name, p.phone into same from public.profiles p
    where p.name = btrim(given ->> 'name') and (private.sees_all() or p.id = any (private.my_staff_ids()))
      and (p.phone is not distinct from nullif(btrim(given ->> 'phone'), '') or nullif(btrim(given ->> 'phone'), '') is null or p.phone is null)
    order by p.created_at limit 1;
    if same.id is not null and coalesce(given ->> 'new', '') <> 'true' then
      return jsonb_build_object('status', 'rejected', 'errors', jsonb_build_array(jsonb_build_object('field', 'name', 'code', 'DUPLICATE_PERSON',
        'message', format('已经登记了“%s”%s，请确认是不是同一个人', same.name, coalesce('（' || same.phone || '）', '')), 'user_id', same.id)));
    end if;
  end if;

  -- one person is one of leader, deputy, member in a grid; to rise ends the lower position, to step down is a dismissal
  if person is not null and p_position = any (ranks) then
    select m.position into held from public.memberships m
    where m.user_id = person and m.grid_id = g.id and m.position = any (ranks)
    order by array_position(ranks, m.position) desc limit 1;
    if array_position(ranks, held) >= array_position(ranks, p_position) then
      return private.refusal('position', 'HOLDS_POSITION', format('此人已经是“%s”的%s', g.name, private.position_word(held))
        || case when held <> p_position then '，请先免去' else '' end);
    end if;
  end if;

  if person is null then
    insert into public.profiles (name, phone, title)
    values (btrim(given ->> 'name'), nullif(btrim(given ->> 'phone'), ''), nullif(btrim(given ->> 'title'), ''))
    returning id into person;
    created := true;
  end if;
  insert into public.memberships (user_id, grid_id, position) values (person, g.id, p_position)
  on conflict (user_id, grid_id, position) do nothing;
  if not found then
    return private.refusal('position', 'HOLDS_POSITION', format('此人已经是“%s”的%s', g.name, private.position_word(p_position)));
  end if;
  if held is not null then
    delete from public.memberships m
    where m.user_id = person and m.grid_id = g.id and m.position = any (ranks) and m.position <> p_position;
  end if;
  return jsonb_build_object('status', 'ok', 'user_id', person, 'created', created);
end $$;
comment on function public.appoint(int, jsonb, text) is
  'Gives a position (leader, deputy, member; duty at the root) in a grid. p_person: {user_id}, or {name, phone, title} of somebody new; with new: true although somebody of that name is known (DUPLICATE_PERSON names them). In force at the person''s next request. → {status: ok, user_id, created} or {status: rejected, errors}. Who may: private.appointable(). DEFINER: nobody writes memberships directly; rights are checked inside.';

create function private.position_word(post text) returns text language sql immutable set search_path = '' as $$
  select case post when 'leader' then '网格长' when 'deputy' then '副网格长' when 'member' then '网格员' when 'duty' then '值班员' end
$$;
comment on function private.position_word(text) is 'A position as people say it.';

create function public.dismiss(
  p_grid int default null, p_user uuid default null, p_position text default null, p_confirm boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp as $$
declare
  g private.my_public_grids;
  leaders int;
begin
  select x.* into g from private.my_public_grids x where x.id = p_grid;
  if g.id is null or not exists (
    select from public.memberships m where m.grid_id = g.id and m.user_id = p_user and m.position = p_position) then
    return private.refusal('person', 'NOT_FOUND', '此人没有这个职务，或者不在您的权限范围内');
  end if;
  if not p_position = any (private.appointable(g.id)) then
    return private.refusal('position', 'NOT_ALLOWED',
      format('“%s”的%s由上级网格的网格长、副网格长或管理员任免', g.name, private.position_word(p_position)));
  end if;
  if p_position = 'leader' and not coalesce(p_confirm, false) then
    -- whoever dismisses the other one at this moment is waited for
    perform from public.memberships m where m.grid_id = g.id and m.position = 'leader' for update;
    select count(*) into leaders from public.memberships m where m.grid_id = g.id and m.position = 'leader' and m.user_id <> p_user;
    if leaders = 0 then
      return private.refusal('position', 'LAST_LEADER',
        format('这是“%s”唯一的网格长，免去之后该网格没有网格长，会列入盲区', g.name));
    end if;
  end if;
  delete from public.memberships m where m.grid_id = g.id and m.user_id = p_user and m.position = p_position;
  if not found then
    return private.refusal('person', 'NOT_FOUND', '此人已经没有这个职务');
  end if;
  return jsonb_build_object('status', 'ok', 'user_id', p_user);
end $$;
comment on function public.dismiss(int, uuid, text, boolean) is
  'Takes a position back, in force at the person''s next request; the person stays known. The last leader of a grid only with p_confirm (else errors[0].code is LAST_LEADER). Who may: private.appointable(). DEFINER: nobody writes memberships directly; rights are checked inside.';

create function public.update_person(p_user uuid default null, p_fields jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp as $$
declare
  given jsonb := private.j(p_fields);
  faults jsonb;
begin
  if not private.may_change_person(p_user) then
    return case when private.sees_person(p_user)
      then private.refusal('person', 'NOT_ALLOWED', '此人的资料由能够任免其全部职务的网格长或管理员修改')
      else private.refusal('person', 'NOT_FOUND', '没有这个人，或者不在您的权限范围内') end;
  end if;
  if jsonb_typeof(given) is distinct from 'object' then
    return private.refusal('person', 'MISSING_FIELD', '没有要修改的内容');
  end if;
  faults := private.person_faults(given);
  if faults is not null then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  end if;
  if given ->> 'photo_path' is not null and not private.is_portrait_of(p_user, given ->> 'photo_path') then
    return private.refusal('photo_path', 'NOT_FOUND', '没有找到上传的照片，请重新上传');
  end if;
  update public.profiles p set
    name = case when given ? 'name' then btrim(given ->> 'name') else p.name end,
    phone = case when given ? 'phone' then nullif(btrim(given ->> 'phone'), '') else p.phone end,
    title = case when given ? 'title' then nullif(btrim(given ->> 'title'), '') else p.title end,
    photo_path = case when given ? 'photo_path' then given ->> 'photo_path' else p.photo_path end
  where p.id = p_user;
  return jsonb_build_object('status', 'ok', 'user_id', p_user);
end $$;
comment on function public.update_person(uuid, jsonb) is
  'Corrects {name, phone, title, photo_path}; a key left out stays, null empties (not the name). photo_path must name an uploaded portrait of that person. Who may: private.may_change_person(). DEFINER: only administrators write profiles directly; rights are checked inside.';

create function public.find_people(p_query text default null, p_limit int default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  words text := lower(btrim(left(p_query, 60)));
  size int := char_length(words);
  everything boolean := private.sees_all();
  people uuid[] := case when everything then null else private.my_staff_ids() end;
begin
  if coalesce(words, '') = '' then
    return '[]'::jsonb;
  end if;
  return (
    with fitting as (
      select p.*, case
          when lower(p.name) = words or p.phone = words then 0
          when left(lower(p.name), size) = words then 1
          when p.initials = words then 2
          when left(p.initials, size) = words then 3
          when position(words in lower(p.name)) > 0 then 4
          when size > 2 and position(words in p.phone) > 0 then 5
        end as fit
      from public.profiles p where everything or p.id = any (people)
    )
    select coalesce(jsonb_agg(jsonb_build_object('user_id', f.id, 'name', f.name, 'title', f.title, 'phone', f.phone,
        'photo_path', f.photo_path, 'positions', (
          select coalesce(jsonb_agg(jsonb_build_object('grid_id', g.id, 'code', g.code, 'grid', g.name, 'position', m.position)
            order by g.level, g.code), '[]')
          from public.memberships m join private.my_public_grids g on g.id = m.grid_id where m.user_id = f.id))
      order by f.fit, f.name, f.id), '[]')
    from (
      select * from fitting where fit is not null order by fit, name, id limit least(greatest(coalesce(p_limit, 12), 1), 50)) f);
end $$;
comment on function public.find_people(text, int) is
  'People whom the asker may appoint, by name, phone or pinyin initials, best first (p_limit 1..50, default 12), with the positions the asker sees. DEFINER: reads across tables; applies the scope itself.';

create function public.grid_staff(p_grid int default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
  g private.my_public_grids;
  me uuid := auth.uid();
  admin boolean := private.is_admin();
  led ltree[];
begin
  select x.* into g from private.my_public_grids x where x.id = p_grid;
  if g.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  select array_agg(r.path) into led
  from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
  where m.user_id = me and m.position in ('leader', 'deputy');
  return (
    -- the words of private.appointable() and private.may_change_person(), for a whole county at once
    with power as materialized (
      select x.id, admin or coalesce(bool_or(x.path <@ l.path and x.path <> l.path), false) as above,
        coalesce(bool_or(x.path = l.path), false) as own, x.parent_id is null as root
      from public.grids x left join unnest(led) l (path) on x.path <@ l.path
      where x.retired_at is null
      group by x.id
    ), may as materialized (
      select p.id, case when p.above then array['leader', 'deputy', 'member'] when p.own then array['member'] else '{}'::text[] end
        || case when p.root and (p.above or p.own) then array['duty'] else '{}'::text[] end as positions
      from power p
    ), held_fast as materialized (
      select m.user_id from public.memberships m join may on may.id = m.grid_id where not m.position = any (may.positions)
      union select a.user_id from public.admins a
      union select o.user_id from public.department_officers o
      union select u.user_id from public.enterprise_users u
    ), shown as materialized (
      select x.id, x.code, x.name, x.level, x.kind, x.parent_id from private.my_public_grids x where x.path <@ g.path
    ), people as (
      select m.grid_id, jsonb_agg(jsonb_build_object(
          'user_id', p.id, 'name', p.name, 'title', p.title, 'phone', p.phone, 'photo_path', p.photo_path, 'position', m.position,
          'since', m.since, 'account', u.id is not null, 'may_edit', admin or f.user_id is null)
        order by array_position(array['leader', 'deputy', 'member', 'duty'], m.position), p.name, p.id) as list
      from public.memberships m
      join shown s on s.id = m.grid_id
      join public.profiles p on p.id = m.user_id
      left join auth.users u on u.id = p.id
      left join held_fast f on f.user_id = m.user_id
      group by m.grid_id
    )
    select jsonb_build_object('status', 'ok', 'grid_id', g.id, 'admin', admin, 'grids', jsonb_agg(jsonb_build_object(
        'id', s.id, 'code', s.code, 'name', s.name, 'level', s.level, 'kind', s.kind, 'parent_id', s.parent_id,
        'may', may.positions, 'people', coalesce(people.list, '[]')) order by s.level, s.code))
    from shown s join may on may.id = s.id left join people on people.grid_id = s.id);
end $$;
comment on function public.grid_staff(int) is
  'Who holds which position in a grid and in those below it that the asker sees: {status: ok, grid_id, admin, grids: [{id, code, name, level, kind, parent_id, may: positions the asker may give there, people: [{user_id, name, title, phone, photo_path, position, since, account, may_edit}]}]}; not_found outside the scope. DEFINER: reads across tables; applies the scope itself.';

create function public.appointment_history(p_grid int default null, p_before bigint default null, p_limit int default null)
returns jsonb language plpgsql stable security definer set search_path = extensions, pg_temp
set jit = off as $$
declare
  most int := least(greatest(coalesce(p_limit, 50), 1), 200);
  below int[];
  rows jsonb;
begin
  -- retired grids too: their history is asked for by their parent
  select array_agg(b.id) into below
  from public.grids g join public.grids b on b.path <@ g.path
  where g.id = p_grid and (private.sees_all() or g.id = any (private.my_grid_ids()));
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'event', a.event, 'position', a.position, 'user_id', a.user_id,
      'person', a.person_name, 'grid_id', a.grid_id, 'grid', a.grid_name, 'effective_at', a.effective_at,
      'recorded_at', a.recorded_at, 'by', (select p.name from public.profiles p where p.id = a.changed_by)) order by a.id desc), '[]')
  into rows
  from (
    select * from public.appointments x
    where x.grid_id = any (below) and (p_before is null or x.id < p_before)
    order by x.id desc limit most) a;
  return jsonb_build_object('events', rows,
    'next', case when jsonb_array_length(rows) = most then rows -> -1 -> 'id' end);
end $$;
comment on function public.appointment_history(int, bigint, int) is
  'Appointments and dismissals in a grid of the asker''s scope and all below it, newest first: {events: [{id, event, position, user_id, person, grid_id, grid, effective_at, recorded_at, by}], next}; next is the p_before of the following page, null at the end. DEFINER: reads across tables; applies the scope itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.appoint(int, jsonb, text), public.dismiss(int, uuid, text, boolean), public.update_person(uuid, jsonb),
  public.find_people(text, int), public.grid_staff(int), public.appointment_history(int, bigint, int) from public, anon;
grant execute on function public.appoint(int, jsonb, text), public.dismiss(int, uuid, text, boolean), public.update_person(uuid, jsonb),
  public.find_people(text, int), public.grid_staff(int), public.appointment_history(int, bigint, int) to authenticated, service_role;
