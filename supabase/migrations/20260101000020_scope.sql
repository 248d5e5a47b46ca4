-- Who may see what, decided from tables at every request: admins, memberships, department_officers, enterprise_users.
-- Never from claims of the token, so a right removed is gone at the next request.
-- All are STABLE and take no argument: policies call them as (select private.f()), once per statement.
-- plpgsql, because the tables are made by later files.

create function private.is_service() returns boolean language sql stable security definer set search_path = '' as $$
  -- current_setting('role') survives SECURITY DEFINER; 'none' with the owner's own session is a direct connection.
  select current_setting('role', true) = 'service_role'
      or (coalesce(current_setting('role', true), 'none') = 'none' and session_user = current_user)
$$;
comment on function private.is_service() is 'Whether the service key, or the owner of the database, is asking.';

create function private.is_admin() returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return private.is_service() or exists (select from public.admins a where a.user_id = (select auth.uid()));
end $$;
comment on function private.is_admin() is 'Whether an administrator (or the service key) is asking.';

create function private.sees_all() returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return private.is_admin() or exists (
    select from public.memberships m join public.grids g on g.id = m.grid_id
    where m.user_id = (select auth.uid()) and g.parent_id is null and g.retired_at is null);
end $$;
comment on function private.sees_all() is
  'Whether the asker''s scope is everything: an administrator, or anyone with a position in the root grid. Spares them the comparison with thousands of ids.';

create function private.my_grid_ids() returns int[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return coalesce((
    select array_agg(distinct g.id)
    from public.memberships m
    join public.grids r on r.id = m.grid_id and r.retired_at is null
    join public.grids g on g.path <@ r.path
    where m.user_id = (select auth.uid())), '{}');
end $$;
comment on function private.my_grid_ids() is 'Ids of the grids whose records the asker sees by position: the subtree of every grid of theirs.';

create function private.my_sector_ids() returns int[] language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((
    select array_agg(distinct s.id)
    from public.department_officers o
    join public.departments d on d.id = o.department_id
    join public.grids g on g.id = d.grid_id and g.parent_id is null
    join public.sectors s on s.department_id = d.id
    where o.user_id = (select auth.uid())), '{}');
end $$;
comment on function private.my_sector_ids() is
  'Sectors that the asker, as officer of a department at the root, sees everywhere. Departments below the root: my_sector_grids().';

create function private.sector_grid(sector int, grid int) returns bigint language sql immutable parallel safe
set search_path = '' as $$ select (sector::bigint << 32) | grid $$;
comment on function private.sector_grid(int, int) is 'A sector in a grid as one number, so that both are compared together.';

create function private.my_sector_grids() returns bigint[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return coalesce((
    select array_agg(distinct private.sector_grid(s.id, g.id))
    from public.department_officers o
    join public.departments d on d.id = o.department_id
    join public.grids r on r.id = d.grid_id and r.parent_id is not null
    join public.grids g on g.path <@ r.path
    join public.sectors s on s.department_id = d.id
    where o.user_id = (select auth.uid())), '{}');
end $$;
comment on function private.my_sector_grids() is 'Pairs sector × grid that the asker sees as officer of a department below the root.';

create function private.my_enterprise_ids() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((
    select array_agg(u.enterprise_id) from public.enterprise_users u where u.user_id = (select auth.uid())), '{}');
end $$;
comment on function private.my_enterprise_ids() is 'Enterprises that the asker is a user of.';

create function private.my_public_grid_ids() returns int[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return coalesce((
    select array_agg(distinct g.id)
    from (
      select r.path, true as below from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
      where m.user_id = (select auth.uid())
      union all
      select r.path, true from public.department_officers o
      join public.departments d on d.id = o.department_id join public.grids r on r.id = d.grid_id
      where o.user_id = (select auth.uid())
      union all
      select r.path, false from public.enterprise_users u
      join public.enterprises e on e.id = u.enterprise_id join public.grids r on r.id = e.grid_id
      where u.user_id = (select auth.uid())
    ) mine
    join public.grids g on mine.path <@ g.path or (mine.below and g.path <@ mine.path)), '{}');
end $$;
comment on function private.my_public_grid_ids() is
  'Ids of the grids whose public card (outline, names, phones) the asker sees: their subtree, their department''s grids, the grids of their enterprise, and all of these up the tree.';

create function private.my_people_ids() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
declare
  grid_ids int[] := private.my_public_grid_ids();
begin
  return coalesce((
    select array_agg(distinct p.user_id) from (
      select (select auth.uid()) as user_id
      union all
      select m.user_id from public.memberships m where m.grid_id = any (grid_ids)
      union all
      select o.user_id from public.department_officers o where cardinality(grid_ids) > 0
    ) p where p.user_id is not null), '{}');
end $$;
comment on function private.my_people_ids() is
  'People the asker may look up: oneself, everyone who answers for a grid one can see, and the department officers.';

revoke execute on all functions in schema private from public;
grant execute on all functions in schema private to service_role;
grant execute on function private.is_service(), private.is_admin(), private.sees_all(), private.my_grid_ids(),
  private.my_sector_ids(), private.sector_grid(int, int), private.my_sector_grids(), private.my_enterprise_ids(),
  private.my_public_grid_ids(), private.my_people_ids(), private.j(jsonb) to authenticated;
