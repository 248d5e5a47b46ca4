-- Every boundary that ever was, so that any past date can be drawn. Append-only for everyone.
create table public.grid_versions (
  grid_id int not null,
  version int not null,
  code text not null,
  name text not null,
  kind text not null,
  parent_id int,
  boundary extensions.geometry(MultiPolygon, 4326),
  valid_from timestamptz not null default now(),
  valid_to timestamptz check (valid_to >= valid_from),
  changed_by uuid,
  note text,
  request_id uuid,
  retired boolean not null default false,
  primary key (grid_id, version)
);
comment on table public.grid_versions is
  'History of the grids, written by trigger: the row with valid_to null is the present one; none for a retired grid, whose last row (retired, without boundary, valid for no time) says who retired it. No foreign key: only the trigger writes here, and history outlives what it tells of.';
comment on column public.grid_versions.changed_by is 'auth.users.id of who committed it; null: the service key or the seed.';
comment on column public.grid_versions.note is 'Why, as given to commit_grid_boundaries().';
comment on column public.grid_versions.request_id is 'Of the client''s call, so that a client whose connection broke can ask commit_outcome().';
create index grid_versions_valid_idx on public.grid_versions (valid_from, valid_to);
create index grid_versions_parent_id_idx on public.grid_versions (parent_id, valid_from);
create index grid_versions_request_id_idx on public.grid_versions (request_id) where request_id is not null;

create function private.keep_grid_versions() returns trigger language plpgsql security definer
set search_path = extensions, pg_temp as $$
declare
  who uuid := (select auth.uid());
  why text := nullif(current_setting('safegrid.note', true), '');
  request uuid := nullif(current_setting('safegrid.request', true), '')::uuid;
begin
  if tg_op = 'UPDATE' then
    update public.grid_versions v set valid_to = now()
    from after_change n join before_change o on o.id = n.id and o.version <> n.version
    where v.grid_id = n.id and v.valid_to is null;
    insert into public.grid_versions (grid_id, version, code, name, kind, parent_id, boundary, valid_to, changed_by, note, request_id, retired)
    select n.id, n.version, n.code, n.name, n.kind, n.parent_id, case when n.retired_at is null then n.boundary end,
      case when n.retired_at is not null then now() end, who, why, request, n.retired_at is not null
    from after_change n join before_change o on o.id = n.id and o.version <> n.version;
  else
    -- a grid that is older than its record was there before it
    insert into public.grid_versions (grid_id, version, code, name, kind, parent_id, boundary, valid_from, changed_by, note, request_id)
    select n.id, n.version, n.code, n.name, n.kind, n.parent_id, n.boundary, least(n.created_at, now()), who, why, request
    from after_change n;
  end if;
  return null;
end $$;
comment on function private.keep_grid_versions() is 'Writes the history of the grids. DEFINER: nobody else may.';
create trigger keep_versions_of_new after insert on public.grids
  referencing new table as after_change for each statement execute function private.keep_grid_versions();
create trigger keep_versions after update on public.grids
  referencing old table as before_change new table as after_change
  for each statement execute function private.keep_grid_versions();

create function private.refuse_history_change() returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'UPDATE' then
    if old.valid_to is null and new.valid_to is not null then
      old.valid_to := new.valid_to;
      -- byte for byte
      if new *= old then
        return new;
      end if;
    end if;
  end if;
  raise exception '历史记录只增不改：%', tg_table_name using errcode = '42501';
end $$;
comment on function private.refuse_history_change() is 'History is append-only for everyone, administrator and service key included; a version may only be closed.';
create trigger append_only before update or delete on public.grid_versions
  for each row execute function private.refuse_history_change();
create trigger append_only_all before truncate on public.grid_versions
  for each statement execute function private.refuse_history_change();

alter table public.grid_versions enable row level security;
revoke all on public.grid_versions from anon, authenticated;
revoke update, delete, truncate on public.grid_versions from service_role;
grant select on public.grid_versions to authenticated;
create policy "People see the history of the grids they see" on public.grid_versions
  for select to authenticated
  using ((select private.sees_all()) or grid_id = any ((select private.my_public_grid_ids())::int[]));
