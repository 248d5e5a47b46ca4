import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CannotStart } from './errors.ts'

/** What this installation signs and is addressed with. `publishable` may be known to everyone, the others to nobody. */
export interface Keys {
  publishable: string
  secret: string
  jwtSecret: string
}

const isKeys = (value: unknown): value is Keys =>
  typeof value === 'object' &&
  value !== null &&
  ['publishable', 'secret', 'jwtSecret'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string')

/** Reads the keys, or makes them at the first start. The file is readable by its owner only. */
export function loadKeys(file: string): Keys {
  if (existsSync(file)) {
    let keys: unknown
    try {
      keys = JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      keys = undefined
    }
    if (isKeys(keys)) return keys
    throw new CannotStart(`密钥文件已损坏：${file}（删除它会使所有人重新登录） · The key file is damaged: ${file}`)
  }
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const keys: Keys = {
    publishable: `sb_publishable_${random(24)}`,
    secret: `sb_secret_${random(32)}`,
    jwtSecret: random(48),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return keys
}
