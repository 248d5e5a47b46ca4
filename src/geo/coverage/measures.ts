import { SLIVER_AREA_M2, SLIVER_WIDTH_M } from './cellIssues'
import { nodesOf } from './lattice'
import { MOST_VERTICES } from './readRings'
import type { Cell, Position } from './types'

/** Metres of latitude in 1e-7 degrees, on the mean sphere. */
const METRES = 0.0111195

/** What an arc adds to the rings along it. */
interface ArcMeasure {
  /** Twice the area between the arc and the origin, in square units. */
  area: number
  metres: number
  vertices: number
}

/**
 * Areas and outlines of cells as sums over their arcs: an arc is measured once, so that a cell of a thousand vertices
 * costs no more at each pointer move than a small one. Flat, about `origin`; good to a percent.
 */
export class Measures {
  private readonly known = new WeakMap<readonly Position[], ArcMeasure>()
  private readonly x: number
  private readonly y: number
  private readonly stretch: number

  constructor([lon, lat]: Position) {
    this.x = Math.round(lon * 1e7)
    this.y = Math.round(lat * 1e7)
    this.stretch = Math.cos((lat * Math.PI) / 180)
  }

  private of(points: readonly Position[]): ArcMeasure {
    const known = this.known.get(points)
    if (known) return known
    const nodes = nodesOf(points)
    let area = 0
    let length = 0
    for (let i = 1; i < nodes.length; i++) {
      const [a, b] = [nodes[i - 1]!, nodes[i]!]
      area += (a.x - this.x) * (b.y - this.y) - (b.x - this.x) * (a.y - this.y)
      length += Math.hypot((b.x - a.x) * this.stretch, b.y - a.y)
    }
    const measure = { area, metres: length * METRES, vertices: nodes.length - 1 }
    this.known.set(points, measure)
    return measure
  }

  /** Whether rings of a cell are inside out, and whether it may have slivers or too many vertices. */
  look(cell: Cell, pointsOf: (arc: number) => readonly Position[]): { turned: boolean; odd: boolean } {
    let vertices = 0
    let turned = false
    let odd = false
    for (const polygon of cell.polygons) {
      let ground = 0
      let around = 0
      for (const [i, ring] of polygon.entries()) {
        let area = 0
        vertices++
        for (const ref of ring) {
          const measure = this.of(pointsOf(ref < 0 ? ~ref : ref))
          area += ref < 0 ? -measure.area : measure.area
          around += measure.metres
          vertices += measure.vertices
        }
        if (i === 0 ? area <= 0 : area >= 0) turned = true
        ground += area
      }
      const area_m2 = (ground / 2) * METRES * METRES * this.stretch
      if (area_m2 < 1.1 * SLIVER_AREA_M2 || 2 * area_m2 < 1.1 * SLIVER_WIDTH_M * around) odd = true
    }
    return { turned, odd: odd || vertices > MOST_VERTICES }
  }
}
