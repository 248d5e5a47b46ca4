import './liteEnvironment.ts'
import { App } from '@supabase/lite'
import { LiteConnection } from './connection.ts'
import type { Database } from './database.ts'
import { FileStorage } from './fileStorage.ts'
import type { Keys } from './keys.ts'

/** Everything Lite needs to know: the database, the keys and where uploaded files lie. */
export interface LiteOptions {
  database: Database
  keys: Keys
  storageDir: string
  /** Whether requests may only read just now. */
  readOnly?: () => boolean
}

/** Supabase Lite with our connection, our storage, and without its own pages, admin mode and sign-up. */
export async function createLite({ database, keys, storageDir, readOnly }: LiteOptions) {
  const app = new App({
    connection: new LiteConnection(database, readOnly),
    api: { schemas: ['public'], extra_search_path: ['public', 'extensions'], max_rows: 1000 },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishable,
      secret_key: keys.secret,
      jwt_expiry: 3600,
      enable_refresh_token_rotation: true,
      refresh_token_reuse_interval: 10,
      minimum_password_length: 8,
      enable_signup: false,
      email: { enable_signup: false },
    },
    storage: { enabled: true, file_size_limit: '20MiB' },
    studio: { enabled: false },
    db: { migrations: { enabled: false } },
    options: { server: { disableStudio: true, admin: false } },
  })
  app._storageAdapter = new FileStorage(storageDir)
  await app.init()
  // Lite reads the catalogue at its first request, every one of several at once, and keeps it: done here, nobody waits.
  await app.connection.introspect({ useCache: true })
  return app
}
