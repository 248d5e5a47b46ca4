export default {
  'zh-CN': {
    app: { name: '安全网格一张图', motto: '属地有人管，行业有人管，风险看得见' },
    start: {
      title: '暂时打不开',
      lead: '连接不上服务器，没有读到启动配置。请检查网络，或稍后再试。',
      retry: '重试',
      retrying: '正在重试',
    },
    noRight: {
      title: '账号还没有开通权限',
      lead: '{name}，您已登录，但还没有被设为任何网格、行业部门或企业的人员，所以没有可以查看的内容。',
      whom: '请联系本地安委办管理员，告知登录账号，由其设置岗位。设置后点“重新检查”即可进入，不必重新登录。',
      account: '登录账号',
      check: '重新检查',
      checking: '正在检查',
      still: '岗位还没有设置',
      signOut: '退出登录',
    },
    notFound: {
      title: '没有这个页面',
      lead: '地址可能有误，或页面已经移走。',
      home: '回到首页',
    },
  },
  en: {
    app: { name: 'SafeGrid', motto: 'Every place and every sector has somebody who answers for it' },
    start: {
      title: 'Cannot start',
      lead: 'The server cannot be reached, so the settings could not be read. Check the network or try again later.',
      retry: 'Try again',
      retrying: 'Trying again',
    },
    noRight: {
      title: 'Your account has no rights yet',
      lead: '{name}, you are signed in, but you have not been given a grid, a department or an enterprise, so there is nothing to show.',
      whom: 'Tell the administrator of your safety committee office which account you use, and ask for a position. Then press “Check again”; there is no need to sign in again.',
      account: 'Account',
      check: 'Check again',
      checking: 'Checking',
      still: 'No position has been given yet',
      signOut: 'Sign out',
    },
    notFound: {
      title: 'There is no such page',
      lead: 'The address may be wrong, or the page has moved.',
      home: 'Go to the first page',
    },
  },
}
