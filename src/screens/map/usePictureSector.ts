import { onScopeDispose, shallowRef, watch } from 'vue'
import { afterFrame } from './afterFrame'

interface Inputs {
  /** Id of the sector that the link asks for; null: all. */
  wanted: () => number | null
  /** Whether the colours on the map are its, or none. */
  coloured: () => boolean
}

/**
 * The sector that the points and figures of the picture are of. They follow one frame behind the colours: a picture is
 * of one sector, and the worker that gathers points into clusters is not in the way of the frame that answers a choice.
 */
export function usePictureSector({ wanted, coloured }: Inputs) {
  const sector = shallowRef(wanted())
  let off = () => {}
  watch(
    () => [wanted(), coloured()] as const,
    ([id, ready]) => {
      off()
      off = () => {}
      if (id === sector.value) return
      if (ready)
        off = afterFrame(() => {
          sector.value = id
        })
    },
    { flush: 'sync' },
  )
  onScopeDispose(() => off())
  return sector
}
