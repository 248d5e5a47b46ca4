// Arrow keys move what is in hand: a vertex, or a stretch of border. A run of presses is one step to undo.
import type { Position } from '../../../geo/coverage/types'
import type { useBoundaries } from '../boundaryStore'
import type { Command, StretchPlace } from '../command'
import { degreesPerPixel, type useDesk } from '../deskStore'
import { samePlace, stretchAt, vertexNear } from '../locate'

/** After a rest as long as this the next press is a new step: one has looked at what one did. */
const REST_MS = 1500

type Nudge = Extract<Command, { op: 'move' | 'stretch' }>

/** A stretch moved as a whole, as far as `from` is from `to`; on the lattice of 1e-7 degrees, like a drag. */
export function movedStretch(place: StretchPlace, from: Position, to: Position): StretchPlace {
  const units = (degrees: number) => Math.round(degrees * 1e7)
  const [dx, dy] = [units(to[0]) - units(from[0]), units(to[1]) - units(from[1])]
  const move = ([lon, lat]: Position): Position => [(units(lon) + dx) / 1e7, (units(lat) + dy) / 1e7]
  return { from: move(place.from), to: move(place.to), ...(place.via ? { via: move(place.via) } : {}) }
}

export function makeNudge(store: ReturnType<typeof useBoundaries>, desk: ReturnType<typeof useDesk>) {
  /** The run under way: its command, the step it is, when it was last pressed, and where it left what it moves. */
  let run: { command: Nudge; at: number; time: number; left: Position } | null = null

  const place = (): Position | null => (desk.stretch ? desk.stretch.from : desk.vertex)

  /**
   * @param by pixels to the east and to the north
   * @param time of the key press, ms
   * @returns whether there was something to move
   */
  return ([east, north]: readonly [number, number], time: number): boolean => {
    const here = place()
    if (!here || !store.mayEdit || desk.tool !== 'select' || !store.coverage) return false
    const step = degreesPerPixel(desk.zoom)
    const high = step * Math.cos((here[1] * Math.PI) / 180)
    const round = (value: number) => Math.round(value * 1e7) / 1e7
    const to: Position = [round(here[0] + east * step), round(here[1] + north * high)]
    const going =
      run && run.at === store.session?.at && time - run.time < REST_MS && samePlace(run.left, here) ? run.command : null
    const command = commandTo(going, to)
    if (!command) return false
    const before = store.session?.at ?? 0
    const done = going ? store.rerun(command) : store.run(command)
    if (!done) {
      run = null
      return true
    }
    follow(command, to, step)
    const at = store.session?.at ?? 0
    const left = place()
    run = left && (going ? at === before : at > before) ? { command, at, time, left } : null
    return true
  }

  function commandTo(going: Nudge | null, to: Position): Nudge | null {
    const { stretch, vertex } = desk
    if (stretch) {
      if (going?.op !== 'stretch') return { op: 'stretch', stretch, grabbed: stretch.from, moved: to }
      return { ...going, moved: to }
    }
    if (!vertex) return null
    if (going?.op === 'move') return { ...going, to }
    return { op: 'move', from: vertex, to, ...(desk.soft_m ? { soft_m: desk.soft_m } : {}) }
  }

  function follow(command: Nudge, to: Position, step: number): void {
    const { coverage } = store
    if (!coverage) return
    if (command.op === 'move') {
      // the end of a border slides along the outline: it stands a little beside
      desk.vertex = vertexNear(coverage, to, step * 24)
      return
    }
    const now = movedStretch(command.stretch, command.grabbed, command.moved)
    desk.stretch = stretchAt(coverage, now.from, now.to, now.via) ? now : null
    desk.vertex = desk.stretch ? now.from : null
  }
}
