import type { MultiPolygon, Polygon } from 'geojson'
import { degrees, onLattice } from './coverage/lattice'
import { sameRings } from './coverage/read'
import { readRings } from './coverage/readRings'
import { type Kind, mend } from './repair/mend'
import { type Feature, survey } from './repair/survey'

export type RepairKind = Kind

/** One place where borders do not fit. */
export interface RepairItem {
  /**
   * `t_junction`: a corner upon a neighbour's border that is no corner of it. `near_border`: two corners that are nearly
   * one. `sliver_overlap`, `sliver_gap`: ground narrower than the tolerance that two features hold, or none.
   */
  kind: RepairKind
  keys: string[]
  at: [number, number]
  /** Metres by which a corner moves; for a sliver its mean width. */
  moved_m: number
  area_m2: number
}

export interface Repair<F extends Feature> {
  proposal: RepairItem[]
  /** The features with these kinds mended (all, when none are named); those that do not change are the same objects. */
  apply(kinds?: readonly RepairKind[]): F[]
}

const ALL: readonly RepairKind[] = ['t_junction', 'near_border', 'sliver_overlap', 'sliver_gap']

/**
 * Looks where borders of neighbouring features of ONE level (EPSG:4326) miss each other by up to `tolerance_m` metres,
 * and how they can be made to fit. Nothing is changed until `apply`; real overlaps and gaps (wider than the tolerance)
 * are left alone, and so are features that are no polygons at all. What is mended is rounded to 1e-7 degrees.
 */
export function repair<F extends Feature>(features: readonly F[], tolerance_m = 1): Repair<F> {
  const usable = features.filter(({ geometry }) => readRings([{ id: 0, level: 1, parent: null, geometry }]).ok)
  const found = survey(usable, tolerance_m)
  if (!found || found.involved.size === 0) return { proposal: [], apply: () => [...features] }
  const { links, corners, near, featuresAt } = found
  const keys = (numbers: Iterable<number>) => [...numbers].map((i) => usable[i]!.key)
  const place = (v: number): [number, number] => [degrees(links.vx[v]!), degrees(links.vy[v]!)]
  const whole = mend(found, new Set(ALL), tolerance_m)
  const proposal: RepairItem[] = [
    ...corners.map(({ vertex, features: all }) => ({
      kind: 't_junction' as const,
      keys: keys(all),
      at: place(vertex),
      moved_m: 0,
      area_m2: 0,
    })),
    ...near.map(({ from, to, moved_m }) => ({
      kind: 'near_border' as const,
      keys: keys(new Set([...featuresAt(from), ...featuresAt(to)])),
      at: place(from),
      moved_m,
      area_m2: 0,
    })),
    ...(whole?.slivers ?? []).map(({ kind, features: all, shape, area_m2, width_m }) => ({
      kind,
      keys: keys(all),
      at: onLattice(shape.coordinates[0]![0]!),
      moved_m: width_m,
      area_m2,
    })),
  ]
  return {
    proposal,
    apply(kinds = ALL) {
      const asked = new Set(kinds)
      const mended = asked.size === 0 ? null : asked.size === ALL.length ? whole : mend(found, asked, tolerance_m)
      const shapes = new Map([...(mended?.shapes ?? [])].map(([i, shape]) => [usable[i]!, shape]))
      return features.map((feature) => {
        const shape = shapes.get(feature)
        if (!shape || shape.coordinates.length === 0 || sameRings(asMulti(feature.geometry), shape)) return feature
        return { ...feature, geometry: likeBefore(feature.geometry, shape) }
      })
    },
  }
}

const asMulti = (geometry: Polygon | MultiPolygon): MultiPolygon =>
  geometry.type === 'MultiPolygon' ? geometry : { type: 'MultiPolygon', coordinates: [geometry.coordinates] }

function likeBefore(before: Polygon | MultiPolygon, shape: MultiPolygon): Polygon | MultiPolygon {
  const [only, ...more] = shape.coordinates
  return before.type === 'Polygon' && only && more.length === 0 ? { type: 'Polygon', coordinates: only } : shape
}
