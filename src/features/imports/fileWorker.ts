import { type FileAnswer, type FileTask, readBytes, runTask } from './fileTask'

/*
 * Reads files beside the page, so that a hundred megabytes of polygons freeze nothing and a click can stop it
 * (the page ends the worker). The bytes stay here: another encoding or coordinate system needs no second reading.
 */

export interface WorkerRequest {
  id: number
  blob: File
  task: FileTask
}
export type WorkerReply =
  | { id: number; read: number }
  | { id: number; answer: FileAnswer }
  | { id: number; broken: string }

const scope = self as unknown as DedicatedWorkerGlobalScope
let held: { blob: File; bytes: Uint8Array } | undefined

scope.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const { id, blob, task } = data
  const reply = (message: WorkerReply) => scope.postMessage(message)
  try {
    if (!held || !sameFile(held.blob, blob)) {
      held = { blob, bytes: await readBytes(blob, (read) => reply({ id, read })) }
    }
    reply({ id, answer: await runTask(task, held.bytes) })
  } catch (cause) {
    held = undefined
    reply({ id, broken: cause instanceof Error ? cause.name : String(cause) })
  }
}

// Structured clone makes a new File each time, so it cannot be compared by identity.
function sameFile(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified
}
