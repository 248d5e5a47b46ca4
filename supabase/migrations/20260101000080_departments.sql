-- The industry line of responsibility: a department owns sectors, its officers answer for them.
create table public.departments (
  id int generated always as identity primary key,
  code text not null unique check (char_length(code) between 1 and 40),
  name text not null check (char_length(name) between 1 and 60),
  grid_id int not null references public.grids (id)
);
comment on table public.departments is '行业主管部门. grid_id: it answers for its sectors everywhere below that grid.';
create index departments_grid_id_idx on public.departments (grid_id);

create table public.sectors (
  id int generated always as identity primary key,
  code text not null unique check (char_length(code) between 1 and 40),
  name text not null unique check (char_length(name) between 1 and 60),
  department_id int references public.departments (id) on delete set null,
  sort int not null default 0
);
comment on table public.sectors is '行业领域, each owned by one department (or none yet).';
create index sectors_department_id_idx on public.sectors (department_id);

create table public.department_officers (
  user_id uuid not null references public.profiles (id) on delete cascade,
  department_id int not null references public.departments (id) on delete cascade,
  primary key (user_id, department_id)
);
comment on table public.department_officers is 'Officers of a department. The only source of a department''s rights.';
create index department_officers_department_id_idx on public.department_officers (department_id);

alter table public.departments enable row level security;
alter table public.sectors enable row level security;
alter table public.department_officers enable row level security;
revoke all on public.departments, public.sectors, public.department_officers from anon, authenticated;
grant select, delete on public.departments, public.sectors, public.department_officers to authenticated;
grant insert (code, name, grid_id), update (code, name, grid_id) on public.departments to authenticated;
grant insert (code, name, department_id, sort), update (code, name, department_id, sort) on public.sectors to authenticated;
grant insert (user_id, department_id) on public.department_officers to authenticated;

create policy "Everyone who is signed in knows the departments" on public.departments
  for select to authenticated using (true);
create policy "Administrators add departments" on public.departments
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators change departments" on public.departments
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "Administrators remove departments" on public.departments
  for delete to authenticated using ((select private.is_admin()));

create policy "Everyone who is signed in knows the sectors" on public.sectors
  for select to authenticated using (true);
create policy "Administrators add sectors" on public.sectors
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators change sectors" on public.sectors
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "Administrators remove sectors" on public.sectors
  for delete to authenticated using ((select private.is_admin()));

create policy "People who may look an officer up see the department" on public.department_officers
  for select to authenticated
  using ((select private.sees_all()) or user_id = any ((select private.my_people_ids())::uuid[]));
create policy "Administrators appoint officers" on public.department_officers
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators dismiss officers" on public.department_officers
  for delete to authenticated using ((select private.is_admin()));
