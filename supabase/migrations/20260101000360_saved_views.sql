-- 保存的视图: a filter with its columns, kept under a name; one's own, or for the people of a grid that one leads.

create table public.saved_views (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null references public.profiles (id) on delete cascade,
  kind text not null check (kind in ('hazards', 'enterprises')),
  name text not null check (char_length(name) between 1 and 40 and name !~ '[[:cntrl:]]'),
  query text not null default '' check (char_length(query) <= 2000),
  layout jsonb not null default '{}' check (jsonb_typeof(layout) = 'object' and octet_length(layout::text) <= 8000),
  grid_id int references public.grids (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (owner, kind, name)
);
comment on table public.saved_views is '保存的视图 of a ledger. Written through save_view() and drop_view().';
comment on column public.saved_views.query is 'The filter and the order as they stand in the link.';
comment on column public.saved_views.layout is 'Columns, their order and widths, density: as the screen keeps them.';
comment on column public.saved_views.grid_id is 'Shared with everybody who has a position in this grid or below it; null: nobody else.';
create index saved_views_grid_id_idx on public.saved_views (grid_id);
create trigger touch before update on public.saved_views for each row execute function private.touch();

create table public.ledger_settings (
  user_id uuid not null references public.profiles (id) on delete cascade,
  kind text not null check (kind in ('hazards', 'enterprises')),
  layout jsonb not null default '{}' check (jsonb_typeof(layout) = 'object' and octet_length(layout::text) <= 8000),
  view_id uuid references public.saved_views (id) on delete set null,
  updated_at timestamptz not null default now(),
  primary key (user_id, kind)
);
comment on table public.ledger_settings is 'How somebody keeps a ledger when no view says otherwise, and which view opens first.';
create index ledger_settings_view_id_idx on public.ledger_settings (view_id);
create trigger touch before update on public.ledger_settings for each row execute function private.touch();

create function private.my_view_grid_ids() returns int[] language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
begin
  return coalesce((
    select array_agg(distinct up.id::int)
    from (
      select g.path from public.memberships m join public.grids g on g.id = m.grid_id and g.retired_at is null
      where m.user_id = (select auth.uid())
      union all
      select g.path from public.department_officers o join public.departments d on d.id = o.department_id
      join public.grids g on g.id = d.grid_id
      where o.user_id = (select auth.uid())
    ) mine cross join lateral unnest(string_to_array(mine.path::text, '.')) up (id)), '{}');
end $$;
comment on function private.my_view_grid_ids() is 'Grids whose shared views reach the asker: those of their positions and all above. DEFINER: reads the tables of rights.';

create function private.may_share_with(grid int) returns boolean language sql stable security definer
set search_path = extensions, pg_temp as $$
  select exists (
    select from public.grids g where g.id = grid and g.retired_at is null and (
      private.is_admin() or exists (
        select from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
        where m.user_id = (select auth.uid()) and m.position in ('leader', 'deputy') and g.path <@ r.path)))
$$;
comment on function private.may_share_with(int) is 'Whether the asker leads this grid or one above it. DEFINER: reads the tables of rights.';

alter table public.saved_views enable row level security;
alter table public.ledger_settings enable row level security;
revoke all on public.saved_views, public.ledger_settings from anon, authenticated;
grant select on public.saved_views, public.ledger_settings to authenticated;
-- what others share comes through ledger_views(), with the name of who shares it
create policy "People see their own views" on public.saved_views
  for select to authenticated using (owner = (select auth.uid()));
create policy "People see their own settings" on public.ledger_settings
  for select to authenticated using (user_id = (select auth.uid()));

create function public.ledger_views(p_kind text default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp as $$
declare
  uid uuid := (select auth.uid());
begin
  if p_kind is null or p_kind not in ('hazards', 'enterprises') then
    return private.refusal('kind', 'BAD_VALUE', '没有这种台账');
  end if;
  return jsonb_build_object('status', 'ok',
    'views', (
      select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'name', v.name, 'query', v.query, 'layout', v.layout,
        'mine', v.owner = uid, 'owner', p.name, 'grid_id', v.grid_id, 'grid', g.name) order by v.owner <> uid, v.created_at, v.id), '[]')
      from public.saved_views v join public.profiles p on p.id = v.owner left join public.grids g on g.id = v.grid_id
      where v.kind = p_kind and (v.owner = uid or v.grid_id = any (private.my_view_grid_ids()))),
    'layout', coalesce((select s.layout from public.ledger_settings s where s.user_id = uid and s.kind = p_kind), '{}'),
    'first', (select s.view_id from public.ledger_settings s where s.user_id = uid and s.kind = p_kind),
    'may_share', (
      select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by g.level, g.code), '[]')
      from public.grids g
      where g.retired_at is null and (
        (g.parent_id is null and private.is_admin())
        or g.id in (select m.grid_id from public.memberships m where m.user_id = uid and m.position in ('leader', 'deputy')))));
end $$;
comment on function public.ledger_views(text) is
  'The views of a ledger (hazards | enterprises) that the asker has: {status, views: [{id, name, query, layout, mine, owner (name), grid_id, grid}], own first; layout: one''s own columns; first: the view that opens by itself; may_share: [{id, name}] grids one leads}. DEFINER: names whoever shared a view.';

create function public.save_view(p_view jsonb default null) returns jsonb language plpgsql security definer
set search_path = extensions, pg_temp as $$
declare
  given jsonb := private.j(p_view);
  uid uuid := (select auth.uid());
  v public.saved_views;
