// The service worker of /m/: keeps the page itself (code, styles, ground) on the phone, so that it opens without a
// network. It never touches an answer of the API: whatever is not listed below goes past it.
//
// Nobody is stranded on an old page: with a network the newest index.html is asked for first; a new build brings a new
// worker, which takes over at once; the files of the build before stay until the next, for pages that are still open.

import { sendClosed } from './sendClosed'

interface Shell {
  version: string
  /** Addresses of this build's files, without index.html. */
  files: string[]
}
/** Put in by scripts/shellPlugin.ts when all names are known. */
declare const __SHELL__: Shell

const worker = self as unknown as ServiceWorkerGlobalScope
const SHELL: Shell = __SHELL__
const PREFIX = 'safegrid-shell-'
const CACHE = PREFIX + SHELL.version
/** What a build does not list: the configuration, the ground, fonts that this phone needs. */
const COMMON = `${PREFIX}common`
const PAGE = '/index.html'
/** A bad network answers neither yes nor no. */
const PATIENCE_MS = 2500

worker.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => worker.clients.claim()))
})

worker.addEventListener('message', (event) => {
  const { keep = [] } = (event.data ?? {}) as { keep?: string[] }
  const work = Promise.all([fill(), ...['/config.json', ...keep].map(keepCommon)]).then(
    () => true,
    () => false,
  )
  event.waitUntil(work.then((kept) => event.ports[0]?.postMessage(kept)))
})

// There is a network again, and no page may be open: background.ts asked for this.
worker.addEventListener('sync', (event) => {
  const sync = event as ExtendableEvent & { tag: string }
  if (sync.tag !== 'safegrid-outbox') return
  sync.waitUntil(
    sendClosed().then((more) => {
      // Not done: the browser tries again later.
      if (more) throw new Error('something still waits')
    }),
  )
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname === '/config.json') event.respondWith(newest(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(kept(request))
  else if (url.pathname.startsWith('/basemap/')) event.respondWith(keptThenNewer(event))
  else if (SHELL.files.includes(url.pathname)) event.respondWith(kept(request))
})

/** Has every file of this build: from an older one where the name is the same (names hold a hash), else fetched. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE)
  const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname))
  const lacking = SHELL.files.filter((file) => !there.has(file))
  await Promise.all(
    lacking.map(async (file) => {
      const old = file.startsWith('/assets/') ? await caches.match(file, { ignoreVary: true }) : undefined
      await cache.put(file, old ?? (await fetched(file)))
    }),
  )
  // Last, so that a page is only there when all it needs is. Asked for as "/": some hosts redirect index.html.
  if (!there.has(PAGE)) await cache.put(PAGE, await fetched('/'))
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address, { cache: address.startsWith('/assets/') ? 'default' : 'no-cache' })
  if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`)
  return response
}

async function tidy(): Promise<void> {
  // In the order in which they were made.
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== COMMON && name !== CACHE)
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)))
}

async function keepCommon(address: string): Promise<void> {
  const cache = await caches.open(COMMON)
  await cache.put(address, await fetched(address))
}

/** The newest page while there is a network that answers; else the one that is kept. */
async function page(request: Request): Promise<Response> {
  const answer = await inTime(fetch(request))
  if (answer && answer.status < 500) return answer
  return (await caches.match(PAGE, { cacheName: CACHE })) ?? answer ?? Response.error()
}

async function newest(request: Request): Promise<Response> {
  const answer = await inTime(fetch(request))
  if (answer?.ok) {
    const copy = answer.clone()
    await caches.open(COMMON).then((cache) => cache.put(request, copy))
    return answer
  }
  return (await caches.match(request, { ignoreVary: true })) ?? answer ?? Response.error()
}

async function kept(request: Request): Promise<Response> {
  const own = await caches.match(request, { cacheName: CACHE, ignoreVary: true })
  if (own) return own
  // Only what has a hash in its name is the same in every build.
  const hashed = new URL(request.url).pathname.startsWith('/assets/')
  const other = hashed ? await caches.match(request, { ignoreVary: true }) : undefined
  if (other) return other
  const answer = await fetch(request)
  if (answer.ok) {
    const copy = answer.clone()
    await caches.open(COMMON).then((cache) => cache.put(request, copy))
  }
  return answer
}

/** The ground is large and hardly ever changes: drawn at once, looked for anew beside it. */
async function keptThenNewer(event: FetchEvent): Promise<Response> {
  const { request } = event
  const known = await caches.match(request, { ignoreVary: true })
  const coming = fetch(request).then(async (answer) => {
    const copy = answer.clone()
    if (answer.ok) await caches.open(COMMON).then((cache) => cache.put(request, copy))
    return answer
  })
  if (!known) return coming
  event.waitUntil(coming.catch(() => undefined))
  return known
}

async function inTime(coming: Promise<Response>): Promise<Response | null> {
  const late = new Promise<null>((done) => {
    setTimeout(() => done(null), PATIENCE_MS)
  })
  return Promise.race([coming.catch(() => null), late])
}
