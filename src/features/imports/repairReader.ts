import type { MultiPolygon, Polygon } from 'geojson'
import type { Finding, RepairKind, RepairPart } from './repairPlan'
import type { RepairReply, RepairRequest } from './repairWorker'

/** Asks the worker; null when it was stopped or fell over: nothing is proposed then, and the import goes on. */
export function createRepairReader() {
  let worker: Worker | undefined
  let waiting: ((reply: RepairReply | null) => void) | undefined
  let count = 0

  /** Ends the look that is under way, and what is known of the last one. */
  function stop(): void {
    worker?.terminate()
    worker = undefined
    waiting?.(null)
    waiting = undefined
  }

  function ask(request: RepairRequest): Promise<RepairReply | null> {
    if (waiting) stop()
    worker ??= new Worker(new URL('./repairWorker.ts', import.meta.url), { type: 'module' })
    const current = worker
    return new Promise((resolve) => {
      waiting = resolve
      const end = (reply: RepairReply | null) => {
        waiting = undefined
        resolve(reply)
      }
      current.onmessage = ({ data }: MessageEvent<RepairReply>) => data.id === request.id && end(data)
      current.onerror = () => {
        end(null)
        current.terminate()
        if (worker === current) worker = undefined
      }
      current.postMessage(request)
    })
  }

  async function look(sets: RepairPart[][], toleranceM: number): Promise<Finding[] | null> {
    const reply = await ask({ id: ++count, sets, toleranceM })
    return reply && 'findings' in reply ? reply.findings : null
  }

  async function take(kinds: RepairKind[]): Promise<Map<number, Polygon | MultiPolygon> | null> {
    // a list that Vue watches cannot be sent
    const reply = await ask({ id: ++count, kinds: [...kinds] })
    return reply && 'shapes' in reply ? new Map(reply.shapes) : null
  }

  return { look, take, stop }
}
