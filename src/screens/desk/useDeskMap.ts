// Puts the desk's map together: the ground, the grids in quiet lines, the hazards, and what the desk adds to them.
import { computed, onScopeDispose, ref, watch } from 'vue'
import type { DeskRow } from '../../features/desk/desk'
import {
  deskImages,
  replayCollection,
  replayScene,
  waitingCollection,
  waitingScene,
} from '../../features/desk/deskLayer'
import type { Replay } from '../../features/desk/useReplay'
import type { GridFeature } from '../../features/grids/grid'
import { gridCollection, gridScene, labelCollection } from '../../features/grids/gridLayer'
import type { HazardPoints } from '../../features/hazards/hazard'
import { hazardCollection, hazardImages, hazardScene } from '../../features/hazards/hazardLayer'
import { type Basemap, type GroundData, groundScene } from '../../map/basemap'
import { duration } from '../../map/camera'
import type { Palette } from '../../map/palette'
import type { Scene } from '../../map/scene'

interface Inputs {
  basemap: () => Basemap
  ground: () => GroundData | null
  palette: () => Palette
  grids: () => readonly GridFeature[]
  /** The deepest level whose names can be drawn. */
  lettered: () => number
  split: () => number
  hazards: () => HazardPoints
  waiting: () => readonly DeskRow[]
  selected: () => string | null
  replay: Replay
}

const PULSE_MS = 1_200
const PULSES = 3
const FRAME_MS = 60

/** What pulses: three times from its arrival, and for who asked for no motion a still ring for as long. */
export function usePulse() {
  const fresh = ref<ReadonlySet<string>>(new Set())
  const phase = ref<number | null>(0)
  let begun = 0
  let drawn = 0
  let frames: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    clearInterval(frames)
    frames = undefined
    fresh.value = new Set()
    phase.value = 0
  }

  function frame(): void {
    const now = performance.now()
    const gone = now - begun
    // where drawing the map takes so long that the pulse would hold up the list, the ring stands still
    const labours = now - drawn > FRAME_MS * 4
    drawn = now
    if (gone >= PULSE_MS * PULSES) stop()
    else if (labours || phase.value === null) phase.value = null
    else if (document.visibilityState === 'visible') phase.value = (gone % PULSE_MS) / PULSE_MS
  }

  function pulse(ids: readonly string[]): void {
    begun = performance.now()
    drawn = begun
    fresh.value = new Set([...fresh.value, ...ids])
    const moves = duration(1) > 0
    phase.value = moves ? 0 : null
    clearInterval(frames)
    frames = setInterval(
      moves ? frame : () => performance.now() - begun >= PULSE_MS * PULSES && stop(),
      moves ? FRAME_MS : 500,
    )
  }

  onScopeDispose(stop)
  return { fresh, phase, pulse }
}

const NO_RISK = { risk: 0 }

/** Each part is its own computed value, so that a pulse rebuilds a ring and not a thousand polygons. */
export function useDeskMap(inputs: Inputs, pulse: ReturnType<typeof usePulse>) {
  const { palette, replay } = inputs
  const ground = computed(() => groundScene(inputs.basemap(), inputs.ground(), palette().theme))
  const polygons = computed(() => gridCollection(inputs.grids(), () => NO_RISK))
  const names = computed(() =>
    labelCollection(
      inputs.grids().filter(({ properties }) => properties.level <= inputs.lettered()),
      () => NO_RISK,
    ),
  )
  const grids = computed(() =>
    gridScene(polygons.value, names.value, {
      palette: palette(),
      mode: 'auto',
      split: inputs.split(),
      borders: true,
      labels: true,
      opacity: 0.7,
      glyph: () => '',
    }),
  )

  const replaying = computed(() => replay.state.value === 'on' && replay.tape.value !== null)
  const points = computed(() => hazardCollection(inputs.hazards(), { sector: null, hidden: [] }))
  const hazards = computed((): Scene => (replaying.value ? {} : hazardScene(points.value, palette(), 0.85)))
  const waiting = computed(() => waitingCollection(inputs.waiting(), pulse.fresh.value))
  const waitingPart = computed(() => waitingScene(waiting.value, palette(), pulse.phase.value, inputs.selected()))
  const past = computed(() =>
    replay.tape.value ? replayCollection(replay.tape.value, replay.states.value, replay.fresh.value) : null,
  )
  const replayPart = computed((): Scene => (replaying.value && past.value ? replayScene(past.value, palette()) : {}))

  // Scenes come and go, their icons stay: a map keeps an icon that it has drawn once.
  const icons = computed((): Scene => ({ images: { ...hazardImages(palette()), ...deskImages(palette()) } }))

  // in a replay the map shows that hour; what waits now stands in the list beside it
  return computed((): Scene[] => [
    ground.value,
    icons.value,
    grids.value,
    hazards.value,
    replaying.value ? replayPart.value : waitingPart.value,
  ])
}

/** Where the map goes by itself: to what is new, and home again once nobody has touched it for a while. */
export function useFlight(go: { fly(at: [number, number]): void; home(): void }) {
  const HOME_MS = 45_000
  const away = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  function flyTo(row: Pick<DeskRow, 'lon' | 'lat'>): void {
    go.fly([row.lon, row.lat])
    away.value = true
  }
  function touched(): void {
    away.value = false
  }
  watch(away, (is) => {
    clearTimeout(timer)
    if (is) timer = setTimeout(home, HOME_MS)
  })
  function home(): void {
    away.value = false
    go.home()
  }
  onScopeDispose(() => clearTimeout(timer))
  return { flyTo, touched, home }
}
