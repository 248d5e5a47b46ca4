import { createRouter, createWebHistory, type RouteLocationNormalized, type Router } from 'vue-router'
import type { useSession } from './features/auth/session'

const mapScreen = () => import('./screens/MapScreen.vue')
const appFrame = () => import('./screens/AppFrame.vue')

/** Fetches the code of the map before it is asked for. A failure is not remembered: the visit itself will tell. */
export function prefetchMap(): void {
  void Promise.all([appFrame(), mapScreen()]).catch(() => undefined)
}

/** A path inside this app and nothing else: what follows `next=` may come from a stranger's link. */
export function safeNext(next: unknown): string | null {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : null
}

/** The pages and their guard: who is signed out is asked who they are, and comes back to where they wanted to go. */
export function createAppRouter(session: ReturnType<typeof useSession>): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      {
        path: '/sign-in',
        name: 'sign-in',
        component: () => import('./screens/SignInScreen.vue'),
        meta: { open: true },
      },
      { path: '/', name: 'home', component: () => import('./screens/HomeRedirect.vue') },
      {
        path: '/',
        component: appFrame,
        children: [
          { path: 'map', name: 'map', component: mapScreen },
          { path: 'import', name: 'import', component: () => import('./screens/ImportScreen.vue') },
        ],
      },
      {
        path: '/:rest(.*)*',
        name: 'not-found',
        component: () => import('./screens/NotFoundScreen.vue'),
        meta: { open: true },
      },
    ],
  })

  router.beforeEach(async (to: RouteLocationNormalized) => {
    if (to.meta.open && to.name !== 'sign-in') return true
    await session.whenKnown()
    const signedIn = session.state !== 'out'
    if (to.name === 'sign-in') return signedIn ? (safeNext(to.query.next) ?? '/') : true
    if (signedIn) return true
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  })
  return router
}
