// Sending when every page is closed: the service worker does it where the browser wakes it up for that (Background
// Sync: Chrome on Android and desktops); elsewhere what waits is sent when a page is opened next.
import { watch } from 'vue'
import { keepCarrier } from '../../db/carrier'
import type { useOutbox } from '../../features/reports/outboxStore'

/** The tag by which the browser wakes the worker. */
const SYNC_TAG = 'safegrid-outbox'
const SCOPE = '/m/'

type Syncing = ServiceWorkerRegistration & { sync: { register(tag: string): Promise<void> } }

export const canSendClosed: boolean =
  import.meta.env.PROD && typeof window !== 'undefined' && 'SyncManager' in window && 'serviceWorker' in navigator

/** For as long as something waits the worker knows who sends it, and the browser is asked to wake it. */
export function followBackground(outbox: ReturnType<typeof useOutbox>): void {
  if (!canSendClosed) return
  watch(
    () => outbox.unsent.length > 0,
    (waits) => void prepare(waits),
    { immediate: true },
  )
  // The token changes while the page is open; what counts is the last one.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && outbox.unsent.length > 0) void prepare(true)
  })
}

async function prepare(waits: boolean): Promise<void> {
  await keepCarrier(waits)
  if (!waits) return
  const registration = (await navigator.serviceWorker.getRegistration(SCOPE)) as Syncing | undefined
  // Refused by the person or the browser: then at the next opening.
  await registration?.sync.register(SYNC_TAG).catch(() => undefined)
}
