-- 采集、确认: who looked at the basic data of an enterprise and said that they are right, and what changed since.

create table public.enterprise_changes (
  id bigint generated always as identity primary key,
  enterprise_id uuid not null,
  fields jsonb not null,
  changed_by uuid,
  at timestamptz not null default now()
);
comment on table public.enterprise_changes is
  'Every change of the basic data of an enterprise: fields {name of the column: [old, new]} as text, location as "lon,lat". Written by trigger only, thousands of rows at once: no foreign keys.';
create index enterprise_changes_enterprise_id_idx on public.enterprise_changes (enterprise_id, id);

create table public.enterprise_confirmations (
  id bigint generated always as identity primary key,
  enterprise_id uuid not null references public.enterprises (id) on delete cascade,
  confirmed_by uuid references public.profiles (id),
  confirmed_at timestamptz not null default now(),
  last_change bigint not null default 0,
  corrected jsonb not null default '{}'
);
comment on table public.enterprise_confirmations is '确认 of the basic data of an enterprise, through confirm_enterprise().';
comment on column public.enterprise_confirmations.last_change is 'The newest enterprise_changes.id that was known then: what comes after is not confirmed.';
comment on column public.enterprise_confirmations.corrected is 'What was corrected in the same step, {field: [old, new]}.';
create index enterprise_confirmations_enterprise_id_idx on public.enterprise_confirmations (enterprise_id, confirmed_at desc);
create index enterprise_confirmations_confirmed_by_idx on public.enterprise_confirmations (confirmed_by);

alter table public.enterprise_changes enable row level security;
alter table public.enterprise_confirmations enable row level security;
revoke all on public.enterprise_changes, public.enterprise_confirmations from anon, authenticated;
revoke update, delete, truncate on public.enterprise_changes, public.enterprise_confirmations from service_role;
grant select on public.enterprise_changes, public.enterprise_confirmations to authenticated;
create policy "Who sees an enterprise sees what changed" on public.enterprise_changes
  for select to authenticated
  using ((select private.sees_all()) or enterprise_id in (select e.id from public.enterprises e));
create policy "Who sees an enterprise sees who confirmed it" on public.enterprise_confirmations
  for select to authenticated
  using ((select private.sees_all()) or enterprise_id in (select e.id from public.enterprises e));

create function private.place_word(place extensions.geometry) returns text language sql immutable set search_path = extensions, pg_temp as $$
  select round(ST_X(place)::numeric, 6) || ',' || round(ST_Y(place)::numeric, 6)
$$;
comment on function private.place_word(extensions.geometry) is 'A point as "lon,lat", six decimals.';

create function private.log_enterprise_changes() returns trigger language plpgsql security definer set search_path = extensions, pg_temp as $$
begin
  insert into public.enterprise_changes (enterprise_id, fields, changed_by)
  select n.id, f.fields, w.id
  from after_change n join before_change o on o.id = n.id
  cross join lateral (
    select jsonb_object_agg(v.field, jsonb_build_array(v.old, v.new)) as fields
    from (values ('code', o.code, n.code), ('name', o.name, n.name), ('sector_id', o.sector_id::text, n.sector_id::text), ('address', o.address, n.address),
      ('scale', o.scale, n.scale), ('legal_rep', o.legal_rep, n.legal_rep), ('phone', o.phone, n.phone),
      ('safety_lead', o.safety_lead, n.safety_lead), ('safety_phone', o.safety_phone, n.safety_phone),
      ('employees', o.employees::text, n.employees::text), ('licence_expiry', o.licence_expiry::text, n.licence_expiry::text),
      ('status', o.status, n.status), ('location', private.place_word(o.location), private.place_word(n.location))) v (field, old, new)
    where v.old is distinct from v.new) f
  left join public.profiles w on w.id = (select auth.uid())
  -- a level, a grid, a version: most updates change nothing that anybody confirms
  where (n.code, n.name, n.sector_id, n.address, n.scale, n.legal_rep, n.phone, n.safety_lead, n.safety_phone, n.employees, n.licence_expiry, n.status)
      is distinct from (o.code, o.name, o.sector_id, o.address, o.scale, o.legal_rep, o.phone, o.safety_lead, o.safety_phone, o.employees, o.licence_expiry, o.status)
    or n.location is distinct from o.location;
  return null;
end $$;
comment on function private.log_enterprise_changes() is 'Keeps the history of basic data. DEFINER: nobody else writes it.';
create trigger log_fields after update on public.enterprises referencing old table as before_change new table as after_change
  for each statement execute function private.log_enterprise_changes();

