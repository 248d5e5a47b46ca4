import { supabase } from './client'
import { noteReachable } from './connection'
import { failureOf, type Result } from './rpc'

interface StorageFault {
  message: string
  statusCode?: string
  status?: number
}

const failure = (fault: StorageFault): Result<never> => {
  const status = Number(fault.status ?? fault.statusCode ?? 0) || 0
  if (status === 0) noteReachable(false)
  return {
    ok: false,
    error: failureOf(status, { message: fault.message, ...(fault.statusCode ? { code: fault.statusCode } : {}) }),
  }
}

/** Puts a file into a bucket under a name that is not taken. */
export async function uploadFile(
  bucket: string,
  path: string,
  bytes: ArrayBuffer,
  contentType: string,
): Promise<Result<null>> {
  // bytes, not a Blob: the small local server takes no multipart form
  const { error } = await supabase().storage.from(bucket).upload(path, bytes, { contentType, cacheControl: '31536000' })
  return error ? failure(error) : { ok: true, data: null }
}

/** The bytes of a file. One that may not be seen is answered like one that is not there. */
export async function downloadFile(bucket: string, path: string): Promise<Result<Blob>> {
  const { data, error } = await supabase().storage.from(bucket).download(path)
  return error ? failure(error) : { ok: true, data }
}

/** Removes a file; one that is gone already is no failure. */
export async function removeFile(bucket: string, path: string): Promise<Result<null>> {
  const { error } = await supabase().storage.from(bucket).remove([path])
  return error ? failure(error) : { ok: true, data: null }
}
