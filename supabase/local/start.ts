import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureAdministrator } from './administrator.ts'
import { adminUsers } from './adminUsers.ts'
import { asBasemap, type Basemap, readBasemap } from './basemap.ts'
import { buildSite, dist } from './build.ts'
import { startClock } from './clock.ts'
import type { Database } from './database.ts'
import { DiskWatch } from './diskWatch.ts'
import { CannotStart } from './errors.ts'
import { openFunctions } from './functions.ts'
import { loadKeys } from './keys.ts'
import { lockDirectory } from './lock.ts'
import { migrate, readMigrations } from './migrate.ts'
import type { Options } from './options.ts'
import { openPglite } from './pglite.ts'
import { installPlatform } from './platform.ts'
import { cached } from './prepared.ts'
import { serveRealtime } from './realtime/server.ts'
import { newState } from './router.ts'
import { hasDemo, plantDemo } from './seed.ts'
import { type Listening, listen } from './server.ts'
import { Site } from './site.ts'

export interface Running {
  url: string
  demo: boolean
  administrators: number
  /** For tests and scripts in this process; requests go through the port. */
  database: Database
  secretKey: string
  close(): Promise<void>
}

/** What only tests ask for. */
export interface ForTests {
  /** SQL that runs before Lite reads the catalogue. */
  prelude?: string
  /** A database that is open already, instead of the one in the data directory; closed with the server. */
  database?: Database
  warn?: (words: string) => void
  leastFreeBytes?: number
}

/** Tells what is going on; called at the beginning of each step. */
export type Say = (step: string) => void

/** Brings everything up. Throws CannotStart (with words for people) or the error; then nothing is left open. */
export async function start(options: Options & ForTests, say: Say = () => {}): Promise<Running> {
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const basemap = readBasemap(options.basemap, process.env.SAFEGRID_BASEMAP)
    const state = newState(options.trustProxy)
    let broken: unknown
    const step: Say = (words) => {
      if (broken) throw broken
      state.step = words
      say(words)
    }
    // The port first: it costs nothing, and a second start in the same folder most often fails here.
    const listening = await listen(options.port, options.host, state)
    undo.push(() => listening.close())
    mkdirSync(options.data, { recursive: true })
    const site = options.apiOnly ? none() : options.dev ? develop(listening, undo) : built(step)
    // Awaited only at the end; a failure meanwhile ends the start at its next step.
    site.catch((error: unknown) => {
      broken = error
    })
    // Read while the WASM of the database compiles, which other threads do.
    const liteModule = import('./lite.ts')
    liteModule.catch(() => undefined)
    const database = await openDatabase(options, step, undo)
    const { demo, administrators, stored } = await prepare(database, options, step)
    if (options.prelude) await database.exec(options.prelude)
    const keys = loadKeys(join(options.data, 'keys.json'))
    step('启动数据接口 · start the Data API')
    const { createLite } = await liteModule
    const disk = await DiskWatch.start(options.data, options.warn ?? console.warn, options.leastFreeBytes)
    undo.push(() => disk.close())
    // a native server looks after its own disk
    const readOnly = () => database.engine === 'pglite' && disk.low
    const lite = await createLite({ database, keys, storageDir: join(options.data, 'storage'), readOnly })
    const realtime = await serveRealtime(listening.server, database, keys)
    undo.push(() => realtime.close())
    undo.push(startClock(database, readOnly))
    step('等待界面 · wait for the interface')
    const page = await site
    state.service = {
      lite,
      functions: await openFunctions(database, keys, readOnly),
      ...(page ? { site: page } : {}),
      basemap: basemap ?? asBasemap(stored) ?? fallback(demo),
      publishableKey: keys.publishable,
      engine: database.version,
      migrations: readMigrations().length,
      readOnly,
      adminUsers: (request) => adminUsers(request, database, keys.secret),
    }
    const host = ['0.0.0.0', '::', '127.0.0.1'].includes(options.host) ? 'localhost' : options.host
    return { url: `http://${host}:${listening.port}`, demo, administrators, database, secretKey: keys.secret, close }
  } catch (error) {
    await close()
    throw error
  }
}

const fallback = (demo: boolean): Basemap => ({ kind: demo ? 'demo' : 'plain' })

const none = async (): Promise<undefined> => undefined

async function built(step: Say): Promise<Site> {
  if (await buildSite()) step('界面已构建 · the interface is built')
  return new Site(dist)
}

