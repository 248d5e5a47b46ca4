-- 专项行动: what was undertaken, where and when; marked on the curve of the risk, so that one sees what came of it.
create table public.campaigns (
  id int generated always as identity primary key,
  name text not null check (char_length(btrim(name)) between 1 and 80 and name !~ '[[:cntrl:]]'),
  starts date not null,
  ends date not null check (ends >= starts),
  grid_id int not null references public.grids (id),
  sector_ids int[] not null default '{}' check (array_position(sector_ids, null) is null and cardinality(sector_ids) <= 100),
  description text check (char_length(description) <= 4000),
  row_version bigint not null default 1,
  created_by uuid references public.profiles (id) on delete set null,
  updated_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- sent twice, because the first answer was lost
  constraint campaigns_same_twice unique (grid_id, name, starts)
);
comment on table public.campaigns is '专项行动, 打非治违, 集中整治: a time in which a grid and all below it did something particular. Written through save_campaign() and remove_campaign().';
comment on column public.campaigns.ends is 'The last day of it.';
comment on column public.campaigns.sector_ids is 'Sectors it is about; none: all of them.';
create index campaigns_grid_id_idx on public.campaigns (grid_id, starts);

create index campaigns_created_by_idx on public.campaigns (created_by);
create index campaigns_updated_by_idx on public.campaigns (updated_by);

create trigger touch before update on public.campaigns for each row execute function private.touch_version();

create function private.check_campaign() returns trigger language plpgsql set search_path = '' as $$
declare
  unknown int;
begin
  select x.id into unknown from unnest(new.sector_ids) x (id) where not exists (select from public.sectors s where s.id = x.id) limit 1;
  if unknown is not null then
    raise exception '没有编号为 % 的行业领域', unknown using errcode = 'check_violation';
  end if;
  return new;
end $$;
comment on function private.check_campaign() is 'A campaign names sectors that exist.';
revoke execute on function private.check_campaign() from public;
create trigger check_sectors before insert or update of sector_ids on public.campaigns
  for each row execute function private.check_campaign();

alter table public.campaigns enable row level security;
revoke all on public.campaigns from anon, authenticated;
grant select on public.campaigns to authenticated;
create policy "People know the campaigns of the grids whose card they see" on public.campaigns
  for select to authenticated
  using ((select private.sees_all()) or grid_id = any ((select private.my_public_grid_ids())::int[]));

create trigger log_new after insert on public.campaigns referencing new table as after_change
  for each statement execute function private.log_changes('campaign', 'grid_id', '', '', 'row_version');
create trigger log_changed after update on public.campaigns referencing old table as before_change new table as after_change
  for each statement execute function private.log_changes('campaign', 'grid_id', '', '', 'row_version');
create trigger log_gone after delete on public.campaigns referencing old table as after_change
  for each statement execute function private.log_changes('campaign', 'grid_id', '', '', 'row_version');

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.may_campaign(grid int) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return private.is_admin() or coalesce(grid = any (private.my_led_grid_ids()), false);
end $$;
comment on function private.may_campaign(int) is
  'Whether the asker announces, changes and removes the campaigns of a grid: administrators of all, a leader or deputy those of their grids and of all below. DEFINER: reads the tables of rights.';

create function private.campaign_row(c public.campaigns) returns jsonb language plpgsql stable set search_path = '' as $$
declare
  today date := private.today();
begin
  return jsonb_build_object('id', c.id, 'version', c.row_version, 'name', c.name, 'from', c.starts, 'to', c.ends,
    'state', case when today < c.starts then 'coming' when today > c.ends then 'ended' else 'running' end,
    'grid', (select jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name) from public.grids g where g.id = c.grid_id),
    'sectors', (
      select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name) order by s.sort, s.id), '[]')
      from public.sectors s where s.id = any (c.sector_ids)),
    'description', c.description, 'may_change', private.may_campaign(c.grid_id),
    'by', (select p.name from public.profiles p where p.id = coalesce(c.updated_by, c.created_by)), 'at', c.updated_at);
end $$;
comment on function private.campaign_row(public.campaigns) is 'A campaign as lists and forms show it.';

create function public.list_campaigns(p_filter jsonb default null) returns jsonb language plpgsql stable security definer
set search_path = extensions, pg_temp set jit = off as $$
declare
  given jsonb := coalesce(nullif(private.j(p_filter), 'null'), '{}');
  today date := private.today();
  about public.grids;
  everything boolean := private.sees_all();
