import { type AsyncComponentLoader, type Component, defineAsyncComponent, watch } from 'vue'
import { check, isReachable } from '../db/connection'

const MOST = 20

/** A part whose code comes when it is first wanted; what did not come for want of a network comes once that is back. */
export function latePart<Part extends Component>(loader: AsyncComponentLoader<Part>): Part {
  return defineAsyncComponent({
    loader,
    async onError(_error, retry, fail, attempts) {
      if (attempts > MOST) return fail()
      if (await check()) return attempts === 1 ? retry() : fail()
      const stop = watch(isReachable, (now) => {
        if (!now) return
        stop()
        retry()
      })
    },
  })
}
