-- 到期提醒: before a term ends, on its day and after it. A notice is what waits for somebody, seen by the day: nobody
-- writes it, so that none is missing, none comes twice, and it is gone with the step or with the right. Kept is only
-- what has been read.

insert into public.settings (key, value) values ('notices', '{"general_days": 3, "major_days": 7}');

create function private.notice_days(severity text) returns int language sql stable set search_path = '' as $$
  select coalesce((
    select (s.value ->> (severity || '_days'))::int from public.settings s
    where s.key = 'notices' and jsonb_typeof(s.value) = 'object' and s.value ->> (severity || '_days') ~ '^[0-9]{1,3}$'),
    case severity when 'major' then 7 else 3 end)
$$;
comment on function private.notice_days(text) is
  'How many days before a term ends its notice comes, by severity: the setting notices {general_days, major_days} ⚙; 0: only on the day.';

create table public.work_notice_reads (
  user_id uuid not null references public.profiles (id) on delete cascade,
  hazard_id uuid not null references public.hazards (id),
  step text not null check (char_length(step) between 1 and 20),
  kind text not null check (kind in ('soon', 'today', 'overdue')),
  due_at timestamptz not null,
  read_at timestamptz not null default now(),
  primary key (user_id, hazard_id, step, kind, due_at)
);
comment on table public.work_notice_reads is
  'Which notices a person has read. A new term, a new step or the next kind is a new notice. Written by read_notices() only.';
create index work_notice_reads_hazard_idx on public.work_notice_reads (hazard_id);
alter table public.work_notice_reads enable row level security;
revoke all on public.work_notice_reads from anon, authenticated;
grant select on public.work_notice_reads to authenticated;
create policy "People see what they have read" on public.work_notice_reads
  for select to authenticated using (user_id = (select auth.uid()));

create function private.my_notice_items()
returns table (hazard_id uuid, step text, due_at timestamptz, why text, kind text, read_at timestamptz) language sql stable
security definer set search_path = '' set jit = off as $$
  select n.hazard_id, n.step, n.due_at, n.why, n.kind, r.read_at
  from (
    select w.hazard_id, w.step, w.due_at, w.why, case
        when w.due_at < now() then 'overdue'
        when (w.due_at at time zone 'Asia/Shanghai')::date = private.today() then 'today'
        when (w.due_at at time zone 'Asia/Shanghai')::date - private.today() <= private.notice_days(h.severity) then 'soon' end as kind
    from private.my_work_items() w join public.hazards h on h.id = w.hazard_id) n
  left join public.work_notice_reads r on r.user_id = (select auth.uid()) and r.hazard_id = n.hazard_id and r.step = n.step
    and r.kind = n.kind and r.due_at = n.due_at
$$;
comment on function private.my_notice_items() is
  'All that waits for the asker; kind says whether its term is near, ends today or has passed, null that there is no notice yet. DEFINER: reads hazards; private.my_work_items() applies the scope.';

create function public.my_notices(p_limit int default null) returns jsonb language plpgsql stable security definer
set search_path = '' set jit = off as $$
declare
  most int := least(greatest(coalesce(p_limit, 30), 0), 200);
begin
  return (
    with item as materialized (
      select n.* from private.my_notice_items() n
    ), notice as (
      select i.* from item i where i.kind is not null
    ), page as (
      select n.* from notice n order by n.read_at is not null, n.due_at, n.hazard_id limit most
    )
    select jsonb_build_object('status', 'ok', 'waiting', (select count(*) from item), 'total', (select count(*) from notice),
      'unread', (select count(*) from notice n where n.read_at is null),
      'overdue', (select count(*) from notice n where n.kind = 'overdue'), 'warnings', (select count(*) from private.my_warning_ids()),
      'as_of', now(),
      -- by then the next one is due, or the day has changed
      'next_at', least((select min(n.due_at) from notice n where n.due_at > now()),
        ((private.today() + 1)::timestamp at time zone 'Asia/Shanghai')),
      'rows', (
        select coalesce(jsonb_agg(jsonb_build_object('hazard_id', p.hazard_id, 'step', p.step, 'kind', p.kind, 'due_at', p.due_at,
          'why', p.why, 'read_at', p.read_at, 'code', h.code, 'title', h.title, 'severity', h.severity, 'grid', g.name)
          order by p.read_at is not null, p.due_at, p.hazard_id), '[]')
        from page p join public.hazards h on h.id = p.hazard_id left join public.grids g on g.id = h.grid_id)));
end $$;
comment on function public.my_notices(int) is
  'Deadline notices of the asker, unread ones first, then by term (p_limit 0..200, default 30): {status, waiting (all that waits, as my_work().total), total (notices), unread, overdue, warnings (as my_work().warnings), as_of, next_at (when to ask again at the latest), rows: [{hazard_id, step, kind soon | today | overdue, due_at, why, read_at, code, title, severity, grid}]}. DEFINER: reads hazards; private.my_work_items() applies the scope.';

create function public.read_notices(p_hazards uuid[] default null) returns jsonb language plpgsql security definer
set search_path = '' set jit = off as $$
declare
  uid uuid := (select auth.uid());
begin
  if uid is null or not exists (select from public.profiles p where p.id = uid) then
    return private.refusal(null, 'NOT_ALLOWED', '提醒由本人登录后阅读');
  end if;
  -- of what is over for a month nobody asks any more
  delete from public.work_notice_reads r using public.hazards h
  where r.user_id = uid and h.id = r.hazard_id and r.read_at < now() - interval '30 days'
    and h.state in ('closed', 'rejected');
  insert into public.work_notice_reads (user_id, hazard_id, step, kind, due_at)
  select uid, n.hazard_id, n.step, n.kind, n.due_at from private.my_notice_items() n
  where n.kind is not null and n.read_at is null and (p_hazards is null or n.hazard_id = any (p_hazards))
  on conflict do nothing;
  return public.my_notices(0);
end $$;
comment on function public.read_notices(uuid[]) is
  'Marks the notices of these hazards (null: all) as read by the asker, and answers like my_notices(0). What is no notice of theirs is left out. DEFINER: nobody writes the marks directly.';

revoke execute on all functions in schema private from public;
revoke execute on function public.my_notices(int), public.read_notices(uuid[]) from public, anon;
grant execute on function public.my_notices(int), public.read_notices(uuid[]) to authenticated, service_role;
