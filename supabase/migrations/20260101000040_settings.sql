-- What one county sets for itself.
create table public.settings (
  key text primary key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  value jsonb not null,
  updated_at timestamptz not null default now()
);
comment on table public.settings is
  'Values that differ between counties. Read by everyone who is signed in, so nothing secret belongs here.';
comment on column public.settings.key is
  'bounds: [west, south, east, north] or null for the world. demo: whether this is demo data. county_name.';

insert into public.settings (key, value) values
  ('bounds', 'null'),
  ('demo', 'false'),
  ('county_name', '""');

create trigger touch before update on public.settings for each row execute function private.touch();

alter table public.settings enable row level security;
revoke all on public.settings from anon, authenticated;
grant select on public.settings to authenticated;
grant insert (key, value), update (value) on public.settings to authenticated;
create policy "Everyone who is signed in reads the settings" on public.settings
  for select to authenticated using (true);
create policy "Administrators add settings" on public.settings
  for insert to authenticated with check ((select private.is_admin()));
create policy "Administrators change settings" on public.settings
  for update to authenticated using ((select private.is_admin())) with check ((select private.is_admin()));
