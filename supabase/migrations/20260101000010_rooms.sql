-- Where things live and what nobody gets by default.
-- public: the API. private: helpers that are not API. extensions: PostGIS and ltree.
create schema if not exists extensions;
do $$ begin
  -- on the platform these schemas belong to someone else and have these grants already
  if pg_has_role((select nspowner from pg_namespace where nspname = 'extensions'), 'usage') then
    grant usage on schema extensions to public;
  end if;
  if pg_has_role((select nspowner from pg_namespace where nspname = 'public'), 'usage') then
    grant usage on schema public to anon, authenticated, service_role;
    revoke create on schema public from public;
  end if;
end $$;
create extension if not exists ltree with schema extensions;
create extension if not exists postgis with schema extensions;

create schema if not exists private;
comment on schema private is 'Helpers of policies and RPCs. Not exposed by the Data API.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- Existing Supabase projects still hand everything in public to anon and authenticated. Here every right is
-- written next to its object; only the service key keeps the whole of it.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
alter default privileges in schema public grant all on tables to service_role;
alter default privileges in schema public grant all on sequences to service_role;
alter default privileges in schema public grant execute on functions to service_role;
alter default privileges in schema private grant execute on functions to service_role;

-- jsonb arguments arrive as JSON strings through Supabase Lite on native PostgreSQL: unwrap them once, here.
create function private.j(a jsonb) returns jsonb language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if jsonb_typeof(a) <> 'string' then
    return a;
  end if;
  return (a #>> '{}')::jsonb;
exception when others then
  -- neither object nor array: the RPC says what it wants
  return a;
end $$;
comment on function private.j(jsonb) is 'A jsonb argument of an RPC, also when it arrived as a JSON string. A string that holds no JSON stays the string it is.';
grant execute on function private.j(jsonb) to authenticated;

create function private.touch() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end $$;
comment on function private.touch() is 'Keeps updated_at.';

create function private.touch_version() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  new.row_version := old.row_version + 1;
  return new;
end $$;
comment on function private.touch_version() is 'Keeps updated_at and row_version, by which a client knows the newer of two copies.';
