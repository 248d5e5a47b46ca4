-- 风险点: places and jobs inside an enterprise, judged by LEC or by the matrix LS.
create table public.risk_points (
  id uuid primary key default gen_random_uuid(),
  enterprise_id uuid not null references public.enterprises (id) on delete cascade,
  grid_id int references public.grids (id),
  name text not null check (char_length(name) between 1 and 120),
  location extensions.geometry(Point, 4326),
  method text not null check (method in ('LEC', 'LS')),
  l numeric not null,
  e numeric,
  c numeric,
  s numeric,
  score numeric generated always as (case method when 'LEC' then l * e * c else l * s end) stored,
  level smallint not null check (level between 1 and 4),
  accident_kinds text check (char_length(accident_kinds) <= 120),
  control text not null default 'post' check (control in ('company', 'workshop', 'team', 'post')),
  responsible text check (char_length(responsible) <= 60),
  responsible_post text check (char_length(responsible_post) <= 60),
  responsible_phone text check (char_length(responsible_phone) <= 30),
  row_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint risk_points_values_of_the_method check (
    case method
      when 'LEC' then
        l in (10, 6, 3, 1, 0.5, 0.2, 0.1) and e in (10, 6, 3, 2, 1, 0.5) and c in (100, 40, 15, 7, 3, 1)
        and e is not null and c is not null and s is null
      else l in (1, 2, 3, 4, 5) and s in (1, 2, 3, 4, 5) and s is not null and e is null and c is null
    end)
);
comment on table public.risk_points is
  '风险点. LEC: D = L×E×C; LS: R = L×S (DB11/T 1478, GB/T 27921). Levels by the thresholds of prevention_rules. Written through save_risk_point() and remove_risk_point().';
comment on column public.risk_points.grid_id is 'The grid of the enterprise; kept by trigger.';
comment on column public.risk_points.level is '1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低; follows from the score and the thresholds ⚙, kept by trigger.';
comment on column public.risk_points.accident_kinds is 'What may happen there, in the words of GB/T 6441: 火灾, 中毒和窒息 …';
comment on column public.risk_points.control is '管控层级: company 公司级, workshop 车间级, team 班组级, post 岗位级.';
comment on column public.risk_points.responsible is '管控责任人: who answers for the point; who answers for each measure is in risk_measures.';
comment on column public.risk_points.row_version is 'Grows with every change by a person; whoever changes it names the version they saw.';
create index risk_points_enterprise_id_idx on public.risk_points (enterprise_id);
create index risk_points_grid_id_idx on public.risk_points (grid_id);

create function private.derive_risk_point() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  select e.grid_id into new.grid_id from public.enterprises e where e.id = new.enterprise_id;
  new.level := private.risk_point_level(private.prevention_rule(), new.method, case new.method when 'LEC' then new.l * new.e * new.c else new.l * new.s end);
  new.updated_at := now();
  return new;
end $$;
comment on function private.derive_risk_point() is 'A risk point lies in the grid of its enterprise and has the level of its score. DEFINER: reads the enterprise whoever writes.';
create trigger derive before insert or update on public.risk_points for each row execute function private.derive_risk_point();

create function private.move_risk_points() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.risk_points r set grid_id = n.grid_id
  from moved n join left_behind o on o.id = n.id and o.grid_id is distinct from n.grid_id
  where r.enterprise_id = n.id;
  return null;
end $$;
comment on function private.move_risk_points() is 'Risk points follow their enterprise into another grid.';
create trigger move_risk_points after update on public.enterprises
  referencing old table as left_behind new table as moved
  for each statement execute function private.move_risk_points();

alter table public.risk_points enable row level security;
revoke all on public.risk_points from anon, authenticated;
grant select on public.risk_points to authenticated;
create policy "People see the risk points of the enterprises they see" on public.risk_points
  for select to authenticated
  using (
    (select private.sees_all())
    or grid_id = any ((select private.my_grid_ids())::int[])
    or enterprise_id in (select e.id from public.enterprises e));