begin
  if jsonb_typeof(given) <> 'object' then
    return private.refusal('filter', 'BAD_VALUE', '筛选条件应为对象');
  elsif given ? 'state' and given -> 'state' <> 'null' and coalesce(given ->> 'state', '') not in ('running', 'coming', 'ended') then
    return private.refusal('state', 'BAD_VALUE', '状态应为进行中、未开始或已结束');
  end if;
  if given ->> 'grid' is not null then
    select g.* into about from public.grids g
    where g.code = given ->> 'grid' and g.retired_at is null and (everything or g.id = any (private.my_public_grid_ids()));
    if about.id is null then
      return jsonb_build_object('status', 'not_found');
    end if;
  end if;
  return (
    with known as materialized (
      select c.id, c.starts, case when today < c.starts then 'coming' when today > c.ends then 'ended' else 'running' end as state
      from public.campaigns c join public.grids g on g.id = c.grid_id
      where (everything or c.grid_id = any (private.my_public_grid_ids()))
        and (about.id is null or g.path <@ about.path or g.path @> about.path)
    ), shown as (
      select k.id, k.starts from known k where given ->> 'state' is null or k.state = given ->> 'state'
      order by k.starts desc, k.id desc limit 500
    )
    select jsonb_build_object('status', 'ok', 'today', today,
      'counts', (
        select jsonb_build_object('running', count(*) filter (where k.state = 'running'), 'coming', count(*) filter (where k.state = 'coming'),
          'ended', count(*) filter (where k.state = 'ended')) from known k),
      'rows', (
        select coalesce(jsonb_agg(private.campaign_row(c) order by c.starts desc, c.id desc), '[]')
        from shown s join public.campaigns c on c.id = s.id),
      -- whose campaigns the asker may announce: their grids and those directly below
      'grids', (
        select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name, 'level', g.level) order by g.level, g.code), '[]')
        from public.grids g
        where g.retired_at is null and g.kind <> 'department' and (
          private.is_admin() and g.level <= 2
          or exists (
            select from public.memberships m join public.grids r on r.id = m.grid_id and r.retired_at is null
            where m.user_id = (select auth.uid()) and m.position in ('leader', 'deputy') and r.id in (g.id, g.parent_id))))));
end $$;
comment on function public.list_campaigns(jsonb) is
  '专项行动 of the grids whose card the asker sees, the newest 500 first: {grid? (code: of it, of those above and below), state? running | coming | ended} → {status, today, counts by state (whatever state is asked for), rows: [{id, version, name, from, to, state, grid, sectors (none: all), description, may_change, by, at}], grids: those whose campaigns the asker may announce, [] for nobody who leads}. Out of scope: {status: not_found}. DEFINER: names who wrote it; applies the scope itself.';

-- ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────
create function private.read_day(given text) returns date language plpgsql immutable set search_path = '' as $$
begin
  return case when given ~ '^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$' then given::date end;
exception when data_exception then
  return null;
end $$;
comment on function private.read_day(text) is 'A day written YYYY-MM-DD, or null.';

