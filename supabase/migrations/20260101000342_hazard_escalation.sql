-- 逾期升级: past its time and not done, a hazard calls upon the next grid up, and after each further term the one above that.

create function private.escalation_grid(h public.hazards, moment timestamptz) returns int language plpgsql stable set search_path = '' as $$
declare
  up int[] := (select string_to_array(g.path::text, '.')::int[] from public.grids g where g.id = h.grid_id);
  today date := (moment at time zone 'Asia/Shanghai')::date;
  last date := (h.due_at at time zone 'Asia/Shanghai')::date;
  steps int := 1;
begin
  if up is null then
    return (select g.id from public.grids g where g.parent_id is null and g.retired_at is null);
  end if;
  loop
    last := private.term_day('escalate', h.severity, last);
    exit when last is null or last >= today or steps >= cardinality(up);
    steps := steps + 1;
  end loop;
  return up[greatest(cardinality(up) - steps, 1)];
end $$;
comment on function private.escalation_grid(public.hazards, timestamptz) is
  'Which grid an overdue hazard calls upon at a moment: its parent, one further up for each term escalate that has passed since, at last the root.';

create function private.escalate_until(moment timestamptz) returns int language plpgsql security definer set search_path = '' as $$
declare
  h public.hazards;
  target int;
  done int := 0;
begin
  -- one sweep at a time, and nobody waits for it
  if not pg_try_advisory_xact_lock(hashtext('safegrid.escalate')) then
    return 0;
  end if;
  for h in
    select x.* from public.hazards x
    where x.state not in ('closed', 'rejected') and x.due_at < moment
      and x.escalated_to is distinct from (select g.id from public.grids g where g.parent_id is null and g.retired_at is null)
    order by x.due_at limit 1000
    for update skip locked
  loop
    target := private.escalation_grid(h, moment);
    if target is not null and target is distinct from h.escalated_to then
      perform private.write_step(h, 'escalate', jsonb_build_object('escalated_to', target), moment, null, '{}', null);
      done := done + 1;
    end if;
  end loop;
  return done;
end $$;
comment on function private.escalate_until(timestamptz) is
  'Escalates what is overdue at a moment; gives back how many. DEFINER: the system acts, in nobody''s name.';

create function public.escalate_overdue() returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  done int := private.escalate_until(clock_timestamp());
begin
  -- how many in the whole county is for those who see it
  return jsonb_build_object('status', 'ok', 'escalated', case when private.sees_all() then done end);
end $$;
comment on function public.escalate_overdue() is
  'Lets every overdue hazard call upon the grid it should by now; called by a clock (pg_cron, the local server) or by whoever looks: the answer depends on the time alone, a second call does nothing. DEFINER: the system acts, in nobody''s name.';

revoke execute on all functions in schema private from public;
revoke execute on function public.escalate_overdue() from public, anon;
grant execute on function public.escalate_overdue() to authenticated, service_role;
