export default {
  'zh-CN': {
    ui: {
      retry: '重试',
      failed: '没有成功',
      close: '关闭',
      offline: '网络已断开',
      offlineStill: '已打开的内容仍可查看，恢复后自动继续',
      asking: '正在连接',
      area: { m2: '{n} 平方米', ha: '{n} 公顷', km2: '{n} 平方公里' },
    },
  },
  en: {
    ui: {
      retry: 'Retry',
      failed: 'That did not work',
      close: 'Close',
      offline: 'Offline',
      offlineStill: 'What is open can still be read; work goes on by itself once the network is back',
      asking: 'Connecting',
      area: { m2: '{n} m²', ha: '{n} ha', km2: '{n} km²' },
    },
  },
}