create function private.field_word(field text, value text) returns text language sql stable set search_path = '' as $$
  select case field when 'sector_id' then coalesce((select s.name from public.sectors s where s.id::text = value), value) else value end
$$;
comment on function private.field_word(text, text) is 'A value of the history as it is shown: a sector by its name.';

create function private.confirmation_of(e public.enterprises) returns jsonb language sql stable set search_path = '' as $$
  with last as (
    select c.* from public.enterprise_confirmations c where c.enterprise_id = e.id order by c.confirmed_at desc, c.id desc limit 1
  ), change as (
    select c.id, c.at, c.changed_by, f.key as field, f.value ->> 0 as old, f.value ->> 1 as new
    from public.enterprise_changes c cross join lateral jsonb_each(c.fields) f
    where c.enterprise_id = e.id and c.id > coalesce((select l.last_change from last l), 0)
  ), field as (
    -- from what was confirmed to what is now, however often it changed in between
    select distinct on (c.field) c.field, first_value(c.old) over w as old, c.new, c.at, c.changed_by
    from change c
    window w as (partition by c.field order by c.id rows between unbounded preceding and unbounded following)
    order by c.field, c.id desc
  )
  select jsonb_build_object(
    'at', l.confirmed_at, 'by', p.name, 'by_title', p.title, 'corrected', coalesce(l.corrected, '{}'),
    'never', l.id is null, 'stale', coalesce(l.confirmed_at < now() - make_interval(days => private.portrait_setting('confirm_days')), false),
    'changes', (
      select coalesce(jsonb_agg(jsonb_build_object('field', f.field, 'old', private.field_word(f.field, f.old), 'new', private.field_word(f.field, f.new),
        'at', f.at, 'by', w.name) order by f.at desc, f.field), '[]')
      from field f left join public.profiles w on w.id = f.changed_by
      where f.old is distinct from f.new))
  from (select 1) one left join last l on true left join public.profiles p on p.id = l.confirmed_by
$$;
comment on function private.confirmation_of(public.enterprises) is
  'The last confirmation of an enterprise (never: there is none; stale: longer ago than settings portrait.confirm_days) and what changed since, field by field: {field, old, new, at, by}.';

create function private.basic_data(e public.enterprises) returns jsonb language sql stable set search_path = extensions, pg_temp as $$
  select jsonb_build_object('name', e.name, 'address', e.address, 'scale', e.scale, 'legal_rep', e.legal_rep, 'phone', e.phone,
    'safety_lead', e.safety_lead, 'safety_phone', e.safety_phone, 'employees', e.employees, 'licence_expiry', e.licence_expiry,
    'status', e.status, 'lon', round(ST_X(e.location)::numeric, 6), 'lat', round(ST_Y(e.location)::numeric, 6))
$$;
comment on function private.basic_data(public.enterprises) is 'What confirm_enterprise() confirms and corrects. lon, lat: EPSG:4326, degrees.';

create function public.confirm_enterprise(p_enterprise uuid default null, p_version bigint default null, p_fields jsonb default null)
returns jsonb language plpgsql volatile security definer set search_path = extensions, pg_temp set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_fields), 'null'), '{}');
  firm public.enterprises;
  known jsonb;
  meant private.enterprise_row;
  place geometry;
  moved boolean;
  who uuid := (select p.id from public.profiles p where p.id = (select auth.uid()));
  newest bigint;
  unknown text;
