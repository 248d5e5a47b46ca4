-- 批量办理: the same step for many hazards, each through the one door, each with its own answer.

create function public.advance_hazards(p_items jsonb default null, p_action text default null, p_fields jsonb default null)
returns jsonb language plpgsql security invoker set search_path = '' set jit = off as $$
declare
  items jsonb := private.j(p_items);
  shared jsonb := coalesce(nullif(private.j(p_fields), 'null'), '{}');
  begun timestamptz := clock_timestamp();
  item record;
  answer jsonb;
  rows jsonb := '[]'::jsonb;
begin
  if jsonb_typeof(items) is distinct from 'array' or jsonb_typeof(shared) <> 'object' then
    return jsonb_build_object('status', 'rejected', 'rows', rows, 'errors',
      jsonb_build_array(jsonb_build_object('field', 'items', 'code', 'BAD_VALUE', 'message', '隐患应为数组，填写的内容应为对象')));
  elsif jsonb_array_length(items) > 500 then
    return jsonb_build_object('status', 'rejected', 'rows', rows, 'errors',
      jsonb_build_array(jsonb_build_object('field', 'items', 'code', 'TOO_LONG', 'message', '一次最多 500 条隐患')));
  elsif p_action is null or p_action not in ('verify', 'assign', 'reject', 'pass') then
    return jsonb_build_object('status', 'rejected', 'rows', rows, 'errors',
      jsonb_build_array(jsonb_build_object('field', 'action', 'code', 'BAD_VALUE', 'message', '这一步不能批量办理')));
  end if;
  -- in the order of their ids, so that two people at the same rows wait for each other but never for ever
  for item in
    select x.value as given, x.value ->> 'id' as id, x.nth
    from jsonb_array_elements(items) with ordinality x (value, nth) order by x.value ->> 'id', x.nth
  loop
    if jsonb_typeof(item.given) <> 'object' or item.id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' is not false
      or item.given ->> 'version' !~ '^[0-9]{1,9}$' is not false then
      answer := jsonb_build_object('status', 'rejected', 'reasons',
        jsonb_build_array(jsonb_build_object('field', 'id', 'code', 'BAD_VALUE', 'message', '没有这条隐患')));
    elsif clock_timestamp() > begun + interval '4 seconds' then
      -- a statement that takes too long would be cancelled, and with it all that was done
      answer := '{"status": "unfinished", "reasons": []}';
    else
      begin
        answer := public.advance_hazard(item.id::uuid, (item.given ->> 'version')::int, p_action,
          shared || case when jsonb_typeof(item.given -> 'fields') = 'object' then item.given -> 'fields' else '{}' end
            || case when item.given ? 'event_id' then jsonb_build_object('event_id', item.given -> 'event_id') else '{}' end);
      exception when others then
        answer := jsonb_build_object('status', 'failed', 'reasons',
          jsonb_build_array(jsonb_build_object('field', null, 'code', sqlstate, 'message', '这一条没有办成，请单独办理')));
      end;
    end if;
    rows := rows || jsonb_build_object('nth', item.nth, 'id', item.id, 'status', answer -> 'status',
      'state', answer -> 'hazard' -> 'state', 'version', answer -> 'hazard' -> 'version', 'reasons', answer -> 'reasons');
  end loop;
  return jsonb_build_object('status', 'ok', 'rows', (
    select coalesce(jsonb_agg(r order by (r ->> 'nth')::int), '[]') from jsonb_array_elements(rows) r));
end $$;
comment on function public.advance_hazards(jsonb, text, jsonb) is
  'One step for many hazards: p_items [{id, version, event_id? (made by the client: sent twice is once), fields? (of this one, over p_fields)}], at most 500; p_action verify, reject, assign or pass with the fields of advance_hazard(), which decides about each one as if it were alone. → {status: ok, rows: [{id, status: ok | rejected | conflict | failed | unfinished (time ran out: send it again), state, version, reasons}]} in the order sent; what is done stays done whatever becomes of the others.';

create function public.bulk_candidates(p_hazards jsonb default null) returns jsonb language plpgsql stable security definer
set search_path = '' set jit = off as $$
declare
  given jsonb := private.j(p_hazards);
  ids uuid[];
  may uuid[];
begin
  if jsonb_typeof(given) is distinct from 'array' or jsonb_array_length(given) > 500 then
    return private.refusal('hazards', 'BAD_VALUE', '隐患应为数组，一次最多 500 条');
  end if;
  select coalesce(array_agg(distinct private.read_uuid(x)), '{}') into ids
  from jsonb_array_elements_text(given) x where private.read_uuid(x) is not null;
  select coalesce(array_agg(h.id), '{}') into may
  from public.hazards h
  where h.id = any (ids) and exists (select from private.my_hazards m where m.id = h.id)
    and private.step_state_refusal(h, 'assign') is null
    and private.step_refusal(h, 'assign', private.my_capacity(h.grid_id, h.sector_id, h.enterprise_id)) is null;
  return (
    with candidate as materialized (
      select h.id, c.user_id, c.role, c.rank
      from public.hazards h cross join lateral private.hazard_candidates_of(h) c
      where h.id = any (may)
    ), nearest as (
      select distinct on (c.id) c.id, c.user_id from candidate c where c.rank between 1 and 199 and exists (
        select from public.hazards h join public.memberships m on m.grid_id = h.grid_id and m.position = 'leader'
        where h.id = c.id and m.user_id = c.user_id)
      order by c.id, c.rank, c.user_id
    ), firm as (
      select distinct on (c.id) c.id, c.user_id from candidate c where c.rank = 0 order by c.id, c.user_id
    )
    select jsonb_build_object('status', 'ok', 'assignable', cardinality(may), 'asked', cardinality(ids),
      'today', private.today(),
      'people', (
        select coalesce(jsonb_agg(jsonb_build_object('user_id', p.id, 'name', p.name, 'role', x.role, 'title', p.title, 'phone', p.phone,
          'fits', x.fits) order by x.fits desc, x.rank, p.name, p.id), '[]')
        from (
          select c.user_id, count(*) as fits, min(c.rank) as rank, (array_agg(c.role order by c.rank))[1] as role
          from candidate c group by c.user_id) x
        join public.profiles p on p.id = x.user_id),
      'nearest', (select coalesce(jsonb_object_agg(n.id, n.user_id), '{}') from nearest n),
      'firm', (select coalesce(jsonb_object_agg(n.id, n.user_id), '{}') from firm n)));
end $$;
comment on function public.bulk_candidates(jsonb) is
  'For assigning many hazards (array of ids, at most 500): {status: ok, asked, assignable (how many the asker may assign now), today, people: [{user_id, name, role, title, phone, fits (for how many of them)}], nearest: {hazard: leader of its grid}, firm: {hazard: a user of its enterprise}}. DEFINER: names people the asker need not see otherwise; applies scope and right itself.';

revoke execute on all functions in schema private from public;
revoke execute on function public.advance_hazards(jsonb, text, jsonb), public.bulk_candidates(jsonb) from public, anon;
grant execute on function public.advance_hazards(jsonb, text, jsonb), public.bulk_candidates(jsonb) to authenticated, service_role;
