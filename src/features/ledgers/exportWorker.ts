// Thousands of rows take seconds: the page stays awake meanwhile.
import { type ExportTask, runExport } from './exportTask'

addEventListener('message', async ({ data }: MessageEvent<ExportTask>) => {
  try {
    postMessage({ bytes: await runExport(data) })
  } catch (reason) {
    postMessage({ broken: reason instanceof Error ? reason.message : String(reason) })
  }
})
