/** The nine demo sign-ins: fixed ids, one password for all. */
export const DEMO_PASSWORD = 'safegrid-demo'

export type AccountName =
  | 'admin'
  | 'leader'
  | 'town'
  | 'town2'
  | 'village'
  | 'member'
  | 'duty'
  | 'officer'
  | 'enterprise'

export const BIESHAN = '120119106'
export const BANGJUN = '120119105'
/** 别山村, at the seat of 别山镇. */
export const DEMO_VILLAGE = '120119106215'

export interface Account {
  email: string
  id: string
  name: string
  title: string
}

function account(order: number, name: AccountName, person: string, title: string): [AccountName, Account] {
  return [name, { email: `${name}@demo.local`, id: `5afe0000-0000-4000-8000-00000000000${order}`, name: person, title }]
}

export const ACCOUNTS = Object.fromEntries([
  account(1, 'admin', '沈文清', '区安委办主任'),
  account(2, 'leader', '郑立功', '区委副书记、区长'),
  account(3, 'town', '孟宪国', '别山镇党委书记'),
  account(4, 'town2', '崔玉兰', '邦均镇党委书记'),
  account(5, 'village', '史振海', '别山村党支部书记'),
  account(6, 'member', '田小波', '别山村专职网格员'),
  account(7, 'duty', '方敏', '区应急指挥中心值班员'),
  account(8, 'officer', '乔建军', '区应急管理局危化科科长'),
  account(9, 'enterprise', '段永强', '企业安全总监'),
]) as Record<AccountName, Account>