/** Vite's own server inside ours: same port, hot reload. */
async function develop(listening: Listening, undo: (() => unknown)[]): Promise<undefined> {
  const { createServer } = await import('vite')
  const vite = await createServer({ server: { middlewareMode: true, hmr: { server: listening.server } } })
  undo.push(() => vite.close())
  listening.use(vite.middlewares)
}

async function openDatabase(options: Options & ForTests, step: Say, undo: (() => unknown)[]): Promise<Database> {
  const given = options.database
  if (given) {
    undo.push(() => given.close())
    return given
  }
  if (options.databaseUrl) {
    step('连接 PostgreSQL · connect to PostgreSQL')
    const { openNative } = await import('./native.ts')
    const database = await openNative(options.databaseUrl)
    undo.push(() => database.close())
    return database
  }
  const unlock = lockDirectory(options.data)
  undo.push(unlock)
  const folder = join(options.data, 'postgres')
  const ready = join(options.data, 'ready')
  // Without the mark, the first start was cut off half-way: there is nothing of anybody's in it yet.
  if (options.reset || !existsSync(ready)) {
    for (const name of ['ready', 'postgres', ...(options.reset ? ['storage', 'keys.json'] : [])]) {
      rmSync(join(options.data, name), { recursive: true, force: true })
    }
  }
  const fresh = !existsSync(folder)
  const tarball = fresh ? await best(options) : undefined
  step(
    tarball
      ? '装入准备好的数据库 · load the prepared database'
      : fresh
        ? '建立内置数据库 · make the embedded database'
        : '打开内置数据库 · open the embedded database',
  )
  const database = await openPglite(folder, tarball)
  undo.push(() => database.close())
  return database
}

/** The furthest prepared database that there is; what it lacks is added after it is open. */
async function best(options: Options): Promise<Blob | undefined> {
  const demo = options.empty || !hasDemo() ? undefined : await cached('demo')
  return demo ?? (await cached('migrated')) ?? (await cached('platform'))
}

/** Platform, migrations, demo county, first administrator: whatever of these is still missing. */
async function prepare(database: Database, options: Options, step: Say) {
  const { rows } = await database.query<{ there: boolean }>(
    `select to_regclass('realtime.messages') is not null as there`,
  )
  if (!rows[0]?.there) {
    step('安装 PostGIS 与基础表 · install PostGIS and the platform schemas')
    await installPlatform(database)
  }
  const migrations = readMigrations()
  step('检查迁移 · check the migrations')
  const applied = await migrate(database, migrations)
  if (applied > 0) step(`已应用 ${applied} 个迁移 · applied ${applied} migrations`)
  if (!options.empty && (await isBlank(database))) {
    if (hasDemo()) {
      step('写入演示县 · plant the demo county')
      await plantDemo(database)
    } else step('没有演示数据 · there is no demo county in this copy')
  }
  if (database.engine === 'pglite') writeFileSync(join(options.data, 'ready'), `${new Date().toISOString()}\n`)
  const administrators = await ensureAdministrator(database, process.env)
  const settings = await database.query<{ key: string; value: unknown }>(
    `select key, value from public.settings where key in ('demo', 'basemap')`,
  )
  const setting = new Map(settings.rows.map((row) => [row.key, row.value]))
  return { demo: setting.get('demo') === true, administrators, stored: setting.get('basemap') }
}

/** Nobody and nothing in it: only then does the demo county go in. */
async function isBlank(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ blank: boolean }>(
    `select not exists (select from public.grids) and not exists (select from public.admins)
        and not exists (select from auth.users) as blank`,
  )
  return rows[0]?.blank ?? false
}

const wasi: Record<number, string> = { 2: 'EACCES', 51: 'ENOSPC', 63: 'EPERM', 69: 'EROFS' }

/** Words for the reasons that come from outside the program. */
export function explain(error: unknown): string | undefined {
  if (error instanceof CannotStart) return error.message
  const { path, ...given } = (error ?? {}) as NodeJS.ErrnoException
  // PGlite's file system knows only numbers, those of WASI
  const code = given.name === 'ErrnoError' ? wasi[given.errno ?? 0] : given.code
  if (code === 'ENOSPC' || code === '53100') return '磁盘已满，请腾出空间后再启动 · The disk is full'
  if (code === '42501') {
    return `数据库用户的权限不够：首次安装要建立角色和扩展，需要超级用户（${(error as Error).message}）\nThe database user lacks rights: roles and extensions need a superuser the first time`
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `没有写入权限：${path ?? ''} · No permission to write`
  return undefined
}
