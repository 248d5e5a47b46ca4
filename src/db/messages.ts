// Words for failures. src/db stands on the ground and knows no vue-i18n, so it reads the page's language itself.
const messages = {
  'zh-CN': {
    db: {
      offline: '连接不上服务器，请检查网络后重试',
      unauthorized: '登录已过期，请重新登录',
      forbidden: '没有权限进行这项操作',
      timeout: '查询用时过长，已停止；请缩小范围后重试',
      tooMany: '操作过于频繁，请稍后再试',
      missing: '服务器上没有这项功能，请联系管理员升级',
      aborted: '已取消',
      lostFile: '照片已从这台设备上丢失，请取回后重新拍摄',
      server: '服务器出错，请稍后重试',
      readOnly: '服务器磁盘空间不足，暂时只能查看，不能保存，请联系管理员',
    },
  },
  en: {
    db: {
      offline: 'The server cannot be reached. Check the network and try again',
      unauthorized: 'Your sign-in has expired. Please sign in again',
      forbidden: 'You do not have the right to do this',
      timeout: 'The query took too long and was stopped. Narrow the range and try again',
      tooMany: 'Too many requests. Please wait a moment',
      missing: 'The server does not have this function. Ask the administrator to upgrade it',
      aborted: 'Cancelled',
      lostFile: 'The photo is lost from this device. Take the report back and photograph again',
      server: 'The server failed. Please try again later',
      readOnly: 'The disk of the server is full: one can look but not save. Please tell the administrator',
    },
  },
}

export type FailureWord = keyof (typeof messages)['zh-CN']['db']

/** The word for a failure in the language that the page is shown in (`<html lang>`). */
export function failureWord(word: FailureWord): string {
  const lang = typeof document === 'undefined' ? 'zh-CN' : document.documentElement.lang
  return messages[lang.startsWith('en') ? 'en' : 'zh-CN'].db[word]
}

export default messages
