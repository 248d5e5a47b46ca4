export default {
  'zh-CN': {
    rules: {
      label: '规则与行动',
      'risk-rules': '风险指数规则',
      'prevention-rules': '双重预防分级',
      campaigns: '专项行动',
    },
  },
  en: {
    rules: {
      label: 'Rules and campaigns',
      'risk-rules': 'Risk index',
      'prevention-rules': 'Dual prevention',
      campaigns: 'Campaigns',
    },
  },
}
