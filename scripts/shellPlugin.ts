// Builds the service worker of /m/ and tells it which files those pages need: the entry, the screens for a phone, and
// what they import. Chosen over a list of globs because the other screens (editor, exporters, charts) are ten times as
// much and of no use on a phone without a network.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

const root = resolve(import.meta.dirname, '..')
const WORKER = resolve(root, 'src/screens/m/serviceWorker.ts')
/** What the page asks for by plain names. */
const PLAIN = ['boot.js', 'favicon.svg', 'm/app.webmanifest']
/** Code that a page for a phone may need besides its own. */
const WANTED = [
  /\/src\/screens\/m\/(?!serviceWorker)/,
  /\/src\/features\/auth\/ExpiredDialog\.vue/,
  /\/src\/screens\/SignInScreen\.vue/,
  /\/src\/ui\/font\.ts/,
  /\/src\/db\/outboxShelf\.ts/,
]
/** Of these, what is loaded later is needed too. Words are in the entry, which would bring every screen. */
const OWN = /\/src\/(screens\/m|features\/reports)\/(?!messages\.ts)/

interface Chunk {
  type: 'chunk'
  fileName: string
  code: string
  isEntry: boolean
  facadeModuleId: string | null
  moduleIds: string[]
  imports: string[]
  dynamicImports: string[]
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> }
}
type Bundle = Record<string, Chunk | { type: 'asset'; fileName: string }>

/** The files of a build that /m/ needs, fonts left out: each phone asks for the one it lacks. */
export function shellFiles(bundle: Bundle): string[] {
  const files = new Set<string>()
  const chunkOf = (name: string): Chunk | undefined => {
    const part = bundle[name]
    return part?.type === 'chunk' ? part : undefined
  }
  const workers = Object.keys(bundle).filter((name) => bundle[name]?.type === 'asset' && /\.m?js$/.test(name))
  const take = (chunk: Chunk): void => {
    if (files.has(chunk.fileName)) return
    files.add(chunk.fileName)
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css)
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) files.add(asset)
    for (const name of workers) if (chunk.code.includes(name.slice(name.lastIndexOf('/') + 1))) files.add(name)
    const later = chunk.moduleIds.some((id) => OWN.test(id)) ? chunk.dynamicImports : []
    for (const name of [...chunk.imports, ...later]) {
      const next = chunkOf(name)
      if (next) take(next)
    }
  }
  for (const part of Object.values(bundle)) {
    if (part.type !== 'chunk') continue
    const wanted = part.moduleIds.some((id) => WANTED.some((pattern) => pattern.test(id)))
    if (wanted || (part.isEntry && part.facadeModuleId?.endsWith('index.html'))) take(part)
  }
  return [...files].filter((name) => !/\.woff2?$/.test(name)).sort()
}

export function shellPlugin(): Plugin {
  return {
    name: 'safegrid-shell',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: WORKER, fileName: 'm/sw.js' })
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['m/sw.js']
        if (worker?.type !== 'chunk') throw new Error('the service worker was not built')
        if (worker.imports.length) throw new Error('the service worker must stand alone: it is no module')
        const names = shellFiles(bundle as unknown as Bundle)
        const hash = createHash('sha256')
          .update(names.join('\n'))
          .update(readFileSync(resolve(root, 'index.html')))
        for (const name of PLAIN) hash.update(readFileSync(resolve(root, 'public', name)))
        const files = [...names, ...PLAIN].map((name) => `/${name}`)
        const version = hash.digest('base64url').slice(0, 12)
        if (!worker.code.includes('__SHELL__')) throw new Error('the service worker has no place for its files')
        worker.code = worker.code.replaceAll('__SHELL__', JSON.stringify({ version, files }))
      },
    },
  }
}
