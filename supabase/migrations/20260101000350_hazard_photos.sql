-- 隐患照片: one private bucket, one folder a hazard: its client_id, made on the phone before the hazard
-- exists, or its id when it has none. Added once, never replaced, never removed: they are part of the history.

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('hazards', 'hazards', false, 2097152, '{image/jpeg}')
on conflict (id) do nothing;

create function private.hazard_photo_folder(object_name text) returns uuid language sql immutable set search_path = '' as $$
  select case when object_name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jpg$'
    then split_part(object_name, '/', 1)::uuid end
$$;
comment on function private.hazard_photo_folder(text) is
  'The folder of a photo by its name <client_id or hazard id>/<uuid>.jpg; null for any other name.';

create function private.hazard_at_folder(folder uuid) returns uuid language sql stable security definer set search_path = '' as $$
  select coalesce((select h.id from public.hazards h where h.id = folder), (select h.id from public.hazards h where h.client_id = folder))
$$;
comment on function private.hazard_at_folder(uuid) is
  'The hazard that a folder belongs to: the one of that id, else the one reported under it (whoever reports chooses the client_id). DEFINER: the caller applies the scope.';

create function private.may_add_hazard_photo(object_name text) returns boolean language plpgsql stable security definer
set search_path = '' as $$
declare
  folder uuid := private.hazard_photo_folder(object_name);
  uid uuid := (select auth.uid());
  hazard uuid := private.hazard_at_folder(folder);
begin
  if folder is null or uid is null
    or not (private.sees_all() or private.my_public_grid_ids() <> '{}' or private.my_enterprise_ids() <> '{}') then
    return false;
  end if;
  if hazard is not null then
    -- a step of the loop
    return exists (select from private.my_hazards h where h.id = hazard);
  end if;
  -- a report on its way: whoever put the first photo into the folder owns it
  return not exists (
    select from storage.objects o
    where o.bucket_id = 'hazards' and o.name like folder::text || '/%' and o.owner_id is distinct from uid::text);
end $$;
comment on function private.may_add_hazard_photo(text) is
  'Whether the asker may add a photo under that name: to the folder of a report of their own that is on its way, or of a hazard they see (its steps name them). DEFINER: asked by the policy, which must know of foreign folders and hazards to refuse them.';

create function private.sees_hazard_photo(object_name text, owner text) returns boolean language plpgsql stable security definer
set search_path = '' as $$
declare
  folder uuid := private.hazard_photo_folder(object_name);
  hazard uuid := private.hazard_at_folder(folder);
begin
  if hazard is null then
    -- on its way: not yet reported, so nobody else's
    return coalesce(folder is not null and owner = (select auth.uid())::text, false);
  end if;
  return exists (select from private.my_hazards h where h.id = hazard);
end $$;
comment on function private.sees_hazard_photo(text, text) is
  'Whether the asker sees the hazard that a photo belongs to, or uploaded it for a report that has not arrived yet. DEFINER: asked by the policy for every file; applies the scope itself.';

create policy "Who sees a hazard sees its photos" on storage.objects
  for select to authenticated
  using (bucket_id = 'hazards' and private.sees_hazard_photo(name, owner_id));
create policy "Who may report adds photos to their own report or to a hazard they see" on storage.objects
  for insert to authenticated
  with check (bucket_id = 'hazards' and private.may_add_hazard_photo(name));

revoke execute on all functions in schema private from public;
grant execute on function private.may_add_hazard_photo(text), private.sees_hazard_photo(text, text) to authenticated;
