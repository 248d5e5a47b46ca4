-- People: whoever answers for something, with or without an account.
create table public.profiles (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 60 and name !~ '[[:cntrl:]]'),
  phone text check (char_length(phone) <= 30),
  title text check (char_length(title) <= 60),
  photo_path text check (char_length(photo_path) <= 300),
  initials text generated always as (private.pinyin_initials(name)) stored,
  created_at timestamptz not null default now()
);
comment on table public.profiles is 'A person. id equals auth.users.id when the person has an account; a person without one has an id of their own, hence no foreign key.';
comment on column public.profiles.title is '职务, as printed on the grid notice.';
comment on column public.profiles.initials is 'Pinyin initials of the name, for search.';

alter table public.profiles enable row level security;
revoke all on public.profiles from anon, authenticated;
grant select, delete on public.profiles to authenticated;
grant insert (id, name, phone, title, photo_path), update (name, phone, title, photo_path) on public.profiles to authenticated;
create policy "People see themselves, grid people around them, and officers" on public.profiles
  for select to authenticated
  using ((select private.sees_all()) or id = any ((select private.my_people_ids())::uuid[]));
create policy "Administrators add people" on public.profiles
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators change people" on public.profiles
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "Administrators remove people" on public.profiles
  for delete to authenticated using ((select private.is_admin()));

create table public.admins (
  user_id uuid primary key references public.profiles (id)
);
comment on table public.admins is
  '安委办 administrators. Made by the service key or by SQL only: insert into admins values (''<auth.users.id>''), after the profile.';
alter table public.admins enable row level security;
revoke all on public.admins from anon, authenticated;
grant select on public.admins to authenticated;
create policy "Administrators see administrators, others only themselves" on public.admins
  for select to authenticated using (user_id = (select auth.uid()) or (select private.is_admin()));
