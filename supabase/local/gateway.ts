import { maxFileBytes } from './fileStorage.ts'
import { imageType } from './magic.ts'
import { sign } from './signedUrls.ts'
import type { Throttle } from './throttle.ts'

/** Hands a request on to Lite. */
export type Next = (request: Request) => Promise<Response>

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })

/** An Auth error in GoTrue's words. */
const authError = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
  json(status, { code: status, error_code: code, msg: message }, { 'x-sb-error-code': code, ...headers })

/** An error of Storage in its own words; it answers 400 and puts the true status in the body. */
const storageError = (status: number, error: string, message: string) =>
  json(400, { statusCode: String(status), error, message })

// All that the interface needs of Auth. What sends mail, makes accounts or leads elsewhere stays closed.
const openAuth =
  /^(POST \/token|POST \/logout|GET \/user|PUT \/user|GET \/settings|GET \/health|GET \/\.well-known\/.+|OPTIONS .*)$/
const slowest = 400

export interface SignInGuard {
  byPair: Throttle
  byAddress: Throttle
}

/** The rules in front of Lite's Auth: no public sign-up, and guessing passwords gets slower and slower. */
export async function auth(request: Request, ip: string, guard: SignInGuard, next: Next): Promise<Response> {
  const url = new URL(request.url)
  const path = url.pathname.slice('/auth/v1'.length) || '/'
  if (request.method === 'POST' && path === '/signup') {
    return authError(422, 'signup_disabled', 'Signups not allowed for this instance')
  }
  if (!openAuth.test(`${request.method} ${path}`)) {
    return authError(404, 'feature_disabled', `${request.method} ${path} is not available on this server`)
  }
  if (request.method === 'PUT' && path === '/user') return ownPassword(request, next)
  if (path !== '/token' || url.searchParams.get('grant_type') !== 'password') return next(request)

  const body = await request.text()
  if (!isSignIn(body)) return authError(400, 'validation_failed', 'email and password must be strings')
  const names = [`${emailIn(body)} ${ip}`, ip]
  const throttles = [guard.byPair, guard.byAddress]
  for (const [i, throttle] of throttles.entries()) {
    const wait = throttle.begin(names[i]!)
    if (wait === 0) continue
    if (i === 1) guard.byPair.right(names[0]!, false)
    return authError(429, 'over_request_rate_limit', `Too many wrong passwords; try again in ${wait} s`, {
      'retry-after': String(wait),
    })
  }
  const started = Date.now()
  const response = await next(new Request(request.url, { method: 'POST', headers: request.headers, body }))
  if (response.ok) {
    // One's own success must not wash the address clean, or a guesser would sign in between guesses.
    guard.byPair.right(names[0]!, true)
    guard.byAddress.right(ip, false)
    return response
  }
  const guessed = response.status === 400
  for (const [i, throttle] of throttles.entries()) {
    if (guessed) throttle.wrong(names[i]!)
    else throttle.right(names[i]!, false)
  }
  // Lite answers an unknown address at once and a wrong password after hashing: made alike, so that nobody can list accounts.
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, started + slowest - Date.now())))
  return response
}

/** A person may change their password and nothing else: addresses and roles are the administrator's. */
async function ownPassword(request: Request, next: Next): Promise<Response> {
  const body = await request.text()
  let given: Record<string, unknown> = {}
  try {
    given = JSON.parse(body) as Record<string, unknown>
  } catch {
    // answered below: there is no password in it
  }
  if (typeof given?.password !== 'string' || ['email', 'phone', 'data'].some((key) => given[key] != null)) {
    return authError(422, 'feature_disabled', 'Only the password can be changed here')
  }
  // bcrypt looks at 72 bytes and no further
  if (Buffer.byteLength(given.password) > 72)
    return authError(422, 'weak_password', 'The password is longer than 72 bytes')
  const response = await next(new Request(request.url, { method: 'PUT', headers: request.headers, body }))
  // as Supabase does it: whoever else is signed in with the old password is not any more
  if (response.ok) {
    const others = new URL('logout?scope=others', new URL('/auth/v1/', request.url))
    await next(new Request(others, { method: 'POST', headers: withoutBody(request.headers) }))
  }
  return response
}

