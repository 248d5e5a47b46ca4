import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { SESSION_KEY } from './db/client'
import { useSession } from './features/auth/session'
import { i18n } from './i18n'
import { createAppRouter, loadFrame, loadMapScreen } from './router'
import './styles/tokens.css'
import './styles/base.css'
import './styles/element.css'
import './ui/theme'

// Who was signed in will most likely see the map: its code comes while the session is being read. Should that fail,
// the visit itself asks again.
if (keptSession() && (location.pathname === '/' || location.pathname === '/map')) {
  void Promise.all([loadFrame(), loadMapScreen()]).catch(() => undefined)
}

const app = createApp(App).use(createPinia()).use(i18n)
const session = useSession()
// A page for a phone opens without a network, for who was here before.
void session.start({ kept: location.pathname.startsWith('/m/') })
app.use(createAppRouter(session)).mount('#app')

// After first paint: a machine without a Chinese font gets ours.
requestAnimationFrame(() => void import('./ui/font'))

function keptSession(): boolean {
  try {
    return localStorage.getItem(SESSION_KEY) !== null
  } catch {
    return false // storage may be blocked
  }
}
