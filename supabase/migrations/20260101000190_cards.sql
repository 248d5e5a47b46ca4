-- What one click on the map opens. Out of scope is answered like not there.

create function public.grid_card(p_grid int default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp
set jit = off as $$
declare
  g private.my_public_grids;
  r record;
  e record;
  h record;
  f private.ledger_filter;
  outside int := 0;
begin
  select x.* into g from private.my_public_grids x where x.id = p_grid;
  if g.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  f := private.read_filter(jsonb_build_object('grid', g.id));
  select count(*) as n, count(*) filter (where x.level = 1) as red, count(*) filter (where x.level = 2) as orange,
    count(*) filter (where x.level = 3) as yellow, count(*) filter (where x.level = 4) as blue,
    count(*) filter (where x.level = 0) as unassessed
  into e from private.enterprise_hits(f) x;
  select count(*) as n, count(*) filter (where x.level = 1) as major, count(*) filter (where x.overdue) as overdue
  into h from private.hazard_hits(f) x;
  if g.parent_id is null then
    f.unclaimed := true;
    select count(*) into outside from private.enterprise_hits(f);
  end if;
  select x.index, x.level into r from private.risk_on(null, null, null, g.id) x;

  return jsonb_build_object(
    'id', g.id, 'code', g.code, 'name', g.name, 'level', g.level, 'kind', g.kind, 'parent_id', g.parent_id, 'version', g.version,
    'area_m2', round(g.area_m2), 'population', g.population, 'bbox', private.bbox(g.boundary),
    'breadcrumb', private.breadcrumb(g.id),
    'siblings', (
      select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name) order by s.code), '[]')
      from private.my_public_grids s where s.parent_id = g.parent_id and s.id <> g.id),
    'children', (select count(*) from private.my_public_grids c where c.parent_id = g.id),
    'people', private.grid_people(g.id),
    'responsible', private.territorial_line(g.id),
    'counts', jsonb_build_object('enterprises', e.n, 'red', e.red, 'orange', e.orange, 'yellow', e.yellow, 'blue', e.blue,
      'unassessed', e.unassessed, 'hazards_open', h.n, 'hazards_major', h.major, 'hazards_overdue', h.overdue, 'unclaimed', outside),
    'risk', jsonb_build_object('index', r.index, 'level', coalesce(r.level, 0)));
end $$;
comment on function public.grid_card(int) is
  'A grid, its people, who answers up the tree, and its figures. Every figure counts what the asker may see and equals the list of the same filter: {grid}, {grid, level: [n]}, {grid, severity: major}, {grid, overdue: true}, {grid, unclaimed: true} (root only: what no grid claims). risk.index is null for a grid the asker does not see whole. DEFINER: ledger read; applies the scope itself.';

create function public.enterprise_card(p_enterprise uuid default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp
set jit = off as $$
declare
  e private.my_enterprises;
begin
  select x.* into e from private.my_enterprises x where x.id = p_enterprise;
  if e.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return to_jsonb(e) - 'location' - 'initials' || jsonb_build_object(
    'lon', round(ST_X(e.location) * 1e6) / 1e6, 'lat', round(ST_Y(e.location) * 1e6) / 1e6,
    'sector', private.sector_card(e.sector_id), 'breadcrumb', private.breadcrumb(e.grid_id),
    'responsible', jsonb_build_object(
      'territorial', private.territorial_line(e.grid_id), 'industry', private.industry_line(e.sector_id)),
    'risk_points', (
      select jsonb_build_object('count', count(*), 'rows', coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'name', r.name, 'method', r.method, 'score', r.score, 'level', r.level, 'responsible', r.responsible,
        'measures', (select coalesce(jsonb_agg(m.content order by m.no), '[]') from public.risk_measures m where m.risk_point_id = r.id)) order by r.level, r.score desc, r.name), '[]'))
      from public.risk_points r where r.enterprise_id = e.id),
    'hazards', (
      select jsonb_build_object('count', (
          select count(*) from private.my_hazards o where o.enterprise_id = e.id and o.state not in ('closed', 'rejected')),
        'rows', coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'code', h.code, 'title', h.title, 'severity', h.severity,
          'state', h.state, 'found_at', h.found_at, 'due_at', h.due_at, 'overdue', coalesce(h.due_at < now(), false))
          order by h.severity = 'major' desc, h.found_at desc), '[]'))
      from (
        select o.* from private.my_hazards o where o.enterprise_id = e.id and o.state not in ('closed', 'rejected')
        order by o.severity = 'major' desc, o.found_at desc limit 20) h));
end $$;
comment on function public.enterprise_card(uuid) is
  'An enterprise with its sector, its place in the tree, both lines of responsibility, its risk points and open hazards (at most 20 shown, count is of all). DEFINER: gathers from tables the asker need not read; applies the scope itself.';

create function public.hazard_card(p_hazard uuid default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp
set jit = off as $$
declare
  h private.my_hazards;
begin
  select x.* into h from private.my_hazards x where x.id = p_hazard;
  if h.id is null then
    return jsonb_build_object('status', 'not_found');
  end if;
  return to_jsonb(h) - 'location' - 'is_open' - 'is_overdue' || jsonb_build_object(
    'lon', round(ST_X(h.location) * 1e6) / 1e6, 'lat', round(ST_Y(h.location) * 1e6) / 1e6, 'overdue', h.is_overdue,
    'level', case h.severity when 'major' then 1 else 3 end,
    'reported_by_name', (select p.name from public.profiles p where p.id = h.reported_by),
    'verified_by_name', (select p.name from public.profiles p where p.id = h.verified_by),
    'assigned_to_name', (select p.name from public.profiles p where p.id = h.assigned_to),
    'assigned_by_name', (select p.name from public.profiles p where p.id = h.assigned_by),
    'rectifier_name', (select p.name from public.profiles p where p.id = h.rectifier),
    'reviewer_name', (select p.name from public.profiles p where p.id = h.reviewer),
    'extension_asked_by_name', (select p.name from public.profiles p where p.id = h.extension_asked_by),
    'escalated_to_name', (select g.name from public.grids g where g.id = h.escalated_to),
    'steps', private.hazard_steps(h.id),
    'clocks', (select private.hazard_clocks(x) from public.hazards x where x.id = h.id),
    'sector', private.sector_card(h.sector_id),
    'category', (select jsonb_build_object('id', k.id, 'name', k.name) from public.hazard_categories k where k.id = h.category_id),
    'enterprise', (select jsonb_build_object('id', e.id, 'name', e.name) from public.enterprises e where e.id = h.enterprise_id),
    'breadcrumb', private.breadcrumb(h.grid_id),
    'responsible', jsonb_build_object(
      'territorial', private.territorial_line(h.grid_id), 'industry', private.industry_line(h.sector_id)));
end $$;
comment on function public.hazard_card(uuid) is
  'A hazard with the names of its people, sector, category, enterprise, place in the tree, both lines of responsibility, the steps that the asker may take (steps) and the terms that run (clocks). DEFINER: gathers from tables the asker need not read; applies the scope itself.';

revoke execute on function public.grid_card(int), public.enterprise_card(uuid), public.hazard_card(uuid) from public, anon;
grant execute on function public.grid_card(int), public.enterprise_card(uuid), public.hazard_card(uuid) to authenticated, service_role;
