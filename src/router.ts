import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { hasNoRight, safeNext } from './features/auth/me'
import type { useSession } from './features/auth/session'

/** The map is what most people see first; its code is asked for before it is needed. */
export const loadMapScreen = () => import('./screens/MapScreen.vue')
export const loadFrame = () => import('./screens/AppFrame.vue')
const loadLedger = () => import('./screens/LedgerScreen.vue')
/** What cannot be an id leads to no page: the database would call it an error. */
const ID = '([0-9a-fA-F-]{36})'
const loadNoAccess = () => import('./screens/NoAccessScreen.vue')

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the name that the browser's tab shows. */
    title?: string
    /** Shown to whoever comes, signed in or not. */
    open?: boolean
  }
}

const pages: RouteRecordRaw[] = [
  { path: 'map', name: 'map', component: loadMapScreen, meta: { title: 'screens.title.map' } },
  {
    path: 'import',
    name: 'import',
    component: () => import('./screens/ImportScreen.vue'),
    meta: { title: 'screens.title.import' },
  },
  {
    path: 'boundaries/:grid',
    name: 'boundaries',
    component: () => import('./screens/BoundaryScreen.vue'),
    props: (route) => ({ grid: String(route.params.grid) }),
    meta: { title: 'screens.title.boundaries' },
  },
  {
    path: 'enterprises',
    name: 'enterprises',
    component: loadLedger,
    props: { kind: 'enterprises' },
    meta: { title: 'ledgers.title.enterprises' },
  },
  {
    path: `enterprises/:enterprise${ID}`,
    name: 'enterprise',
    component: () => import('./screens/EnterpriseScreen.vue'),
    props: true,
    meta: { title: 'portrait.title' },
  },
  {
    path: 'hazards',
    name: 'hazards',
    component: loadLedger,
    props: { kind: 'hazards' },
    meta: { title: 'ledgers.title.hazards' },
  },
  {
    path: 'industries',
    name: 'industries',
    component: () => import('./screens/IndustryScreen.vue'),
    meta: { title: 'industries.title' },
  },
  {
    path: 'accidents',
    name: 'accidents',
    component: () => import('./screens/AccidentScreen.vue'),
    meta: { title: 'accidents.title' },
  },
  {
    path: 'warnings',
    name: 'warnings',
    component: () => import('./screens/WarningScreen.vue'),
    meta: { title: 'warnings.title' },
  },
  {
    path: `hazards/:hazard${ID}`,
    name: 'hazard',
    component: () => import('./screens/HazardScreen.vue'),
    props: true,
    meta: { title: 'hazardLoop.title' },
  },
  {
    path: 'work',
    name: 'work',
    component: () => import('./screens/WorkScreen.vue'),
    meta: { title: 'work.title' },
  },
  {
    path: 'boundaries/:grid/history',
    name: 'boundary-history',
    component: () => import('./screens/HistoryScreen.vue'),
    props: true,
    meta: { title: 'boundaryHistory.title' },
  },
  {
    path: 'people/:grid',
    name: 'people',
    component: () => import('./screens/PeopleScreen.vue'),
    meta: { title: 'people.title' },
  },
  {
    path: 'notices/:grid',
    name: 'notices',
    component: () => import('./screens/NoticeScreen.vue'),
    meta: { title: 'notices.title' },
  },
  {
    path: 'risk-rules',
    name: 'risk-rules',
    component: () => import('./screens/RiskRulesScreen.vue'),
    meta: { title: 'riskRules.title' },
  },
  {
    path: 'prevention-rules',
    name: 'prevention-rules',
    component: () => import('./screens/PreventionRulesScreen.vue'),
    meta: { title: 'preventionRules.title' },
  },
  {
    path: 'campaigns',
    name: 'campaigns',
    component: () => import('./screens/CampaignScreen.vue'),
    meta: { title: 'campaigns.title' },
  },
  {
    path: 'briefing',
    name: 'briefing',
    component: () => import('./screens/BriefingScreen.vue'),
    meta: { title: 'screens.title.briefing' },
  },
  { path: 'no-access', name: 'no-access', component: loadNoAccess, meta: { title: 'screens.title.noAccess' } },
]

const routes: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./screens/SignInScreen.vue'),
    meta: { title: 'screens.title.signIn', open: true },
  },
  { path: '/', name: 'home', component: () => import('./screens/HomeRedirect.vue') },
  { path: '/', component: loadFrame, children: pages },
  // Without the frame: it hangs on a wall.
  {
    path: '/desk',
    name: 'desk',
    component: () => import('./screens/DeskScreen.vue'),
    meta: { title: 'desk.title' },
  },
  {
    path: '/command',
    name: 'command',
    component: () => import('./screens/CommandScreen.vue'),
    meta: { title: 'screens.nav.command' },
  },
  // With the slash: the service worker that keeps these pages answers for what lies under /m/.
  { path: '/m', strict: true, redirect: (to) => ({ path: '/m/', query: to.query }) },
  {
    path: '/m/',
    strict: true,
    name: 'mobile',
    component: () => import('./screens/m/MobileHomeScreen.vue'),
    meta: { title: 'reports.home' },
  },
  {
    path: '/m/report',
    name: 'mobile-report',
    component: () => import('./screens/m/ReportScreen.vue'),
    meta: { title: 'reports.title' },
  },
  {
    path: '/m/work',
    name: 'mobile-work',
    component: () => import('./screens/m/MyWorkScreen.vue'),
    meta: { title: 'work.title' },
  },
  {
    path: '/m/notices',
    name: 'mobile-notices',
    component: () => import('./screens/m/NoticesScreen.vue'),
    meta: { title: 'work.notices.title' },
  },
  {
    path: `/m/hazards/:hazard${ID}`,
    name: 'mobile-hazard',
    component: () => import('./screens/m/MobileHazardScreen.vue'),
    props: true,
    meta: { title: 'hazardLoop.title' },
  },
  {
    path: '/:rest(.*)*',
    name: 'not-found',
    component: () => import('./screens/NotFoundScreen.vue'),
    meta: { title: 'screens.title.notFound', open: true },
  },
]

/** The pages and their guard: who is signed out says who they are, and comes back to where they wanted to go. */
export function createAppRouter(session: ReturnType<typeof useSession>): Router {
  const router = createRouter({ history: createWebHistory(), routes })

  router.beforeEach(async (to) => {
    if (to.name === 'not-found') return true
    await session.whenKnown()
    const signedIn = session.state !== 'out'
    if (to.name === 'sign-in') return signedIn ? (safeNext(to.query.next) ?? '/') : true
    if (!signedIn) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    const without = session.me !== null && hasNoRight(session.me)
    if (without) return to.name === 'no-access' ? true : { name: 'no-access' }
    return to.name === 'no-access' ? { name: 'home' } : true
  })
  return router
}