create function public.save_campaign(p_campaign jsonb default null) returns jsonb language plpgsql volatile security definer
set search_path = '' set jit = off as $$
declare
  given jsonb := private.j(p_campaign);
  who uuid := (select p.id from public.profiles p where p.id = (select auth.uid()));
  seen int[] := private.my_public_grid_ids();
  was public.campaigns;
  c public.campaigns;
  faults jsonb;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return private.refusal(null, 'BAD_VALUE', '专项行动应为对象');
  end if;
  if coalesce(given -> 'id', 'null') <> 'null' then
    -- whoever comes second waits, and then sees what the first one wrote
    select x.* into was from public.campaigns x
    where x.id::text = given ->> 'id' and (private.sees_all() or x.grid_id = any (seen)) for update;
    if was.id is null then
      return jsonb_build_object('status', 'not_found');
    elsif not private.may_campaign(was.grid_id) then
      return private.refusal(null, 'NOT_ALLOWED', '只有安委办，以及开展行动的网格或其上级网格的网格长、副网格长可以修改');
    end if;
  end if;
  select g.id into c.grid_id from public.grids g
  where g.code = given ->> 'grid' and g.retired_at is null and g.kind <> 'department' and (private.sees_all() or g.id = any (seen));
  c.name := regexp_replace(private.read_words(given, 'name'), '\s+', ' ', 'g');
  c.description := private.read_words(given, 'description');
  c.starts := private.read_day(given ->> 'from');
  c.ends := private.read_day(given ->> 'to');
  select coalesce(array_agg(s.id order by s.id), '{}') into c.sector_ids from public.sectors s
  where jsonb_typeof(given -> 'sectors') = 'array' and given -> 'sectors' @> to_jsonb(s.id);
  select coalesce(jsonb_agg(private.error_of(f.field, f.code, f.message)), '[]') into faults
  from (values
    (private.is_blank(c.name), 'name', 'MISSING_FIELD', '请填写行动名称'),
    (char_length(c.name) > 80, 'name', 'TOO_LONG', '行动名称超过 80 个字'),
    (c.name ~ '[[:cntrl:]]', 'name', 'BAD_VALUE', '行动名称里有不能显示的字符'),
    (c.grid_id is null, 'grid', case when given ->> 'grid' is null then 'MISSING_FIELD' else 'NOT_FOUND' end,
      case when given ->> 'grid' is null then '请选择开展行动的网格' else '没有这个网格' end),
    (c.starts is null, 'from', 'BAD_VALUE', '请填写开始日期'),
    (c.ends is null, 'to', 'BAD_VALUE', '请填写结束日期'),
    (c.ends < c.starts, 'to', 'BAD_VALUE', '结束日期不能早于开始日期'),
    (c.ends - c.starts > 1100, 'to', 'OUT_OF_RANGE', '一次专项行动最长三年'),
    (given ? 'sectors' and jsonb_typeof(given -> 'sectors') not in ('array', 'null'), 'sectors', 'BAD_VALUE', '行业领域应为列表'),
    (jsonb_typeof(given -> 'sectors') = 'array' and cardinality(c.sector_ids) < (
      select count(distinct x) from jsonb_array_elements(case jsonb_typeof(given -> 'sectors') when 'array' then given -> 'sectors' else '[]' end) x),
      'sectors', 'UNKNOWN_SECTOR', '有行业领域不存在'),
    (cardinality(c.sector_ids) > 100, 'sectors', 'TOO_LONG', '最多选 100 个行业领域'),
    (char_length(c.description) > 4000, 'description', 'TOO_LONG', '说明超过 4000 个字'),
    -- a list or an object would pass for nothing said
    (jsonb_typeof(given -> 'description') not in ('string', 'number', 'null'), 'description', 'BAD_VALUE', '说明应为文字')
  ) f (hit, field, code, message)
  where f.hit;
  if faults <> '[]' then
    return jsonb_build_object('status', 'rejected', 'errors', faults);
  elsif not private.may_campaign(c.grid_id) then
    return private.refusal('grid', 'NOT_ALLOWED', '只有安委办，以及该网格或其上级网格的网格长、副网格长可以登记专项行动');
  elsif was.id is not null and coalesce(given ->> 'version', '') <> was.row_version::text then
    return jsonb_build_object('status', 'conflict', 'message', '这个专项行动刚被别人修改过', 'campaign', private.campaign_row(was));
  end if;
  begin
    if was.id is null then
      insert into public.campaigns (name, starts, ends, grid_id, sector_ids, description, created_by, updated_by)
      values (c.name, c.starts, c.ends, c.grid_id, c.sector_ids, c.description, who, who) returning * into c;
    else
      update public.campaigns x set name = c.name, starts = c.starts, ends = c.ends, grid_id = c.grid_id, sector_ids = c.sector_ids,
        description = c.description, updated_by = who
      where x.id = was.id returning * into c;
    end if;
  exception when unique_violation then
    return private.refusal('name', 'DUPLICATE_CODE', '这个网格已有同名、同日开始的专项行动');
  end;
  return jsonb_build_object('status', 'ok', 'campaign', private.campaign_row(c));
end $$;
comment on function public.save_campaign(jsonb) is
  'Announces a 专项行动, or changes the one named by id and version (of what was seen): {id?, version?, name, grid (code), from, to (YYYY-MM-DD, the last day of it), sectors? [ids; none: all of them], description?} → {status: ok, campaign} | rejected with errors | conflict with campaign as it is now | not_found. Who may: private.may_campaign(). DEFINER: nobody writes campaigns directly; rights are checked inside.';

create function public.remove_campaign(p_campaign int default null, p_version bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  c public.campaigns;
begin
  select x.* into c from public.campaigns x
  where x.id = p_campaign and (private.sees_all() or x.grid_id = any (private.my_public_grid_ids())) for update;
  if c.id is null then
    return jsonb_build_object('status', 'not_found');
  elsif not private.may_campaign(c.grid_id) then
    return private.refusal(null, 'NOT_ALLOWED', '只有安委办，以及开展行动的网格或其上级网格的网格长、副网格长可以删除');
  elsif c.row_version is distinct from p_version then
    return jsonb_build_object('status', 'conflict', 'message', '这个专项行动刚被别人修改过', 'campaign', private.campaign_row(c));
  end if;
  delete from public.campaigns x where x.id = c.id;
  return jsonb_build_object('status', 'ok');
end $$;
comment on function public.remove_campaign(int, bigint) is
  'Removes a 专项行动, naming the version seen: its mark goes from every curve → {status: ok | rejected | conflict with campaign | not_found}. Who may: private.may_campaign(). DEFINER: nobody writes campaigns directly; rights are checked inside.';

revoke execute on function private.may_campaign(int), private.campaign_row(public.campaigns), private.read_day(text) from public;
revoke execute on function public.list_campaigns(jsonb), public.save_campaign(jsonb), public.remove_campaign(int, bigint) from public, anon;
grant execute on function public.list_campaigns(jsonb), public.save_campaign(jsonb), public.remove_campaign(int, bigint) to authenticated, service_role;
