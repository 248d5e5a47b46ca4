-- What becomes of the people of a grid that is retired: their position ends with it, or goes to another grid.

create function private.people_of_retired(work private.grid_change[], out change int, out user_id uuid, out from_name text, out "position" text,
  out to_id int, out to_code text, out to_name text, out held text, out becomes text)
returns setof record language plpgsql stable security definer set search_path = '' as $$
declare
  ranks constant text[] := array['member', 'deputy', 'leader'];
begin
  return query
  with own as (
    select w.change, w.name, m.id as membership, m.user_id, m.position, m.since, t.id as to_id, t.code as to_code, t.name as to_name,
      exists (select from public.memberships l where l.grid_id = t.id and l.position = 'leader') as led
    from unnest(work) w
    join public.memberships m on m.grid_id = w.id and m.position = any (ranks)
    left join public.grids t on t.retired_at is null and (t.id = w.members_to or w.members_to is null and t.code = w.members_to_code)
    where w.retire
  ), wished as (
    -- a grid that is led keeps its leader: who led what goes into it is their deputy; of several leaders one leads
    select o.*, case when o.position = 'leader' and (o.led
        or row_number() over (partition by o.to_id, o.position order by o.since, o.membership) > 1) then 'deputy' else o.position end as wish
    from own o
  ), best as (
    -- who comes from two grids comes once, with the higher of both positions
    select x.*, row_number() over (partition by x.to_id, x.user_id order by array_position(ranks, x.wish) desc, x.change) as nth from wished x
  ), there as (
    select b.*, (select h.position from public.memberships h where h.grid_id = b.to_id and h.user_id = b.user_id and h.position = any (ranks)
      order by array_position(ranks, h.position) desc limit 1) as has
    from best b
  )
  select t.change, t.user_id, t.name, t.position, t.to_id, t.to_code, t.to_name, t.has,
    case when t.nth = 1 and array_position(ranks, t.wish) > coalesce(array_position(ranks, t.has), 0) then t.wish end
  from there t where t.to_id is not null
  union all
  select t.change, t.user_id, t.name, t.position, null, null, null, null, null from there t where t.to_id is null
  order by 1, 2;
end $$;
comment on function private.people_of_retired(private.grid_change[]) is
  'Everyone with a position in a grid that is retired, and what follows: becomes is the position they get in the grid that members_to names (null: they hold as much there already, or come from another grid too); to_id null: the position ends. Members stay members, deputies deputies; a leader leads where nobody does, else is deputy. Read it after the change is written and before anybody is moved. DEFINER: reads the tables of rights.';

create function private.people_faults(work private.grid_change[]) returns jsonb language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from unnest(work) w where w.members_to is not null or w.members_to_code is not null) then
    return '[]'::jsonb;
  end if;
  return (
    select coalesce(jsonb_agg(private.violation(f.code, f.message, f.change, f.id, f.grid_code) order by f.change), '[]')
    from (
      select w.change, w.id, w.code as grid_code, case when t.id is null then 'NOT_FOUND' else 'NOT_ALLOWED' end as code,
        case when t.id is null then format('“%s”的人员要转到的网格不存在：%s', w.name, left(coalesce(w.members_to::text, w.members_to_code), 40))
          else format('无权把“%s”的人员转到“%s”：须由“%s”上级网格的网格长、副网格长或管理员任免', w.name, t.name, t.name) end as message
      from unnest(work) w
      -- what the asker cannot see is not there
      left join private.my_public_grids t on t.id <> w.id and t.retired_at is null
        and (t.id = w.members_to or w.members_to is null and t.code = w.members_to_code)
      where w.retire and (w.members_to is not null or w.members_to_code is not null)
        and (t.id is null or not 'leader' = any (private.appointable(t.id)))) f);
end $$;
comment on function private.people_faults(private.grid_change[]) is
  'Where people shall go that nobody sees, or whose leader the asker may not appoint: giving them over is an appointment.';

create function private.move_people(work private.grid_change[]) returns jsonb language plpgsql volatile security definer
set search_path = '' as $$
declare
  plan jsonb;
  key int;
begin
  if not exists (select from unnest(work) w where w.retire) then
    return '[]'::jsonb;
  end if;
  for key in select distinct g.id from unnest(work) w
    join public.grids g on g.id = w.members_to or w.members_to is null and g.code = w.members_to_code
    where w.retire order by 1 loop
    -- as appoint() does: nobody is appointed there meanwhile
    perform pg_advisory_xact_lock(72033, key);
  end loop;
  select coalesce(jsonb_agg(jsonb_build_object('user_id', r.user_id, 'name', p.name, 'from', r.from_name, 'position', r.position,
    'to_id', r.to_id, 'to_code', r.to_code, 'to', r.to_name, 'held', r.held, 'becomes', r.becomes) order by r.change, p.name, p.id), '[]')
  into plan
  from private.people_of_retired(work) r join public.profiles p on p.id = r.user_id;

  insert into public.memberships (user_id, grid_id, position)
  select (x ->> 'user_id')::uuid, (x ->> 'to_id')::int, x ->> 'becomes' from jsonb_array_elements(plan) x where x ->> 'becomes' is not null
  on conflict (user_id, grid_id, position) do nothing;
  -- to rise ends the lower position
  delete from public.memberships m using jsonb_array_elements(plan) x
  where m.user_id = (x ->> 'user_id')::uuid and m.grid_id = (x ->> 'to_id')::int and m.position = x ->> 'held' and x ->> 'becomes' is not null;
  delete from public.memberships m using unnest(work) w where w.retire and m.grid_id = w.id;
  return plan;
end $$;
comment on function private.move_people(private.grid_change[]) is
  'Gives the people of retired grids over to where members_to says, and ends what they held. Returns what became of each: {user_id, name, from, position, to_id, to_code, to, held, becomes}, see people_of_retired(). The history of appointments follows by trigger. DEFINER: nobody writes memberships directly.';

revoke execute on all functions in schema private from public;
