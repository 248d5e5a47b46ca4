-- All that the interface needs at the start, in one request.

create function public.me() returns jsonb language plpgsql stable
set search_path = extensions, pg_temp
set jit = off as $$
declare
  uid uuid := auth.uid();
  admin boolean := private.is_admin();
  positions jsonb;
  departments jsonb;
  enterprises jsonb;
  roots ltree[];
  root jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('grid_id', g.id, 'code', g.code, 'name', g.name, 'level', g.level,
      'position', m.position) order by g.level, array_position(array['leader', 'deputy', 'member', 'duty'], m.position), g.code), '[]'),
    array_agg(g.path)
  into positions, roots
  from public.memberships m join public.grids g on g.id = m.grid_id
  where m.user_id = uid and g.retired_at is null;

  select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name, 'grid_id', d.grid_id, 'sectors', coalesce(
      (select jsonb_agg(s.id order by s.sort, s.id) from public.sectors s where s.department_id = d.id), '[]')) order by d.name), '[]'),
    roots || array_agg(g.path)
  into departments, roots
  from public.department_officers o
  join public.departments d on d.id = o.department_id
  join public.grids g on g.id = d.grid_id
  where o.user_id = uid;

  select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'grid_id', e.grid_id) order by e.name, e.id), '[]'),
    roots || array_agg(g.path) filter (where g.path is not null)
  into enterprises, roots
  from public.enterprise_users u
  join public.enterprises e on e.id = u.enterprise_id
  left join public.grids g on g.id = e.grid_id
  where u.user_id = uid;

  -- the smallest grid that holds all of it
  select jsonb_build_object('grid_id', g.id, 'code', g.code, 'name', g.name, 'level', g.level, 'bbox', private.bbox(g.boundary))
  into root
  from public.grids g
  where g.retired_at is null
    and case when admin then g.parent_id is null
      else cardinality(roots) > 0 and not exists (select from unnest(roots) r (path) where not r.path <@ g.path) end
  order by g.level desc
  limit 1;

  return (
    select jsonb_build_object(
      'user_id', uid, 'name', p.name, 'title', p.title, 'phone', p.phone, 'photo_path', p.photo_path, 'admin', admin,
      'positions', positions, 'departments', departments, 'enterprises', enterprises, 'root', root,
      'sectors', coalesce((
        select jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name,
          'department_id', s.department_id, 'department', d.name) order by s.sort, s.id)
        from public.sectors s left join public.departments d on d.id = s.department_id), '[]'),
      'categories', coalesce((
        select jsonb_agg(jsonb_build_object('id', k.id, 'code', k.code, 'name', k.name, 'retired', k.retired_at is not null)
          order by k.sort, k.id)
        from public.hazard_categories k), '[]'),
      'settings', (
        select coalesce(jsonb_object_agg(s.key, s.value), '{}') from public.settings s
        where s.key in ('bounds', 'demo', 'county_name')),
      'scope_version', left(md5(concat_ws('|', uid, admin, positions, departments, enterprises)), 12))
    from (select uid as id) me left join public.profiles p on p.id = me.id);
end $$;
comment on function public.me() is
  'The person who asks: name, positions, departments, enterprises, the smallest grid that holds all of the scope (bbox in degrees), sectors, categories of hazards and settings. Without any right: empty lists and root null. scope_version changes with every change of rights.';

create function private.bbox(shape extensions.geometry) returns jsonb language sql immutable
set search_path = extensions, pg_temp as $$
  select case when shape is not null then jsonb_build_array(
    round(ST_XMin(shape) * 1e6) / 1e6, round(ST_YMin(shape) * 1e6) / 1e6,
    round(ST_XMax(shape) * 1e6) / 1e6, round(ST_YMax(shape) * 1e6) / 1e6) end
$$;
comment on function private.bbox(extensions.geometry) is '[west, south, east, north] in degrees, 6 decimals.';
revoke execute on function private.bbox(extensions.geometry) from public;
grant execute on function private.bbox(extensions.geometry) to authenticated, service_role;
revoke execute on function public.me() from public, anon;
grant execute on function public.me() to authenticated, service_role;
