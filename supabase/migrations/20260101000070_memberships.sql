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
