-- 照片: one private bucket, one folder a person; who may correct the person may write, who may look them up may read.

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('portraits', 'portraits', false, 524288, '{image/jpeg}')
on conflict (id) do nothing;

create function private.portrait_owner(object_name text) returns uuid language sql immutable set search_path = '' as $$
  select case when object_name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jpg$'
    then split_part(object_name, '/', 1)::uuid end
$$;
comment on function private.portrait_owner(text) is 'Whose portrait a file is, by its name <profiles.id>/<uuid>.jpg; null for any other name.';

create function private.is_portrait_of(person uuid, object_name text) returns boolean language plpgsql stable security definer
set search_path = '' as $$
begin
  return private.portrait_owner(object_name) = person
    and exists (select from storage.objects o where o.bucket_id = 'portraits' and o.name = object_name);
end $$;
comment on function private.is_portrait_of(uuid, text) is 'Whether a file with that name was uploaded for that person. DEFINER: the question is the same whoever asks.';

create policy "Who may look a person up sees their portrait" on storage.objects
  for select to authenticated
  using (bucket_id = 'portraits'
    and (private.sees_person(private.portrait_owner(name)) or private.may_change_person(private.portrait_owner(name))));
create policy "Who may correct a person uploads their portrait" on storage.objects
  for insert to authenticated
  with check (bucket_id = 'portraits' and private.may_change_person(private.portrait_owner(name)));
create policy "Who may correct a person removes their portrait" on storage.objects
  for delete to authenticated
  using (bucket_id = 'portraits' and private.may_change_person(private.portrait_owner(name)));

revoke execute on all functions in schema private from public;
grant execute on function private.portrait_owner(text), private.sees_person(uuid), private.may_change_person(uuid) to authenticated;
