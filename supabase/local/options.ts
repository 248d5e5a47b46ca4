import { parseArgs } from 'node:util'
import { CannotStart } from './errors.ts'

/** What `npm start` was asked for. */
export interface Options {
  port: number
  host: string
  /** Folder of this installation: keys, uploaded files and, embedded, the database. */
  data: string
  databaseUrl?: string
  empty: boolean
  reset: boolean
  dev: boolean
  help: boolean
  /** File with the basemap setting; see basemap.ts. */
  basemap?: string
  trustProxy: boolean
  /** The backend without the interface. */
  apiOnly: boolean
}

export const help = `安全网格一张图 · SafeGrid

  npm start -- [选项 options]

  --port <n>            端口，默认 54321（或环境变量 PORT） · port, default 54321 (or PORT)
  --host <name>         监听地址，默认 127.0.0.1；0.0.0.0 对外开放 · address to listen on
  --data <dir>          数据目录，默认 .data · data directory
  --database-url <url>  使用 PostgreSQL ≥15 + PostGIS ≥3.3 · use a native PostgreSQL
  --empty               不装入演示县 · without the demo county
  --reset               先清空数据目录中的数据库与文件 · empty the data directory first
  --basemap <file>      底图设置（JSON 文件） · basemap setting (JSON file)
  --trust-proxy         在反向代理之后：来访地址取自 X-Forwarded-For · behind a reverse proxy
  --api-only            只启动数据接口，不构建界面 · the backend without the interface
  --dev                 开发：界面热更新 · hot reload of the interface
  --help                本说明 · this text

  环境变量 environment: ADMIN_EMAIL + ADMIN_PASSWORD 创建首位管理员 · make the first administrator
`

const flags = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  basemap: { type: 'string' },
  empty: { type: 'boolean' },
  reset: { type: 'boolean' },
  dev: { type: 'boolean' },
  'trust-proxy': { type: 'boolean' },
  'api-only': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Reads flags and environment; anything not understood is a CannotStart that says which word. */
export function readOptions(args: string[], env: Record<string, string | undefined>): Options {
  const values = parse(args)
  const port = Number(values.port ?? env.PORT ?? 54321)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new CannotStart(`端口无效：${values.port ?? env.PORT} · Not a port`)
  }
  const databaseUrl = values['database-url']
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new CannotStart('--database-url 须以 postgres:// 开头 · must begin with postgres://')
  }
  if (databaseUrl && values.reset) {
    throw new CannotStart(
      '--reset 只清空内置数据库；原生数据库请用 dropdb/createdb · --reset empties the embedded database only',
    )
  }
  return {
    port,
    host: values.host ?? '127.0.0.1',
    data: values.data ?? '.data',
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(values.basemap ? { basemap: values.basemap } : {}),
    empty: values.empty ?? false,
    reset: values.reset ?? false,
    dev: values.dev ?? false,
    help: values.help ?? false,
    trustProxy: values['trust-proxy'] ?? false,
    apiOnly: values['api-only'] ?? false,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: flags, strict: true, allowPositionals: false }).values
  } catch (error) {
    const word = /'([^']+)'/.exec((error as Error).message)?.[1] ?? args.join(' ')
    throw new CannotStart(`不认识的选项或缺少值：${word}（--help 查看全部） · Unknown option or missing value: ${word}`)
  }
}
