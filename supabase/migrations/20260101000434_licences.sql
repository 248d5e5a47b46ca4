-- 证照: what an enterprise may do, and until when.
create table public.licences (
  id uuid primary key default gen_random_uuid(),
  enterprise_id uuid not null references public.enterprises (id) on delete cascade,
  kind text not null check (kind in ('safety_production', 'hazchem_operation', 'hazchem_use', 'fireworks', 'mining', 'gas', 'transport',
    'construction', 'special_equipment', 'fire', 'standardisation', 'personnel', 'other')),
  number text check (char_length(number) <= 60),
  issuer text check (char_length(issuer) <= 60),
  issued_on date,
  expires_on date check (expires_on >= issued_on),
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.licences is
  '证照 of an enterprise. Written through save_licence(). The earliest expiry is also enterprises.licence_expiry, kept by trigger.';
comment on column public.licences.kind is
  'safety_production 安全生产许可证, hazchem_operation 危险化学品经营许可证, hazchem_use 危险化学品使用许可证, fireworks 烟花爆竹经营许可证, mining 采矿许可证, gas 燃气经营许可证, transport 道路（水路）运输经营许可证, construction 建筑业企业资质证书, special_equipment 特种设备使用登记证, fire 消防验收（备案）, standardisation 安全生产标准化证书, personnel 主要负责人和安全管理人员合格证, other 其他.';
comment on column public.licences.row_version is 'Whoever changes or removes it names the version they saw.';
comment on column public.licences.expires_on is 'The last day on which it holds (China); null: without term.';
create index licences_enterprise_id_idx on public.licences (enterprise_id);

alter table public.licences enable row level security;
revoke all on public.licences from anon, authenticated;
grant select on public.licences to authenticated;
create policy "Who sees an enterprise sees its licences" on public.licences
  for select to authenticated
  using ((select private.sees_all()) or enterprise_id in (select e.id from public.enterprises e));
create trigger touch before update on public.licences for each row execute function private.touch_version();

create function private.licence_state(expires_on date) returns text language sql stable set search_path = '' as $$
  select case
    when expires_on is null then 'unlimited'
    when expires_on < private.today() then 'expired'
    when expires_on <= private.today() + 30 then 'within_30'
    when expires_on <= private.today() + 90 then 'within_90'
    else 'valid' end
$$;
comment on function private.licence_state(date) is 'expired, within_30, within_90 (days from today in China), valid or unlimited.';

create function private.follow_licences() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  -- two who change licences of one enterprise: the second counts what the first one left
  perform from public.enterprises e where e.id in (select c.enterprise_id from touched c) order by e.id for no key update;
  update public.enterprises e set licence_expiry = x.earliest
  from (
    select t.enterprise_id as id, min(l.expires_on) as earliest
    from (select distinct c.enterprise_id from touched c) t left join public.licences l on l.enterprise_id = t.enterprise_id
    group by t.enterprise_id) x
  where e.id = x.id and e.licence_expiry is distinct from x.earliest;
  return null;
end $$;
comment on function private.follow_licences() is 'enterprises.licence_expiry is the earliest of its licences. DEFINER: nobody writes enterprises.';
create trigger follow_new after insert on public.licences referencing new table as touched
  for each statement execute function private.follow_licences();
create trigger follow_changed after update on public.licences referencing new table as touched
  for each statement execute function private.follow_licences();
create trigger follow_gone after delete on public.licences referencing old table as touched
  for each statement execute function private.follow_licences();

create function public.save_licence(p_licence jsonb default null) returns jsonb language plpgsql volatile security definer
set search_path = '' set jit = off as $$
declare
  given jsonb := private.j(p_licence);
  licence public.licences;
  wanted public.licences;
  firm public.enterprises;
  key uuid;
  field text;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return private.refusal('licence', 'BAD_VALUE', '证照应为对象');
  elsif nullif(given ->> 'id', '') is not null and private.uuid_of(given ->> 'id') is null then
    return private.refusal('id', 'BAD_VALUE', '证照编号不正确');
  end if;
  key := coalesce(private.uuid_of(nullif(given ->> 'id', '')), gen_random_uuid());
  -- whoever comes second waits, and then sees what the first one wrote
  select * into licence from public.licences l where l.id = key for update;
  select e.* into firm from public.enterprises e
  where e.id = coalesce(licence.enterprise_id, private.uuid_of(given ->> 'enterprise_id')) and e.id in (select x.id from private.my_enterprises x where x.id = e.id);
  if firm.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_tend(firm) then
    return private.tend_refusal('licence');
  end if;
  if coalesce(given -> 'remove', 'false') = 'true'::jsonb then
    if licence.id is not null and given ->> 'version' is distinct from licence.row_version::text then
      return jsonb_build_object('status', 'conflict', 'message', '这个证照刚被别人修改过', 'licence', private.licence_row(licence));
    end if;
    delete from public.licences l where l.id = licence.id;
    return jsonb_build_object('status', 'ok', 'licence', null);
  end if;
  if coalesce(given ->> 'kind', '') not in ('safety_production', 'hazchem_operation', 'hazchem_use', 'fireworks', 'mining', 'gas', 'transport',
    'construction', 'special_equipment', 'fire', 'standardisation', 'personnel', 'other') then
    return private.refusal('kind', 'BAD_VALUE', '请选择证照种类');
  elsif char_length(private.word_of(given, 'number')) > 60 then
    return private.refusal('number', 'TOO_LONG', '证照编号超过 60 个字');
  elsif char_length(private.word_of(given, 'issuer')) > 60 then
    return private.refusal('issuer', 'TOO_LONG', '发证机关超过 60 个字');
  end if;
  foreach field in array array['issued_on', 'expires_on', 'number', 'issuer'] loop
    -- a list or a yes would pass for a word left out, and a licence without a term for one that never expires
    if jsonb_typeof(given -> field) not in ('string', 'number', 'null') then
      return private.refusal(field, 'BAD_VALUE', case field when 'issued_on' then '发证日期不正确' when 'expires_on' then '有效期不正确'
        when 'number' then '证照编号应为文字' else '发证机关应为文字' end);
    elsif field in ('issued_on', 'expires_on') and private.word_of(given, field) is not null and private.day_of(private.word_of(given, field)) is null then
      return private.refusal(field, 'BAD_VALUE', case field when 'issued_on' then '发证日期不正确' else '有效期不正确' end);
    end if;
  end loop;
  if private.day_of(private.word_of(given, 'expires_on')) < private.day_of(private.word_of(given, 'issued_on')) then
    return private.refusal('expires_on', 'BAD_VALUE', '有效期不能早于发证日期');
  end if;
  wanted.kind := given ->> 'kind';
  wanted.number := private.word_of(given, 'number');
  wanted.issuer := private.word_of(given, 'issuer');
  wanted.issued_on := private.day_of(private.word_of(given, 'issued_on'));
  wanted.expires_on := private.day_of(private.word_of(given, 'expires_on'));
  if licence.id is null and nullif(given ->> 'version', '') is not null then
    return jsonb_build_object('status', 'conflict', 'message', '这个证照刚被别人删除', 'licence', null);
  elsif licence.id is not null and (licence.kind, licence.number, licence.issuer, licence.issued_on, licence.expires_on)
    is not distinct from (wanted.kind, wanted.number, wanted.issuer, wanted.issued_on, wanted.expires_on) then
    -- sent twice, because the first answer was lost; or nothing was changed
    return jsonb_build_object('status', 'ok', 'licence', private.licence_row(licence));
  elsif licence.id is not null and coalesce(given ->> 'version', '') <> licence.row_version::text then
    return jsonb_build_object('status', 'conflict', 'message', '这个证照刚被别人修改过', 'licence', private.licence_row(licence));
  end if;
  insert into public.licences (id, enterprise_id, kind, number, issuer, issued_on, expires_on)
  values (key, firm.id, wanted.kind, wanted.number, wanted.issuer, wanted.issued_on, wanted.expires_on)
  on conflict (id) do update set kind = excluded.kind, number = excluded.number, issuer = excluded.issuer,
    issued_on = excluded.issued_on, expires_on = excluded.expires_on
  where licences.enterprise_id = excluded.enterprise_id
  returning * into licence;
  return jsonb_build_object('status', 'ok', 'licence', private.licence_row(licence));
end $$;
comment on function public.save_licence(jsonb) is
  'Adds, changes or (remove: true) takes away a licence: {id? (made by the client), enterprise_id, version (of what was seen; left out for a new one), kind, number?, issuer?, issued_on?, expires_on?} → {status: ok, licence} | rejected | conflict with licence as it is now (null: removed) | not_found. Who may: private.may_tend(). DEFINER: nobody may write licences directly; rights are checked inside.';

create function private.licence_row(licence public.licences) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('id', licence.id, 'version', licence.row_version, 'kind', licence.kind, 'number', licence.number, 'issuer', licence.issuer,
    'issued_on', licence.issued_on, 'expires_on', licence.expires_on, 'state', private.licence_state(licence.expires_on),
    'days', licence.expires_on - private.today())
$$;
comment on function private.licence_row(public.licences) is 'A licence, its state, and the days until its last day (negative: past).';

revoke execute on all functions in schema private from public;
revoke execute on function public.save_licence(jsonb) from public, anon;
grant execute on function public.save_licence(jsonb) to authenticated, service_role;
