-- What a Supabase project has before the first migration, part 3: realtime. The first half is the platform's own
-- (messages, topic, send, broadcast_changes); the second is how supabase/local/realtime/ hears and asks.
create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role;
create table if not exists realtime.messages (
  topic text not null, extension text not null, payload jsonb, event text, private boolean default false,
  updated_at timestamp not null default now(), inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(), primary key (id, inserted_at));
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
create or replace function realtime.topic() returns text language sql stable as
  $$ select nullif(current_setting('realtime.topic', true), '') $$;
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (payload, event, topic, private, extension) values (payload, event, topic, private, 'broadcast');
exception when others then
  raise warning 'realtime.send: %', sqlerrm; -- the platform swallows errors too
end $$;
create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record, level text default 'ROW')
returns void language plpgsql as $$
begin
  perform realtime.send(
    jsonb_build_object('operation', operation, 'table', table_name, 'schema', table_schema, 'record', to_jsonb(new), 'old_record', to_jsonb(old)),
    event_name, topic_name);
end $$;

-- A message reaches the server with the commit of the transaction that sent it; what was rolled back was never said.
create or replace function realtime.tell_server() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  said text := jsonb_build_object('id', new.id, 'topic', new.topic, 'event', new.event, 'payload', new.payload)::text;
begin
  -- NOTIFY carries 8000 bytes
  perform pg_notify('safegrid_realtime', case when octet_length(said) < 7900 then said
    else jsonb_build_object('id', new.id, 'topic', new.topic, 'large', true)::text end);
  return null;
end $$;
drop trigger if exists tell_server on realtime.messages;
create trigger tell_server after insert on realtime.messages for each row
  when (new.extension = 'broadcast' and new.private) execute function realtime.tell_server();

create or replace function realtime.tell_revoked() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform pg_notify('safegrid_realtime', jsonb_build_object('revoked', old.id)::text);
  return null;
end $$;
drop trigger if exists tell_revoked on auth.sessions;
create trigger tell_revoked after delete on auth.sessions for each row execute function realtime.tell_revoked();

-- What the policies on realtime.messages allow somebody on a topic: any of hear, see, speak, appear. Null: the session
-- was ended. Tried out as on the platform, by rows that are taken back.
create or replace function realtime.rights_on(p_topic text, p_role text, p_claims jsonb) returns text[] language plpgsql as $$
declare
  may text[] := '{}';
  tried uuid[];
begin
  if p_claims ? 'session_id' and not exists (select from auth.sessions s where s.id::text = p_claims ->> 'session_id') then
    return null;
  end if;
  begin
    with t as (
      insert into realtime.messages (topic, extension) values (p_topic, 'broadcast'), (p_topic, 'presence') returning id
    ) select array_agg(t.id) into tried from t;
    perform set_config('realtime.topic', p_topic, true), set_config('request.jwt.claims', p_claims::text, true),
      set_config('request.jwt.claim.sub', coalesce(p_claims ->> 'sub', ''), true),
      set_config('request.jwt.claim.role', p_role, true), set_config('role', p_role, true);
    may := array(
      select case m.extension when 'broadcast' then 'hear' else 'see' end from realtime.messages m where m.id = any (tried));
    begin
      insert into realtime.messages (topic, extension) values (p_topic, 'presence');
      may := may || 'appear'::text;
    exception when insufficient_privilege then null;
    end;
    begin
      insert into realtime.messages (topic, extension) values (p_topic, 'broadcast');
      may := may || 'speak'::text;
    exception when insufficient_privilege then null;
    end;
    raise exception 'taken back' using errcode = 'SG001';
  exception when sqlstate 'SG001' then null;
  end;
  return may;
end $$;
revoke execute on function realtime.tell_server(), realtime.tell_revoked(), realtime.rights_on(text, text, jsonb) from public;
