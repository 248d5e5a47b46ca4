// Names on the map: each where its grid is widest, smaller when it must be, never one over another.
import { clipToBox } from '../../../geo/clipBox'
import { labelPoint } from '../../../geo/labelPoint'
import { type Area, middleText, type TextShape } from '../../../ui/sheet/shapes'
import { widthOf } from '../../../ui/sheet/words'
import type { MapView } from './mapView'
import { boxOf } from './mapView'

export interface Name {
  words: string
  outline?: GeoJSON.Polygon | GeoJSON.MultiPolygon | null
  /** [lon, lat]; where there is no outline. */
  at?: GeoJSON.Position | null
  /** Em, millimetres; the largest and the smallest that may be. */
  size: number
  least: number
  look: Pick<TextShape, 'weight' | 'fill' | 'halo'>
}

const overlap = (a: Area, b: Area) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/**
 * Places names in the order given, the important ones first; what finds no free place is left out.
 * @param taken areas of the paper that are in use, millimetres
 */
export function placeNames(names: readonly Name[], view: MapView, taken: readonly Area[]): TextShape[] {
  const used = [...taken]
  const placed: TextShape[] = []
  for (const name of names) {
    const found = spotsOf(name, view)
      .flatMap((spot) => tries(name, spot))
      .find(({ area }) => within(area, view.area) && !used.some((other) => overlap(area, other)))
    if (!found) continue
    used.push(found.area)
    placed.push(middleText(name.words, found.x, found.y, found.size, { ...name.look, anchor: 'middle' }))
  }
  return placed
}

interface Spot {
  x: number
  y: number
  /** Of what is seen of the grid, millimetres. */
  width: number
  height: number
}

/** Millimetres kept free at the upper and the right side when the widest place of what is seen is taken. */
const STRIPS = [
  [0, 0],
  [24, 0],
  [0, 20],
] as const

function spotsOf({ outline, at }: Name, view: MapView): Spot[] {
  if (outline) return STRIPS.flatMap(([top, right]) => widest(outline, view, top, right) ?? [])
  if (!at) return []
  const [x, y] = view.toPaper(at)
  return [{ x, y: y - 3.4, width: Infinity, height: Infinity }]
}

function widest(
  outline: GeoJSON.Polygon | GeoJSON.MultiPolygon,
  view: MapView,
  top: number,
  right: number,
): Spot | null {
  const [w, s, e, n] = view.box
  const seen = clipToBox(outline, [w, s, e - ((e - w) * right) / view.area.w, n - ((n - s) * top) / view.area.h])
  if (!seen) return null
  const [x, y] = view.toPaper(labelPoint(seen))
  const [west, south, east, north] = boxOf([seen])
  const [x0, y0] = view.toPaper([west, north])
  const [x1, y1] = view.toPaper([east, south])
  return { x, y, width: x1 - x0, height: y1 - y0 }
}

/** Where else a name may stand, in ems from its best place, the nearest first. */
const SHIFTS = [
  [0, 0],
  [0, -0.8],
  [0, 0.8],
  [-0.8, 0],
  [0.8, 0],
  [0, -1.5],
  [0, 1.5],
  [-1.4, 0.7],
  [1.4, 0.7],
  [-1.4, -0.7],
  [1.4, -0.7],
] as const

function tries(name: Name, spot: Spot): { area: Area; x: number; y: number; size: number }[] {
  const ems = widthOf(name.words)
  const steps = [1, 0.85, 0.72, 0.6, 0.5].map((part) => name.size * part).filter((size) => size >= name.least)
  return steps.flatMap((size) => {
    const [w, h] = [ems * size, size * 1.15]
    // a name may reach over its border a little, not stand for a corner that is hardly seen
    if (w > spot.width * 1.35 || h > spot.height) return []
    return SHIFTS.map(([aside, shift]) => {
      const x = spot.x + aside * size
      const y = spot.y + shift * size
      const air = size * 0.25
      return { area: { x: x - w / 2 - air, y: y - h / 2, w: w + 2 * air, h }, x, y, size }
    })
  })
}

const within = (inner: Area, outer: Area) =>
  inner.x >= outer.x + 1 &&
  inner.y >= outer.y + 1 &&
  inner.x + inner.w <= outer.x + outer.w - 1 &&
  inner.y + inner.h <= outer.y + outer.h - 1
