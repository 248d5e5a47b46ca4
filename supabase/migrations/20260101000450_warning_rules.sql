-- 预警规则 ⚙: what raises a warning, from which figure on, and who said so when.
create table public.warning_rules (
  id int generated always as identity primary key,
  kind text not null check (kind in ('index_up', 'overdue_major', 'repeats', 'unpatrolled', 'neighbours', 'licence_expired')),
  enabled boolean not null default true,
  parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
  note text check (char_length(note) <= 400),
  created_by uuid references public.profiles (id),
  created_at timestamptz not null default now()
);
comment on table public.warning_rules is
  'Versions of the warning rules ⚙; of each kind the newest holds. Append-only: written through set_warning_rules().';
comment on column public.warning_rules.kind is
  'index_up: the index of a grid rose; overdue_major: a major hazard is past its term; repeats: one kind of hazard at one enterprise again and again (one category; one title where there is none); unpatrolled: nobody patrols; neighbours: a grid rose more than those around it; licence_expired: an enterprise works with a licence that has expired.';
comment on column public.warning_rules.parameters is
  'index_up {rise (points of the index), days}; overdue_major {days (overdue by more than)}; repeats {times, days}; unpatrolled {periods}; neighbours {rise (more than the mean of the adjacent siblings), days}; licence_expired {days (expired for more than)}.';
create index warning_rules_kind_idx on public.warning_rules (kind, id desc);
create index warning_rules_created_by_idx on public.warning_rules (created_by);

insert into public.warning_rules (kind, parameters, note) values
  ('index_up', '{"rise": 15, "days": 7}', '初始规则'),
  ('overdue_major', '{"days": 0}', '初始规则'),
  ('repeats', '{"times": 3, "days": 180}', '初始规则'),
  ('unpatrolled', '{"periods": 2}', '初始规则'),
  ('neighbours', '{"rise": 12, "days": 7}', '初始规则'),
  ('licence_expired', '{"days": 0}', '初始规则');

alter table public.warning_rules enable row level security;
revoke all on public.warning_rules from anon, authenticated;
revoke insert, update, delete, truncate on public.warning_rules from service_role;
grant select on public.warning_rules to authenticated;
create policy "Everyone who is signed in knows what raises a warning" on public.warning_rules
  for select to authenticated using (true);

create function private.warning_rules_now() returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_object_agg(r.kind, jsonb_build_object('enabled', r.enabled, 'parameters', r.parameters)), '{}')
  from (select distinct on (x.kind) x.* from public.warning_rules x order by x.kind, x.id desc) r
$$;
comment on function private.warning_rules_now() is
  '{kind: {enabled, parameters}}: the rules that hold now. DEFINER: the rules are the same for everyone.';

create function private.warning_rule_bounds() returns table (kind text, word text, low numeric, high numeric, whole boolean, name text)
language sql immutable set search_path = '' as $$
  values ('index_up', 'rise', 1, 100, false, '上升的指数'), ('index_up', 'days', 1, 90, true, '天数'),
    ('overdue_major', 'days', 0, 365, true, '逾期天数'),
    ('repeats', 'times', 2, 50, true, '次数'), ('repeats', 'days', 1, 1095, true, '天数'),
    ('unpatrolled', 'periods', 1, 12, true, '周期数'),
    ('neighbours', 'rise', 1, 100, false, '高出的指数'), ('neighbours', 'days', 1, 90, true, '天数'), ('licence_expired', 'days', 0, 365, true, '过期天数')
$$;
comment on function private.warning_rule_bounds() is 'Between what the parameters of each rule may lie.';

create function private.warning_rule_faults(given jsonb) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('field', f.field, 'code', 'BAD_VALUE', 'message', f.message)), '[]') from (
    select left(k, 40) as field, format('没有「%s」这种预警规则', left(k, 40)) as message
    from jsonb_object_keys(given) k where k not in (select b.kind from private.warning_rule_bounds() b)
    union all
    select g.key, '规则应为对象' from jsonb_each(given) g
    where g.key in (select b.kind from private.warning_rule_bounds() b) and jsonb_typeof(g.value) <> 'object'
    union all
    select g.key || '.' || left(k, 40), format('规则没有「%s」这一项', left(k, 40))
    from jsonb_each(given) g
    cross join lateral jsonb_object_keys(case jsonb_typeof(g.value) when 'object' then g.value else '{}' end) k
    where k not in ('enabled', 'parameters')
    union all
    select g.key || '.enabled', '启用应为是或否' from jsonb_each(given) g
    where jsonb_typeof(g.value) = 'object' and g.value ? 'enabled' and jsonb_typeof(g.value -> 'enabled') <> 'boolean'
    union all
    select g.key || '.parameters', '参数应为对象' from jsonb_each(given) g
    where jsonb_typeof(g.value) = 'object' and g.value ? 'parameters' and jsonb_typeof(g.value -> 'parameters') <> 'object'
    union all
    select g.key || '.' || left(p.key, 40), case when b.word is null then format('规则没有「%s」这个参数', left(p.key, 40))
      else format('%s应为 %s 至 %s 之间的%s', b.name, b.low, b.high, case when b.whole then '整数' else '数' end) end
    from jsonb_each(given) g
    cross join lateral jsonb_each(case when jsonb_typeof(g.value) = 'object' and jsonb_typeof(g.value -> 'parameters') = 'object'
      then g.value -> 'parameters' else '{}' end) p
    left join private.warning_rule_bounds() b on b.kind = g.key and b.word = p.key
    where g.key in (select x.kind from private.warning_rule_bounds() x) and (b.word is null
      or case when jsonb_typeof(p.value) = 'number' then not (p.value #>> '{}')::numeric between b.low and b.high
          or b.whole and (p.value #>> '{}')::numeric % 1 <> 0 else true end)) f
$$;
comment on function private.warning_rule_faults(jsonb) is 'What is wrong with new rules, as errors in the user''s words.';

revoke execute on function private.warning_rules_now(), private.warning_rule_bounds(), private.warning_rule_faults(jsonb) from public;
