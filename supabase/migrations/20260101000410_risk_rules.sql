-- 风险指数的权重: versioned, so that a change never rewrites the past.
create table public.risk_rules (
  id int generated always as identity primary key,
  effective_from date not null,
  weights jsonb not null check (jsonb_typeof(weights) = 'object'),
  scales jsonb not null check (jsonb_typeof(scales) = 'object'),
  thresholds jsonb not null default '[75, 50, 25]' check (jsonb_typeof(thresholds) = 'array'),
  note text check (char_length(note) <= 400),
  created_by uuid references public.profiles (id),
  created_at timestamptz not null default now()
);
comment on table public.risk_rules is
  'Versions of the risk index ⚙; on any day the newest that is effective by then holds. Append-only: written through set_risk_rules().';
comment on column public.risk_rules.weights is 'Points of one record of each factor, see private.risk_facts().';
comment on column public.risk_rules.scales is 'By grid level ("1", "2", …; a deeper level takes the last): index = 100 × (1 − exp(−points ÷ scale)).';
comment on column public.risk_rules.thresholds is 'Index from which a grid is red, orange, yellow; below the last it is blue.';
create index risk_rules_effective_from_idx on public.risk_rules (effective_from desc, id desc);
create index risk_rules_created_by_idx on public.risk_rules (created_by);

insert into public.risk_rules (effective_from, weights, scales, note) values ('2000-01-01', '{
  "enterprise_red": 20, "enterprise_orange": 8, "enterprise_yellow": 2, "enterprise_blue": 0.5,
  "hazard_general": 1, "hazard_major": 10, "overdue_general": 0.5, "overdue_major": 5, "duty_missed": 2,
  "accident_general": 10, "accident_larger": 20, "accident_major": 40, "accident_extraordinary": 80,
  "assurance_missing": 1}', '{"1": 20000, "2": 1000, "3": 40}', '初始权重');

alter table public.risk_rules enable row level security;
revoke all on public.risk_rules from anon, authenticated;
grant select on public.risk_rules to authenticated;
create policy "Everyone who is signed in knows how risk is judged" on public.risk_rules
  for select to authenticated using (true);

create function private.risk_rule(day date) returns public.risk_rules language sql stable security definer set search_path = '' as $$
  select r from public.risk_rules r where r.effective_from <= greatest(day, '2000-01-01') order by r.effective_from desc, r.id desc limit 1
$$;
comment on function private.risk_rule(date) is 'The rules that hold on a day; before the first ones (2000) these. DEFINER: the rules are the same for everyone.';

create function private.risk_scale(rule public.risk_rules, level int) returns float8 language plpgsql immutable set search_path = '' as $$
begin
  return coalesce(rule.scales ->> level::text,
    (select s.value from jsonb_each_text(rule.scales) s where s.key::int < level order by s.key::int desc limit 1))::float8;
end $$;
comment on function private.risk_scale(public.risk_rules, int) is 'The scale of a grid level; a deeper level takes the last one given.';

create function private.risk_index(points numeric, scale float8) returns numeric language plpgsql immutable set search_path = '' as $$
begin
  -- plpgsql: called for every grid, and an SQL function with a fixed search path is not inlined
  return round((100 * (1 - exp(-(points::float8 / scale))))::numeric, 2);
end $$;
comment on function private.risk_index(numeric, float8) is '100 × (1 − exp(−points ÷ scale)), two decimals: what is judged is what is shown.';

create function private.risk_colour(thresholds jsonb, index numeric, overdue_major bigint, larger_accidents bigint) returns int
language plpgsql immutable set search_path = '' as $$
begin
  return case
    when index >= (thresholds ->> 0)::numeric or larger_accidents > 0 then 1
    when index >= (thresholds ->> 1)::numeric or overdue_major > 0 then 2
    when index >= (thresholds ->> 2)::numeric then 3
    else 4
  end;
end $$;
comment on function private.risk_colour(jsonb, numeric, bigint, bigint) is
  '1 red … 4 blue by the thresholds; vetoes: an overdue major hazard makes at least orange, an accident of the larger grade or above within 12 months red.';

revoke execute on function private.risk_rule(date), private.risk_scale(public.risk_rules, int), private.risk_index(numeric, float8),
  private.risk_colour(jsonb, numeric, bigint, bigint) from public;
