import type { FileAnswer, FileTask } from './fileTask'
import type { WorkerReply, WorkerRequest } from './fileWorker'

/** `broken`: the browser could not give the bytes (file moved or changed), or the reader itself fell over. */
export type ReadResult = { answer: FileAnswer } | { broken: string } | { stopped: true }

/**
 * Reads one file at a time. `open()` when an import begins, `close()` when the screen goes: the worker and the bytes
 * it holds go with it. Whoever reads again, reads with the same worker.
 */
export function createFileReader() {
  let worker: Worker | undefined
  let waiting: ((result: ReadResult) => void) | undefined
  let count = 0

  function stop(): void {
    worker?.terminate()
    worker = undefined
    waiting?.({ stopped: true })
    waiting = undefined
  }

  function read(blob: File, task: FileTask, told: (done: number) => void): Promise<ReadResult> {
    if (waiting) stop()
    worker ??= new Worker(new URL('./fileWorker.ts', import.meta.url), { type: 'module' })
    const id = ++count
    const current = worker
    return new Promise((resolve) => {
      waiting = resolve
      const end = (result: ReadResult) => {
        waiting = undefined
        resolve(result)
      }
      current.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
        if (data.id !== id) return
        if ('read' in data) told(data.read)
        else if ('answer' in data) end({ answer: data.answer })
        else end({ broken: data.broken })
      }
      current.onerror = (event) => {
        end({ broken: event.message || 'worker' })
        current.terminate()
        if (worker === current) worker = undefined
      }
      current.postMessage({ id, blob, task } satisfies WorkerRequest)
    })
  }

  return { read, stop }
}
