// Before first paint: the theme and the language this browser remembers, so that nothing flashes. The page's policy
// allows no inline script. src/ui/theme.ts and src/i18n.ts take over.
;(function () {
  var root = document.documentElement
  try {
    var theme = localStorage.getItem('safegrid.theme')
    var locale = localStorage.getItem('safegrid.locale')
  } catch (blocked) {
    // the browser's wishes will do
  }
  root.dataset.theme = theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  root.lang = locale || (navigator.language.toLowerCase().indexOf('zh') === 0 ? 'zh-CN' : 'en')
})()
