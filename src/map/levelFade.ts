import { duration } from './camera'

/** The part of a map that this needs: MapLibre's own. */
interface StateMap {
  setFeatureState(feature: { source: string; id: number }, state: Record<string, unknown>): void
}

/** How long a change of colour takes, and in how many steps: each costs a pass over what changes. */
const [FADE, STEPS] = [200, 4]

interface Fade {
  source: string
  id: number
  level: number
}

/**
 * Keeps the risk level of features beside their data, so that another day is another colour and not a thousand
 * polygons sent to the worker again. What a level is changed to fades in; `was`, `risk` and `mix` (0..1) are what the
 * layers read.
 */
export class LevelFade {
  /** What a feature shows: from its data, and what was set since. */
  private readonly own = new Map<string, ReadonlyMap<number, number>>()
  private readonly set = new Map<string, Map<number, number>>()
  private fading: Fade[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private step = 0

  constructor(private readonly map: StateMap) {}

  /** The data of a source is new: its features bring a level of their own as `risk`. */
  data(source: string, features: readonly GeoJSON.Feature[], fresh: boolean): void {
    if (!fresh && !this.own.has(source)) return
    this.own.set(
      source,
      new Map(features.map((feature) => [Number(feature.id), Number(feature.properties?.risk ?? 0)])),
    )
    if (fresh) this.set.delete(source)
  }

  /** The levels that the features of a source have now; those that are left out have none (0). */
  show(source: string, levels: ReadonlyMap<number, number>): void {
    const own = this.own.get(source)
    if (!own) return
    this.finish()
    const set = this.set.get(source) ?? new Map<number, number>()
    this.set.set(source, set)
    const wait = duration(FADE)
    for (const [id, ownLevel] of own) {
      const before = set.get(id) ?? ownLevel
      const level = levels.get(id) ?? 0
      if (before === level) continue
      set.set(id, level)
      this.map.setFeatureState({ source, id }, { was: before, risk: level, mix: wait ? 0 : 1 })
      if (wait) this.fading.push({ source, id, level })
    }
    if (!this.fading.length) return
    this.step = 0
    this.timer = setTimeout(() => this.next(), wait / STEPS)
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.fading = []
  }

  private next(): void {
    this.step++
    if (this.step >= STEPS) {
      this.finish()
      return
    }
    for (const { source, id } of this.fading) this.map.setFeatureState({ source, id }, { mix: this.step / STEPS })
    this.timer = setTimeout(() => this.next(), FADE / STEPS)
  }

  /** What is under way ends at once. */
  private finish(): void {
    clearTimeout(this.timer)
    for (const { source, id } of this.fading) this.map.setFeatureState({ source, id }, { mix: 1 })
    this.fading = []
  }
}
