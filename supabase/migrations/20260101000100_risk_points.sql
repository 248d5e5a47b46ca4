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
  level smallint generated always as (
    case method
      when 'LEC' then case when l * e * c >= 320 then 1 when l * e * c >= 160 then 2 when l * e * c >= 70 then 3 else 4 end
      else case when l * s >= 20 then 1 when l * s >= 9 then 2 when l * s >= 4 then 3 else 4 end
    end) stored,
  measures text check (char_length(measures) <= 2000),
  responsible text check (char_length(responsible) <= 60),
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
  '风险点. LEC: D = L×E×C, ≥320 red, ≥160 orange, ≥70 yellow, else blue. LS: R = L×S, ≥20 red, ≥9 orange, ≥4 yellow, else blue (DB11/T 1478, GB/T 27921).';
comment on column public.risk_points.grid_id is 'The grid of the enterprise; kept by trigger.';
comment on column public.risk_points.level is '1 red 重大, 2 orange 较大, 3 yellow 一般, 4 blue 低; follows from the score.';
create index risk_points_enterprise_id_idx on public.risk_points (enterprise_id);
create index risk_points_grid_id_idx on public.risk_points (grid_id);

create function private.derive_risk_point() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  select e.grid_id into new.grid_id from public.enterprises e where e.id = new.enterprise_id;
  new.updated_at := now();
  return new;
end $$;
comment on function private.derive_risk_point() is 'A risk point lies in the grid of its enterprise. DEFINER: reads the enterprise whoever writes.';
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
