import { expect, it } from 'vitest'
import { shellFiles } from '../../scripts/shellPlugin'

type Bundle = Parameters<typeof shellFiles>[0]
type Part = Extract<Bundle[string], { type: 'chunk' }>

const chunk = (fileName: string, modules: string[], more: Partial<Part> = {}): Part => ({
  type: 'chunk',
  fileName,
  code: '',
  isEntry: false,
  facadeModuleId: null,
  moduleIds: modules.map((module) => `/home/src/${module}`),
  imports: [],
  dynamicImports: [],
  ...more,
})
const bundle = (parts: Part[], assets: string[]): Bundle =>
  Object.fromEntries([
    ...parts.map((part) => [part.fileName, part] as const),
    ...assets.map((fileName) => [fileName, { type: 'asset' as const, fileName }] as const),
  ])

it('the pages for a phone are kept with all that they load, and nothing of the others', () => {
  const files = shellFiles(
    bundle(
      [
        chunk('assets/index.js', ['main.ts', 'features/reports/messages.ts'], {
          isEntry: true,
          facadeModuleId: '/home/index.html',
          imports: ['assets/vue.js'],
          dynamicImports: ['assets/Report.js', 'assets/Editor.js'],
          viteMetadata: { importedCss: new Set(['assets/index.css']), importedAssets: new Set() },
        }),
        chunk('assets/vue.js', ['../node_modules/vue.js']),
        chunk('assets/Report.js', ['screens/m/ReportScreen.vue'], { dynamicImports: ['assets/PlaceMap.js'] }),
        chunk('assets/PlaceMap.js', ['features/reports/PlaceMap.vue'], { imports: ['assets/map.js'] }),
        chunk('assets/map.js', ['map/MapView.vue'], {
          code: 'new URL("map-worker-1.mjs")',
          dynamicImports: ['assets/pmtiles.js'],
          viteMetadata: { importedCss: new Set(['assets/map.css']), importedAssets: new Set(['assets/cjk.woff2']) },
        }),
        chunk('assets/pmtiles.js', ['map/pmtiles.ts']),
        chunk('assets/Editor.js', ['screens/BoundaryScreen.vue']),
        chunk('m/sw.js', ['screens/m/serviceWorker.ts'], { isEntry: true }),
      ],
      [
        'assets/index.css',
        'assets/map.css',
        'assets/map-worker-1.mjs',
        'assets/other-worker-2.mjs',
        'assets/cjk.woff2',
      ],
    ),
  )
  expect(files).toEqual([
    'assets/PlaceMap.js',
    'assets/Report.js',
    'assets/index.css',
    'assets/index.js',
    'assets/map-worker-1.mjs',
    'assets/map.css',
    'assets/map.js',
    'assets/vue.js',
  ])
})
