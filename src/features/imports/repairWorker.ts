import type { MultiPolygon, Polygon } from 'geojson'
import type { Finding, RepairKind, RepairPart } from './repairPlan'
import { createRepair } from './repairTask'

/* Looks for borders that nearly fit beside the page: ten thousand polygons take a while, and a click can stop it. */

export type RepairRequest =
  | { id: number; sets: RepairPart[][]; toleranceM: number }
  | { id: number; kinds: RepairKind[] }
export type RepairReply =
  | { id: number; findings: Finding[] }
  | { id: number; shapes: [number, Polygon | MultiPolygon][] }
  | { id: number; broken: string }

const scope = self as unknown as DedicatedWorkerGlobalScope
let held: ReturnType<typeof createRepair> | undefined

scope.onmessage = ({ data }: MessageEvent<RepairRequest>) => {
  const reply = (message: RepairReply) => scope.postMessage(message)
  try {
    if ('sets' in data) {
      held = createRepair(data.sets, data.toleranceM)
      reply({ id: data.id, findings: held.findings })
    } else if (held) reply({ id: data.id, shapes: [...held.shapes(data.kinds)] })
    else reply({ id: data.id, broken: 'nothing was looked at' })
  } catch (cause) {
    held = undefined
    reply({ id: data.id, broken: cause instanceof Error ? cause.message : String(cause) })
  }
}
