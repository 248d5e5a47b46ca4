import { MAX_FILE_BYTES } from '../../files/fileIssue'
import type { GridFile, ReadGridOptions } from '../../files/gridFile'
import { readGridFile } from '../../files/readGridFile'
import { readTable } from '../../files/readTable'
import type { ReadTableOptions, TableFile } from '../../files/tableFile'

/** What is asked of the reader: the same in the worker and on the page. */
export type FileTask =
  | { kind: 'grids'; name: string; options: ReadGridOptions }
  | { kind: 'enterprises'; name: string; options: ReadTableOptions }

export type FileAnswer = { kind: 'grids'; file: GridFile } | { kind: 'enterprises'; file: TableFile }

/** Reads the bytes of `blob`, telling how many are in. Throws what the browser throws when the file is gone. */
export async function readBytes(blob: Blob, told: (done: number) => void): Promise<Uint8Array> {
  if (blob.size > MAX_FILE_BYTES) throw new RangeError('too large')
  const bytes = new Uint8Array(blob.size)
  const reader = blob.stream().getReader()
  let at = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    bytes.set(value, at)
    at += value.length
    told(at)
  }
  return bytes
}

/** Runs one task on bytes already in memory. Refusals of the file are in the answer. */
export async function runTask(task: FileTask, bytes: Uint8Array): Promise<FileAnswer> {
  return task.kind === 'grids'
    ? { kind: 'grids', file: await readGridFile(task.name, bytes, task.options) }
    : { kind: 'enterprises', file: await readTable(task.name, bytes, task.options) }
}
