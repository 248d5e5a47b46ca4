import { onScopeDispose, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { check, isReachable } from '../../db/connection'

const KEY = 'safegrid.freshPage'

/**
 * Whether a page could not be opened because its code did not come. Without a network that is
 * said and waits; with one, a newer version was put in place and the old names are gone: then it is loaded afresh, once.
 */
export function useMissedPage() {
  const router = useRouter()
  const missed = ref(false)
  const stopErrors = router.onError(async (error, to) => {
    if (!/dynamically imported module|module script failed|preload CSS/i.test(String(error?.message))) return
    if (!(await check())) missed.value = true
    else if (sessionStorage.getItem(KEY) !== to.fullPath) {
      sessionStorage.setItem(KEY, to.fullPath)
      window.location.assign(to.fullPath)
    }
  })
  const stopPages = router.afterEach(() => {
    missed.value = false
    sessionStorage.removeItem(KEY)
  })
  watch(isReachable, (now) => {
    if (now) missed.value = false
  })
  onScopeDispose(() => {
    stopErrors()
    stopPages()
  })
  return missed
}
