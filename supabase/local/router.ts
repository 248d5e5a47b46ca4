import { type Basemap, basemapHosts } from './basemap.ts'
import { compressed } from './compress.ts'
import { reduced } from './errors.ts'
import type { openFunctions } from './functions.ts'
import { auth, type SignInGuard, storage } from './gateway.ts'
import type { Site } from './site.ts'
import { Throttle } from './throttle.ts'

/** What the server serves once it is up. */
interface Service {
  lite: { fetch(request: Request, context: { peerAddress: string | null }): Promise<Response> }
  functions: Awaited<ReturnType<typeof openFunctions>>
  /** Absent in development: vite serves the interface then. */
  site?: Site
  basemap: Basemap
  publishableKey: string
  engine: string
  migrations: number
  readOnly: () => boolean
  adminUsers: (request: Request) => Promise<Response>
}

/** State of a server: starting (with the step it is in) until `service` is there. */
export interface State {
  step: string
  service?: Service
  startedAt: number
  guard: SignInGuard
  trustProxy: boolean
}

export function newState(trustProxy: boolean): State {
  return {
    step: '启动 · starting',
    startedAt: Date.now(),
    guard: { byPair: new Throttle(5), byAddress: new Throttle(20) },
    trustProxy,
  }
}

// A request body is read whole before Lite parses it.
const largest: [prefix: string, bytes: number][] = [
  ['/auth/v1/', 64 * 1024],
  ['/storage/v1/', 21 * 1024 * 1024],
  ['/rest/v1/', 64 * 1024 * 1024],
]

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  })

/** Every request comes in here. `peer` is the address at the other end of the socket. */
export async function route(request: Request, peer: string, state: State): Promise<Response> {
  try {
    return secured(await answer(request, peer, state))
  } catch (error) {
    console.error(`[server] ${request.method} ${new URL(request.url).pathname}:`, reduced(error))
    return secured(json(500, { code: 'XX000', message: 'Internal server error', details: null, hint: null }))
  }
}

async function answer(request: Request, peer: string, state: State): Promise<Response> {
  const { pathname } = new URL(request.url)
  const { service } = state
  if (pathname === '/health') return health(state)
  if (!service) return starting(request, state)
  if (pathname === '/config.json') {
    return json(200, {
      supabaseUrl: originOf(request, state),
      publishableKey: service.publishableKey,
      basemap: service.basemap,
    })
  }
  if (pathname.startsWith('/realtime/')) return json(404, { message: 'Only the WebSocket is served here' })
  const limit = largest.find(([prefix]) => pathname.startsWith(prefix))?.[1]
  if (limit === undefined) {
    return service.site?.answer(request, policy(service.basemap)) ?? new Response('Not Found', { status: 404 })
  }
  // A body of unknown length cannot be weighed before it is read.
  if (request.headers.has('transfer-encoding')) {
    return json(411, { code: 'PGRST000', message: 'Content-Length is required', details: null, hint: null })
  }
  if (Number(request.headers.get('content-length') ?? 0) > limit) {
    return json(413, { code: 'PGRST000', message: 'The request is too large', details: null, hint: null })
  }
  const ip = addressOf(request, peer, state)
  // Lite elevates keyless requests from loopback when its admin mode is on; no peer address means: never.
  const next = (inner: Request) => service.lite.fetch(inner, { peerAddress: null })
  const response = /^\/auth\/v1\/admin\/users(\/|$)/.test(pathname)
    ? await service.adminUsers(request)
    : pathname.startsWith('/auth/v1/')
      ? await auth(request, ip, state.guard, next)
      : pathname.startsWith('/storage/v1/')
        ? await storage(request, next)
        : pathname.startsWith('/rest/v1/rpc/')
          ? await service.functions(request, next)
          : await next(request)
  return compressed(request, response)
}

function health(state: State): Response {
  const uptime = Math.round((Date.now() - state.startedAt) / 1000)
  const { service } = state
  if (!service) return json(503, { status: 'starting', step: state.step, uptime })
  const status = service.readOnly() ? 'read_only' : 'ok'
  return json(200, { status, engine: service.engine, migrations: service.migrations, uptime })
}

/** Who opens the page too early sees what is going on, and the page reloads by itself. */
function starting(request: Request, state: State): Response {
  const headers = { 'retry-after': '1', 'cache-control': 'no-store' }
  if (!request.headers.get('accept')?.includes('text/html')) {
    return new Response(JSON.stringify({ message: 'starting' }), {
      status: 503,
      headers: { ...headers, 'content-type': 'application/json' },
    })
  }
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>安全网格一张图</title>
<body style="font:16px system-ui;margin:20vh auto;max-width:30em;text-align:center;color:#456"><p>正在启动，请稍候</p><p>${state.step}</p>`
  return new Response(page, { status: 503, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
}

/** The name under which the browser knows this server, so that it works behind any name and port. */
function originOf(request: Request, state: State): string {
  const url = new URL(request.url)
  const forwarded = state.trustProxy ? request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim() : undefined
  const host = state.trustProxy
    ? (request.headers.get('x-forwarded-host')?.split(',')[0]?.trim() ?? url.host)
    : url.host
  return `${forwarded === 'https' ? 'https:' : url.protocol}//${/^[\w.:[\]-]+$/.test(host) ? host : url.host}`
}

/** Behind a proxy every socket is the proxy's; the last name it wrote is the one it saw itself. */
function addressOf(request: Request, peer: string, state: State): string {
  const forwarded = state.trustProxy ? request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded || peer
}

/** Nothing is loaded from elsewhere, except the basemap that was configured. */
function policy(basemap: Basemap): string {
  const hosts = basemapHosts(basemap).join(' ')
  const more = hosts ? ` ${hosts}` : ''
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${more}`,
    "font-src 'self' data:",
    `connect-src 'self' data: blob:${more}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function secured(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.set('x-content-type-options', 'nosniff')
  headers.set('x-frame-options', 'DENY')
  headers.set('referrer-policy', 'same-origin')
  headers.set('permissions-policy', 'camera=(self), geolocation=(self), microphone=()')
  headers.set('cross-origin-opener-policy', 'same-origin')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