begin
  if uid is null or not exists (select from public.profiles p where p.id = uid) then
    return private.refusal(null, 'NOT_ALLOWED', '请登录后保存视图');
  elsif jsonb_typeof(given) is distinct from 'object' then
    return private.refusal(null, 'BAD_VALUE', '视图应为对象');
  end if;
  v.id := private.read_uuid(given ->> 'id');
  v.name := btrim(regexp_replace(coalesce(given ->> 'name', ''), '[[:cntrl:]]+', ' ', 'g'));
  v.query := coalesce(given ->> 'query', '');
  v.layout := case when jsonb_typeof(given -> 'layout') = 'object' then given -> 'layout' else '{}' end;
  if given ->> 'kind' is null or given ->> 'kind' not in ('hazards', 'enterprises') then
    return private.refusal('kind', 'BAD_VALUE', '没有这种台账');
  elsif v.name = '' then
    return private.refusal('name', 'MISSING_FIELD', '请给视图起个名字');
  elsif char_length(v.name) > 40 then
    return private.refusal('name', 'TOO_LONG', '视图名称超过 40 个字');
  elsif char_length(v.query) > 2000 or octet_length(v.layout::text) > 8000 then
    return private.refusal('query', 'TOO_LONG', '筛选条件太多，不能保存为视图');
  end if;
  if given ->> 'grid_id' is not null then
    v.grid_id := case when given ->> 'grid_id' ~ '^[0-9]{1,9}$' then (given ->> 'grid_id')::int end;
    if v.grid_id is null or not private.may_share_with(v.grid_id) then
      return private.refusal('grid_id', 'NOT_ALLOWED', '只能与自己负责的网格共享视图');
    end if;
  end if;
  if v.id is not null then
    update public.saved_views x set name = v.name, query = v.query, layout = v.layout, grid_id = v.grid_id
    where x.id = v.id and x.owner = uid and x.kind = given ->> 'kind'
    returning x.* into v;
    if not found then
      return private.refusal('id', 'NOT_FOUND', '没有这个视图，或者它是别人的');
    end if;
  else
    if (select count(*) from public.saved_views x where x.owner = uid and x.kind = given ->> 'kind') >= 100 then
      return private.refusal(null, 'TOO_LONG', '视图最多 100 个，请先删除不用的');
    end if;
    insert into public.saved_views (owner, kind, name, query, layout, grid_id)
    values (uid, given ->> 'kind', v.name, v.query, v.layout, v.grid_id)
    returning * into v;
  end if;
  return jsonb_build_object('status', 'ok', 'id', v.id);
exception when unique_violation then
  return private.refusal('name', 'DUPLICATE_CODE', '已有同名的视图');
end $$;
comment on function public.save_view(jsonb) is
  'Keeps a view: {kind, name, query, layout?, grid_id? (shared with its people; one leads it or one above), id? (one''s own, to change it)} → {status: ok, id}. DEFINER: nobody writes views directly; the owner is who asks.';

create function public.drop_view(p_view uuid default null) returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  delete from public.saved_views v where v.id = p_view and v.owner = (select auth.uid());
  if not found then
    return private.refusal('id', 'NOT_FOUND', '没有这个视图，或者它是别人的');
  end if;
  return jsonb_build_object('status', 'ok');
end $$;
comment on function public.drop_view(uuid) is 'Removes a view of one''s own. DEFINER: nobody writes views directly; only the owner''s.';

create function public.keep_ledger(p_kind text default null, p_layout jsonb default null, p_first uuid default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  uid uuid := (select auth.uid());
  layout jsonb := coalesce(nullif(private.j(p_layout), 'null'), '{}');
begin
  if uid is null or not exists (select from public.profiles p where p.id = uid) then
    return private.refusal(null, 'NOT_ALLOWED', '请登录后保存列设置');
  elsif p_kind is null or p_kind not in ('hazards', 'enterprises') then
    return private.refusal('kind', 'BAD_VALUE', '没有这种台账');
  elsif jsonb_typeof(layout) <> 'object' or octet_length(layout::text) > 8000 then
    return private.refusal('layout', 'BAD_VALUE', '列设置不正确');
  elsif p_first is not null and not exists (
    select from public.saved_views v where v.id = p_first and v.kind = p_kind
      and (v.owner = uid or v.grid_id = any (private.my_view_grid_ids()))) then
    return private.refusal('first', 'NOT_FOUND', '没有这个视图');
  end if;
  insert into public.ledger_settings (user_id, kind, layout, view_id) values (uid, p_kind, layout, p_first)
  on conflict (user_id, kind) do update set layout = excluded.layout, view_id = excluded.view_id;
  return jsonb_build_object('status', 'ok');
end $$;
comment on function public.keep_ledger(text, jsonb, uuid) is
  'Keeps how the asker has a ledger: columns, and the view that opens first (null: none). DEFINER: nobody writes settings directly; only one''s own.';

revoke execute on all functions in schema private from public;
revoke execute on function public.ledger_views(text), public.save_view(jsonb), public.drop_view(uuid), public.keep_ledger(text, jsonb, uuid)
  from public, anon;
grant execute on function public.ledger_views(text), public.save_view(jsonb), public.drop_view(uuid), public.keep_ledger(text, jsonb, uuid)
  to authenticated, service_role;
