import { CannotStart } from './errors.ts'
import { help, type Options, readOptions } from './options.ts'
import { explain, type Running, start } from './start.ts'

const begun = Date.now()
const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s`

function say(step: string): void {
  console.log(`  ${seconds()}  ${step}`)
}

const signIns = [
  ['admin', '系统管理员 administrator'],
  ['leader', '县领导 county leader'],
  ['town', '别山镇网格长 grid leader of a township'],
  ['town2', '邦均镇网格长 grid leader of another township'],
  ['village', '别山镇某村网格长 grid leader of a village'],
  ['member', '该村网格员 grid member there'],
  ['duty', '值班员 duty officer'],
  ['officer', '危险化学品主管部门 department officer'],
  ['enterprise', '该村一家企业 enterprise user there'],
] as const

function welcome(running: Running): void {
  console.log(`\n  安全网格一张图已就绪 · SafeGrid is ready (${seconds().trim()})\n\n  ${running.url}\n`)
  if (running.demo) {
    console.log('  演示账号 · demo sign-ins，密码 password: safegrid-demo')
    for (const [name, who] of signIns) console.log(`    ${`${name}@demo.local`.padEnd(24)}${who}`)
  } else if (running.administrators === 0) {
    console.log('  还没有管理员：请带上 ADMIN_EMAIL 与 ADMIN_PASSWORD 重新启动。')
    console.log('  There is no administrator yet: start again with ADMIN_EMAIL and ADMIN_PASSWORD set.')
  }
  console.log('\n  Ctrl+C 停止 · stops\n')
}

function fail(error: unknown): never {
  const words = explain(error)
  if (words) console.error(`\n  ✗ ${words.replaceAll('\n', '\n    ')}\n`)
  else console.error('\n  ✗ 无法启动 · Cannot start\n', error)
  process.exit(1)
}

async function main(): Promise<void> {
  let options: Options
  try {
    options = readOptions(process.argv.slice(2), process.env)
  } catch (error) {
    if (error instanceof CannotStart) fail(error)
    throw error
  }
  if (options.help) {
    console.log(help)
    return
  }
  let running: Running | undefined
  let stopping = false
  const stop = async () => {
    // A second Ctrl+C does not wait for the first to finish.
    if (stopping) process.exit(130)
    stopping = true
    console.log('\n  正在停止 · stopping')
    await starting.catch(() => undefined)
    await running?.close()
    console.log('  已停止，数据已保存 · stopped, data saved')
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
  process.on('SIGHUP', () => void stop())
  const starting = start(options, say)
  try {
    running = await starting
  } catch (error) {
    fail(error)
  }
  if (!stopping) welcome(running)
}

// Whoever read this has gone (a closed window, an ended pipe). To report that would fail in the same way, for ever.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

// The last resort: a fault in one answer must not take the others with it.
process.on('unhandledRejection', (error) => console.error('[server]', error))
process.on('uncaughtException', (error) => console.error('[server]', error))

await main()
