// The page itself, kept on the phone by a small service worker, so that it opens without a network.
import { ref } from 'vue'
import { loadConfig } from '../../db/client'
import { groundFile } from '../../map/basemap'

const SCRIPT = '/m/sw.js'
const SCOPE = '/m/'

/** The page is on this phone and opens without a network. */
export const isShellKept = ref(false)
/** A newer page than the one shown is on this phone. */
export const isShellNewer = ref(false)

let asked: Promise<void> | undefined

/** Registers the worker, once a visit. Without it (an old browser, plain http, development) nothing else changes. */
export function keepShell(): Promise<void> {
  asked ??= register().catch(() => undefined)
  return asked
}

async function register(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const before = navigator.serviceWorker.controller
  // The first worker takes over a page that is as new as itself; a later one brings a newer page.
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (before) isShellNewer.value = true
  })
  const registration = await navigator.serviceWorker.register(SCRIPT, { scope: SCOPE, updateViaCache: 'none' })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
  })
  const worker = await active(registration)
  // What was cleared away under the worker is fetched again, and the ground of this deployment with it.
  const ground = await loadConfig().then(({ basemap }) => groundFile(basemap))
  const channel = new MessageChannel()
  channel.port1.onmessage = ({ data }: MessageEvent<boolean>) => {
    isShellKept.value = data
  }
  worker.postMessage({ keep: ground ? [`/${ground}`] : [] }, [channel.port2])
}

async function active(registration: ServiceWorkerRegistration): Promise<ServiceWorker> {
  if (registration.active) return registration.active
  // `ready` belongs to the page's own scope, and a page reached from /map is not in it.
  const coming = registration.installing ?? registration.waiting
  if (!coming) throw new Error('no worker')
  return new Promise((done, reject) => {
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') done(coming)
      if (coming.state === 'redundant') reject(new Error('the worker was not installed'))
    })
  })
}
