import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { accepted, compressible, packFile } from './compress.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.geojson': 'application/geo+json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

interface File {
  bytes: Uint8Array
  type: string
  etag: string
  packed: Map<string, Promise<Uint8Array>>
}

/** The built interface, held in memory: every file read once, compressed once. */
export class Site {
  private readonly files = new Map<string, File>()

  constructor(folder: string) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const bytes = new Uint8Array(readFileSync(path))
      this.files.set(`/${relative(folder, path).split(sep).join('/')}`, {
        bytes,
        type: types[extname(path)] ?? 'application/octet-stream',
        etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 20)}"`,
        packed: new Map(),
      })
    }
  }

  /** Answers a request for a page or a file; `policy` is the content security policy of pages. */
  async answer(request: Request, policy: string): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    }
    let path: string
    try {
      path = decodeURIComponent(new URL(request.url).pathname)
    } catch {
      return new Response('Bad Request', { status: 400 })
    }
    const file = path === '/' ? this.files.get('/index.html') : this.files.get(path)
    if (file) return this.send(request, path, file, policy)
    // An address inside the interface (/map, /hazards/…), opened or reloaded: the page's router knows it.
    const wantsPage = request.headers.get('accept')?.includes('text/html') && !path.startsWith('/assets/')
    const page = this.files.get('/index.html')
    if (wantsPage && page) return this.send(request, '/index.html', page, policy)
    return new Response('Not Found', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }

  private async send(request: Request, path: string, file: File, policy: string): Promise<Response> {
    const headers = new Headers({
      'content-type': file.type,
      etag: file.etag,
      // Vite writes a hash into the names under /assets/: such a file never changes.
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    if (file.type.startsWith('text/html')) headers.set('content-security-policy', policy)
    if (request.headers.get('if-none-match')?.includes(file.etag)) return new Response(null, { status: 304, headers })
    let body = file.bytes
    if (compressible(file.type) && file.bytes.length > 1024) {
      headers.set('vary', 'accept-encoding')
      const encoding = accepted(request.headers.get('accept-encoding'))
      if (encoding) {
        headers.set('content-encoding', encoding)
        body = await pack(file, encoding)
      }
    }
    headers.set('content-length', String(body.byteLength))
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers })
  }
}

function pack(file: File, encoding: 'br' | 'gzip'): Promise<Uint8Array> {
  const have = file.packed.get(encoding)
  if (have) return have
  const made = packFile(file.bytes, encoding)
  file.packed.set(encoding, made)
  return made
}
