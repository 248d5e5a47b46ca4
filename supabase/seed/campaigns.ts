/**
 * 专项行动 of the three years before the day of seeding ($1 = its start): what recurs every year by the calendar, and
 * what one township did by itself; of the future what begins within two months.
 */
export const INSERT_CAMPAIGNS = `
  insert into public.campaigns (name, starts, ends, grid_id, sector_ids, description, created_by, updated_by)
  select c.name, d.starts, d.starts + c.days, g.id,
    array(select s.id from public.sectors s where s.code = any (c.sectors) order by s.id), c.description, a.user_id, a.user_id
  from (values
    ('岁末年初安全生产集中排查', '120119', 1, 4, 45, '{}'::text[], '春节前后人员密集场所、烟花爆竹、危险化学品逐户排查。'),
    ('危险化学品安全专项整治', '120119', 4, 10, 60, '{hazchem}', '重大危险源、罐区、装卸作业逐项核查，隐患限期销号。'),
    ('安全生产月', '120119', 6, 1, 29, '{}', '宣传、演练、企业自查自改。'),
    ('有限空间作业专项整治', '120119', 7, 15, 47, '{industry}', '工贸企业有限空间作业审批、通风、监护逐户检查。'),
    ('岁末百日攻坚行动', '120119', 10, 8, 99, '{}', '重大隐患清零，逾期隐患逐条督办。'),
    ('别山镇九小场所清查', '120119106', 9, 5, 25, '{fire}', '九小场所用火用电用气清查。')
  ) c (name, grid, month, day, days, sectors, description)
  join public.grids g on g.code = c.grid
  cross join (select min(x.user_id::text)::uuid as user_id from public.admins x) a
  cross join generate_series(-1, 3) ago
  cross join lateral (
    select make_date(extract(year from $1::timestamptz at time zone 'Asia/Shanghai')::int - ago, c.month, c.day) as starts) d
  where d.starts between ($1::timestamptz at time zone 'Asia/Shanghai')::date - 1095
    and ($1::timestamptz at time zone 'Asia/Shanghai')::date + 60
  order by d.starts, c.grid`
