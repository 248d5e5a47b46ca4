export default {
  'zh-CN': {
    search: {
      label: '搜索网格、企业、人员、隐患',
      placeholder: '搜索网格、企业、人员、隐患',
      results: '搜索结果',
      hint: '输入名称、编码、电话，或拼音首字母（bsz → 别山镇）',
      recent: '最近',
      asking: '正在搜索…',
      nothing: '没有找到“{words}”。可换用编码或拼音首字母；不在您管辖范围内的不会出现。',
      retry: '重试',
      kind: { grid: '网格', enterprise: '企业', person: '人员', hazard: '隐患' },
    },
  },
  en: {
    search: {
      label: 'Search grids, enterprises, people and hazards',
      placeholder: 'Search grids, enterprises, people, hazards',
      results: 'Results',
      hint: 'A name, code, phone number or pinyin initials (bsz → 别山镇)',
      recent: 'Recent',
      asking: 'Searching…',
      nothing:
        'Nothing found for “{words}”. Try a code or pinyin initials; what is outside your scope does not appear.',
      retry: 'Try again',
      kind: { grid: 'Grids', enterprise: 'Enterprises', person: 'People', hazard: 'Hazards' },
    },
  },
}