function withoutBody(headers: Headers): Headers {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-type']) kept.delete(name)
  return kept
}

/** Lite passes on what is no string and answers 500. */
function isSignIn(body: string): boolean {
  try {
    const { email, password } = JSON.parse(body) as { email?: unknown; password?: unknown }
    return typeof email === 'string' && typeof password === 'string'
  } catch {
    return false
  }
}

function emailIn(body: string): string {
  try {
    const email = (JSON.parse(body) as { email?: unknown }).email
    return typeof email === 'string' ? email.trim().toLowerCase().slice(0, 256) : ''
  } catch {
    return ''
  }
}

const object = '/storage/v1/object/'

/** The key under which a request wants to put a file, still encoded; undefined when it does something else. */
function keyOfUpload(method: string, pathname: string): string | undefined {
  const rest = pathname.startsWith(object) ? pathname.slice(object.length) : ''
  if (method === 'PUT' && rest.startsWith('upload/sign/')) return /^upload\/sign\/[^/]+\/(.+)$/.exec(rest)?.[1]
  if ((method !== 'POST' && method !== 'PUT') || /^(list|list-v2|sign|info|upload)\//.test(rest)) return undefined
  return /^[^/]+\/(.+)$/.exec(rest)?.[1]
}

/** The rules in front of Lite's Storage: an image is an image, nothing too large, no address outside the bucket. */
export async function storage(request: Request, next: Next): Promise<Response> {
  const { pathname } = new URL(request.url)
  const key = keyOfUpload(request.method, pathname)
  if (!key) {
    const signs = request.method === 'POST' && /^(upload\/)?sign\//.test(pathname.slice(object.length))
    return sealed(await (signs ? sign(request, next) : next(request)))
  }
  let name: string
  try {
    name = decodeURIComponent(key)
  } catch {
    return storageError(400, 'InvalidKey', `Invalid key: ${key}`)
  }
  if (name.split('/').some((part) => part === '..' || part === '.' || part === '') || /[\p{Cc}\\]/u.test(name)) {
    return storageError(400, 'InvalidKey', `Invalid key: ${name.slice(0, 200)}`)
  }
  const file = await fileIn(request)
  if (file.bytes.byteLength > maxFileBytes) {
    return storageError(413, 'Payload too large', 'The object exceeded the maximum allowed size')
  }
  if (file.type.startsWith('image/') && imageType(file.bytes) !== file.type) {
    return storageError(415, 'invalid_mime_type', `the file is not a ${file.type}`)
  }
  const headers = new Headers(request.headers)
  headers.set('content-type', file.type)
  headers.set('content-length', String(file.bytes.byteLength))
  if (file.cacheControl) headers.set('cache-control', file.cacheControl)
  return sealed(
    await next(new Request(request.url, { method: request.method, headers, body: new Uint8Array(file.bytes) })),
  )
}

/** supabase-js sends a Blob as a form, an ArrayBuffer as it is; Lite only takes the latter, so forms are unpacked here. */
async function fileIn(request: Request): Promise<{ bytes: Uint8Array; type: string; cacheControl?: string }> {
  const type = request.headers.get('content-type') ?? 'application/octet-stream'
  if (type.startsWith('multipart/form-data')) {
    const form = await request.formData()
    const file = [...form.values()].find((value) => typeof value !== 'string')
    const seconds = form.get('cacheControl')
    if (file) {
      return {
        bytes: new Uint8Array(await file.arrayBuffer()),
        type: bare(file.type || 'application/octet-stream'),
        ...(typeof seconds === 'string' ? { cacheControl: `max-age=${seconds}` } : {}),
      }
    }
  }
  return { bytes: new Uint8Array(await request.arrayBuffer()), type: bare(type) }
}

const bare = (type: string) => type.split(';', 1)[0]!.trim().toLowerCase()

/** Uploaded files are served from the same origin as the interface: none of them may run as a page of it. */
function sealed(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
