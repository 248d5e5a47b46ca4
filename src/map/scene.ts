// What the map shows, as plain data. Features describe it (xLayer.ts), the screen puts the parts together, MapView
// draws it. Nothing here touches MapLibre, so all of it can be tested without a browser.
import type {
  ExpressionSpecification,
  FilterSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  SourceSpecification,
} from 'maplibre-gl'
import type { SymbolSpec } from './symbols'

/** Z-order from the ground up. Symbols in a later slot also win collisions against earlier ones. */
export const SLOTS = ['ground', 'fill', 'border', 'heat', 'focus', 'place', 'label', 'point'] as const
export type Slot = (typeof SLOTS)[number]

export type SceneLayer = LayerSpecification
export type { ExpressionSpecification, FilterSpecification }

/** GeoJSON held in memory (WGS84, [lon, lat]) or tiles fetched by the browser. */
export type SceneSource =
  | {
      kind: 'geojson'
      data: GeoJSON.FeatureCollection
      /** Ground data is already in the system of the ground; ours is moved onto it (MapView's `display`). */
      ground?: boolean
      /** Risk levels by feature id when they are not those of the data (`risk`): colours change, polygons stay. */
      levels?: ReadonlyMap<number, number>
      options?: Omit<GeoJSONSourceSpecification, 'type' | 'data'>
    }
  | { kind: 'tiles'; spec: SourceSpecification }

export interface Scene {
  sources?: Record<string, SceneSource>
  layers?: Partial<Record<Slot, SceneLayer[]>>
  /** Icons by id, drawn locally. */
  images?: Record<string, SymbolSpec>
}

/** A scene with its layers in drawing order. */
export interface Picture {
  sources: Record<string, SceneSource>
  layers: SceneLayer[]
  images: Record<string, SymbolSpec>
}

export const EMPTY_PICTURE: Picture = { sources: {}, layers: [], images: {} }

/** Puts scenes on top of each other: slot by slot, and within a slot in the order of the arguments. */
export function compose(scenes: readonly Scene[], slots: readonly Slot[] = SLOTS): Picture {
  const picture: Picture = { sources: {}, layers: [], images: {} }
  for (const scene of scenes) {
    Object.assign(picture.sources, scene.sources)
    Object.assign(picture.images, scene.images)
  }
  for (const slot of slots) for (const scene of scenes) picture.layers.push(...(scene.layers?.[slot] ?? []))
  return picture
}

export type SceneOp =
  | { op: 'addSource'; id: string; source: SceneSource }
  | { op: 'removeSource'; id: string }
  | { op: 'setData'; id: string; data: GeoJSON.FeatureCollection; ground: boolean }
  | { op: 'setLevels'; id: string; levels: ReadonlyMap<number, number> }
  | { op: 'addImage'; id: string; image: SymbolSpec }
  | { op: 'updateImage'; id: string; image: SymbolSpec }
  | { op: 'addLayer'; layer: SceneLayer; before: string | undefined }
  | { op: 'removeLayer'; id: string }
  | { op: 'moveLayer'; id: string; before: string | undefined }
  | { op: 'setFilter'; id: string; filter: FilterSpecification | undefined }
  | { op: 'setZoom'; id: string; min: number; max: number }
  | { op: 'setPaint' | 'setLayout'; id: string; name: string; value: unknown }

/**
 * The fewest steps from one picture to the next. Source data is compared by identity (replace, never mutate);
 * everything else by content. MapLibre's own style diff compares data by content, which costs more than drawing it.
 */
export function diff(from: Picture, to: Picture): SceneOp[] {
  const ops: SceneOp[] = []
  const oldLayers = new Map(from.layers.map((layer) => [layer.id, layer]))
  const newLayers = new Map(to.layers.map((layer) => [layer.id, layer]))
  const rebuilt = new Set(
    Object.keys(from.sources).filter((id) => to.sources[id] && !sameOptions(from.sources[id]!, to.sources[id]!)),
  )
  const keeps = (id: string): boolean => {
    const before = oldLayers.get(id)
    const after = newLayers.get(id)
    if (!before || !after || before.type !== after.type) return false
    return sourceOf(before) === sourceOf(after) && !rebuilt.has(sourceOf(after) ?? '')
  }

  for (const layer of from.layers) if (!keeps(layer.id)) ops.push({ op: 'removeLayer', id: layer.id })
  for (const id of Object.keys(from.sources)) {
    if (!to.sources[id] || rebuilt.has(id)) ops.push({ op: 'removeSource', id })
  }
  for (const [id, image] of Object.entries(to.images)) {
    if (!from.images[id]) ops.push({ op: 'addImage', id, image })
    else if (!same(from.images[id], image)) ops.push({ op: 'updateImage', id, image })
  }
  for (const [id, source] of Object.entries(to.sources)) {
    const before = from.sources[id]
    if (!before || rebuilt.has(id)) ops.push({ op: 'addSource', id, source })
    else if (source.kind === 'geojson' && before.kind === 'geojson' && source.data !== before.data) {
      ops.push({ op: 'setData', id, data: source.data, ground: source.ground ?? false })
    }
    const was = before?.kind === 'geojson' && !rebuilt.has(id) ? before : undefined
    if (source.kind === 'geojson' && source.levels && (source.levels !== was?.levels || source.data !== was.data))
      ops.push({ op: 'setLevels', id, levels: source.levels })
  }
  const keptBefore = from.layers.filter((layer) => keeps(layer.id)).map((layer) => layer.id)
  const keptAfter = to.layers.filter((layer) => keeps(layer.id)).map((layer) => layer.id)
  const reordered = keptBefore.join() !== keptAfter.join()
  for (let i = to.layers.length - 1; i >= 0; i--) {
    const layer = to.layers[i]!
    const before = to.layers[i + 1]?.id
    if (!keeps(layer.id)) ops.push({ op: 'addLayer', layer, before })
    else {
      if (reordered) ops.push({ op: 'moveLayer', id: layer.id, before })
      ops.push(...layerOps(oldLayers.get(layer.id)!, layer))
    }
  }
  return ops
}

function layerOps(before: SceneLayer, after: SceneLayer): SceneOp[] {
  const ops: SceneOp[] = []
  const id = after.id
  const [oldFilter, newFilter] = [filterOf(before), filterOf(after)]
  if (!same(oldFilter, newFilter)) ops.push({ op: 'setFilter', id, filter: newFilter })
  if (before.minzoom !== after.minzoom || before.maxzoom !== after.maxzoom) {
    ops.push({ op: 'setZoom', id, min: after.minzoom ?? 0, max: after.maxzoom ?? 24 })
  }
  for (const [group, op] of [
    ['layout', 'setLayout'],
    ['paint', 'setPaint'],
  ] as const) {
    const old = (before[group] ?? {}) as Record<string, unknown>
    const now = (after[group] ?? {}) as Record<string, unknown>
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      if (!same(old[name], now[name])) ops.push({ op, id, name, value: now[name] })
    }
  }
  return ops
}

const sourceOf = (layer: SceneLayer): string | undefined =>
  'source' in layer && typeof layer.source === 'string' ? layer.source : undefined
const filterOf = (layer: SceneLayer): FilterSpecification | undefined => ('filter' in layer ? layer.filter : undefined)
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
function sameOptions(a: SceneSource, b: SceneSource): boolean {
  if (a.kind === 'geojson' && b.kind === 'geojson') return same(a.options, b.options)
  return same(a, b)
}
