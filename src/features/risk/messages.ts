export default {
  'zh-CN': {
    risk: {
      legend: '风险等级图例，点击筛选',
      ranking: '哪里最红',
      rankingOf: { 2: '镇街排行', 3: '村居排行' },
      none: '没有可以评定的网格',
      facts: '企业 {enterprises} · 隐患 {open}',
      major: '重大隐患 {n}',
      overdue: '逾期 {n}',
      leader: '网格长 {name}',
      index: '指数 {n}',
      basis: '按重大、较大风险企业占比与未销号重大隐患评定',
      hide: '隐藏{name}',
      show: '显示{name}',
    },
  },
  en: {
    risk: {
      legend: 'Risk levels; click to filter',
      ranking: 'Where it is red',
      rankingOf: { 2: 'Townships ranked', 3: 'Villages ranked' },
      none: 'No grid can be judged yet',
      facts: 'Enterprises {enterprises} · hazards {open}',
      major: 'Major {n}',
      overdue: 'Overdue {n}',
      leader: 'Leader {name}',
      index: 'Index {n}',
      basis: 'By the share of major and high-risk enterprises and open major hazards',
      hide: 'Hide {name}',
      show: 'Show {name}',
    },
  },
}
