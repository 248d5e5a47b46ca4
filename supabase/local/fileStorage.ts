import { createHash, randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { App } from '@supabase/lite'

// The interface itself is not exported.
type StorageAdapter = NonNullable<App['_storageAdapter']>
type Body = Parameters<StorageAdapter['uploadObject']>[3]
type Metadata = Awaited<ReturnType<StorageAdapter['uploadObject']>>

/** What a file is served as; lies beside it. */
interface Label {
  mimetype: string
  cacheControl: string
}

/** No uploaded file is larger than this, whatever its bucket allows. */
export const maxFileBytes = 20 * 1024 * 1024

/**
 * Uploaded files as files. A file's name on disk is the hash of bucket and key: no key, however written, can name a
 * place outside the folder, and keys that differ only in case stay apart on every file system.
 */
export class FileStorage implements StorageAdapter {
  readonly driver: string

  constructor(folder: string) {
    this.driver = folder
  }

  async uploadObject(
    bucket: string,
    key: string,
    _version: string | undefined,
    body: Body,
    contentType: string,
    cacheControl: string,
  ): Promise<Metadata> {
    const bytes = await collect(body)
    const file = this.place(bucket, key)
    await mkdir(dirname(file), { recursive: true })
    const draft = `${file}.${randomUUID()}`
    await writeFile(`${file}.json`, JSON.stringify({ mimetype: contentType, cacheControl } satisfies Label))
    try {
      // On disk whole before it has its name: a reader, or a crash, sees the old file or the new one.
      const handle = await open(draft, 'wx', 0o600)
      try {
        await handle.writeFile(bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(draft, file)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    return this.headObject(bucket, key)
  }

  async getObject(bucket: string, key: string) {
    const bytes = await readFile(this.place(bucket, key))
    return { metadata: await this.headObject(bucket, key), httpStatusCode: 200, body: bytes }
  }

  async headObject(bucket: string, key: string): Promise<Metadata> {
    const file = this.place(bucket, key)
    const { size, mtime } = await stat(file)
    const label = JSON.parse(await readFile(`${file}.json`, 'utf8')) as Label
    return {
      ...label,
      contentLength: size,
      size,
      lastModified: mtime,
      eTag: `"${size.toString(16)}-${mtime.getTime().toString(16)}"`,
      httpStatusCode: 200,
    }
  }

  async copyObject(
    fromBucket: string,
    from: string,
    _version: string | undefined,
    toBucket: string,
    to: string,
  ): Promise<Pick<Metadata, 'httpStatusCode' | 'eTag' | 'lastModified'>> {
    const target = this.place(toBucket, to)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(`${this.place(fromBucket, from)}.json`, `${target}.json`)
    await copyFile(this.place(fromBucket, from), target)
    const { eTag, lastModified } = await this.headObject(toBucket, to)
    return { httpStatusCode: 200, eTag, ...(lastModified ? { lastModified } : {}) }
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    const file = this.place(bucket, key)
    await Promise.all([rm(file, { force: true }), rm(`${file}.json`, { force: true })])
  }

  async deleteObjects(bucket: string, keys: string[]): Promise<void> {
    for (const key of keys) await this.deleteObject(bucket, key)
  }

  async privateAssetUrl(bucket: string, key: string): Promise<string> {
    return `file://${this.place(bucket, key)}`
  }

  private place(bucket: string, key: string): string {
    const name = createHash('sha256').update(`${bucket}\0${key}`).digest('hex')
    return join(this.driver, name.slice(0, 2), name)
  }
}

async function collect(body: Body): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return capped(body)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    if (size > maxFileBytes) throw new Error('file too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function capped(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength > maxFileBytes) throw new Error('file too large')
  return bytes
}