begin
  select e.* into firm from public.enterprises e
  where e.id = p_enterprise and e.id in (select x.id from private.my_enterprises x where x.id = p_enterprise) for update;
  if firm.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_tend(firm) then
    return private.tend_refusal('enterprise');
  elsif jsonb_typeof(given) <> 'object' then
    return private.refusal('fields', 'BAD_VALUE', '更正的内容应为对象');
  end if;
  known := private.basic_data(firm);
  select k into unknown from jsonb_object_keys(given) k where not known ? k limit 1;
  if unknown is not null then
    return private.refusal(left(unknown, 60), 'NOT_ALLOWED', format('「%s」不能在确认时更正', left(unknown, 60)));
  end if;
  -- a list or an object would become the name of an enterprise
  select k.key into unknown from jsonb_each(given) k where jsonb_typeof(k.value) not in ('string', 'number', 'null') limit 1;
  if unknown is not null then
    return private.refusal(unknown, 'BAD_VALUE', '更正的内容里有不是文字的项');
  elsif given ? 'name' and private.is_blank(given ->> 'name') then
    return private.refusal('name', 'MISSING_FIELD', '缺少企业名称');
  elsif p_version is distinct from firm.row_version then
    return jsonb_build_object('status', 'conflict', 'message', '企业资料刚被别人修改过', 'version', firm.row_version, 'current', known,
      'confirmation', private.confirmation_of(firm));
  end if;
  -- read and judged as a row of an import, so that both say the same words
  meant := (private.read_enterprises(jsonb_build_array(known || given || jsonb_build_object('code', firm.code,
    'sector', (select s.code from public.sectors s where s.id = firm.sector_id))), private.bounds()))[1];
  if meant.errors <> '[]' then
    return jsonb_build_object('status', 'rejected', 'errors', meant.errors);
  end if;
  -- a place given as it is stays where it is, to the last decimal
  place := case when (round(meant.lon::numeric, 6), round(meant.lat::numeric, 6)) = ((known ->> 'lon')::numeric, (known ->> 'lat')::numeric)
    then firm.location else meant.location end;
  moved := place is distinct from firm.location;
  if (moved or meant.status <> firm.status) and firm.id = any (private.my_enterprise_ids()) and not private.is_admin() then
    return private.refusal(case when moved then 'lon' else 'status' end, 'NOT_ALLOWED', '企业的位置和状态由网格或行业主管部门更正');
  elsif moved and not private.sees_all() and firm.sector_id <> all (private.my_sector_ids())
    and not coalesce(private.grid_at(place) = any (private.my_grid_ids()), false) then
    return private.refusal('lon', 'NOT_ALLOWED', '新位置不在您负责的网格内，请由上级网格或安委办更正');
  elsif meant.licence_expiry is distinct from firm.licence_expiry and exists (select from public.licences l where l.enterprise_id = firm.id) then
    return private.refusal('licence_expiry', 'NOT_ALLOWED', '有效期随证照登记，请在证照中更正');
  end if;
  select coalesce(max(c.id), 0) into newest from public.enterprise_changes c where c.enterprise_id = firm.id;
  if private.basic_data(firm) is distinct from jsonb_build_object('name', meant.name, 'address', meant.address, 'scale', meant.scale,
    'legal_rep', meant.legal_rep, 'phone', meant.phone, 'safety_lead', meant.safety_lead, 'safety_phone', meant.safety_phone,
    'employees', meant.employees, 'licence_expiry', meant.licence_expiry, 'status', meant.status,
    'lon', round(ST_X(place)::numeric, 6), 'lat', round(ST_Y(place)::numeric, 6)) then
    update public.enterprises e set name = meant.name, address = meant.address, scale = meant.scale, legal_rep = meant.legal_rep,
      phone = meant.phone, safety_lead = meant.safety_lead, safety_phone = meant.safety_phone, employees = meant.employees,
      licence_expiry = meant.licence_expiry, status = meant.status
    where e.id = firm.id;
    -- apart, for a place that is written wakes the search for its grid
    if moved then
      update public.enterprises e set location = place where e.id = firm.id;
    end if;
  end if;
  insert into public.enterprise_confirmations (enterprise_id, confirmed_by, last_change, corrected)
  select firm.id, who, coalesce(max(c.id), 0),
    coalesce((select jsonb_object_agg(f.key, f.value) from public.enterprise_changes c cross join lateral jsonb_each(c.fields) f
      where c.enterprise_id = firm.id and c.id > newest), '{}')
  from public.enterprise_changes c where c.enterprise_id = firm.id;
  select e.* into firm from public.enterprises e where e.id = firm.id;
  return jsonb_build_object('status', 'ok', 'version', firm.row_version, 'enterprise', private.basic_data(firm), 'confirmation', private.confirmation_of(firm));
end $$;
comment on function public.confirm_enterprise(uuid, bigint, jsonb) is
  'Says that the basic data of an enterprise are right, corrected by p_fields (any of name, address, scale, legal_rep, phone, safety_lead, safety_phone, employees, licence_expiry, status, lon, lat in EPSG:4326 degrees; null empties) in the same step → {status: ok, version, enterprise, confirmation} | rejected with errors | conflict (p_version is not the present one) with current | not_found. Who may: private.may_tend(); its own users correct neither place nor status. DEFINER: nobody may write enterprises directly; rights are checked inside.';

revoke execute on all functions in schema private from public;
revoke execute on function public.confirm_enterprise(uuid, bigint, jsonb) from public, anon;
grant execute on function public.confirm_enterprise(uuid, bigint, jsonb) to authenticated, service_role;
