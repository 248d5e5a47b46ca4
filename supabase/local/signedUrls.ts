interface Signed {
  signedUrl?: string
}
type Next = (request: Request) => Promise<Response>

/** A signed address opens to whoever has it, also after a right was taken back: not for long. */
const longestSeconds = 3600
const mostPaths = 200

const many = /^(\/storage\/v1\/object\/sign\/[^/]+)\/?$/

/**
 * Signed addresses as the Storage server gives them. Lite names them otherwise (`signedUrl`, with the service's own
 * prefix), and takes a request for many addresses of a bucket for one without a name.
 */
export async function sign(request: Request, next: Next): Promise<Response> {
  const url = new URL(request.url)
  const bucket = many.exec(url.pathname)?.[1]
  if (!bucket) {
    const body = await bodyOf(request)
    if (!body) return refused('The body must be an object')
    const response = await next(again(request, request.url, body))
    if (!response.ok) return response
    const { signedUrl, ...rest } = (await response.json()) as Signed
    const address = within(signedUrl)
    return Response.json({ ...rest, signedURL: address, url: address })
  }
  const { expiresIn, paths } = (await bodyOf(request)) ?? {}
  if (!Array.isArray(paths) || paths.length > mostPaths) return refused(`paths must be a list of at most ${mostPaths}`)
  const rows = []
  for (const path of paths.map(String)) {
    const one = `${url.origin}${bucket}/${path.split('/').map(encodeURIComponent).join('/')}`
    const response = await next(again(request, one, { expiresIn }))
    const body = (await response.json()) as Signed & { message?: string }
    rows.push({ path, signedURL: within(body.signedUrl), error: response.ok ? null : (body.message ?? 'error') })
  }
  return Response.json(rows)
}

type Wish = Record<string, unknown> & { expiresIn?: unknown; paths?: unknown }

async function bodyOf(request: Request): Promise<Wish | null> {
  const body: unknown = await request.json().catch(() => null)
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Wish) : null
}

function again(request: Request, url: string, { expiresIn, ...rest }: Wish): Request {
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  const seconds = typeof expiresIn === 'number' ? Math.min(expiresIn, longestSeconds) : expiresIn
  return new Request(url, { method: 'POST', headers, body: JSON.stringify({ ...rest, expiresIn: seconds }) })
}

const refused = (message: string) =>
  Response.json({ statusCode: '400', error: 'InvalidRequest', message }, { status: 400 })

/** supabase-js puts the service's own address before it. */
function within(signedUrl: string | undefined): string | null {
  return signedUrl ? signedUrl.replace(/^\/storage\/v1/, '') : null
}
