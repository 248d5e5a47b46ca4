interface Signed {
  signedUrl?: string
}
type Next = (request: Request) => Promise<Response>

const many = /^(\/storage\/v1\/object\/sign\/[^/]+)\/?$/

/**
 * Signed addresses as the Storage server gives them. Lite names them otherwise (`signedUrl`, with the service's own
 * prefix), and takes a request for many addresses of a bucket for one without a name.
 */
export async function sign(request: Request, next: Next): Promise<Response> {
  const url = new URL(request.url)
  const bucket = many.exec(url.pathname)?.[1]
  if (!bucket) {
    const response = await next(request)
    if (!response.ok) return response
    const { signedUrl, ...rest } = (await response.json()) as Signed
    const address = within(signedUrl)
    return Response.json({ ...rest, signedURL: address, url: address })
  }
  const { expiresIn, paths } = (await request.json()) as { expiresIn?: number; paths?: unknown }
  if (!Array.isArray(paths) || paths.length > 1000) {
    return Response.json(
      { statusCode: '400', error: 'InvalidRequest', message: 'paths must be a list' },
      { status: 400 },
    )
  }
  const rows = []
  for (const path of paths.map(String)) {
    const one = `${url.origin}${bucket}/${path.split('/').map(encodeURIComponent).join('/')}`
    const headers = new Headers(request.headers)
    headers.delete('content-length')
    const response = await next(new Request(one, { method: 'POST', headers, body: JSON.stringify({ expiresIn }) }))
    const body = (await response.json()) as Signed & { message?: string }
    rows.push({ path, signedURL: within(body.signedUrl), error: response.ok ? null : (body.message ?? 'error') })
  }
  return Response.json(rows)
}

/** supabase-js puts the service's own address before it. */
function within(signedUrl: string | undefined): string | null {
  return signedUrl ? signedUrl.replace(/^\/storage\/v1/, '') : null
}
