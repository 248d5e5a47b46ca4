import { computed, onScopeDispose } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Camera } from '../../map/camera'
import { formatCamera, formatLink, type MapLink, parseLink } from './mapLink'

/** The link as state: what is chosen makes a step in the history, where the camera stands only corrects the last. */
export function useMapLink() {
  const route = useRoute()
  const router = useRouter()
  const link = computed(() => parseLink(route.query))
  const here = route.name
  let written = route.query.c ?? ''
  let timer: ReturnType<typeof setTimeout> | undefined

  function go(change: Partial<MapLink>, how: 'push' | 'replace' = 'push'): void {
    clearTimeout(timer)
    const query = formatLink({ ...link.value, ...change })
    if (JSON.stringify(query) === JSON.stringify(formatLink(link.value))) return
    void router[how]({ query })
  }

  /** A step that leaves the map where it is: what was pointed at is on the screen already. */
  function goHere(change: Partial<MapLink>, camera: Camera | undefined): void {
    if (camera) written = formatCamera(camera)
    go(camera ? { ...change, camera } : change)
  }

  /** Notes where the camera stands, when it has come to rest. */
  function noteCamera(camera: Camera): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (route.name !== here) return
      written = formatCamera(camera)
      go({ camera }, 'replace')
    }, 250)
  }

  /** Whether the camera in the link was put there by us, rather than by a link or the back button. */
  const isOurs = (camera: Camera): boolean => formatCamera(camera) === written

  onScopeDispose(() => clearTimeout(timer))
  return { link, go, goHere, noteCamera, isOurs }
}
