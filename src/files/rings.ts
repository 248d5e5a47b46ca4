type Ring = [number, number][]

interface Known {
  ring: Ring
  area: number
  box: [number, number, number, number]
}

/** Twice the signed area by the shoelace formula; positive counter-clockwise. Shifted to the first point for accuracy. */
function signedArea(ring: Ring): number {
  const [x0, y0] = ring[0]!
  let sum = 0
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1]!
    const [bx, by] = ring[i]!
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
  }
  return sum
}

function know(ring: Ring): Known {
  const box: Known['box'] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of ring) {
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  return { ring, area: signedArea(ring), box }
}

/** Even-odd rule; a point on the border may fall either way. */
function inside([x, y]: [number, number], ring: Ring): boolean {
  let odd = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!
    const [bx, by] = ring[j]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd
  }
  return odd
}

/** A hole may touch its outline, so several of its points vote. */
function contains(outer: Known, inner: Known): boolean {
  if (outer.box[0] > inner.box[0] || outer.box[1] > inner.box[1]) return false
  if (outer.box[2] < inner.box[2] || outer.box[3] < inner.box[3]) return false
  const step = Math.max(1, Math.floor(inner.ring.length / 9))
  let yes = 0
  let no = 0
  for (let i = 0; i < inner.ring.length; i += step) inside(inner.ring[i]!, outer.ring) ? yes++ : no++
  return yes > no
}

/**
 * Sorts the flat list of rings of a shapefile polygon into outlines, each followed by its holes.
 * The format winds outlines clockwise and holes the other way, but many programs write it reversed: when the largest
 * ring, which can be no hole, winds counter-clockwise, the whole record is taken as reversed. A hole goes to the
 * smallest outline that really contains it; one that lies in none becomes an outline of its own and is counted.
 */
export function groupRings(rings: Ring[]): { polygons: Ring[][]; orphanHoles: number } {
  const known = rings.map(know)
  const largest = known.reduce((a, b) => (Math.abs(b.area) > Math.abs(a.area) ? b : a))
  const reversed = largest.area > 0
  const outers: { outline: Known; holes: Ring[] }[] = []
  const inners: Known[] = []
  for (const ring of known) {
    if (ring.area > 0 === reversed || ring === largest) outers.push({ outline: ring, holes: [] })
    else inners.push(ring)
  }
  let orphanHoles = 0
  const orphans: Ring[][] = []
  outers.sort((a, b) => Math.abs(a.outline.area) - Math.abs(b.outline.area))
  for (const inner of inners) {
    const home = outers.find(({ outline }) => contains(outline, inner))
    if (home) home.holes.push(inner.ring)
    else {
      orphanHoles++
      orphans.push([inner.ring])
    }
  }
  outers.reverse()
  return { polygons: [...outers.map(({ outline, holes }) => [outline.ring, ...holes]), ...orphans], orphanHoles }
}
