-- Who holds which position in which grid: the territorial line of responsibility.
create table public.memberships (
  id int generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  grid_id int not null references public.grids (id) on delete cascade,
  position text not null check (position in ('leader', 'deputy', 'member', 'duty')),
  since date not null default current_date,
  unique (user_id, grid_id, position)
);
comment on table public.memberships is
  '网格长 leader, 副网格长 deputy, 网格员 member, 值班员 duty. The only source of territorial rights: changed here, effective at the next request.';
create index memberships_grid_id_idx on public.memberships (grid_id);

create function private.keep_leaders(grid_ids int[]) returns void language sql security definer set search_path = '' as $$
  update public.grids g set leaders = now_so.names
  from (
    select t.id, (
      select string_agg(p.name, '、' order by m.since, p.name collate "C")
      from public.memberships m join public.profiles p on p.id = m.user_id
      where m.grid_id = t.id and m.position = 'leader') as names
    from unnest(grid_ids) t (id)) now_so
  where g.id = now_so.id and g.leaders is distinct from now_so.names
$$;
comment on function private.keep_leaders(int[]) is 'Writes grids.leaders of these grids anew.';

create function private.keep_leaders_of_memberships() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    perform private.keep_leaders(array(select distinct n.grid_id from after_change n where n.position = 'leader'));
  elsif tg_op = 'DELETE' then
    perform private.keep_leaders(array(select distinct o.grid_id from before_change o where o.position = 'leader'));
  else
    perform private.keep_leaders(array(
      select n.grid_id from after_change n union select o.grid_id from before_change o));
  end if;
  return null;
end $$;
comment on function private.keep_leaders_of_memberships() is 'The map names the leaders of a grid: kept beside it when a position is given or taken back.';
create trigger leaders_given after insert on public.memberships
  referencing new table as after_change for each statement execute function private.keep_leaders_of_memberships();
create trigger leaders_taken after delete on public.memberships
  referencing old table as before_change for each statement execute function private.keep_leaders_of_memberships();
create trigger leaders_changed after update on public.memberships
  referencing old table as before_change new table as after_change
  for each statement execute function private.keep_leaders_of_memberships();

create function private.keep_leaders_of_profile() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform private.keep_leaders(array(select m.grid_id from public.memberships m where m.user_id = new.id and m.position = 'leader'));
  return null;
end $$;
comment on function private.keep_leaders_of_profile() is 'A leader''s new name reaches the map.';
create trigger leaders_renamed after update of name on public.profiles
  for each row when (old.name is distinct from new.name) execute function private.keep_leaders_of_profile();

alter table public.memberships enable row level security;
revoke all on public.memberships from anon, authenticated;
grant select, delete on public.memberships to authenticated;
grant insert (user_id, grid_id, position, since) on public.memberships to authenticated;
create policy "People see who answers for the grids they see" on public.memberships
  for select to authenticated
  using ((select private.sees_all()) or user_id = (select auth.uid()) or grid_id = any ((select private.my_public_grid_ids())::int[]));
create policy "Administrators give positions" on public.memberships
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators take positions back" on public.memberships
  for delete to authenticated using ((select private.is_admin()));
