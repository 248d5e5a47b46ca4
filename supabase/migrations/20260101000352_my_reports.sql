-- 我的上报: what somebody reported and what became of it, for their phone.

create function public.my_reports(p_limit int default null) returns jsonb language plpgsql stable security definer
set search_path = '' set jit = off as $$
declare
  uid uuid := (select auth.uid());
begin
  -- rights taken away take this with them
  if uid is null or not (private.sees_all() or private.my_public_grid_ids() <> '{}' or private.my_enterprise_ids() <> '{}') then
    return '[]'::jsonb;
  end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', h.id, 'client_id', h.client_id, 'code', h.code, 'title', h.title,
        'severity', h.severity, 'state', h.state, 'sector', s.name, 'grid', g.name, 'found_at', h.found_at, 'due_at', h.due_at,
        'photos', jsonb_array_length(h.photos), 'visible', exists (select from private.my_hazards m where m.id = h.id)) order by h.created_at desc, h.id)
    from (
      select x.* from public.hazards x where x.reported_by = uid
      order by x.created_at desc, x.id
      limit least(greatest(coalesce(p_limit, 50), 1), 200)) h
    left join public.sectors s on s.id = h.sector_id
    left join private.my_public_grids g on g.id = h.grid_id), '[]');
end $$;
comment on function public.my_reports(int) is
  'The hazards that the asker reported, the newest first (p_limit 1..200, default 50): [{id, client_id, code, title, severity, state, sector, grid, found_at, due_at, photos (how many), visible (within the scope: there is a page to open)}]. Also those just over the border of one''s grids, in brief: who said it may follow it. DEFINER: for these; nobody sees the reports of others by it.';

revoke execute on function public.my_reports(int) from public, anon;
grant execute on function public.my_reports(int) to authenticated, service_role;
