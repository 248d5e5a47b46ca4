import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const toGzip = promisify(gzip)
const toBrotli = promisify(brotliCompress)

/** Below this, the header costs more than it saves. */
const worthwhile = 1024
const text = /^(text\/|application\/(json|javascript|xml|geo\+json|manifest\+json|vnd\.)|image\/svg)/

/** The better of the encodings that a browser accepts. */
export function accepted(header: string | null): 'br' | 'gzip' | undefined {
  if (!header) return undefined
  const words = header.split(',').map((word) => word.trim())
  const has = (name: string) => words.some((word) => word.split(';')[0] === name && !/;\s*q=0(\.0*)?$/.test(word))
  if (has('br')) return 'br'
  return has('gzip') ? 'gzip' : undefined
}

export const compressible = (type: string | null): boolean => text.test(type ?? '')

/** For files that are served again and again: small beats quick. */
export function packFile(bytes: Uint8Array, encoding: 'br' | 'gzip'): Promise<Uint8Array> {
  if (encoding === 'gzip') return toGzip(bytes, { level: 9 })
  return toBrotli(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 7, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
}

/** Compresses an answer of the Data API, which Lite sends plain. Level 3: the client waits for it. */
export async function compressed(request: Request, response: Response): Promise<Response> {
  const { headers } = response
  if (request.method === 'HEAD' || !response.body || headers.has('content-encoding')) return response
  if (!compressible(headers.get('content-type'))) return response
  const wants = accepted(request.headers.get('accept-encoding'))
  if (!wants) return response
  const plain = new Uint8Array(await response.arrayBuffer())
  const next = new Headers(headers)
  next.append('vary', 'accept-encoding')
  next.delete('content-length')
  let body = plain
  if (plain.byteLength > worthwhile) {
    body = new Uint8Array(await toGzip(plain, { level: 3 }))
    next.set('content-encoding', 'gzip')
  }
  return new Response(body, { status: response.status, statusText: response.statusText, headers: next })
}
